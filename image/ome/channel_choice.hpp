// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "image/ome/reader.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::image {

/// The modality a channel names: by its Name, else by its Fluor.
[[nodiscard]] Modality modality_of(const OmeChannel& channel);

/// Index of the channel to read: the wanted one, by name (any case) or index from 0; else the only
/// one that is there; else the only one whose name is a modality.
/// @param channels as the file describes them
/// @param present indices of the channels that the file holds, ascending, not empty
/// @throws Error input_ambiguous listing the channels
[[nodiscard]] std::size_t choose_channel(const std::vector<OmeChannel>& channels,
                                         const std::vector<std::size_t>& present,
                                         const std::optional<std::string>& wanted,
                                         const std::filesystem::path& path);

} // namespace lmc::image
