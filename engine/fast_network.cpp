// SPDX-License-Identifier: Apache-2.0
#include "engine/fast_network.hpp"

#include "common/organelle.hpp"
#include "engine/cpu/tile_block.hpp"
#include "engine/torch_team.hpp"
#include "engine/window_engine.hpp"
#include "model/networks.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <stdexcept>

namespace lmc::engine {

namespace {

// Of generators: reflection by three in the stem and by one at a quarter of the size.
constexpr std::int64_t least_side = 8;

} // namespace

std::string instruction_set() {
  const std::string name = cpu::instruction_set();
  return name == "AVX3" ? "AVX-512" : name; // Highway's name for it
}

FastNetwork::FastNetwork(const model::Weights& weights)
    : window_multiple_{model::window_multiple(weights.architecture)}, engine_{make_window_engine(
                                                                          weights)} {}

at::Tensor FastNetwork::predict(const at::Tensor& windows, Modality modality) const {
  model::check_windows(windows, window_multiple());
  const std::int64_t height = windows.size(2);
  const std::int64_t width = windows.size(3);
  if (height < least_side || width < least_side) {
    throw std::invalid_argument{"windows are smaller than 8 x 8"};
  }
  const c10::InferenceMode guard;
  const at::Tensor input = windows.contiguous();
  at::Tensor result = at::empty(
      {input.size(0), static_cast<std::int64_t>(organelle_count), height, width}, at::kFloat);
  const std::scoped_lock lock{mutex_};
  TorchTeam team;
  engine_->steer(modality);
  for (std::int64_t i = 0; i < input.size(0); ++i) {
    engine_->run(input[i].const_data_ptr<float>(), {height, width},
                 result[i].mutable_data_ptr<float>(), team);
  }
  return result;
}

std::uint64_t FastNetwork::memory_estimate(std::int64_t batch, std::int64_t height,
                                           std::int64_t width) const {
  constexpr std::uint64_t planes = 1 + organelle_count;
  return engine_->bytes({height, width}, at::get_num_threads()) +
         static_cast<std::uint64_t>(batch * height * width) * planes * sizeof(float);
}

} // namespace lmc::engine
