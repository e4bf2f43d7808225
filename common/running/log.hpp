// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/logger.h>

namespace lmc {

/// The programs' log: to stderr, `info`, `warning` and `error` lines. Libraries use it only for
/// what cannot be attached to a result; warnings about an image travel in its Provenance.
[[nodiscard]] spdlog::logger& log();

} // namespace lmc
