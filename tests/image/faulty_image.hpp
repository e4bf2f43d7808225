// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/input_image.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lmc::test {

/// What is read from a file of this content.
inline image::TransmittedLight read(const std::string& content,
                                    const image::ReadOptions& options = {}) {
  const TemporaryFolder folder;
  return image::read_transmitted_light(folder.file("a.tiff", content), options);
}

/// The cause that a file of this content is rejected with.
inline std::string rejection(ErrorCode code, const std::string& content,
                             const image::ReadOptions& options = {}) {
  return cause_of(code, [&] { static_cast<void>(read(content, options)); });
}

/// All warnings, one a line.
inline std::string warnings_of(const image::TransmittedLight& image) {
  std::string all;
  for (const std::string& warning : image.provenance.warnings) {
    all += warning + "\n";
  }
  return all;
}

/// Page of 4 x 3 pixels that all have this value, but for one.
inline TestPage page_of(std::uint64_t value, const std::string& description = "") {
  TestPage page{.description = description, .values = std::vector<std::uint64_t>(12, value)};
  page.values[0] = value + 1;
  return page;
}

} // namespace lmc::test
