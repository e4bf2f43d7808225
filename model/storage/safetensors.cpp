// SPDX-License-Identifier: Apache-2.0
#include "model/storage/safetensors.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/records/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace lmc::model {

namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t max_header = std::uint64_t{64} << 20U;
constexpr std::size_t header_depth = 4; // object, tensor, list, number
constexpr std::size_t max_dimensions = 16;
constexpr std::size_t data_alignment = 64;

struct TypeRow {
  ElementType type;
  std::string_view name;
  std::size_t size;
};

constexpr std::array type_table{
    TypeRow{ElementType::f16, "F16", 2},      TypeRow{ElementType::bf16, "BF16", 2},
    TypeRow{ElementType::f32, "F32", 4},      TypeRow{ElementType::f64, "F64", 8},
    TypeRow{ElementType::i8, "I8", 1},        TypeRow{ElementType::i16, "I16", 2},
    TypeRow{ElementType::i32, "I32", 4},      TypeRow{ElementType::i64, "I64", 8},
    TypeRow{ElementType::u8, "U8", 1},        TypeRow{ElementType::u16, "U16", 2},
    TypeRow{ElementType::boolean, "BOOL", 1},
};

const TypeRow& row_of(ElementType type) {
  return *std::find_if(type_table.begin(), type_table.end(),
                       [type](const TypeRow& row) { return row.type == type; });
}

/// What is wrong inside a header; `parse_safetensors` adds the file.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json& member(const json& object, const std::string& tensor, const char* key) {
  const auto position = object.find(key);
  if (position == object.end()) {
    throw Malformed{fmt::format("tensor \"{}\" has no \"{}\"", tensor, key)};
  }
  return *position;
}

std::uint64_t unsigned_number(const json& value, const std::string& tensor, const char* what) {
  if (!value.is_number_unsigned()) {
    throw Malformed{fmt::format("tensor \"{}\": {} is not a non-negative integer", tensor, what)};
  }
  return value.get<std::uint64_t>();
}

ElementType type_from(const json& value, const std::string& tensor) {
  const auto row = std::find_if(type_table.begin(), type_table.end(),
                                [&](const TypeRow& candidate) { return value == candidate.name; });
  if (row == type_table.end()) {
    throw Malformed{fmt::format("tensor \"{}\" has an unknown dtype {}", tensor,
                                value.is_string() ? value.get<std::string>() : value.type_name())};
  }
  return row->type;
}

std::vector<std::int64_t> shape_from(const json& value, const std::string& tensor) {
  if (!value.is_array() || value.size() > max_dimensions) {
    throw Malformed{fmt::format("tensor \"{}\": shape is not a list of at most {} sizes", tensor,
                                max_dimensions)};
  }
  std::vector<std::int64_t> shape;
  for (const json& size : value) {
    const std::uint64_t number = unsigned_number(size, tensor, "a size in its shape");
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      throw Malformed{fmt::format("tensor \"{}\": a size in its shape is {}", tensor, number)};
    }
    shape.push_back(static_cast<std::int64_t>(number));
  }
  return shape;
}

std::uint64_t bytes_needed(const TensorView& tensor) {
  std::uint64_t bytes = size_of(tensor.type);
  for (const std::int64_t size : tensor.shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes)) {
      throw Malformed{fmt::format("tensor \"{}\": its shape overflows", tensor.name)};
    }
  }
  return bytes;
}

TensorView tensor_from(const std::string& name, const json& record,
                       std::span<const std::byte> data) {
  if (!record.is_object() || record.size() != 3) {
    throw Malformed{
        fmt::format("tensor \"{}\" is not described by dtype, shape and data_offsets", name)};
  }
  TensorView tensor{.name = name,
                    .type = type_from(member(record, name, "dtype"), name),
                    .shape = shape_from(member(record, name, "shape"), name),
                    .bytes = {}};
  const json& offsets = member(record, name, "data_offsets");
  if (!offsets.is_array() || offsets.size() != 2) {
    throw Malformed{fmt::format("tensor \"{}\": data_offsets is not a pair", name)};
  }
  const std::uint64_t begin = unsigned_number(offsets[0], name, "an offset");
  const std::uint64_t end = unsigned_number(offsets[1], name, "an offset");
  if (begin > end || end > data.size()) {
    throw Malformed{
        fmt::format("tensor \"{}\" lies at bytes {} to {} of {}", name, begin, end, data.size())};
  }
  if (end - begin != bytes_needed(tensor)) {
    throw Malformed{fmt::format("tensor \"{}\" has {} bytes, its shape needs {}", name, end - begin,
                                bytes_needed(tensor))};
  }
  tensor.bytes = data.subspan(begin, end - begin);
  return tensor;
}

void sort_and_check_cover(std::vector<TensorView>& tensors, std::span<const std::byte> data) {
  // Empty tensors first among those that begin alike, so that each begins where the last one ended.
  std::stable_sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
    return std::pair{a.bytes.data(), a.bytes.size()} < std::pair{b.bytes.data(), b.bytes.size()};
  });
  const std::byte* expected = data.data();
  for (const TensorView& tensor : tensors) {
    if (tensor.bytes.data() != expected) {
      throw Malformed{fmt::format("tensor \"{}\" {} by {} bytes", tensor.name,
                                  tensor.bytes.data() < expected ? "overlaps the one before"
                                                                 : "leaves a gap before itself",
                                  std::abs(tensor.bytes.data() - expected))};
    }
    expected += tensor.bytes.size();
  }
  if (expected != data.data() + data.size()) {
    throw Malformed{fmt::format("{} bytes behind the last tensor belong to none",
                                data.data() + data.size() - expected)};
  }
}

std::map<std::string, std::string> metadata_from(const json& record) {
  if (!record.is_object()) {
    throw Malformed{"__metadata__ is not an object"};
  }
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : record.items()) {
    if (!value.is_string()) {
      throw Malformed{fmt::format("__metadata__ \"{}\" is not a text", key)};
    }
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

SafetensorsContent parse(std::span<const std::byte> file) {
  if (file.size() < length_bytes) {
    throw Malformed{fmt::format("{} bytes are too short for a safetensors file", file.size())};
  }
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), length_bytes);
  if (length > max_header || length > file.size() - length_bytes) {
    throw Malformed{fmt::format("the header claims {} bytes, the file has {} (allowed {})", length,
                                file.size(), max_header)};
  }
  const std::span<const std::byte> data = file.subspan(length_bytes + length);
  const std::string_view text{reinterpret_cast<const char*>(file.data()) + length_bytes, length};
  const json header = parse_json(text, {.max_bytes = max_header, .max_depth = header_depth});
  if (!header.is_object()) {
    throw Malformed{"the header is not a JSON object"};
  }
  SafetensorsContent content;
  for (const auto& [name, record] : header.items()) {
    if (name == "__metadata__") {
      content.metadata = metadata_from(record);
    } else {
      content.tensors.push_back(tensor_from(name, record, data));
    }
  }
  sort_and_check_cover(content.tensors, data);
  return content;
}

std::string header_text(const SafetensorsContent& content) {
  json header = json::object();
  if (!content.metadata.empty()) {
    header["__metadata__"] = content.metadata;
  }
  std::size_t offset = 0;
  for (const TensorView& tensor : content.tensors) {
    header[tensor.name] = {{"dtype", name_of(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
  text.append((data_alignment - (length_bytes + text.size()) % data_alignment) % data_alignment,
              ' ');
  return text;
}

} // namespace

std::size_t size_of(ElementType type) {
  return row_of(type).size;
}

std::string name_of(ElementType type) {
  return std::string{row_of(type).name};
}

SafetensorsContent parse_safetensors(std::span<const std::byte> file, const std::string& subject) {
  const auto corrupt = [&](const std::exception& cause) {
    return Error{ErrorCode::model_corrupt, subject,
                 std::string{"malformed safetensors file: "} + cause.what(),
                 "download, copy or convert the model again"};
  };
  try {
    return parse(file);
  } catch (const Malformed& cause) {
    throw corrupt(cause);
  } catch (const std::invalid_argument& cause) { // parse_json
    throw corrupt(cause);
  }
}

void write_safetensors(const std::filesystem::path& path, const SafetensorsContent& content,
                       Existing existing) {
  const std::string header = header_text(content);
  const std::uint64_t length = header.size();
  TemporaryFile file{path};
  static_assert(sizeof length == length_bytes);
  write_all(file.descriptor(), std::as_bytes(std::span{&length, 1}), path);
  write_all(file.descriptor(), std::as_bytes(std::span{header}), path);
  for (const TensorView& tensor : content.tensors) {
    write_all(file.descriptor(), tensor.bytes, path);
  }
  file.commit(existing);
}

} // namespace lmc::model
