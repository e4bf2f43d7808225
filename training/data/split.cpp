// SPDX-License-Identifier: Apache-2.0
#include "training/data/split.hpp"

#include "common/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace lmc::training {

namespace {

constexpr std::size_t smallest_split = 3;

std::size_t validation_count(std::size_t fields, double fraction) {
  if (fraction == 0) {
    return 0;
  }
  const auto rounded =
      static_cast<std::size_t>(std::llround(fraction * static_cast<double>(fields)));
  return rounded == 0 && fields >= smallest_split ? 1 : rounded;
}

} // namespace

Split split_fields(std::vector<Field> fields, double validation_fraction, std::uint64_t seed) {
  std::sort(fields.begin(), fields.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
  const auto key = [seed](const Field& field) {
    return splitmix64(splitmix64(seed) ^ fnv1a64(field.name));
  };
  std::map<Modality, std::vector<std::size_t>> by_modality;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    by_modality[fields[i].modality].push_back(i);
  }
  std::vector<bool> is_validation(fields.size(), false);
  for (auto& [modality, members] : by_modality) {
    std::stable_sort(members.begin(), members.end(),
                     [&](std::size_t a, std::size_t b) { return key(fields[a]) < key(fields[b]); });
    const std::size_t count = validation_count(members.size(), validation_fraction);
    for (std::size_t i = 0; i < count; ++i) {
      is_validation[members[i]] = true;
    }
  }
  Split split;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    (is_validation[i] ? split.validation : split.training).push_back(std::move(fields[i]));
  }
  return split;
}

} // namespace lmc::training
