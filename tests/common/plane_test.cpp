// SPDX-License-Identifier: Apache-2.0
#include "common/plane.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <stdexcept>
#include <vector>

using lmc::Plane;
using lmc::PlaneView;

CATCH_TEST_CASE("a plane is row-major, and a view of it shares its memory") {
  Plane<std::uint16_t> plane{2, 3, {1, 2, 3, 4, 5, 6}};
  CATCH_CHECK(plane(1, 0) == 4);
  CATCH_CHECK(plane.size() == 6);
  plane.view()(0, 2) = 30;
  const PlaneView<const std::uint16_t> read = plane.view();
  CATCH_CHECK(read.row(0)[2] == 30);
  CATCH_CHECK(read.data() == plane.pixels().data());
  CATCH_CHECK(std::vector<std::uint16_t>(read.pixels().begin(), read.pixels().end()) ==
              std::vector<std::uint16_t>{1, 2, 30, 4, 5, 6});
}

CATCH_TEST_CASE("a plane is filled with one value, or refuses pixels that are not its own number") {
  CATCH_CHECK(Plane<float>{2, 2, 0.5F}.pixels() == std::vector<float>(4, 0.5F));
  CATCH_CHECK(Plane<float>{}.empty());
  CATCH_CHECK(PlaneView<const float>{}.empty());
  CATCH_CHECK_THROWS_AS((Plane<float>{2, 2, std::vector<float>(3)}), std::invalid_argument);
  CATCH_CHECK_THROWS_AS((Plane<float>{-1, -3, std::vector<float>(3)}), std::invalid_argument);
}
