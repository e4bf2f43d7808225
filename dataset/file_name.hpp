// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lmc::dataset {

/// What the name of a study's image says. The grammar of a name without its image suffix, in any
/// case; `_`, `-`, `.` and space stand between words:
///
/// | name                      | shows                                | example                |
/// | ------------------------- | ------------------------------------ | ---------------------- |
/// | `<field>_<modality>_z<k>` | transmitted light, focal plane k     | image_12_BF_z3         |
/// | `<image>_<organelle>`     | an organelle: a ground truth,        | image_12_Nucleus       |
/// |                           | or a prediction of `<image>`         | image_12_BF_z3_nucleus |
/// | `<image>_<organelle>_z<k>`| the same, focal plane k              | cell_actin_z2          |
/// | others                    | an image that is a field of its own  | nucleus_study          |
///
/// (The first two as in the public data set, BioImage Archive S-BIAD1047.) Only the last word of a
/// name, before its focal plane, is its organelle: an image may speak of others further ahead. A
/// name without an organelle takes the first word of its folder's name, as in the challenge's
/// container: `nucleus-fluorescence-ome-tiff/<image>.tiff`.
struct FileName {
  std::string image;                     ///< the name without suffix and organelle; may be empty
  std::string field;                     ///< the image's field of view: "image_12"
  std::optional<Organelle> organelle;    ///< what it shows; nothing: transmitted light
  Modality modality = Modality::unknown; ///< of `<modality>_z<k>`, else the first such word
  std::optional<int> z;                  ///< focal plane
};

/// @param file a path; nothing is opened
[[nodiscard]] FileName file_name_of(const std::filesystem::path& file);

// The names that are written, all of them OME-TIFF.

/// `<image>_<organelle>.ome.tiff`.
[[nodiscard]] std::string prediction_name(std::string_view image, Organelle organelle);

/// `<field>_<Organelle>.ome.tiff`.
[[nodiscard]] std::string truth_name(std::string_view field, Organelle organelle);

/// `<field>_<BF|PC|DIC>_z<k>.ome.tiff`.
[[nodiscard]] std::string light_name(std::string_view field, Modality modality, int z);

} // namespace lmc::dataset
