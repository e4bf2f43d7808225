// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

namespace lmc::engine {

/// `make` of every item. Made in place: what is made need not have a default.
template <class Item, std::size_t count, class Make>
[[nodiscard]] auto mapped(const std::array<Item, count>& items, const Make& make) {
  return std::apply([&](const auto&... item) { return std::array{make(item)...}; }, items);
}

template <class Item, class Make>
[[nodiscard]] auto mapped(const std::vector<Item>& items, const Make& make) {
  std::vector<decltype(make(items.front()))> made;
  made.reserve(items.size());
  for (const Item& item : items) {
    made.push_back(make(item));
  }
  return made;
}

} // namespace lmc::engine
