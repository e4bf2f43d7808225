// SPDX-License-Identifier: Apache-2.0
#include "model/architecture.hpp"

#include "common/records/fields.hpp"

namespace lmc::model {

namespace {

/// The default architecture of the network at this place of the variant.
template <std::size_t first = 0> Architecture default_of(std::size_t place) {
  if constexpr (first + 1 < std::variant_size_v<Architecture>) {
    if (place != first) {
      return default_of<first + 1>(place);
    }
  }
  return std::variant_alternative_t<first, Architecture>{};
}

} // namespace

std::string describe(const Architecture& architecture) {
  return std::visit([](const auto& a) { return fmt::format("{} ({})", a.name, a.details()); },
                    architecture);
}

void visit_fields(FieldReader& fields, Architecture& architecture) {
  std::size_t place = 0;
  fields.required("network", place, networks);
  architecture = default_of(place);
  std::visit([&](auto& a) { visit_fields(fields, a); }, architecture);
}

void visit_fields(FieldWriter& fields, Architecture& architecture) {
  std::size_t place = architecture.index();
  fields.field("network", place, networks);
  std::visit([&](auto& a) { visit_fields(fields, a); }, architecture);
}

std::optional<Architecture> infer_architecture(const StateDict& state) {
  return [&]<class... Network>(const std::variant<Network...>*) {
    std::optional<Architecture> found;
    static_cast<void>(((found = Network::infer(state)).has_value() || ...));
    return found;
  }(static_cast<const Architecture*>(nullptr));
}

} // namespace lmc::model
