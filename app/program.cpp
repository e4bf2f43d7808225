// SPDX-License-Identifier: Apache-2.0
#include "app/program.hpp"

#include "common/running/interrupt.hpp"
#include "common/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>

namespace lmc::app {

namespace {

Error out_of_memory() {
  return Error{ErrorCode::memory, "this process", "out of memory",
               "give it more memory, or use a smaller --batch"};
}

} // namespace

Error as_error(const std::exception& exception) {
  if (const auto* const error = dynamic_cast<const Error*>(&exception)) {
    return *error;
  }
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) {
    return out_of_memory();
  }
  const std::string text = exception.what();
  // LibTorch's CPU allocator has no type of its own for this.
  if (text.find("not enough memory") != std::string::npos ||
      text.find("out of memory") != std::string::npos) {
    return out_of_memory();
  }
  return Error{ErrorCode::internal, "internal error", first_line(text),
               "please report it with the command and, if possible, the image"};
}

std::optional<Error> error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& exception) {
    return as_error(exception);
  }
  return std::nullopt;
}

int run_program(const std::function<int()>& body) {
  install_interrupt_handlers();
  try {
    return body();
  } catch (const Interrupted& interrupted) {
    fmt::print(stderr, "interrupted: nothing was left half written\n");
    return interrupted.exit_code();
  } catch (const std::exception& exception) {
    const Error error = as_error(exception);
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(error.exit_code());
  }
}

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

std::filesystem::path bundled_folder(const std::filesystem::path& name) {
  const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto installed = programs.parent_path() / "share" / "lightmycells" / name;
  const auto checkout = programs.parent_path().parent_path() / name;
  for (const auto& folder : {installed, checkout}) {
    if (std::filesystem::is_directory(folder)) {
      return folder;
    }
  }
  throw Error{ErrorCode::model_missing, installed.string(),
              fmt::format("the folder is missing, and so is {}", checkout.string()),
              "name a folder of models with --model, or install the program again"};
}

} // namespace lmc::app
