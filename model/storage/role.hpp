// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace lmc::model {

/// What a model of a models folder was trained for; the keys of its manifest.
enum class Role { bright_field, phase_contrast, dic, unified };

inline constexpr std::array all_roles{Role::bright_field, Role::phase_contrast, Role::dic,
                                      Role::unified};

/// "bright_field", "phase_contrast", "dic", "unified".
[[nodiscard]] std::string_view name_of(Role role);

} // namespace lmc::model
