// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace lmc {

/// Fluorescently labelled structures, in the order of every network's output channels.
enum class Organelle : int { mitochondria, nucleus, tubulin, actin };

inline constexpr std::size_t organelle_count = 4;
inline constexpr std::array<Organelle, organelle_count> all_organelles{
    Organelle::mitochondria, Organelle::nucleus, Organelle::tubulin, Organelle::actin};

/// Index of the organelle's output channel.
[[nodiscard]] constexpr std::size_t channel_of(Organelle organelle) {
  return static_cast<std::size_t>(organelle);
}

/// A value for each organelle, in the order of the output channels.
template <class Value> class PerOrganelle {
public:
  [[nodiscard]] Value& operator[](Organelle organelle) { return values_[channel_of(organelle)]; }
  [[nodiscard]] const Value& operator[](Organelle organelle) const {
    return values_[channel_of(organelle)];
  }
  [[nodiscard]] auto begin() { return values_.begin(); }
  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() { return values_.end(); }
  [[nodiscard]] auto end() const { return values_.end(); }
  friend bool operator==(const PerOrganelle&, const PerOrganelle&) = default;

private:
  std::array<Value, organelle_count> values_{};
};

/// Lower-case English name: "mitochondria", "nucleus", "tubulin", "actin".
[[nodiscard]] std::string_view name_of(Organelle organelle);

/// The organelle with this name, in any case; nothing for other text.
[[nodiscard]] std::optional<Organelle> organelle_from_name(std::string_view name);

} // namespace lmc
