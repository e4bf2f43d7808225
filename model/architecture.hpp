// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <variant>

namespace lmc::model {

/// Normalisation behind the generator's convolutions.
enum class Norm {
  instance, ///< without parameters; convolutions carry a bias
  batch,    ///< affine, running statistics; convolutions in front of it have no bias
};

/// Multi-decoder ResNet generator ("pix2pix generator"). The paper's: 64 filters, 9 blocks; the
/// published code's: 12 blocks.
struct GeneratorArchitecture {
  std::int64_t filters = 64; ///< channels after the stem; the blocks have four times as many
  std::int64_t blocks = 9;
  Norm norm = Norm::instance;
  bool dropout_layer = true; ///< a dropout layer shifts the names: `conv_block.6` instead of `.5`
  bool dynamic = false;      ///< modality code steers the norms of stem and down-sampling

  friend bool operator==(const GeneratorArchitecture&, const GeneratorArchitecture&) = default;
};

/// UNet++ with a ResNeXt encoder. Default: the paper's resnext101_32x16d.
struct UnetPlusPlusArchitecture {
  std::array<std::int64_t, 4> layers{3, 4, 23, 3}; ///< bottleneck blocks per stage
  std::int64_t groups = 32;
  std::int64_t width_per_group = 16;
  std::int64_t stem_channels =
      64; ///< 64 in every published ResNeXt; stages have 4, 8, 16, 32 times as many
  std::array<std::int64_t, 5> decoder_channels{256, 128, 64, 32, 16};
  bool dynamic = false; ///< modality code steers the first convolution

  friend bool operator==(const UnetPlusPlusArchitecture&,
                         const UnetPlusPlusArchitecture&) = default;
};

/// Everything that is needed to build a predicting network beside its weights; stored with them.
using Architecture = std::variant<GeneratorArchitecture, UnetPlusPlusArchitecture>;

/// PatchGAN discriminator of one organelle, which judges predictions while a network is trained.
struct DiscriminatorArchitecture {
  std::int64_t filters = 64;
  std::int64_t layers = 3;         ///< stride-2 convolutions
  std::int64_t input_channels = 2; ///< transmitted light and organelle

  friend bool operator==(const DiscriminatorArchitecture&,
                         const DiscriminatorArchitecture&) = default;
};

/// "generator" or "unet++".
[[nodiscard]] std::string network_name(const Architecture& architecture);

/// One line for messages: "generator (64 filters, 12 blocks, instance norm)".
[[nodiscard]] std::string describe(const Architecture& architecture);
[[nodiscard]] std::string describe(const DiscriminatorArchitecture& architecture);

/// @throws std::invalid_argument naming the field, its value and what is allowed
void validate(const Architecture& architecture);

/// `{"network": "generator", "filters": 64, ...}`, complete.
[[nodiscard]] nlohmann::json to_json(const Architecture& architecture);
[[nodiscard]] nlohmann::json to_json(const DiscriminatorArchitecture& architecture);

/// Missing keys keep their defaults; unknown keys, wrong types and values out of range are errors.
/// @throws std::invalid_argument naming the key
[[nodiscard]] Architecture architecture_from_json(const nlohmann::json& record);
[[nodiscard]] DiscriminatorArchitecture discriminator_from_json(const nlohmann::json& record);

} // namespace lmc::model
