// SPDX-License-Identifier: Apache-2.0
#include "reference_pairs.hpp"

#include "model/storage/safetensors.hpp"
#include "tests/support/locations.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace lmc::evaluation::test {

namespace {

template <class T> std::vector<T> values_of(std::span<const std::byte> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

AnyPlane plane_of(const model::TensorView& tensor) {
  const Index height = tensor.shape.at(0);
  const Index width = tensor.shape.at(1);
  switch (tensor.type) {
  case model::ElementType::u16:
    return Plane<std::uint16_t>{height, width, values_of<std::uint16_t>(tensor.bytes)};
  case model::ElementType::f32:
    return Plane<float>{height, width, values_of<float>(tensor.bytes)};
  case model::ElementType::u8: {
    const auto bytes = values_of<std::uint8_t>(tensor.bytes);
    return Plane<std::uint16_t>{height, width, {bytes.begin(), bytes.end()}};
  }
  default:
    throw std::invalid_argument{"a fixture of unexpected type"};
  }
}

} // namespace

std::vector<ReferencePair> reference_pairs() {
  const std::string folder = (lmc::test::reference_folder() / "metrics/").string();
  std::ifstream file{folder + "pairs.safetensors", std::ios::binary};
  const std::string content{std::istreambuf_iterator<char>{file}, {}};
  const auto tensors = model::parse_safetensors(std::as_bytes(std::span{content}), "pairs").tensors;
  std::map<std::string, AnyPlane> planes;
  for (const model::TensorView& tensor : tensors) {
    planes[tensor.name] = plane_of(tensor);
  }
  std::ifstream expected{folder + "expected.json"};
  const nlohmann::json records = nlohmann::json::parse(expected).at("pairs");
  std::vector<ReferencePair> pairs;
  for (const auto& [name, record] : records.items()) {
    pairs.push_back({name, planes.at(record.at("gt")), planes.at(record.at("pred")),
                     record.at("plain_double"), record.at("expected")});
  }
  return pairs;
}

} // namespace lmc::evaluation::test
