// SPDX-License-Identifier: Apache-2.0
#include "inference/preset.hpp"

#include "common/error.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lmc;
using namespace lmc::inference;
using nlohmann::json;

CATCH_TEST_CASE("the preset paper is the published method") {
  const WindowOptions paper = preset_options("paper");
  CATCH_CHECK(paper.window == 512);
  CATCH_CHECK(paper.overlap == 0.8);
  CATCH_CHECK(paper.rotations == 4);
  CATCH_CHECK(paper.blending == Blending::monai_0_9);
  CATCH_CHECK(paper.sigma == 0.125);
  CATCH_CHECK(paper == WindowOptions{});
}

CATCH_TEST_CASE("every preset is valid and survives JSON") {
  CATCH_REQUIRE(presets().size() == 3);
  for (const Preset& preset : presets()) {
    CATCH_INFO(preset.name);
    CATCH_CHECK_NOTHROW(preset.options.validate());
    CATCH_CHECK(window_options_from_json(to_json(preset.options)) == preset.options);
    CATCH_CHECK(preset_options(preset.name) == preset.options);
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

CATCH_TEST_CASE("JSON options keep the defaults of absent keys") {
  const WindowOptions options = window_options_from_json(
      {{"overlap", 0.5}, {"blending", "monai-1"}, {"batch", 2}, {"skip_near_duplicates", true}});
  CATCH_CHECK(options == WindowOptions{.overlap = 0.5,
                                       .blending = Blending::monai_1,
                                       .batch = 2,
                                       .skip_near_duplicates = true});
}

CATCH_TEST_CASE("JSON options with unknown keys or wrong types are refused") {
  const auto with = [](const char* text) { return window_options_from_json(json::parse(text)); };
  CATCH_CHECK_THROWS_WITH(with(R"({"overlapp": 0.5})"),
                          Catch::Contains("overlapp: no such window option"));
  CATCH_CHECK_THROWS_WITH(with(R"({"window": 512.5})"),
                          Catch::Contains("window: 512.5, an integer is expected"));
  CATCH_CHECK_THROWS_WITH(with(R"({"batch": 18446744073709551615})"),
                          Catch::Contains("batch: 18446744073709551615"));
  CATCH_CHECK_THROWS_WITH(with(R"({"overlap": "0.5"})"),
                          Catch::Contains("overlap: \"0.5\", a number is expected"));
  CATCH_CHECK_THROWS_WITH(with(R"({"blending": "gaussian"})"),
                          Catch::Contains("allowed are monai-0.9, monai-1, constant"));
  CATCH_CHECK_THROWS_WITH(with(R"({"skip_near_duplicates": 1})"),
                          Catch::Contains("skip_near_duplicates: 1, true or false is expected"));
  CATCH_CHECK_THROWS_WITH(with(R"({"rotations": 3})"), Catch::Contains("rotations: 3"));
  CATCH_CHECK_THROWS_WITH(with("[1]"), Catch::Contains("an object is expected"));
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
