// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu_network.hpp"

#include "common/organelle.hpp"
#include "engine/description/check_windows.hpp"
#include "engine/torch_team.hpp"
#include "model/networks.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

namespace lmc::engine {

namespace {

using Packed = CpuNetwork::Packed;

Packed pack(const GeneratorDescription& description, cpu::Team& team) {
  return cpu::Generator{description, team};
}

Packed pack(const UnetPlusPlusDescription& description, cpu::Team& team) {
  return cpu::UnetPlusPlus{description, team};
}

Packed packed(const model::Weights& weights) {
  TorchTeam team;
  return std::visit([&](const auto& a) { return pack(describe_layers(a, weights.state), team); },
                    weights.architecture);
}

} // namespace

std::string instruction_set() {
  const std::string name = cpu::instruction_set();
  return name == "AVX3" ? "AVX-512" : name; // Highway's name for it
}

CpuNetwork::CpuNetwork(const model::Weights& weights)
    : window_multiple_{model::window_multiple(weights.architecture)},
      window_kernels_{c10::Device{c10::DeviceType::CPU}}, network_{packed(weights)} {}

at::Tensor CpuNetwork::predict(const at::Tensor& windows, Modality modality) const {
  check_engine_windows(windows, window_multiple());
  const c10::InferenceMode guard;
  const at::Tensor input = windows.contiguous();
  const cpu::Size size{input.size(2), input.size(3)};
  at::Tensor result =
      at::empty({input.size(0), Index{organelle_count}, size.height, size.width}, at::kFloat);
  const std::scoped_lock lock{mutex_};
  TorchTeam team;
  prepare(size, team);
  std::visit(
      [&](auto& network) {
        network.steer(modality);
        for (std::int64_t i = 0; i < input.size(0); ++i) {
          cpu::WindowRun run{.memory = memory_,
                             .workspace = workspace_,
                             .team = team,
                             .size = size,
                             .window = input[i].const_data_ptr<float>(),
                             .result = result[i].mutable_data_ptr<float>()};
          network.run(run);
        }
      },
      network_);
  return result;
}

void CpuNetwork::prepare(cpu::Size size, cpu::Team& team) const {
  if (!(size == size_)) {
    const Needs floats = needs(size);
    memory_.reserve(floats.activations);
    workspace_.reserve(team.size(), floats.scratch);
    size_ = size;
  }
}

CpuNetwork::Needs CpuNetwork::needs(cpu::Size size) const {
  cpu::Memory memory;
  cpu::Workspace workspace;
  cpu::SerialTeam team;
  cpu::WindowRun run{.memory = memory, .workspace = workspace, .team = team, .size = size};
  std::visit([&run](const auto& network) { network.run(run); }, network_);
  return {.activations = memory.most(), .scratch = run.scratch_floats};
}

std::uint64_t CpuNetwork::memory_estimate(std::int64_t batch, std::int64_t height,
                                          std::int64_t width) const {
  constexpr Index planes = 1 + Index{organelle_count};
  const Needs floats = needs({height, width});
  return static_cast<std::uint64_t>(floats.activations + at::get_num_threads() * floats.scratch +
                                    batch * height * width * planes) *
         sizeof(float);
}

} // namespace lmc::engine
