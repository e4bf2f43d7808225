// SPDX-License-Identifier: Apache-2.0
#include "inference/window_grid.hpp"

#include "common/error.hpp"
#include "common/records/json.hpp"
#include "tests/support/locations.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <limits>

using namespace lmc;
using namespace lmc::inference;

CATCH_TEST_CASE("window positions equal MONAI's") {
  const auto cases = read_json_file(lmc::test::reference_folder() / "inference/window_starts.json");
  CATCH_REQUIRE(cases.size() > 40);
  for (const auto& expected : cases) {
    CATCH_INFO(expected.dump());
    const WindowAxis axis =
        window_axis(expected["image"], expected["roi"], expected["overlap"].get<double>());
    CATCH_CHECK(axis.size == expected["image"]);
    CATCH_CHECK(axis.padded == expected["padded"]);
    CATCH_CHECK(axis.pad_before == expected["pad_before"]);
    CATCH_CHECK(axis.pad_after == expected["pad_after"]);
    CATCH_CHECK(axis.interval == expected["interval"]);
    CATCH_CHECK(axis.starts == expected["starts"].get<std::vector<std::int64_t>>());
  }
}

CATCH_TEST_CASE("images have as many windows as MONAI's grids") {
  struct Case {
    std::int64_t height, width, windows;
  };
  for (const Case& c : {Case{300, 700, 3},
                        {512, 512, 1},
                        {513, 513, 4},
                        {600, 600, 4},
                        {966, 1296, 54},
                        {1024, 1024, 49},
                        {1200, 1200, 64},
                        {2044, 2048, 289},
                        {2048, 2048, 289},
                        {2160, 2560, 396}}) {
    CATCH_INFO(c.height << " x " << c.width);
    CATCH_CHECK(window_grid(c.height, c.width, 512, 0.8).count() == c.windows);
  }
}

CATCH_TEST_CASE("windows cover every pixel, stay inside, and never repeat") {
  for (const std::int64_t window : {1, 2, 7, 64}) {
    for (const double overlap : {0.0, 0.25, 0.5, 0.8, 0.999}) {
      for (const std::int64_t size : {1, 2, 6, 7, 8, 63, 64, 65, 127, 128, 129, 1000}) {
        CATCH_INFO("size " << size << ", window " << window << ", overlap " << overlap);
        const WindowAxis axis = window_axis(size, window, overlap);
        CATCH_REQUIRE(axis.pad_before + axis.size + axis.pad_after == axis.padded);
        CATCH_CHECK(axis.pad_after - axis.pad_before <= 1);
        CATCH_CHECK(axis.starts.front() == 0);
        CATCH_CHECK(axis.starts.back() + window == axis.padded);
        for (std::size_t i = 1; i < axis.starts.size(); ++i) {
          CATCH_CHECK(axis.starts[i] > axis.starts[i - 1]);
          CATCH_CHECK(axis.starts[i] <= axis.starts[i - 1] + window);
        }
      }
    }
  }
}

CATCH_TEST_CASE("a window that the last one nearly repeats can be left out") {
  using Starts = std::vector<std::int64_t>;
  const auto starts = [](std::int64_t size, double overlap, NearDuplicates near) {
    return window_axis(size, 512, overlap, near).starts;
  };
  // Interval 102: the last two are 2 apart.
  CATCH_CHECK(starts(1024, 0.8, NearDuplicates::keep) == Starts{0, 102, 204, 306, 408, 510, 512});
  CATCH_CHECK(starts(1024, 0.8, NearDuplicates::skip) == Starts{0, 102, 204, 306, 408, 512});
  // A quarter of 102 is 25.5: 25 is near, 26 is not.
  CATCH_CHECK(starts(512 + 204 + 25, 0.8, NearDuplicates::skip) == Starts{0, 102, 229});
  CATCH_CHECK(starts(512 + 204 + 26, 0.8, NearDuplicates::skip) == Starts{0, 102, 204, 230});
  // The first window stays, since it alone covers the border.
  CATCH_CHECK(starts(513, 0.8, NearDuplicates::skip) == Starts{0, 1});
  CATCH_CHECK(starts(512, 0.8, NearDuplicates::skip) == Starts{0});
  // Without overlap a gap of 100 pixels would open.
  CATCH_CHECK(starts(1124, 0, NearDuplicates::skip) == Starts{0, 512, 612});
  CATCH_CHECK(window_grid(1024, 2048, 512, 0.8, NearDuplicates::skip).count() == 6 * 16);
}

CATCH_TEST_CASE("windows without near duplicates cover every pixel") {
  for (const std::int64_t window : {1, 2, 7, 64}) {
    for (const double overlap : {0.0, 0.1, 0.25, 0.5, 0.8, 0.95}) {
      for (std::int64_t size = 1; size < 5 * window; ++size) {
        CATCH_INFO("size " << size << ", window " << window << ", overlap " << overlap);
        const std::vector<std::int64_t> all = window_axis(size, window, overlap).starts;
        const WindowAxis axis = window_axis(size, window, overlap, NearDuplicates::skip);
        CATCH_REQUIRE(axis.starts.front() == 0);
        CATCH_REQUIRE(axis.starts.back() == all.back());
        for (std::size_t i = 1; i < axis.starts.size(); ++i) {
          CATCH_REQUIRE(axis.starts[i] > axis.starts[i - 1]);
          CATCH_REQUIRE(axis.starts[i] <= axis.starts[i - 1] + window);
        }
        const bool has_near =
            all.size() > 2 && 4 * (all.back() - all[all.size() - 2]) < axis.interval;
        CATCH_CHECK((axis.starts == all || has_near));
        CATCH_CHECK(axis.starts.size() + 1 >= all.size());
      }
    }
  }
}

CATCH_TEST_CASE("windows are numbered row by row") {
  const WindowGrid grid = window_grid(100, 131, 64, 0.5);
  CATCH_REQUIRE(grid.rows.starts == std::vector<std::int64_t>{0, 32, 36});
  CATCH_REQUIRE(grid.columns.starts == std::vector<std::int64_t>{0, 32, 64, 67});
  CATCH_CHECK(grid.origin(0).y == 0);
  CATCH_CHECK(grid.origin(3).x == 67);
  CATCH_CHECK(grid.origin(4).y == 32);
  CATCH_CHECK(grid.origin(4).x == 0);
  CATCH_CHECK(grid.origin(11).y == 36);
  CATCH_CHECK(grid.origin(11).x == 67);
}

CATCH_TEST_CASE("windows that cannot be are refused with the values allowed") {
  CATCH_CHECK_THROWS_WITH(window_axis(10, 0, 0.5),
                          Catch::Contains("window: 0 pixels, allowed are 1 to 16384"));
  CATCH_CHECK_THROWS_WITH(window_axis(10, 20000, 0.5), Catch::Contains("window: 20000 pixels"));
  CATCH_CHECK_THROWS_WITH(window_axis(10, 8, 1.0),
                          Catch::Contains("overlap: 1, allowed is 0 up to but not 1"));
  CATCH_CHECK_THROWS_WITH(window_axis(10, 8, -0.1), Catch::Contains("overlap: -0.1"));
  CATCH_CHECK_THROWS_AS(window_axis(10, 8, std::numeric_limits<double>::quiet_NaN()), Error);
}
