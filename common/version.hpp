// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lmc {

/// Version of the project, "1.2.3".
[[nodiscard]] std::string_view version();

/// Git revision that was built, with "-dirty" for local changes; "unknown" outside a checkout.
[[nodiscard]] std::string_view git_revision();

} // namespace lmc
