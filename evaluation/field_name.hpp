// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lmc::evaluation {

/// What an input's name says, by the layout of the public data set (BioImage Archive S-BIAD1047):
/// `image_<id>_<BF|PC|DIC>_z<k>`. Of other names the field is the whole stem, and the modality the
/// one that the name contains as a word.
struct PlaneName {
  std::string field; ///< "image_12"
  Modality modality = Modality::unknown;
  std::optional<int> z;
};

/// @param stem the file's name without image suffix
[[nodiscard]] PlaneName plane_name_of(std::string_view stem);

/// A file that holds one organelle, of which image.
struct OrganelleName {
  std::string stem;
  Organelle organelle = Organelle::mitochondria;
};

/// `<stem>_<organelle>.<suffix>`, in any case, as `lmc predict` names its outputs and S-BIAD1047
/// its ground truths; or any image below a folder whose name begins with an organelle
/// (`nucleus-fluorescence-ome-tiff/`), as the challenge's container has them. Nothing for others.
[[nodiscard]] std::optional<OrganelleName> organelle_name_of(const std::filesystem::path& file);

} // namespace lmc::evaluation
