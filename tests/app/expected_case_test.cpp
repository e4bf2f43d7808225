// SPDX-License-Identifier: Apache-2.0
#include "app/commands/expected_case.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using Catch::Matchers::Contains;
using lmc::Organelle;
using lmc::app::ExpectedCase;

namespace {

// A 3 x 4 plane y*10 + x, condensed by hand: tiles of 2, samples at y 0, 2 and x 0, 3.
std::string expected_json(const std::string& mean) {
  const std::string plane =
      R"({"tile_means": [[5.5, )" + mean + R"(], [20.5, 22.5]], "samples": [[0, 3], [20, 23]]})";
  return R"({"models": {"dic": "ab"}, "preset": "paper", "height": 3, "width": 4, "tile": 2,
             "stride": [2, 3], "organelles": {"mitochondria": )" +
         plane + R"(, "nucleus": )" + plane + R"(, "tubulin": )" + plane + R"(, "actin": )" +
         plane + "}}";
}

const lmc::Plane<float> ramp{3, 4, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}};

} // namespace

CATCH_TEST_CASE("a plane that is as expected deviates by nothing") {
  const lmc::test::TemporaryFolder folder;
  const ExpectedCase expected =
      lmc::app::read_expected_case(folder.file("e.json", expected_json("7.5")));
  CATCH_CHECK(expected.model_sha256.at("dic") == "ab");
  const auto deviation = lmc::app::deviation_from(expected, Organelle::tubulin, ramp);
  CATCH_CHECK(deviation.tile_mean == 0);
  CATCH_CHECK(deviation.sample == 0);
}

CATCH_TEST_CASE("deviations are the largest of tile means and of samples") {
  const lmc::test::TemporaryFolder folder;
  const ExpectedCase expected =
      lmc::app::read_expected_case(folder.file("e.json", expected_json("8.5")));
  lmc::Plane<float> plane = ramp;
  plane(0, 3) = 7; // a sampled pixel, in the tile whose expected mean is 8.5: (2+7+12+13)/4 = 8.5
  const auto deviation = lmc::app::deviation_from(expected, Organelle::nucleus, plane);
  CATCH_CHECK(deviation.tile_mean == Approx(0));
  CATCH_CHECK(deviation.sample == Approx(4));
}

CATCH_TEST_CASE("expected values of another size never agree") {
  const lmc::test::TemporaryFolder folder;
  ExpectedCase expected = lmc::app::read_expected_case(folder.file("e.json", expected_json("7.5")));
  expected.width = 2;
  expected.height = 6;
  CATCH_CHECK(std::isinf(lmc::app::deviation_from(expected, Organelle::nucleus, ramp).tile_mean));
}

CATCH_TEST_CASE("a broken expected.json is named") {
  const lmc::test::TemporaryFolder folder;
  const auto file = folder.file("expected.json", R"({"models": {}})");
  CATCH_CHECK_THROWS_WITH(lmc::app::read_expected_case(file),
                          Contains("error[E304]") && Contains("expected.json"));
}
