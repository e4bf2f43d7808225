// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/layers/head.hpp"
#include "engine/cpu/layers/stem.hpp"
#include "engine/cpu/window_run.hpp"
#include "engine/description/generator.hpp"

#include <map>

namespace lmc::engine::cpu {

/// A generator with packed weights. Activations are NHWC in float32 and written once per
/// convolution, as they come from the products; the norm, ReLU and residual that follow are applied
/// wherever they are read.
class Generator {
public:
  /// @throws std::invalid_argument when a weight's size does not suit its neighbours'
  Generator(const GeneratorDescription& description, Team& team);

  /// Sets what a dynamic network makes of the modality, for the windows to come.
  void steer(Modality modality);

  /// Predicts a window, sides multiples of 4 and at least 8.
  void run(WindowRun& run) const;

private:
  struct NormedStem {
    Stem conv;
    NormParameters norm;
  };
  struct NormedConv {
    WinogradConv conv;
    NormParameters norm;
  };
  struct Packer;
  class Run;

  GeneratorLayers<NormedStem, NormedConv, Head> layers_;
  std::map<Modality, SteeredNorms> steered_;
};

} // namespace lmc::engine::cpu
