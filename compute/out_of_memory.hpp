// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace lmc::compute {

/// Runs `action`; a sentence if it failed because memory is out, of the host or of a device. Every
/// other exception passes through. On return the handler is left, so that no tensor of the failed
/// action is alive.
[[nodiscard]] std::optional<std::string> out_of_memory_in(const std::function<void()>& action);

} // namespace lmc::compute
