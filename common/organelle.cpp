// SPDX-License-Identifier: Apache-2.0
#include "common/organelle.hpp"

#include "common/names.hpp"
#include "common/text.hpp"

namespace lmc {

std::string_view name_of(Organelle organelle) {
  return organelle_names.name(organelle);
}

std::optional<Organelle> organelle_from_name(std::string_view name) {
  return organelle_names.value(lower_case(name));
}

} // namespace lmc
