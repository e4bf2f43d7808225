// SPDX-License-Identifier: Apache-2.0
#include "common/modality.hpp"

#include "common/names.hpp"
#include "common/text.hpp"

#include <array>
#include <string>

namespace lmc {

namespace {

struct Word {
  std::string_view text;
  Modality modality;
};

constexpr std::array<Word, 10> words{{
    {"bf", Modality::bright_field},
    {"brightfield", Modality::bright_field},
    {"bright field", Modality::bright_field},
    {"pc", Modality::phase_contrast},
    {"phase contrast", Modality::phase_contrast},
    {"phasecontrast", Modality::phase_contrast},
    {"phase", Modality::phase_contrast},
    {"dic", Modality::dic},
    {"nomarski", Modality::dic},
    {"differential interference contrast", Modality::dic},
}};

/// Lower case, every run of other characters than letters and digits as one space, a space at both
/// ends.
std::string normalised(std::string_view name) {
  std::string text{" "};
  for (const char c : lower_case(name)) {
    const bool word_character = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word_character) {
      text += c;
    } else if (text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.back() != ' ') {
    text += ' ';
  }
  return text;
}

} // namespace

std::string_view short_name_of(Modality modality) {
  return modality_names.name(modality);
}

std::string_view long_name_of(Modality modality) {
  static constexpr auto names =
      name_table<Modality>({{Modality::bright_field, "bright field"},
                            {Modality::phase_contrast, "phase contrast"},
                            {Modality::dic, "differential interference contrast"}});
  return names.name(modality);
}

std::optional<Modality> modality_from_name(std::string_view name) {
  const std::string text = normalised(name);
  std::size_t first = std::string::npos;
  std::optional<Modality> modality;
  for (const Word& word : words) {
    const std::size_t position = text.find(" " + std::string{word.text} + " ");
    if (position < first) {
      first = position;
      modality = word.modality;
    }
  }
  return modality;
}

} // namespace lmc
