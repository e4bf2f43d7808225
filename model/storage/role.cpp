// SPDX-License-Identifier: Apache-2.0
#include "model/storage/role.hpp"

#include <cstddef>

namespace lmc::model {

std::string_view name_of(Role role) {
  constexpr std::array<std::string_view, all_roles.size()> names{"bright_field", "phase_contrast",
                                                                 "dic", "unified"};
  return names.at(static_cast<std::size_t>(role));
}

} // namespace lmc::model
