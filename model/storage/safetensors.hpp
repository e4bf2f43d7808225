// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/temporary_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace lmc::model {

/// Element types of the safetensors format that are read here.
enum class ElementType { f16, bf16, f32, f64, i8, i16, i32, i64, u8, u16, boolean };

/// Bytes of one element.
[[nodiscard]] std::size_t size_of(ElementType type);

/// The format's name: "F32", "I64", ...
[[nodiscard]] std::string name_of(ElementType type);

/// A tensor within somebody else's memory.
struct TensorView {
  std::string name;
  ElementType type = ElementType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes; ///< row-major, little-endian, not necessarily aligned
};

/// What a safetensors file holds.
struct SafetensorsContent {
  std::map<std::string, std::string> metadata;
  std::vector<TensorView> tensors; ///< in the order of their bytes, which is the order of writing
};

/// Strict reader of the safetensors format (https://github.com/huggingface/safetensors): the header
/// is at most 64 MiB of JSON without duplicate keys; tensors fill the rest of the file without
/// overlaps and gaps; every size agrees with its shape.
/// @param file the whole file, which the views point into
/// @param subject names the file in errors
/// @throws Error model_corrupt
[[nodiscard]] SafetensorsContent parse_safetensors(std::span<const std::byte> file,
                                                   const std::string& subject);

/// Writes a safetensors file, crash-safe, data aligned to 64 bytes.
/// @throws Error output_*
void write_safetensors(const std::filesystem::path& path, const SafetensorsContent& content,
                       Existing existing);

} // namespace lmc::model
