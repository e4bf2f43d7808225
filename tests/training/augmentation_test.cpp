// SPDX-License-Identifier: Apache-2.0
#include "training/data/augmentation.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <set>
#include <tuple>
#include <vector>

using namespace lmc::training;

namespace {

/// A plane whose pixel's value is its index.
lmc::Plane<int> indices(lmc::Index height, lmc::Index width) {
  lmc::Plane<int> plane{height, width};
  std::iota(plane.pixels().begin(), plane.pixels().end(), 0);
  return plane;
}

/// What a crop shows of a plane of 5 columns.
std::vector<int> shown(const Crop& crop) {
  const lmc::Plane<int> plane = indices(6, 5);
  std::vector<int> values;
  for (lmc::Index y = 0; y < crop.side; ++y) {
    for (lmc::Index x = 0; x < crop.side; ++x) {
      values.push_back(crop.of(plane.view(), y, x));
    }
  }
  return values;
}

} // namespace

CATCH_TEST_CASE("crops are turned counter-clockwise, then flipped") {
  using Values = std::vector<int>;
  Crop crop{.top = 1, .left = 2, .side = 2}; // of the plane: 7 8 / 12 13
  CATCH_CHECK(shown(crop) == Values{7, 8, 12, 13});
  crop.quarter_turns = 1;
  CATCH_CHECK(shown(crop) == Values{8, 13, 7, 12});
  crop.quarter_turns = 2;
  CATCH_CHECK(shown(crop) == Values{13, 12, 8, 7});
  crop.quarter_turns = 3;
  CATCH_CHECK(shown(crop) == Values{12, 7, 13, 8});
  crop.quarter_turns = 0;
  crop.flip_rows = true;
  CATCH_CHECK(shown(crop) == Values{12, 13, 7, 8});
  crop.flip_columns = true;
  CATCH_CHECK(shown(crop) == Values{13, 12, 8, 7});
  crop.quarter_turns = 1;
  crop.flip_columns = false;
  CATCH_CHECK(shown(crop) == Values{7, 12, 8, 13});
}

CATCH_TEST_CASE("random crops lie inside, reach every border and take every orientation") {
  const AugmentationOptions options{.crop = 4};
  std::set<lmc::Index> tops;
  std::set<lmc::Index> lefts;
  std::set<std::tuple<int, bool, bool>> orientations;
  for (std::uint64_t key = 0; key < 2000; ++key) {
    const Crop crop = random_crop(options, key * 97, 6, 9);
    CATCH_REQUIRE(crop.side == 4);
    tops.insert(crop.top);
    lefts.insert(crop.left);
    orientations.emplace(crop.quarter_turns, crop.flip_rows, crop.flip_columns);
  }
  CATCH_CHECK(tops == std::set<lmc::Index>{0, 1, 2});
  CATCH_CHECK(lefts == std::set<lmc::Index>{0, 1, 2, 3, 4, 5});
  CATCH_CHECK(orientations.size() == 16);
}

CATCH_TEST_CASE("what is switched off does not happen, and a plane may be as small as a crop") {
  const lmc::Plane<int> small = indices(8, 8);
  for (std::uint64_t key = 0; key < 100; ++key) {
    const Crop crop = random_crop({.crop = 8, .rotations = false, .flips = false}, key, 8, 8);
    CATCH_REQUIRE(crop.of(small.view(), 3, 5) == 29);
  }
  const Crop middle = central_crop(4, 7, 10);
  CATCH_CHECK(middle.top == 1);
  CATCH_CHECK(middle.left == 3);
  const lmc::Plane<int> large = indices(7, 10);
  CATCH_CHECK(middle.of(large.view(), 0, 0) == 13);
}
