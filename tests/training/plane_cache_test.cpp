// SPDX-License-Identifier: Apache-2.0
#include "training/data/plane_cache.hpp"

#include "common/error.hpp"
#include "images.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::training;
using lmc::test::TemporaryFolder;
using training::test::write_image;
using training::test::write_ramp;

CATCH_TEST_CASE("light is scaled to [-1, 1] and labels stay grey values with their range") {
  const TemporaryFolder folder;
  const auto file = write_ramp(folder.path() / "a.tif", 10, 10); // 1 to 100
  PlaneCache cache{1U << 20U, model::InputNormalization::none};
  const auto light = cache.light({.path = file}, HoldOut::none);
  CATCH_REQUIRE(light->size() == 100);
  CATCH_CHECK(light->pixels()[41] == Approx(42.0 / 65535 * 2 - 1).epsilon(1e-6));
  const auto label = cache.label(file, HoldOut::none);
  CATCH_REQUIRE(label->greys.size() == 100);
  CATCH_CHECK(label->greys.pixels()[41] == 42);
  CATCH_CHECK(label->range.low == Approx(1 + 0.02 * 99)); // numpy's linear interpolation
  CATCH_CHECK(label->range.high == Approx(1 + 0.998 * 99));
}

CATCH_TEST_CASE("nothing is computed from the held-out quarter") {
  const TemporaryFolder folder;
  const auto file = write_image(folder.path() / "a.tif", 4, 8, [](std::size_t y, std::size_t x) {
    return x < 6 ? 100 + y * 6 + x : 60000;
  });
  PlaneCache cache{1U << 20U, model::InputNormalization::z_score};
  const auto label = cache.label(file, HoldOut::right_quarter);
  CATCH_CHECK(label->greys.width() == 6);
  CATCH_CHECK(label->range.high < 124);
  CATCH_CHECK(label->greys(1, 0) == 106);
  const auto light = cache.light({.path = file}, HoldOut::right_quarter);
  double sum = 0;
  for (const float value : light->pixels()) {
    sum += value;
  }
  CATCH_CHECK(sum / 24 == Approx(0).margin(1e-4)); // the mean of the visible part alone
}

CATCH_TEST_CASE("planes are kept within the bound, the ones used last") {
  const TemporaryFolder folder;
  std::vector<PlaneFile> files;
  for (const char* const name : {"a.tif", "b.tif", "c.tif"}) {
    files.push_back({.path = write_ramp(folder.path() / name, 10, 10)});
  }
  PlaneCache cache{800, model::InputNormalization::none}; // two planes of 100 floats
  const auto a = cache.light(files[0], HoldOut::none);
  const auto b = cache.light(files[1], HoldOut::none);
  CATCH_CHECK(cache.bytes() == 800);
  CATCH_CHECK(cache.light(files[0], HoldOut::none) == a); // b is now the oldest
  (void)cache.light(files[2], HoldOut::none);
  CATCH_CHECK(cache.bytes() == 800);
  CATCH_CHECK(cache.light(files[0], HoldOut::none) == a);
  CATCH_CHECK(cache.light(files[1], HoldOut::none) != b);
  PlaneCache none{0, model::InputNormalization::none};
  CATCH_CHECK(none.light(files[0], HoldOut::none) != none.light(files[0], HoldOut::none));
  CATCH_CHECK(none.bytes() == 0);
}

CATCH_TEST_CASE("planes of one file are kept apart from each other and from labels") {
  const TemporaryFolder folder;
  const auto file = write_ramp(folder.path() / "a.tif", 10, 10);
  PlaneCache cache{1U << 20U, model::InputNormalization::none};
  CATCH_CHECK(cache.light({.path = file}, HoldOut::none)->pixels().front() < 0);
  CATCH_CHECK(cache.label(file, HoldOut::none)->greys.pixels().front() == 1);
  CATCH_CHECK_THROWS_WITH(cache.light({.path = file, .z = 1}, HoldOut::none),
                          Catch::Contains("1 focal planes") && Catch::Contains("plane 1"));
}
