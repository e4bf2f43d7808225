// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/configuration.hpp"
#include "training/processes/process_group.hpp"
#include "training/run/run_folder.hpp"

namespace lmc::training {

/// Trains a network. The folder gets `config.json` (complete), `data.json` (fields and files that
/// are not used), `log.jsonl`, `checkpoint.safetensors` and the weights
/// `last.safetensors` and `best.safetensors` (highest validation PCC). A run that is resumed gives
/// the same bits on a CPU as one that was never interrupted.
/// @param processes that train together; each takes its part of every batch, and process 0 alone
///   writes. The folder is one that all of them see.
/// @throws Error, Interrupted after a signal (a checkpoint is written first)
void train(const Configuration& configuration, const RunOptions& options,
           const ProcessGroup& processes = {});

} // namespace lmc::training
