// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/names.hpp"
#include "model/generator.hpp"
#include "model/state_dict.hpp"
#include "model/unetpp.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace lmc::model {

/// Everything that is needed to build a predicting network beside its weights; stored with them.
/// This is the list of the networks. What is said of all of them, here and in model/networks.hpp,
/// asks each one for
/// - `name` in files; `window_multiple`, of which the sides of its windows are multiples;
/// - `visit_fields`: its fields in JSON; `details`: the same in words;
/// - `infer`: its architecture by the names and shapes of tensors, if they are such a network's;
/// - `tensor_specs` and `forward`, see model/networks.hpp;
/// - `floats_per_pixel` of the input, which LibTorch's layers hold at once at the widest point.
using Architecture = std::variant<GeneratorArchitecture, UnetPlusPlusArchitecture>;

/// The networks' names, "generator" and "unet++", by their place in the variant.
inline constexpr auto networks = []<class... Network>(const std::variant<Network...>*) {
  std::size_t place = 0;
  return NameTable<std::size_t, sizeof...(Network)>{
      {std::pair{place++, std::string_view{Network::name}}...}};
}(static_cast<const Architecture*>(nullptr));

/// One line for messages: "generator (64 filters, 12 blocks, instance norm)".
[[nodiscard]] std::string describe(const Architecture& architecture);

/// JSON fields, see common/records/fields.hpp: `{"network": "generator", "filters": 64, ...}`.
void visit_fields(FieldReader& fields, Architecture& architecture);
void visit_fields(FieldWriter& fields, Architecture& architecture);

/// Reads an architecture off the names and shapes of its tensors: widths, blocks, norm, whether
/// there is a dropout layer (`conv_block.6` against `.5`) and whether it is dynamic. Nothing when
/// the tensors belong to no known network. The result need not fit every tensor, nor the ranges.
[[nodiscard]] std::optional<Architecture> infer_architecture(const StateDict& state);

} // namespace lmc::model
