// SPDX-License-Identifier: Apache-2.0
#include "model/discriminator.hpp"

#include "common/records/fields.hpp"
#include "model/layers.hpp"

#include <ATen/ops/leaky_relu.h>
#include <fmt/format.h>

#include <algorithm>

namespace lmc::model {

namespace {

constexpr double leak = 0.2;

/// Place of convolution `i` in the module list: the first is followed by its activation, the others
/// by norm and activation.
std::string conv_name(std::int64_t i) {
  return fmt::format("model.{}", i == 0 ? 0 : 3 * i - 1);
}

constexpr auto networks = name_table<int>({{0, "discriminator"}});

template <class Fields> void list_fields(Fields& fields, DiscriminatorArchitecture& a) {
  int network = 0;
  fields.required("network", network, networks);
  fields.field("filters", a.filters, 1, max_channels);
  fields.field("layers", a.layers, 1, 8);
  fields.field("input_channels", a.input_channels, 1, 64);
}

} // namespace

void visit_fields(FieldReader& fields, DiscriminatorArchitecture& a) {
  list_fields(fields, a);
}

void visit_fields(FieldWriter& fields, DiscriminatorArchitecture& a) {
  list_fields(fields, a);
}

std::string describe(const DiscriminatorArchitecture& a) {
  return fmt::format("discriminator ({} filters, {} layers, {} inputs)", a.filters, a.layers,
                     a.input_channels);
}

TensorSpecs tensor_specs(const DiscriminatorArchitecture& architecture) {
  TensorSpecs specs;
  std::int64_t inputs = architecture.input_channels;
  for (std::int64_t i = 0; i <= architecture.layers; ++i) {
    // Channels double up to eight times the first layer's.
    const std::int64_t outputs = architecture.filters << std::min<std::int64_t>(i, 3);
    add_conv(specs, {.name = conv_name(i), .inputs = inputs, .outputs = outputs, .kernel = 4});
    inputs = outputs;
  }
  add_conv(
      specs,
      {.name = conv_name(architecture.layers + 1), .inputs = inputs, .outputs = 1, .kernel = 4});
  return specs;
}

at::Tensor discriminate(const DiscriminatorArchitecture& architecture, const StateDict& state,
                        const at::Tensor& pairs) {
  at::Tensor x = pairs;
  for (std::int64_t i = 0; i <= architecture.layers; ++i) {
    x = conv(state, conv_name(i), x, {.stride = i < architecture.layers ? 2 : 1, .padding = 1});
    x = at::leaky_relu(i == 0 ? x : instance_norm(x), leak);
  }
  return conv(state, conv_name(architecture.layers + 1), x, {.padding = 1});
}

} // namespace lmc::model
