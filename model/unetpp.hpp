// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace lmc {
class FieldReader;
class FieldWriter;
} // namespace lmc

namespace lmc::model {

/// UNet++ with a ResNeXt encoder. Default: the paper's resnext101_32x16d. Its members are what
/// model/architecture.hpp asks of a network.
struct UnetPlusPlusArchitecture {
  std::array<std::int64_t, 4> layers{3, 4, 23, 3}; ///< bottleneck blocks per stage
  std::int64_t groups = 32;
  std::int64_t width_per_group = 16;
  std::int64_t stem_channels =
      64; ///< 64 in every published ResNeXt; stages have 4, 8, 16, 32 times as many
  std::array<std::int64_t, 5> decoder_channels{256, 128, 64, 32, 16};
  bool dynamic = false; ///< modality code steers the first convolution

  static constexpr const char* name = "unet++";
  static constexpr std::int64_t window_multiple = 32;

  [[nodiscard]] static std::optional<UnetPlusPlusArchitecture> infer(const StateDict& state);
  [[nodiscard]] std::string details() const;
  [[nodiscard]] TensorSpecs tensor_specs() const;
  [[nodiscard]] at::Tensor forward(const StateDict& state, const at::Tensor& windows,
                                   const at::Tensor& codes, const LayerMode& mode) const;
  [[nodiscard]] std::int64_t floats_per_pixel() const { return 4 * stem_channels; }

  friend bool operator==(const UnetPlusPlusArchitecture&,
                         const UnetPlusPlusArchitecture&) = default;
};

/// JSON fields with their ranges, see common/records/fields.hpp.
void visit_fields(FieldReader& fields, UnetPlusPlusArchitecture& a);
void visit_fields(FieldWriter& fields, UnetPlusPlusArchitecture& a);

} // namespace lmc::model
