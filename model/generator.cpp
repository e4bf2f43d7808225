// SPDX-License-Identifier: Apache-2.0
#include "model/generator.hpp"

#include "model/generator_names.hpp"

#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <fmt/format.h>

#include <vector>

namespace lmc::model {

namespace {

/// The tensors of convolutions and of the norms behind them.
struct SpecWriter {
  const GeneratorArchitecture& architecture;
  TensorSpecs specs{};

  void norm(const std::string& name, std::int64_t channels, bool dynamic) {
    if (architecture.norm == Norm::batch) {
      add_batch_norm(specs, name, channels);
    } else if (dynamic) {
      add_conv(specs,
               {.name = name + ".controller", .inputs = 3, .outputs = 2 * channels, .kernel = 1});
    }
  }

  [[nodiscard]] ConvSpec spec(const std::string& name, std::int64_t inputs, std::int64_t outputs,
                              std::int64_t kernel = 3) const {
    return {.name = name,
            .inputs = inputs,
            .outputs = outputs,
            .kernel = kernel,
            .bias = architecture.norm == Norm::instance};
  }

  void encoder(const GeneratorNames& names) {
    const std::int64_t f = architecture.filters;
    add_conv(specs, spec(names.stem.conv, 1, f, 7));
    norm(names.stem.norm, f, architecture.dynamic);
    std::int64_t channels = f;
    for (const NamedConv& down : names.down) {
      add_conv(specs, spec(down.conv, channels, 2 * channels));
      channels *= 2;
      norm(down.norm, channels, architecture.dynamic);
    }
    for (const auto& block : names.blocks) {
      for (const NamedConv& name : block) {
        add_conv(specs, spec(name.conv, channels, channels));
        norm(name.norm, channels, false);
      }
    }
  }

  void decoder(const NamedDecoder& names) {
    const std::int64_t f = architecture.filters;
    add_deconv(specs, spec(names.first.conv, 4 * f, 2 * f));
    norm(names.first.norm, 2 * f, false);
    add_deconv(specs, spec(names.second.conv, 2 * f, f));
    norm(names.second.norm, f, false);
    add_conv(specs, {.name = names.head, .inputs = f, .outputs = 1, .kernel = 7});
  }
};

/// The generator's modules, reading their tensors by name.
class Modules {
public:
  Modules(const GeneratorArchitecture& architecture, const StateDict& state,
          const GeneratorRun& run)
      : architecture_{architecture}, names_{architecture}, state_{state}, run_{run} {}

  [[nodiscard]] at::Tensor traced(const std::string& name, at::Tensor output) const {
    if (run_.trace) {
      run_.trace(name, output);
    }
    return output;
  }

  [[nodiscard]] at::Tensor norm_relu(const std::string& prefix, int index, const at::Tensor& x,
                                     bool dynamic = false) const {
    const std::string name = fmt::format("{}.{}", prefix, index);
    at::Tensor y = traced(name, norm(name, x, dynamic));
    return traced(fmt::format("{}.{}", prefix, index + 1), relu(y));
  }

  [[nodiscard]] at::Tensor down(int index, const at::Tensor& x, const ConvShape& shape) const {
    at::Tensor y = traced(fmt::format("encoder.{}", index),
                          conv(state_, fmt::format("encoder.{}", index), x, shape));
    return norm_relu("encoder", index + 1, y, architecture_.dynamic);
  }

  [[nodiscard]] at::Tensor residual_block(std::size_t block, const at::Tensor& x) const {
    const auto& [first, second] = names_.blocks.at(block);
    at::Tensor y = conv(state_, first.conv, reflect_pad(x, 1));
    y = relu(norm(first.norm, y, false));
    if (architecture_.dropout_layer && run_.mode.training) {
      y = at::dropout(y, run_.mode.dropout, true);
    }
    y = conv(state_, second.conv, reflect_pad(y, 1));
    y = norm(second.norm, y, false);
    y = run_.mode.training ? y.add(x) : y.add_(x);
    return traced(residual_block_name(static_cast<std::int64_t>(block)), y);
  }

  [[nodiscard]] at::Tensor decoder(std::size_t organelle, const at::Tensor& trunk) const {
    const std::string name = fmt::format("decoder{}.decoder", organelle + 1);
    at::Tensor y = traced(name + ".0", deconv(state_, name + ".0", trunk));
    y = norm_relu(name, 1, y);
    y = traced(name + ".3", deconv(state_, name + ".3", y));
    y = norm_relu(name, 4, y);
    y = traced(name + ".6", reflect_pad(y, 3));
    y = traced(name + ".7", run_.mode.training && y.is_cpu() ? conv_to_plane(state_, name + ".7", y)
                                                             : conv(state_, name + ".7", y));
    return traced(name + ".8", at::tanh(y));
  }

private:
  /// In place saves memory, but not with gradients: an instance norm's result is a view, behind
  /// which autograd would copy the gradient three times (15 % of a training step).
  [[nodiscard]] at::Tensor relu(at::Tensor y) const {
    return run_.mode.training ? y.relu() : y.relu_();
  }

  [[nodiscard]] at::Tensor norm(const std::string& name, const at::Tensor& x, bool dynamic) const {
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
  GeneratorNames names_;
  const StateDict& state_;
  const GeneratorRun& run_;
};

} // namespace

TensorSpecs tensor_specs(const GeneratorArchitecture& architecture) {
  const GeneratorNames names{architecture};
  SpecWriter writer{architecture};
  writer.encoder(names);
  for (const NamedDecoder& decoder : names.decoders) {
    writer.decoder(decoder);
  }
  return writer.specs;
}

at::Tensor generator_trunk(const GeneratorArchitecture& architecture, const StateDict& state,
                           const at::Tensor& windows, const GeneratorRun& run) {
  const Modules modules{architecture, state, run};
  at::Tensor x = modules.traced("encoder.0", reflect_pad(windows, 3));
  x = modules.down(1, x, {});
  x = modules.down(4, x, {.stride = 2, .padding = 1});
  x = modules.down(7, x, {.stride = 2, .padding = 1});
  for (std::size_t block = 0; block < static_cast<std::size_t>(architecture.blocks); ++block) {
    x = modules.residual_block(block, x);
  }
  return x;
}

at::Tensor generator_decoder(const GeneratorArchitecture& architecture, const StateDict& state,
                             const at::Tensor& trunk, Organelle organelle,
                             const GeneratorRun& run) {
  return Modules{architecture, state, run}.decoder(channel_of(organelle), trunk);
}

at::Tensor generator_decoders(const GeneratorArchitecture& architecture, const StateDict& state,
                              const at::Tensor& trunk, const GeneratorRun& run) {
  const Modules modules{architecture, state, run};
  std::vector<at::Tensor> organelles;
  for (std::size_t organelle = 0; organelle < organelle_count; ++organelle) {
    organelles.push_back(modules.decoder(organelle, trunk));
  }
  return at::cat(organelles, 1);
}

} // namespace lmc::model
