// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace lmc {

Error::Error(ErrorCode code, std::string subject, std::string cause, std::string remedy)
    : std::runtime_error{printable(
          fmt::format("error[E{}] {}: {}; {}", static_cast<int>(code), subject, cause, remedy))},
      code_{code}, subject_{std::move(subject)}, cause_{std::move(cause)}, remedy_{
                                                                               std::move(remedy)} {}

ExitCode Error::exit_code() const noexcept {
  return static_cast<ExitCode>(static_cast<int>(code_) / 100);
}

std::string printable(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '\n') {
      line += "\\n";
    } else if (character == '\t') {
      line += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += character;
    }
  }
  return line;
}

} // namespace lmc
