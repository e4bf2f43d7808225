// SPDX-License-Identifier: Apache-2.0
#include "model/state_dict.hpp"

#include <stdexcept>

namespace lmc::model {

void StateDict::add(std::string name, at::Tensor tensor) {
  if (!index_.try_emplace(name, entries_.size()).second) {
    throw std::invalid_argument{"two tensors are named " + name};
  }
  entries_.emplace_back(std::move(name), std::move(tensor));
}

const at::Tensor& StateDict::at(std::string_view name) const {
  const at::Tensor* tensor = find(name);
  if (tensor == nullptr) {
    throw std::out_of_range{"no tensor named " + std::string{name}};
  }
  return *tensor;
}

std::int64_t StateDict::size_of(std::string_view name, std::int64_t dimension) const {
  const at::Tensor* tensor = find(name);
  return tensor == nullptr || dimension >= tensor->dim() ? 0 : tensor->size(dimension);
}

const at::Tensor* StateDict::find(std::string_view name) const {
  const auto position = index_.find(std::string{name});
  return position == index_.end() ? nullptr : &entries_[position->second].second;
}

} // namespace lmc::model
