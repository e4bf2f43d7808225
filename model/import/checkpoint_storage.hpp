// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/import/pickle_value.hpp"

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace lmc::model {

/// The raw numbers of a checkpoint by storage key, within the mapped file.
using Storages = std::map<std::string, std::span<const std::byte>>;

/// What a pickle says of one storage.
struct StorageId {
  std::string key;
  c10::ScalarType type = c10::ScalarType::Float;
  std::int64_t elements = 0;
};

/// Reads PyTorch's reference to a storage: ('storage', torch.FloatStorage, key, location,
/// elements).
/// @throws std::invalid_argument when it is none, or of an unknown element type
[[nodiscard]] StorageId storage_id_from(PickleRef value);

/// The items of a list or tuple. @throws std::invalid_argument when there are fewer than `count`
[[nodiscard]] const std::vector<PickleRef>& items_of(PickleRef value, std::size_t count,
                                                     const char* what);

/// @throws std::invalid_argument when the value is no integer or negative
[[nodiscard]] std::int64_t count_from(PickleRef value, const char* what);

} // namespace lmc::model
