// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lmc {

/// How the transmitted-light image was taken.
enum class Modality { bright_field, phase_contrast, dic, unknown };

/// "BF", "PC", "DIC" as in the challenge's metadata; "unknown".
[[nodiscard]] std::string_view short_name_of(Modality modality);

/// "bright field", "phase contrast", "differential interference contrast", "unknown".
[[nodiscard]] std::string_view long_name_of(Modality modality);

/// Modality named by a channel: `BF`, `bright field`, `brightfield`, `PC`, `phase contrast`, `DIC`
/// and names that contain one of these as a word, in any case. A name that holds several words is
/// decided by the first (`DIC-PC` is DIC). Nothing when no word is known.
[[nodiscard]] std::optional<Modality> modality_from_name(std::string_view name);

} // namespace lmc
