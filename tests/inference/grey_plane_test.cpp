// SPDX-License-Identifier: Apache-2.0
#include "inference/grey_plane.hpp"

#include "fixture.hpp"
#include "inference/rotation.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::inference;
using namespace lmc::inference::test;

namespace {

/// A plane and its values as a tensor.
struct Sample {
  explicit Sample(std::int64_t height, std::int64_t width)
      : values{noise_image(height, width)}, plane{values} {}

  at::Tensor values;
  TablePlane plane;
};

at::Tensor turned_values(const GreyPlane& plane, std::int64_t quarter_turns) {
  const model::TurnedPlane turned = model::turned_plane(plane.height, plane.width, quarter_turns);
  const std::vector<std::uint16_t> pixels = turned_pixels(plane.pixels, turned);
  at::Tensor values = at::empty({turned.height, turned.width}, at::kFloat);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    values.mutable_data_ptr<float>()[i] = plane.seen[pixels[static_cast<std::size_t>(i)]];
  }
  return values;
}

} // namespace

CATCH_TEST_CASE("a plane of grey values is turned as a tensor is") {
  struct Size {
    std::int64_t height, width;
  };
  // Smaller and larger than the squares it is turned in, with remainders.
  for (const Size& size : {Size{1, 1}, {1, 7}, {64, 64}, {130, 67}, {65, 200}}) {
    const Sample sample{size.height, size.width};
    for (std::int64_t quarter_turns = 0; quarter_turns < 4; ++quarter_turns) {
      CATCH_INFO(size.height << " x " << size.width << ", " << quarter_turns);
      CATCH_CHECK(turned_values(sample.plane.view(), quarter_turns)
                      .equal(rotate(sample.values, quarter_turns)));
    }
  }
}

CATCH_TEST_CASE("windows hold what the network sees, and the scaled zero around the plane") {
  const Sample sample{13, 9};
  const Padding padding{.rows = 3, .columns = 5};
  // The padded frame, by LibTorch.
  at::Tensor frame = at::full({20, 21}, -1.0F);
  frame.narrow(0, padding.rows, 13).narrow(1, padding.columns, 9).copy_(sample.values);
  for (const std::int64_t window : {1, 4, 18}) {
    std::vector<model::WindowOrigin> origins;
    for (const std::int64_t y : {0, 1, 2}) {
      for (const std::int64_t x : {0, 3}) {
        origins.push_back({.y = y, .x = x});
      }
    }
    at::Tensor windows = at::full({6, 1, window, window}, 7.0F);
    gather_windows(sample.plane.view(), padding, origins, windows);
    for (std::size_t i = 0; i < origins.size(); ++i) {
      CATCH_CHECK(windows[static_cast<std::int64_t>(i)][0].equal(
          frame.narrow(0, origins[i].y, window).narrow(1, origins[i].x, window)));
    }
  }
}
