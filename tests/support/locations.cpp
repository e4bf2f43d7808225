// SPDX-License-Identifier: Apache-2.0
#include "tests/support/locations.hpp"

namespace lmc::test {

std::filesystem::path source_folder() {
  return LMC_SOURCE_DIR;
}

std::filesystem::path reference_folder() {
  return source_folder() / "tests" / "reference";
}

std::filesystem::path program_folder() {
  return LMC_PROGRAMS;
}

} // namespace lmc::test
