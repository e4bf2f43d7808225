// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/blend_windows.hpp"
#include "engine/cuda/kernels/gather_windows.hpp"

#include "tests/engine/cuda_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace lmc;
using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

constexpr std::size_t at(std::ptrdiff_t i) {
  return static_cast<std::size_t>(i);
}

/// A plane and where windows are cut from it.
struct Cut {
  int height, width, window;
  WindowPlaces places;
};

struct Plane {
  int height, width;
  std::vector<std::uint16_t> greys;
};

Plane random_plane(int height, int width) {
  Plane plane{height, width, std::vector<std::uint16_t>(at(height * width))};
  std::mt19937 generator{1};
  std::generate(plane.greys.begin(), plane.greys.end(),
                [&] { return static_cast<std::uint16_t>(generator()); });
  return plane;
}

/// One quarter turn counter-clockwise: the last column becomes the first row.
Plane quarter_turned(const Plane& plane) {
  Plane turned{plane.width, plane.height, {}};
  for (int x = plane.width - 1; x >= 0; --x) {
    for (int y = 0; y < plane.height; ++y) {
      turned.greys.push_back(plane.greys[at(y * plane.width + x)]);
    }
  }
  return turned;
}

/// By definition: turned, padded to the window around the middle, cut.
float expected_value(const Plane& turned, const Numbers<float>& seen, int window, int row,
                     int column) {
  const int y = row - std::max(0, window - turned.height) / 2;
  const int x = column - std::max(0, window - turned.width) / 2;
  if (y < 0 || y >= turned.height || x < 0 || x >= turned.width) {
    return -1;
  }
  return seen[turned.greys[at(y * turned.width + x)]];
}

} // namespace

CATCH_TEST_CASE("windows are cut from a turned and padded plane on CUDA") {
  // Windows within the plane; padding on one axis, on both; squares with remainders.
  const auto cut =
      GENERATE(Cut{50, 83, 32, {{0, 18, 17}, {0, 5, 18}, 3}},
               Cut{70, 61, 44, {{0, 17}, {17, 3}, 2}}, Cut{9, 100, 40, {{0, 0}, {0, 0}, 1}},
               Cut{7, 4, 36, {{0}, {0}, 1}}, Cut{1, 1, 4, {{0}, {0}, 1}});
  const Numbers<float> seen = normal_floats(65536, 2);
  const Plane plane = random_plane(cut.height, cut.width);
  Plane turned = plane;
  for (int quarter_turns = 0; quarter_turns < 4; ++quarter_turns) {
    CATCH_INFO(cut.height << " x " << cut.width << ", window " << cut.window << ", "
                          << quarter_turns << " quarter turns");
    Numbers<float> windows(at(cut.places.count * cut.window * cut.window));
    run_twice(GatherWindows{.greys = plane.greys.data(),
                            .table = seen.data(),
                            .turned = compute::turned_plane(cut.height, cut.width, quarter_turns),
                            .pad_rows = std::max(0, cut.window - turned.height) / 2,
                            .pad_columns = std::max(0, cut.window - turned.width) / 2,
                            .places = cut.places,
                            .window = cut.window,
                            .windows = windows.data()},
              windows);
    for (int i = 0; i < static_cast<int>(windows.size()); ++i) {
      const int index = i / (cut.window * cut.window);
      const int row = cut.places.y[index] + i / cut.window % cut.window;
      const int column = cut.places.x[index] + i % cut.window;
      CATCH_REQUIRE(windows[at(i)] == expected_value(turned, seen, cut.window, row, column));
    }
    turned = quarter_turned(turned);
  }
}

namespace {

struct Sums {
  Numbers<float> sum;
  Numbers<float> weight_sum;
};

bool same_bits(const Numbers<float>& a, const Numbers<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Window after window, channel after channel, pixel after pixel.
void blend_plainly(const BlendWindows& kernel, Sums& sums) {
  const int pixels = kernel.window * kernel.window;
  for (int index = 0; index < kernel.places.count; ++index) {
    for (int i = 0; i < pixels; ++i) {
      const int y = kernel.places.y[index] + i / kernel.window;
      const int place = y * kernel.columns + kernel.places.x[index] + i % kernel.window;
      for (int wanted = 0; wanted < kernel.wanted; ++wanted) {
        const int channel = 4 * index + kernel.channels[wanted];
        float& sum = sums.sum[at(wanted * kernel.rows * kernel.columns + place)];
        sum = std::fma(kernel.predictions[channel * pixels + i], kernel.weights[i], sum);
      }
      sums.weight_sum[at(place)] += kernel.weights[i];
    }
  }
}

} // namespace

CATCH_TEST_CASE("a batch is blended as window after window would be, to the bit") {
  constexpr int rows = 61;
  constexpr int columns = 83;
  constexpr int window = 20;
  // Overlapping windows; two in the same place; the end of one row and the beginning of the next,
  // with pixels between them that no window covers; the plane's corners.
  const auto places =
      GENERATE(WindowPlaces{{0}, {0}, 1}, WindowPlaces{{3, 3, 3, 3}, {5, 9, 9, 21}, 4},
               WindowPlaces{{10, 10, 14, 14}, {55, 63, 0, 8}, 4},
               WindowPlaces{{41, 41}, {63, 0}, 2}, WindowPlaces{{41, 0}, {0, 63}, 2});
  const std::vector<int> wanted =
      GENERATE(std::vector{0, 1, 2, 3}, std::vector{2, 0}, std::vector{3});
  const Numbers<float> predictions = normal_floats(places.count * 4 * window * window, 1);
  const Numbers<float> weights = normal_floats(window * window, 2);
  const int organelles = static_cast<int>(wanted.size());
  const Sums before{normal_floats(organelles * rows * columns, 3),
                    normal_floats(rows * columns, 4)};
  Sums expected = before;
  BlendWindows kernel{.predictions = predictions.data(),
                      .weights = weights.data(),
                      .places = places,
                      .window = window,
                      .box = {.top = *std::min_element(places.y, places.y + places.count),
                              .left = *std::min_element(places.x, places.x + places.count),
                              .rows = 0,
                              .columns = 0},
                      .channels = {},
                      .wanted = organelles,
                      .rows = rows,
                      .columns = columns,
                      .sum = nullptr,
                      .weight_sum = nullptr};
  std::copy(wanted.begin(), wanted.end(), kernel.channels);
  kernel.box.rows = *std::max_element(places.y, places.y + places.count) - kernel.box.top + window;
  kernel.box.columns =
      *std::max_element(places.x, places.x + places.count) - kernel.box.left + window;
  blend_plainly(kernel, expected);
  for (const bool backwards : {false, true}) {
    Sums sums = before;
    kernel.sum = sums.sum.data();
    kernel.weight_sum = sums.weight_sum.data();
    run_on_host(kernel, backwards);
    CATCH_CHECK(same_bits(sums.sum, expected.sum));
    CATCH_CHECK(same_bits(sums.weight_sum, expected.weight_sum));
  }
  CATCH_CHECK_FALSE(same_bits(before.sum, expected.sum));
}
