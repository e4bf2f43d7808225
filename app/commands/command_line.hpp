// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace lmc::app {

/// Parses the arguments and runs `body`; prints help or version instead where asked.
/// @return the body's value, 0 after help
/// @throws Error usage for arguments that do not parse
[[nodiscard]] int parse_and_run(CLI::App& program, int argc, const char* const* argv,
                                const std::function<int()>& body);

} // namespace lmc::app
