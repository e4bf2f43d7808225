// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/layers/pointwise.hpp"
#include "engine/cpu/layers/stem.hpp"
#include "engine/cpu/window_run.hpp"
#include "engine/description/unetpp.hpp"

#include <map>
#include <variant>

namespace lmc::engine::cpu {

/// A UNet++ with packed weights. Activations are NHWC in float32; bias, ReLU and residual are
/// applied on store. What a decoder block reads is neither doubled in size nor concatenated in
/// memory: its convolution takes each pixel from where it lies.
class UnetPlusPlus {
public:
  /// @throws std::invalid_argument when a weight's size does not suit its neighbours'
  UnetPlusPlus(const UnetPlusPlusDescription& description, Team& team);

  /// Sets what a dynamic network makes of the modality, for the windows to come.
  void steer(Modality modality);

  /// Predicts a window, sides multiples of 32.
  void run(WindowRun& run) const;

private:
  struct NormedStem {
    Stem conv;
    NormParameters norm; ///< padded
  };
  using Conv = std::variant<PointwiseConv, WinogradConv>;
  struct Packer;
  class Run;

  UnetPlusPlusLayers<NormedStem, Conv> layers_;
  std::map<Modality, NormParameters> steered_; ///< padded
};

} // namespace lmc::engine::cpu
