// SPDX-License-Identifier: Apache-2.0
#include "engine/window_engine.hpp"

#include "engine/cpu/generator_engine.hpp"
#include "engine/cpu/unet_engine.hpp"
#include "engine/generator_weights.hpp"
#include "engine/torch_team.hpp"
#include "engine/unet_weights.hpp"

#include <stdexcept>

namespace lmc::engine {

namespace {

class GeneratorWindows final : public WindowEngine {
public:
  GeneratorWindows(const model::GeneratorArchitecture& a, const model::StateDict& state,
                   cpu::Team& team)
      : architecture_{a}, state_{state}, engine_{generator_weights(a, state), team} {}

  void steer(Modality modality) override {
    steered_ = steered_norms(architecture_, state_, modality);
  }
  void run(const float* window, cpu::Size size, float* result, cpu::Team& team) override {
    engine_.run(window, size, steered_, result, team);
  }
  [[nodiscard]] std::uint64_t bytes(cpu::Size size, int members) const override {
    return engine_.bytes(size, members);
  }

private:
  model::GeneratorArchitecture architecture_;
  model::StateDict state_; ///< aliases the weights
  cpu::SteeredNorms steered_;
  cpu::GeneratorEngine engine_;
};

class UnetWindows final : public WindowEngine {
public:
  UnetWindows(const model::UnetPlusPlusArchitecture& a, const model::StateDict& state,
              cpu::Team& team)
      : architecture_{a}, state_{state}, engine_{unet_weights(a, state), team} {}

  void steer(Modality modality) override { scale_ = stem_scale(architecture_, state_, modality); }
  void run(const float* window, cpu::Size size, float* result, cpu::Team& team) override {
    engine_.run(window, size, {.factor = scale_.factor, .shift = scale_.shift}, result, team);
  }
  [[nodiscard]] std::uint64_t bytes(cpu::Size size, int members) const override {
    return engine_.bytes(size, members);
  }

private:
  model::UnetPlusPlusArchitecture architecture_;
  model::StateDict state_; ///< aliases the weights
  StemScale scale_;
  cpu::UnetEngine engine_;
};

} // namespace

std::unique_ptr<WindowEngine> make_window_engine(const model::Weights& weights) {
  TorchTeam team;
  if (const auto* generator = std::get_if<model::GeneratorArchitecture>(&weights.architecture)) {
    return std::make_unique<GeneratorWindows>(*generator, weights.state, team);
  }
  if (const auto* unet = std::get_if<model::UnetPlusPlusArchitecture>(&weights.architecture)) {
    return std::make_unique<UnetWindows>(*unet, weights.state, team);
  }
  throw std::invalid_argument{"the CPU engine runs generators and UNet++ only"};
}

} // namespace lmc::engine
