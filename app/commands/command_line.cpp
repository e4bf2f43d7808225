// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command_line.hpp"

#include "common/error.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace lmc::app {

int parse_and_run(CLI::App& program, int argc, const char* const* argv,
                  const std::function<int()>& body) {
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return program.exit(asked, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    throw Error{ErrorCode::usage, program.get_name().empty() ? argv[0] : program.get_name(),
                error.what(), "see --help"};
  }
  return body();
}

} // namespace lmc::app
