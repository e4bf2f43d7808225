// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/import/pickle_value.hpp"

#include <cstddef>
#include <deque>
#include <span>

namespace lmc::model {

/// The values of one pickle stream. Kept in one list without ownership among them: a value may be
/// nested 10^6 deep or contain itself, and is still freed without recursion.
struct PickleDocument {
  std::deque<PickleValue> values;
  PickleRef root = nullptr;
  std::size_t size = 0; ///< bytes of the stream, the STOP included
};

/// Reads the pickle that begins at the first byte, protocols 2 to 5, as plain data: dict, list,
/// tuple, numbers, text. Classes and functions stay names, their calls stay descriptions; nothing
/// is executed.
/// @throws std::invalid_argument with a short cause
[[nodiscard]] PickleDocument read_pickle(std::span<const std::byte> stream);

} // namespace lmc::model
