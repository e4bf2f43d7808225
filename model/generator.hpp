// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>

namespace lmc {
class FieldReader;
class FieldWriter;
} // namespace lmc

namespace lmc::model {

/// Normalisation behind the generator's convolutions.
enum class Norm {
  instance, ///< without parameters; convolutions carry a bias
  batch,    ///< affine, running statistics; convolutions in front of it have no bias
};

/// Multi-decoder ResNet generator ("pix2pix generator"). The paper's: 64 filters, 9 blocks; the
/// published code's: 12 blocks. Its members are what model/architecture.hpp asks of a network.
struct GeneratorArchitecture {
  std::int64_t filters = 64; ///< channels after the stem; the blocks have four times as many
  std::int64_t blocks = 9;
  Norm norm = Norm::instance;
  bool dropout_layer = true; ///< a dropout layer shifts the names: `conv_block.6` instead of `.5`
  bool dynamic = false;      ///< modality code steers the norms of stem and down-sampling

  static constexpr const char* name = "generator";
  static constexpr std::int64_t window_multiple = 4;

  [[nodiscard]] static std::optional<GeneratorArchitecture> infer(const StateDict& state);
  [[nodiscard]] std::string details() const;
  [[nodiscard]] TensorSpecs tensor_specs() const;
  [[nodiscard]] at::Tensor forward(const StateDict& state, const at::Tensor& windows,
                                   const at::Tensor& codes, const LayerMode& mode) const;
  [[nodiscard]] std::int64_t floats_per_pixel() const { return 4 * filters; }

  friend bool operator==(const GeneratorArchitecture&, const GeneratorArchitecture&) = default;
};

/// JSON fields with their ranges, see common/records/fields.hpp.
void visit_fields(FieldReader& fields, GeneratorArchitecture& a);
void visit_fields(FieldWriter& fields, GeneratorArchitecture& a);

/// One run of the generator.
struct GeneratorRun {
  LayerMode mode;
  at::Tensor codes; ///< float [n, 3] or [1, 3], see `modality_code`; read by dynamic networks only
};

/// Stem, down-sampling and residual blocks.
/// @param windows [n, 1, height, width] in [-1, 1], height and width multiples of 4
/// @return [n, 4 * filters, height / 4, width / 4]
[[nodiscard]] at::Tensor generator_trunk(const GeneratorArchitecture& architecture,
                                         const StateDict& state, const at::Tensor& windows,
                                         const GeneratorRun& run = {});

/// The decoder of one organelle.
/// @return [n, 1, height, width] in [-1, 1]
[[nodiscard]] at::Tensor generator_decoder(const GeneratorArchitecture& architecture,
                                           const StateDict& state, const at::Tensor& trunk,
                                           Organelle organelle, const GeneratorRun& run = {});

} // namespace lmc::model
