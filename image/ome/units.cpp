// SPDX-License-Identifier: Apache-2.0
#include "image/ome/units.hpp"

#include "common/text.hpp"

#include <algorithm>
#include <array>

namespace lmc::image {
namespace {

struct Unit {
  std::string_view name;
  double um;
};

constexpr std::array units{
    Unit{"\xc2\xb5m", 1}, // U+00B5, as the schema has it
    Unit{"\xce\xbcm", 1}, // U+03BC
    Unit{"um", 1},
    Unit{"micron", 1},
    Unit{"microns", 1},
    Unit{"nm", 1e-3},
    Unit{"mm", 1e3},
    Unit{"km", 1e9},
    Unit{"m", 1e6},
    Unit{"dm", 1e5},
    Unit{"cm", 1e4},
    Unit{"pm", 1e-6},
    Unit{"\xc3\x85", 1e-4},     // U+00C5
    Unit{"\xe2\x84\xab", 1e-4}, // U+212B, the angstrom sign
    Unit{"thou", 25.4},
    Unit{"li", 25400.0 / 12},
    Unit{"in", 25400},
    Unit{"ft", 304800},
    Unit{"pt", 25400.0 / 72},
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> um_per(std::string_view unit) {
  const auto found = std::ranges::find(units, trimmed(unit), &Unit::name);
  return found == units.end() ? std::nullopt : std::optional{found->um};
}

} // namespace

std::optional<double> length_um(std::string_view number, std::string_view unit) {
  const auto value = number_from(trimmed(number));
  const auto um = um_per(unit);
  return value && um ? std::optional{*value * *um} : std::nullopt;
}

} // namespace lmc::image
