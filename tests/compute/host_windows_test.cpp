// SPDX-License-Identifier: Apache-2.0
#include "compute/host_windows.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/rot90.h>
#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace lmc;
using namespace lmc::compute;

namespace {

const HostWindows host{c10::Device{c10::DeviceType::CPU}};

/// A plane of random grey values and a random table, and what a network sees of them.
struct Sample {
  Sample(Index height, Index width) : greys{height, width}, table(65536) {
    std::mt19937 bits{1};
    for (float& value : table) {
      value = static_cast<float>(bits() >> 8U) / 8388608.0F - 1.0F;
    }
    for (std::uint16_t& grey : greys.pixels()) {
      grey = static_cast<std::uint16_t>(bits());
      seen.push_back(table[grey]);
    }
  }

  [[nodiscard]] InputPlane plane() const { return {.greys = greys.view(), .table = table}; }
  /// float32 [height, width]
  [[nodiscard]] at::Tensor values() {
    return at::from_blob(seen.data(), {greys.height(), greys.width()}, at::kFloat);
  }

  Plane<std::uint16_t> greys;
  std::vector<float> table;
  std::vector<float> seen;
};

} // namespace

CATCH_TEST_CASE("a plane of grey values is turned as a tensor is") {
  struct Size {
    Index height, width;
  };
  // Smaller and larger than the squares it is turned in, with remainders.
  for (const Size& size : {Size{1, 1}, {1, 7}, {64, 64}, {130, 67}, {65, 200}}) {
    Sample sample{size.height, size.width};
    const GreySource placed = host.place(sample.plane());
    for (Index quarter_turns = 0; quarter_turns < 4; ++quarter_turns) {
      CATCH_INFO(size.height << " x " << size.width << ", " << quarter_turns);
      const GreySource turned = host.turn(placed, quarter_turns);
      // The whole of it as one window, with padding on one side where it is not square.
      const Index side = std::max(size.height, size.width);
      at::Tensor expected = at::full({side, side}, -1.0F);
      const at::Tensor values = at::rot90(sample.values(), quarter_turns, {0, 1});
      CATCH_REQUIRE(turned.turned.height == values.size(0));
      CATCH_REQUIRE(turned.turned.width == values.size(1));
      expected.narrow(0, 0, values.size(0)).narrow(1, 0, values.size(1)).copy_(values);
      const WindowOrigin origin;
      CATCH_CHECK(host.gather(turned, {&origin, 1}, {.window = side})[0][0].equal(expected));
    }
  }
}

CATCH_TEST_CASE("windows hold what the network sees, and the scaled zero around the plane") {
  Sample sample{13, 9};
  // The padded frame, by LibTorch.
  at::Tensor padded = at::full({20, 21}, -1.0F);
  padded.narrow(0, 3, 13).narrow(1, 5, 9).copy_(sample.values());
  const GreySource source = host.place(sample.plane());
  for (const Index window : {1, 4, 18}) {
    std::vector<WindowOrigin> origins;
    for (const Index y : {0, 1, 2}) {
      for (const Index x : {0, 3}) {
        origins.push_back({.y = y, .x = x});
      }
    }
    const at::Tensor windows =
        host.gather(source, origins, {.window = window, .pad_rows = 3, .pad_columns = 5});
    CATCH_REQUIRE(windows.sizes() == at::IntArrayRef{6, 1, window, window});
    for (std::size_t i = 0; i < origins.size(); ++i) {
      CATCH_CHECK(windows[static_cast<Index>(i)][0].equal(
          padded.narrow(0, origins[i].y, window).narrow(1, origins[i].x, window)));
    }
  }
}
