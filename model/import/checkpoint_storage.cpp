// SPDX-License-Identifier: Apache-2.0
#include "model/import/checkpoint_storage.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace lmc::model {

namespace {

constexpr std::array<std::pair<std::string_view, c10::ScalarType>, 9> storage_types{{
    {"torch.FloatStorage", c10::kFloat},
    {"torch.DoubleStorage", c10::kDouble},
    {"torch.HalfStorage", c10::kHalf},
    {"torch.BFloat16Storage", c10::kBFloat16},
    {"torch.LongStorage", c10::kLong},
    {"torch.IntStorage", c10::kInt},
    {"torch.ShortStorage", c10::kShort},
    {"torch.ByteStorage", c10::kByte},
    {"torch.BoolStorage", c10::kBool},
}};

} // namespace

const std::vector<PickleRef>& items_of(PickleRef value, std::size_t count, const char* what) {
  const auto* sequence = value->as<PickleSequence>();
  if (sequence == nullptr || sequence->items.size() < count) {
    throw std::invalid_argument{fmt::format("{} is not described as PyTorch does", what)};
  }
  return sequence->items;
}

std::int64_t count_from(PickleRef value, const char* what) {
  const auto* number = value->as<std::int64_t>();
  if (number == nullptr || *number < 0) {
    throw std::invalid_argument{fmt::format("{} is not a non-negative integer", what)};
  }
  return *number;
}

StorageId storage_id_from(PickleRef value) {
  const auto* persistent = value->as<PicklePersistent>();
  if (persistent == nullptr) {
    throw std::invalid_argument{"a tensor has no storage"};
  }
  const auto& id = items_of(persistent->id, 5, "a storage");
  const auto* type = id[1]->as<PickleGlobal>();
  const auto* key = id[2]->as<std::string>();
  if (type == nullptr || key == nullptr) {
    throw std::invalid_argument{"a storage is not described as PyTorch does"};
  }
  const auto row = std::find_if(storage_types.begin(), storage_types.end(), [&](const auto& known) {
    return known.first == type->full_name();
  });
  if (row == storage_types.end()) {
    throw std::invalid_argument{
        fmt::format("a storage has the unknown type {}", printable(type->full_name()))};
  }
  return {.key = *key, .type = row->second, .elements = count_from(id[4], "a storage's size")};
}

} // namespace lmc::model
