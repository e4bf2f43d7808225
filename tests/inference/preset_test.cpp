// SPDX-License-Identifier: Apache-2.0
#include "inference/preset.hpp"

#include "common/error.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::inference;

CATCH_TEST_CASE("the preset paper is the published method") {
  const WindowOptions paper = preset_options("paper");
  CATCH_CHECK(paper.window == 512);
  CATCH_CHECK(paper.overlap == 0.8);
  CATCH_CHECK(paper.rotations == 4);
  CATCH_CHECK(paper.blending == Blending::monai_0_9);
  CATCH_CHECK(paper.sigma == 0.125);
  CATCH_CHECK(paper == WindowOptions{});
}

CATCH_TEST_CASE("every preset is valid") {
  for (const char* name : {"paper", "balanced", "fast"}) {
    CATCH_INFO(name);
    CATCH_CHECK_NOTHROW(preset_options(name).validate());
  }
}

// The tables of docs/inference.md.
CATCH_TEST_CASE("presets take the documented number of network windows") {
  struct Case {
    std::string_view preset;
    bool skip_near_duplicates;
    std::int64_t at_512, at_1024, at_2048;
  };
  for (const Case& c : {Case{"paper", false, 4, 196, 1156},
                        {"balanced", false, 2, 18, 98},
                        {"fast", false, 1, 9, 25},
                        {"paper", true, 4, 144, 1024},
                        {"balanced", true, 2, 18, 98},
                        {"fast", true, 1, 9, 25}}) {
    CATCH_INFO(c.preset << ", skip_near_duplicates " << c.skip_near_duplicates);
    WindowOptions options = preset_options(c.preset);
    options.skip_near_duplicates = c.skip_near_duplicates;
    CATCH_CHECK(network_windows(512, 512, options) == c.at_512);
    CATCH_CHECK(network_windows(1024, 1024, options) == c.at_1024);
    CATCH_CHECK(network_windows(2048, 2048, options) == c.at_2048);
  }
}

CATCH_TEST_CASE("an unknown preset is refused with the known ones") {
  CATCH_CHECK_THROWS_WITH(preset_options("turbo"), Catch::Contains("\"turbo\" is no preset") &&
                                                       Catch::Contains("paper, balanced, fast"));
}

CATCH_TEST_CASE("options outside their range are refused by name") {
  const auto refusal = [](WindowOptions options) {
    try {
      options.validate();
    } catch (const Error& error) {
      CATCH_CHECK(error.code() == ErrorCode::configuration);
      return error.subject() + ": " + error.cause();
    }
    return std::string("accepted");
  };
  CATCH_CHECK(refusal({}) == "accepted");
  CATCH_CHECK(refusal({.window = 0}) == "window: 0 pixels, allowed are 1 to 16384");
  CATCH_CHECK(refusal({.overlap = 1}) == "overlap: 1, allowed is 0 up to but not 1");
  CATCH_CHECK(refusal({.rotations = 3}) == "rotations: 3, allowed are 1, 2 and 4");
  CATCH_CHECK(refusal({.sigma = 0}) == "sigma: 0, allowed is 0.01 to 10");
  CATCH_CHECK(refusal({.batch = -1}) == "batch: -1, allowed is 0 to 4096");
}

CATCH_TEST_CASE("rotations of an augmentation") {
  const auto turns = [](int rotations) {
    const auto span = quarter_turns_of(rotations);
    return std::vector<std::int64_t>(span.begin(), span.end());
  };
  CATCH_CHECK(turns(1) == std::vector<std::int64_t>{0});
  CATCH_CHECK(turns(2) == std::vector<std::int64_t>{0, 2});
  CATCH_CHECK(turns(4) == std::vector<std::int64_t>{0, 1, 2, 3});
  CATCH_CHECK_THROWS_WITH(turns(3), Catch::Contains("rotations: 3, allowed are 1, 2 and 4"));
}
