// SPDX-License-Identifier: Apache-2.0
#include "evaluation/field_name.hpp"

#include "common/text.hpp"
#include "image/image_suffix.hpp"

#include <charconv>

namespace lmc::evaluation {

namespace {

/// A name's part behind its last `_`, and what is before it.
struct Tail {
  std::string_view before;
  std::string_view tail;
};

std::optional<Tail> tail_of(std::string_view name) {
  const std::size_t at = name.rfind('_');
  if (at == std::string_view::npos || at == 0) {
    return std::nullopt;
  }
  return Tail{name.substr(0, at), name.substr(at + 1)};
}

std::optional<int> focal_plane(std::string_view text) {
  if (text.size() < 2 || text.front() != 'z') {
    return std::nullopt;
  }
  int z = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, z);
  return error == std::errc{} && stop == end && z >= 0 ? std::optional{z} : std::nullopt;
}

} // namespace

PlaneName plane_name_of(std::string_view stem) {
  const Modality by_word = modality_from_name(stem).value_or(Modality::unknown);
  if (const auto plane = tail_of(stem)) {
    const std::optional<int> z = focal_plane(plane->tail);
    const auto field = tail_of(plane->before);
    const std::string_view name = field ? field->tail : std::string_view{};
    if (z && (name == "BF" || name == "PC" || name == "DIC")) {
      return {std::string{field->before}, *modality_from_name(name), z};
    }
  }
  return {std::string{stem}, by_word, std::nullopt};
}

std::optional<OrganelleName> organelle_name_of(const std::filesystem::path& file) {
  if (!image::image_suffix(file.filename().string())) {
    return std::nullopt;
  }
  const std::string stem = image::without_image_suffix(file.filename()).string();
  if (const auto tail = tail_of(stem)) {
    if (const auto organelle = organelle_from_name(tail->tail)) {
      return OrganelleName{std::string{tail->before}, *organelle};
    }
  }
  const std::string folder = lower_case(file.parent_path().filename().string());
  for (const Organelle organelle : all_organelles) {
    if (folder.starts_with(name_of(organelle))) {
      return OrganelleName{stem, organelle};
    }
  }
  return std::nullopt;
}

} // namespace lmc::evaluation
