// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataset/field.hpp"

#include <filesystem>

namespace lmc::dataset {

/// Reads the layout of the public set (BioImage Archive S-BIAD1047):
/// `Study_<n>/image_<id>_<BF|PC|DIC>_z<k>.ome.tiff` and
/// `Study_<n>/image_<id>_<Nucleus|Mitochondria|Tubulin|Actin>.ome.tiff`, by the grammar of
/// `file_name_of`. Ids are global, so a field is an id; it is named `<id>`. Other names are no
/// problem and are not read; of several files with one meaning the first by path counts. Fields
/// without a plane, without a label or with two modalities are problems. No file is opened.
/// @throws Error input_missing when the folder is missing or holds no such file
[[nodiscard]] Catalogue read_study(const std::filesystem::path& folder);

} // namespace lmc::dataset
