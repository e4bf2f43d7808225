// SPDX-License-Identifier: Apache-2.0
#include "model/storage/tensor_file.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::array type_pairs{
    std::pair{ElementType::f16, at::kHalf},     std::pair{ElementType::bf16, at::kBFloat16},
    std::pair{ElementType::f32, at::kFloat},    std::pair{ElementType::f64, at::kDouble},
    std::pair{ElementType::i8, at::kChar},      std::pair{ElementType::i16, at::kShort},
    std::pair{ElementType::i32, at::kInt},      std::pair{ElementType::i64, at::kLong},
    std::pair{ElementType::u8, at::kByte},      std::pair{ElementType::u16, at::kUInt16},
    std::pair{ElementType::boolean, at::kBool},
};

at::ScalarType scalar_type_of(ElementType type) {
  for (const auto& [element, scalar] : type_pairs) {
    if (element == type) {
      return scalar;
    }
  }
  throw std::invalid_argument{"no tensor type for " + name_of(type)};
}

ElementType element_type_of(at::ScalarType type) {
  for (const auto& [element, scalar] : type_pairs) {
    if (scalar == type) {
      return element;
    }
  }
  throw std::invalid_argument{std::string{"no safetensors type for "} + c10::toString(type)};
}

at::Tensor tensor_over(const TensorView& view, const std::shared_ptr<const FileMapping>& mapping) {
  const at::ScalarType type = scalar_type_of(view.type);
  const auto address = reinterpret_cast<std::uintptr_t>(view.bytes.data());
  if (view.bytes.empty() || address % size_of(view.type) != 0) {
    at::Tensor copy = at::empty(view.shape, type);
    if (!view.bytes.empty()) {
      std::memcpy(copy.mutable_data_ptr(), view.bytes.data(), view.bytes.size());
    }
    return copy;
  }
  // from_blob wants a pointer to non-const; a write would fault, because the pages are read-only.
  return at::from_blob(
      const_cast<std::byte*>(view.bytes.data()), view.shape, [mapping](void*) {}, type);
}

} // namespace

TensorFile tensors_from(const std::shared_ptr<const FileMapping>& mapping,
                        const std::filesystem::path& path) {
  SafetensorsContent content = parse_safetensors(mapping->bytes(), path.string());
  TensorFile file{.metadata = std::move(content.metadata), .tensors = {}};
  for (const TensorView& view : content.tensors) {
    file.tensors.add(view.name, tensor_over(view, mapping));
  }
  return file;
}

TensorFile read_tensor_file(const std::filesystem::path& path) {
  return tensors_from(std::make_shared<const FileMapping>(path), path);
}

void write_tensor_file(const std::filesystem::path& path, const TensorFile& content,
                       Existing existing) {
  SafetensorsContent views{.metadata = content.metadata, .tensors = {}};
  std::vector<at::Tensor> contiguous; // keeps what the views point at
  for (const auto& [name, tensor] : content.tensors) {
    const at::Tensor& values = contiguous.emplace_back(tensor.contiguous());
    views.tensors.push_back(
        {.name = name,
         .type = element_type_of(values.scalar_type()),
         .shape = values.sizes().vec(),
         .bytes = {static_cast<const std::byte*>(values.const_data_ptr()), values.nbytes()}});
  }
  write_safetensors(path, views, existing);
}

} // namespace lmc::model
