// SPDX-License-Identifier: Apache-2.0
#include "model/generator.hpp"

#include "common/records/fields.hpp"
#include "model/generator_names.hpp"

#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace lmc::model {

namespace {

constexpr auto norms = name_table<Norm>({{Norm::instance, "instance"}, {Norm::batch, "batch"}});

template <class Fields> void list_fields(Fields& fields, GeneratorArchitecture& a) {
  fields.field("filters", a.filters, 1, max_channels);
  fields.field("blocks", a.blocks, 1, max_blocks);
  fields.field("norm", a.norm, norms);
  fields.field("dropout_layer", a.dropout_layer);
  fields.field("dynamic", a.dynamic);
}

/// Appends the tensors of convolutions and of the norms behind them.
struct SpecWriter {
  const GeneratorArchitecture& architecture;
  TensorSpecs specs{};

  void norm(const std::string& name, std::int64_t channels, bool dynamic = false) {
    if (architecture.norm == Norm::batch) {
      add_batch_norm(specs, name, channels);
    } else if (dynamic) {
      add_conv(specs,
               {.name = name + ".controller", .inputs = 3, .outputs = 2 * channels, .kernel = 1});
    }
  }

  [[nodiscard]] ConvSpec spec(const NamedConv& name, std::int64_t inputs, std::int64_t outputs,
                              std::int64_t kernel = 3) const {
    return {.name = name.conv,
            .inputs = inputs,
            .outputs = outputs,
            .kernel = kernel,
            .bias = architecture.norm == Norm::instance};
  }

  void down(const NamedConv& name, std::int64_t inputs, std::int64_t outputs,
            std::int64_t kernel = 3) {
    add_conv(specs, spec(name, inputs, outputs, kernel));
    norm(name.norm, outputs, architecture.dynamic);
  }

  void same(const NamedConv& name, std::int64_t channels) {
    add_conv(specs, spec(name, channels, channels));
    norm(name.norm, channels);
  }

  void up(const NamedConv& name, std::int64_t inputs, std::int64_t outputs) {
    add_deconv(specs, spec(name, inputs, outputs));
    norm(name.norm, outputs);
  }
};

/// The generator's modules, reading their tensors by name.
class Modules {
public:
  Modules(const GeneratorArchitecture& architecture, const StateDict& state,
          const GeneratorRun& run)
      : architecture_{architecture}, state_{state}, run_{run} {}

  [[nodiscard]] at::Tensor trunk(const GeneratorNames& names, const at::Tensor& windows) const {
    at::Tensor x = down(names.stem, reflect_pad(windows, 3), {});
    for (const NamedConv& name : names.down) {
      x = down(name, x, {.stride = 2, .padding = 1});
    }
    for (const auto& block : names.blocks) {
      x = residual_block(block, x);
    }
    return x;
  }

  [[nodiscard]] at::Tensor decoder(const NamedDecoder& names, const at::Tensor& trunk) const {
    at::Tensor y = relu(norm(names.first.norm, deconv(state_, names.first.conv, trunk)));
    y = relu(norm(names.second.norm, deconv(state_, names.second.conv, y)));
    y = reflect_pad(y, 3);
    y = run_.mode.training && y.is_cpu() ? conv_to_plane(state_, names.head, y)
                                         : conv(state_, names.head, y);
    return at::tanh(y);
  }

private:
  [[nodiscard]] at::Tensor down(const NamedConv& name, const at::Tensor& x,
                                const ConvShape& shape) const {
    return relu(norm(name.norm, conv(state_, name.conv, x, shape), architecture_.dynamic));
  }

  [[nodiscard]] at::Tensor residual_block(const std::array<NamedConv, 2>& names,
                                          const at::Tensor& x) const {
    at::Tensor y = relu(norm(names[0].norm, conv(state_, names[0].conv, reflect_pad(x, 1))));
    if (architecture_.dropout_layer && run_.mode.training) {
      y = at::dropout(y, run_.mode.dropout, true);
    }
    y = norm(names[1].norm, conv(state_, names[1].conv, reflect_pad(y, 1)));
    return run_.mode.training ? y.add(x) : y.add_(x);
  }

  /// In place saves memory, but not with gradients: an instance norm's result is a view, behind
  /// which autograd would copy the gradient three times (15 % of a training step).
  [[nodiscard]] at::Tensor relu(at::Tensor y) const {
    return run_.mode.training ? y.relu() : y.relu_();
  }

  [[nodiscard]] at::Tensor norm(const std::string& name, const at::Tensor& x,
                                bool dynamic = false) const {
    if (architecture_.norm == Norm::batch) {
      return batch_norm(state_, name, x, run_.mode);
    }
    if (!dynamic) {
      return instance_norm(x);
    }
    const std::vector<at::Tensor> scale_and_shift =
        controller(state_, name + ".controller", run_.codes)
            .unsqueeze(-1)
            .unsqueeze(-1)
            .chunk(2, 1);
    return at::addcmul(scale_and_shift[1], instance_norm(x), scale_and_shift[0]);
  }

  const GeneratorArchitecture& architecture_;
  const StateDict& state_;
  const GeneratorRun& run_;
};

} // namespace

void visit_fields(FieldReader& fields, GeneratorArchitecture& a) {
  list_fields(fields, a);
  if (a.dynamic && a.norm == Norm::batch) {
    throw std::invalid_argument{
        "\"dynamic\" steers instance norms, \"norm\" is batch, allowed is instance"};
  }
}

void visit_fields(FieldWriter& fields, GeneratorArchitecture& a) {
  list_fields(fields, a);
}

std::string GeneratorArchitecture::details() const {
  return fmt::format("{} filters, {} blocks, {} norm{}", filters, blocks, norms.name(norm),
                     dynamic ? ", dynamic" : "");
}

std::optional<GeneratorArchitecture> GeneratorArchitecture::infer(const StateDict& state) {
  // With batch norm and no dropout layer, the second convolution's name is that of a norm, whose
  // weight has one dimension.
  const GeneratorNames names{{.blocks = max_blocks, .dropout_layer = true}};
  GeneratorArchitecture a;
  a.filters = state.size_of(names.stem.conv + ".weight", 0);
  if (a.filters == 0 || !state.contains(names.decoders.front().first.conv + ".weight")) {
    return std::nullopt;
  }
  a.blocks = 0;
  while (a.blocks < max_blocks &&
         state.contains(names.blocks[static_cast<std::size_t>(a.blocks)][0].conv + ".weight")) {
    ++a.blocks;
  }
  a.norm = state.contains(names.stem.norm + ".running_mean") ? Norm::batch : Norm::instance;
  a.dropout_layer = state.size_of(names.blocks.front()[1].conv + ".weight", 3) > 0;
  a.dynamic = state.contains(names.stem.norm + ".controller.weight");
  return a;
}

TensorSpecs GeneratorArchitecture::tensor_specs() const {
  const GeneratorNames names{*this};
  SpecWriter writer{*this};
  writer.down(names.stem, 1, filters, 7);
  writer.down(names.down[0], filters, 2 * filters);
  writer.down(names.down[1], 2 * filters, 4 * filters);
  for (const auto& block : names.blocks) {
    writer.same(block[0], 4 * filters);
    writer.same(block[1], 4 * filters);
  }
  for (const NamedDecoder& decoder : names.decoders) {
    writer.up(decoder.first, 4 * filters, 2 * filters);
    writer.up(decoder.second, 2 * filters, filters);
    add_conv(writer.specs, {.name = decoder.head, .inputs = filters, .outputs = 1, .kernel = 7});
  }
  return writer.specs;
}

at::Tensor GeneratorArchitecture::forward(const StateDict& state, const at::Tensor& windows,
                                          const at::Tensor& codes, const LayerMode& mode) const {
  const GeneratorRun run{.mode = mode, .codes = codes};
  const at::Tensor trunk = generator_trunk(*this, state, windows, run);
  std::vector<at::Tensor> organelles;
  for (const Organelle organelle : all_organelles) {
    organelles.push_back(generator_decoder(*this, state, trunk, organelle, run));
  }
  return at::cat(organelles, 1);
}

at::Tensor generator_trunk(const GeneratorArchitecture& architecture, const StateDict& state,
                           const at::Tensor& windows, const GeneratorRun& run) {
  return Modules{architecture, state, run}.trunk(GeneratorNames{architecture}, windows);
}

at::Tensor generator_decoder(const GeneratorArchitecture& architecture, const StateDict& state,
                             const at::Tensor& trunk, Organelle organelle,
                             const GeneratorRun& run) {
  const GeneratorNames names{architecture};
  return Modules{architecture, state, run}.decoder(names.decoders.at(channel_of(organelle)), trunk);
}

} // namespace lmc::model
