// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lmc::model {

/// Named tensors in the order in which they were added (the order of PyTorch's `state_dict()`).
class StateDict {
public:
  using Entry = std::pair<std::string, at::Tensor>;

  /// @throws std::invalid_argument when the name is taken
  void add(std::string name, at::Tensor tensor);

  /// @throws std::out_of_range naming the tensor; the contract of `tensor_specs` is checked on
  /// loading
  [[nodiscard]] const at::Tensor& at(std::string_view name) const;

  /// The tensor, or nothing to point at.
  [[nodiscard]] const at::Tensor* find(std::string_view name) const;

  /// Size of one dimension of a tensor, 0 when there is no such tensor or dimension.
  [[nodiscard]] std::int64_t size_of(std::string_view name, std::int64_t dimension) const;

  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }

private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

} // namespace lmc::model
