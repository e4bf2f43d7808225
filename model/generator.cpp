// SPDX-License-Identifier: Apache-2.0
#include "model/generator.hpp"

#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <fmt/format.h>

#include <vector>

namespace lmc::model {

namespace {

constexpr int first_block = 10; // encoder.10: behind the stem's four modules and twice three

/// Place of the second convolution in `conv_block`: a dropout layer in front shifts it by one.
int second_conv(const GeneratorArchitecture& architecture) {
  return architecture.dropout_layer ? 6 : 5;
}

std::string block_name(std::int64_t block) {
  return fmt::format("encoder.{}", first_block + block);
}

/// Convolution `prefix.<index>` and the tensors of the norm behind it.
struct SpecWriter {
  const GeneratorArchitecture& architecture;
  TensorSpecs specs{};

  void norm(const std::string& prefix, int index, std::int64_t channels, bool dynamic) {
    const std::string name = fmt::format("{}.{}", prefix, index);
    if (architecture.norm == Norm::batch) {
      add_batch_norm(specs, name, channels);
    } else if (dynamic) {
      add_conv(specs,
               {.name = name + ".controller", .inputs = 3, .outputs = 2 * channels, .kernel = 1});
    }
  }

  ConvSpec conv(const std::string& prefix, int index, std::int64_t inputs,
                std::int64_t outputs) const {
    return {.name = fmt::format("{}.{}", prefix, index),
            .inputs = inputs,
            .outputs = outputs,
            .kernel = 3,
            .bias = architecture.norm == Norm::instance};
  }

  void encoder() {
    const std::int64_t f = architecture.filters;
    ConvSpec stem = conv("encoder", 1, 1, f);
    stem.kernel = 7;
    add_conv(specs, stem);
    norm("encoder", 2, f, architecture.dynamic);
    add_conv(specs, conv("encoder", 4, f, 2 * f));
    norm("encoder", 5, 2 * f, architecture.dynamic);
    add_conv(specs, conv("encoder", 7, 2 * f, 4 * f));
    norm("encoder", 8, 4 * f, architecture.dynamic);
    for (std::int64_t block = 0; block < architecture.blocks; ++block) {
      const std::string name = block_name(block) + ".conv_block";
      const int second = second_conv(architecture);
      add_conv(specs, conv(name, 1, 4 * f, 4 * f));
      norm(name, 2, 4 * f, false);
      add_conv(specs, conv(name, second, 4 * f, 4 * f));
      norm(name, second + 1, 4 * f, false);
    }
  }

  void decoder(std::size_t organelle) {
    const std::int64_t f = architecture.filters;
    const std::string name = fmt::format("decoder{}.decoder", organelle + 1);
    add_deconv(specs, conv(name, 0, 4 * f, 2 * f));
    norm(name, 1, 2 * f, false);
    add_deconv(specs, conv(name, 3, 2 * f, f));
    norm(name, 4, f, false);
    add_conv(specs, {.name = name + ".7", .inputs = f, .outputs = 1, .kernel = 7});
  }
};

/// The generator's modules, reading their tensors by name.
class Modules {
public:
  Modules(const GeneratorArchitecture& architecture, const StateDict& state,
          const GeneratorRun& run)
      : architecture_{architecture}, state_{state}, run_{run} {}

  [[nodiscard]] at::Tensor traced(const std::string& name, at::Tensor output) const {
    if (run_.trace) {
      run_.trace(name, output);
    }
    return output;
  }

  [[nodiscard]] at::Tensor norm_relu(const std::string& prefix, int index, const at::Tensor& x,
                                     bool dynamic = false) const {
    at::Tensor y = traced(fmt::format("{}.{}", prefix, index), norm(prefix, index, x, dynamic));
    return traced(fmt::format("{}.{}", prefix, index + 1), relu(y));
  }

  [[nodiscard]] at::Tensor down(int index, const at::Tensor& x, const ConvShape& shape) const {
    at::Tensor y = traced(fmt::format("encoder.{}", index),
                          conv(state_, fmt::format("encoder.{}", index), x, shape));
    return norm_relu("encoder", index + 1, y, architecture_.dynamic);
  }

  [[nodiscard]] at::Tensor residual_block(std::int64_t block, const at::Tensor& x) const {
    const std::string name = block_name(block) + ".conv_block";
    at::Tensor y = conv(state_, name + ".1", reflect_pad(x, 1));
    y = relu(norm(name, 2, y, false));
    if (architecture_.dropout_layer && run_.mode.training) {
      y = at::dropout(y, run_.mode.dropout, true);
    }
    const int second = second_conv(architecture_);
    y = conv(state_, fmt::format("{}.{}", name, second), reflect_pad(y, 1));
    y = norm(name, second + 1, y, false);
    y = run_.mode.training ? y.add(x) : y.add_(x);
    return traced(block_name(block), y);
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

  [[nodiscard]] at::Tensor norm(const std::string& prefix, int index, const at::Tensor& x,
                                bool dynamic) const {
    const std::string name = fmt::format("{}.{}", prefix, index);
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

TensorSpecs tensor_specs(const GeneratorArchitecture& architecture) {
  SpecWriter writer{architecture};
  writer.encoder();
  for (std::size_t organelle = 0; organelle < organelle_count; ++organelle) {
    writer.decoder(organelle);
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
  for (std::int64_t block = 0; block < architecture.blocks; ++block) {
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
