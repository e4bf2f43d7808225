// SPDX-License-Identifier: Apache-2.0
#include "common/organelle.hpp"

#include "common/text.hpp"

#include <algorithm>

namespace lmc {

namespace {
constexpr std::array<std::string_view, organelle_count> names{"mitochondria", "nucleus", "tubulin",
                                                              "actin"};
} // namespace

std::string_view name_of(Organelle organelle) {
  return names.at(channel_of(organelle));
}

std::optional<Organelle> organelle_from_name(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), lower_case(name));
  if (found == names.end()) {
    return std::nullopt;
  }
  return all_organelles.at(static_cast<std::size_t>(found - names.begin()));
}

} // namespace lmc
