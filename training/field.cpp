// SPDX-License-Identifier: Apache-2.0
#include "training/field.hpp"

#include <algorithm>

namespace lmc::training {

std::size_t files_of(const std::vector<Field>& fields) {
  std::size_t files = 0;
  for (const Field& field : fields) {
    files += field.planes.size();
    files += static_cast<std::size_t>(
        std::count_if(field.labels.begin(), field.labels.end(),
                      [](const auto& label) { return label.has_value(); }));
  }
  return files;
}

std::size_t visible_width(std::size_t width, HoldOut hold_out) {
  return hold_out == HoldOut::right_quarter ? width - width / 4 : width;
}

} // namespace lmc::training
