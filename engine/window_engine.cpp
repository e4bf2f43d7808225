// SPDX-License-Identifier: Apache-2.0
#include "engine/window_engine.hpp"

#include "engine/cpu/generator_engine.hpp"
#include "engine/cpu/unet_engine.hpp"
#include "engine/generator_weights.hpp"
#include "engine/torch_team.hpp"
#include "engine/unet_weights.hpp"

#include <array>
#include <map>
#include <variant>

namespace lmc::engine {

namespace {

constexpr std::array all_modalities{Modality::bright_field, Modality::phase_contrast, Modality::dic,
                                    Modality::unknown};

/// What `make(modality)` gives for each modality: the few numbers that steer a dynamic network are
/// kept, so that its weights, which have been packed, need not be.
template <class Make> auto for_each_modality(const Make& make) {
  std::map<Modality, decltype(make(Modality::unknown))> values;
  for (const Modality modality : all_modalities) {
    values.emplace(modality, make(modality));
  }
  return values;
}

class GeneratorWindows final : public WindowEngine {
public:
  GeneratorWindows(const model::GeneratorArchitecture& a, const model::StateDict& state,
                   cpu::Team& team)
      : steered_{for_each_modality([&](Modality m) { return steered_norms(a, state, m); })},
        engine_{generator_weights(a, state), team} {}

  void steer(Modality modality) override { modality_ = modality; }
  void run(const float* window, cpu::Size size, float* result, cpu::Team& team) override {
    engine_.run(window, size, steered_.at(modality_), result, team);
  }
  [[nodiscard]] std::uint64_t bytes(cpu::Size size, int members) const override {
    return engine_.bytes(size, members);
  }

private:
  std::map<Modality, cpu::SteeredNorms> steered_;
  Modality modality_ = Modality::unknown;
  cpu::GeneratorEngine engine_;
};

class UnetWindows final : public WindowEngine {
public:
  UnetWindows(const model::UnetPlusPlusArchitecture& a, const model::StateDict& state,
              cpu::Team& team)
      : scales_{for_each_modality([&](Modality m) { return stem_scale(a, state, m); })},
        engine_{unet_weights(a, state), team} {}

  void steer(Modality modality) override { modality_ = modality; }
  void run(const float* window, cpu::Size size, float* result, cpu::Team& team) override {
    const StemScale& scale = scales_.at(modality_);
    engine_.run(window, size, {.factor = scale.factor, .shift = scale.shift}, result, team);
  }
  [[nodiscard]] std::uint64_t bytes(cpu::Size size, int members) const override {
    return engine_.bytes(size, members);
  }

private:
  std::map<Modality, StemScale> scales_;
  Modality modality_ = Modality::unknown;
  cpu::UnetEngine engine_;
};

std::unique_ptr<WindowEngine> engine_of(const model::GeneratorArchitecture& a,
                                        const model::StateDict& state, cpu::Team& team) {
  return std::make_unique<GeneratorWindows>(a, state, team);
}

std::unique_ptr<WindowEngine> engine_of(const model::UnetPlusPlusArchitecture& a,
                                        const model::StateDict& state, cpu::Team& team) {
  return std::make_unique<UnetWindows>(a, state, team);
}

} // namespace

std::unique_ptr<WindowEngine> make_window_engine(const model::Weights& weights) {
  TorchTeam team;
  return std::visit([&](const auto& a) { return engine_of(a, weights.state, team); },
                    weights.architecture);
}

} // namespace lmc::engine
