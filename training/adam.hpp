// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

namespace lmc::training {

/// Adam's constants; the defaults are the paper's.
struct AdamOptions {
  double learning_rate = 2e-4;
  double beta1 = 0.5;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// LibTorch's Adam over the trainable tensors of one network, with a state that can be saved by
/// tensor name. Tensors without a gradient are left alone, their moments too.
class Adam {
public:
  /// Marks the network's convolution and norm parameters as leaves that require gradients.
  Adam(const model::TensorSpecs& specs, const model::StateDict& state, const AdamOptions& options);
  ~Adam();
  Adam(Adam&&) noexcept;
  Adam& operator=(Adam&&) noexcept;

  /// One update with the gradients that are there.
  void step();
  /// Takes all gradients away (not: sets them to zero).
  void clear_gradients();
  void set_learning_rate(double rate);

  /// The tensors that are updated, in state-dict order.
  [[nodiscard]] const std::vector<at::Tensor>& parameters() const;
  [[nodiscard]] const std::vector<std::string>& names() const;

  /// `<name>.step` (int64), `<name>.mean` and `<name>.square` of every tensor updated so far.
  [[nodiscard]] model::StateDict moments() const;
  /// Takes up what `moments` gave. @throws std::out_of_range when a tensor is missing
  void restore(const model::StateDict& moments);

private:
  struct Optimiser;
  std::unique_ptr<Optimiser> optimiser_;
};

} // namespace lmc::training
