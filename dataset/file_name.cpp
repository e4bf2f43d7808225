// SPDX-License-Identifier: Apache-2.0
#include "dataset/file_name.hpp"

#include "common/text.hpp"
#include "image/image_suffix.hpp"

#include <fmt/format.h>

#include <system_error>

namespace lmc::dataset {

namespace {

constexpr std::string_view between_words = "_-. ";

/// A name's last word and what stands before it.
struct Tail {
  std::string_view before;
  std::string_view word;
};

Tail tail_of(std::string_view name) {
  const std::size_t border = name.find_last_of(between_words);
  return border == std::string_view::npos ? Tail{{}, name}
                                          : Tail{name.substr(0, border), name.substr(border + 1)};
}

/// The k of `z<k>`.
std::optional<int> focal_plane(std::string_view word) {
  if (word.size() < 2 || (word.front() != 'z' && word.front() != 'Z')) {
    return std::nullopt;
  }
  return number_from<int>(word.substr(1));
}

/// Takes the organelle off the image's name.
void find_organelle(FileName& name) {
  const Tail last = tail_of(name.image);
  const std::optional<int> z = focal_plane(last.word);
  const Tail word = z ? tail_of(last.before) : last;
  name.organelle = organelle_from_name(word.word);
  if (name.organelle) {
    name.field = word.before;
    name.image = name.field + (z ? name.image.substr(last.before.size()) : "");
    name.z = z;
  }
}

/// Reads `<field>_<modality>_z<k>`.
void find_plane(FileName& name) {
  const Tail last = tail_of(name.image);
  const std::optional<int> z = focal_plane(last.word);
  const Tail word = tail_of(last.before);
  const std::optional<Modality> modality = modality_from_name(word.word);
  if (z && modality && !word.before.empty()) {
    name.field = word.before;
    name.modality = *modality;
    name.z = z;
  }
}

} // namespace

FileName file_name_of(const std::filesystem::path& file) {
  FileName name;
  name.image = image::without_image_suffix(file.filename()).string();
  name.field = name.image;
  find_organelle(name);
  name.modality = modality_from_name(name.image).value_or(Modality::unknown);
  find_plane(name);
  if (!name.organelle) {
    const std::string folder = file.parent_path().filename().string();
    name.organelle = organelle_from_name(folder.substr(0, folder.find_first_of(between_words)));
  }
  return name;
}

std::string prediction_name(std::string_view image, Organelle organelle) {
  return fmt::format("{}_{}.ome.tiff", image, name_of(organelle));
}

std::string truth_name(std::string_view field, Organelle organelle) {
  std::string name = prediction_name(field, organelle);
  char& initial = name[field.size() + 1];
  initial = static_cast<char>(initial - 'a' + 'A');
  return name;
}

std::string light_name(std::string_view field, Modality modality, int z) {
  return fmt::format("{}_{}_z{}.ome.tiff", field, short_name_of(modality), z);
}

} // namespace lmc::dataset
