// SPDX-License-Identifier: Apache-2.0
#include "model/storage/state_check.hpp"

#include "common/error.hpp"
#include "model/networks.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::size_t listed = 8; // names printed of each kind; the count says how many there are

/// Tensors with one kind of fault.
struct Findings {
  std::string_view kind;
  std::vector<std::string> tensors{};

  [[nodiscard]] std::string text() const {
    const auto shown = std::min(listed, tensors.size());
    return fmt::format(
        "{} {} tensor{} ({}{})", tensors.size(), kind, tensors.size() == 1 ? "" : "s",
        fmt::join(tensors.begin(), tensors.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < tensors.size() ? ", ..." : "");
  }
};

std::string shape_text(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

at::ScalarType type_of(const TensorSpec& spec) {
  return spec.fill == Fill::bn_count ? at::kLong : at::kFloat;
}

std::vector<Findings> compare(const TensorSpecs& specs, const StateDict& state) {
  Findings missing{"missing"};
  Findings misshaped{"misshaped"};
  Findings mistyped{"mistyped"};
  Findings unexpected{"unexpected"};
  std::set<std::string_view> known;
  for (const TensorSpec& spec : specs) {
    known.insert(spec.name);
    const at::Tensor* tensor = state.find(spec.name);
    if (tensor == nullptr) {
      missing.tensors.push_back(spec.name);
    } else if (tensor->sizes() != at::IntArrayRef{spec.shape}) {
      misshaped.tensors.push_back(fmt::format("{} is {}, needs {}", spec.name,
                                              shape_text(tensor->sizes()), shape_text(spec.shape)));
    } else if (tensor->scalar_type() != type_of(spec)) {
      mistyped.tensors.push_back(fmt::format("{} is {}, needs {}", spec.name,
                                             c10::toString(tensor->scalar_type()),
                                             c10::toString(type_of(spec))));
    }
  }
  for (const auto& [name, tensor] : state) {
    if (!known.contains(name)) {
      unexpected.tensors.push_back(name);
    }
  }
  return {missing, unexpected, misshaped, mistyped};
}

std::int64_t count_non_finite(const at::Tensor& tensor) {
  constexpr std::uint32_t exponent = 0x7F800000U; // all bits set: NaN or infinity
  constexpr std::int64_t grain = 1 << 18;
  const float* values = tensor.const_data_ptr<float>();
  return at::parallel_reduce(
      0, tensor.numel(), grain, std::int64_t{0},
      [&](std::int64_t begin, std::int64_t end, std::int64_t count) {
        for (std::int64_t i = begin; i < end; ++i) {
          count += (std::bit_cast<std::uint32_t>(values[i]) & exponent) == exponent ? 1 : 0;
        }
        return count;
      },
      [](std::int64_t a, std::int64_t b) { return a + b; });
}

} // namespace

void check_state(const TensorSpecs& specs, const StateDict& state, const std::string& network,
                 const std::string& subject) {
  std::vector<std::string> faults;
  for (const Findings& findings : compare(specs, state)) {
    if (!findings.tensors.empty()) {
      faults.push_back(findings.text());
    }
  }
  if (!faults.empty()) {
    throw Error{
        ErrorCode::model_mismatch, subject,
        fmt::format("does not hold the weights of a {}: {}", network, fmt::join(faults, ", ")),
        "use a file of this architecture, or convert it with the right --architecture"};
  }
}

void check_state(const Architecture& architecture, const StateDict& state,
                 const std::string& subject) {
  check_state(tensor_specs(architecture), state, describe(architecture), subject);
}

void check_finite(const StateDict& state, const std::string& subject) {
  for (const auto& [name, tensor] : state) {
    const std::int64_t count =
        tensor.scalar_type() == at::kFloat ? count_non_finite(tensor.contiguous()) : 0;
    if (count > 0) {
      throw Error{ErrorCode::model_not_finite, subject,
                  fmt::format("tensor {} has {} of {} values that are NaN or infinite", name, count,
                              tensor.numel()),
                  "its training has diverged or the file is damaged; use another checkpoint"};
    }
  }
}

StateDict in_order(const Architecture& architecture, const StateDict& state) {
  StateDict ordered;
  for (const TensorSpec& spec : tensor_specs(architecture)) {
    ordered.add(spec.name, state.at(spec.name));
  }
  return ordered;
}

} // namespace lmc::model
