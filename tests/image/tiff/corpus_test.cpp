// SPDX-License-Identifier: Apache-2.0
// Files made by others, against tifffile's values (tests/reference/tiff/README.md).
#include "common/error.hpp"
#include "common/files/hash.hpp"
#include "common/records/json.hpp"
#include "image/file_format.hpp"
#include "image/input_image.hpp"
#include "image/tiff/reader.hpp"
#include "tests/support/locations.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

using namespace lmc::image;

namespace {

const std::filesystem::path folder = lmc::test::reference_folder() / "tiff";

/// What is read, in the form of expected.json; "reject" for an error of the user's kind.
nlohmann::json read(const std::filesystem::path& path) {
  try {
    CATCH_REQUIRE(format_of(OpenFile{path}) == FileFormat::tiff);
    TiffReader reader{OpenFile{path}, {}};
    const RawPlane plane = reader.read_page(0);
    return {{"shape", {plane.height, plane.width, plane.samples}},
            {"type", name_of(plane.type)},
            {"sha256", lmc::sha256_of(plane.bytes)}};
  } catch (const lmc::Error& error) {
    CATCH_CHECK(error.exit_code() == lmc::ExitCode::input);
    CATCH_CHECK(!error.cause().empty());
    return "reject";
  }
}

/// Readable by tifffile, rejected here on purpose: 24-bit integers, whose byte order readers
/// disagree about, and a predictor on uncompressed data, which libtiff ignores.
bool rejected_on_purpose(std::string_view name) {
  constexpr std::array<std::string_view, 3> marks{"-24b", "-24.tif", "hpredict-1c-12b"};
  return std::ranges::any_of(
      marks, [&](std::string_view mark) { return name.find(mark) != std::string_view::npos; });
}

} // namespace

CATCH_TEST_CASE("Well-formed files give tifffile's values") {
  const nlohmann::json expected =
      lmc::read_json_file(folder / "expected.json", {.max_bytes = 1U << 20, .max_depth = 8});
  int equal = 0;
  for (const auto& [name, values] : expected.items()) {
    if (name.starts_with("fuzz_images/")) {
      continue;
    }
    CATCH_CAPTURE(name);
    const nlohmann::json got = read(folder / "corpus" / name);
    CATCH_CHECK(got == (rejected_on_purpose(name) ? nlohmann::json("reject") : values));
    equal += got == values && got != "reject" ? 1 : 0;
  }
  CATCH_CHECK(equal >= 120);
}

CATCH_TEST_CASE("Malformed files are rejected or give tifffile's values") {
  const nlohmann::json expected =
      lmc::read_json_file(folder / "expected.json", {.max_bytes = 1U << 20, .max_depth = 8});
  int rejected = 0;
  for (const auto& [name, values] : expected.items()) {
    if (!name.starts_with("fuzz_images/")) {
      continue;
    }
    CATCH_CAPTURE(name);
    const nlohmann::json got = read(folder / "corpus" / name);
    if (got == "reject") {
      ++rejected;
    } else {
      CATCH_CHECK(got == values);
    }
  }
  CATCH_CHECK(rejected >= 90);
}

CATCH_TEST_CASE("Every file becomes a plane or a rejection") {
  int planes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "corpus"}) {
    if (!entry.is_regular_file()) {
      continue;
    }
    CATCH_CAPTURE(entry.path());
    try {
      const TransmittedLight image = read_transmitted_light(entry.path(), {.rgb_luminance = true});
      CATCH_CHECK_FALSE(image.pixels.empty());
      ++planes;
    } catch (const lmc::Error& error) {
      CATCH_CHECK(error.exit_code() == lmc::ExitCode::input);
    }
  }
  CATCH_CHECK(planes > 80);
}
