// SPDX-License-Identifier: Apache-2.0
#include "training/data/sampler.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <set>
#include <utility>

using namespace lmc;
using namespace lmc::training;

namespace {

Field field_of(std::size_t planes, std::initializer_list<Organelle> labelled) {
  Field field;
  field.planes.resize(planes);
  for (const Organelle organelle : labelled) {
    field.labels[organelle] = "label.tif";
  }
  return field;
}

/// Nucleus everywhere, actin in one field, no mitochondria and tubulin.
std::vector<Field> rare_actin() {
  std::vector<Field> fields(9, field_of(3, {Organelle::nucleus}));
  fields.push_back(field_of(2, {Organelle::nucleus, Organelle::actin}));
  return fields;
}

using Place = std::pair<std::size_t, std::size_t>;

} // namespace

CATCH_TEST_CASE("balanced places take the lists of organelles that have planes in turn") {
  const auto fields = rare_actin();
  Sampler sampler{fields, true, 1};
  CATCH_CHECK(sampler.planes() == 29);
  std::map<Place, int> nucleus;
  std::map<Place, int> actin;
  for (std::uint64_t place = 0; place < 2 * 29; ++place) {
    const Draw draw = sampler.draw(place);
    ++(place % 2 == 0 ? nucleus : actin)[{draw.field, draw.plane}];
  }
  // 29 draws of each list: all planes once, and the two of the rare one again and again.
  CATCH_CHECK(nucleus.size() == 29);
  CATCH_REQUIRE(actin.size() == 2);
  CATCH_CHECK(actin.begin()->first.first == 9);
  CATCH_CHECK(actin.begin()->second + actin.rbegin()->second == 29);
  CATCH_CHECK(std::abs(actin.begin()->second - actin.rbegin()->second) == 1);
}

CATCH_TEST_CASE("without balance every plane comes once, and repeats count") {
  auto fields = rare_actin();
  fields.back().repeat = 3;
  Sampler sampler{fields, false, 1};
  CATCH_REQUIRE(sampler.planes() == 33);
  std::map<Place, int> times;
  for (std::uint64_t place = 0; place < 33; ++place) {
    const Draw draw = sampler.draw(place);
    ++times[{draw.field, draw.plane}];
  }
  CATCH_CHECK(times.size() == 29);
  CATCH_CHECK(times[{9, 0}] == 3);
  CATCH_CHECK(times[{0, 0}] == 1);
}

CATCH_TEST_CASE("draws are a function of seed and place, in whatever order they are asked for") {
  const auto fields = rare_actin();
  Sampler forwards{fields, true, 7};
  Sampler backwards{fields, true, 7};
  Sampler other{fields, true, 8};
  std::vector<Draw> draws;
  for (std::uint64_t place = 0; place < 200; ++place) {
    draws.push_back(forwards.draw(place));
  }
  int differing = 0;
  std::set<std::uint64_t> keys;
  for (std::uint64_t place = 200; place-- > 0;) {
    const Draw again = backwards.draw(place);
    CATCH_REQUIRE(again.field == draws[place].field);
    CATCH_REQUIRE(again.plane == draws[place].plane);
    CATCH_REQUIRE(again.key == draws[place].key);
    keys.insert(again.key);
    differing += other.draw(place).field == again.field ? 0 : 1;
  }
  CATCH_CHECK(keys.size() == 200);
  CATCH_CHECK(differing > 50);
}

CATCH_TEST_CASE("passes through a list have different orders") {
  const auto fields = rare_actin();
  Sampler sampler{fields, false, 1};
  int same = 0;
  for (std::uint64_t place = 0; place < 29; ++place) {
    same += sampler.draw(place).field == sampler.draw(place + 29).field ? 1 : 0;
  }
  CATCH_CHECK(same < 29);
}

CATCH_TEST_CASE("another attempt at a place stays in its list") {
  const auto fields = rare_actin();
  Sampler sampler{fields, true, 1};
  std::set<std::uint64_t> keys;
  for (std::uint64_t attempt = 0; attempt < 20; ++attempt) {
    const Draw draw = sampler.draw(1, attempt); // the list of actin
    CATCH_CHECK(draw.field == 9);
    keys.insert(draw.key);
  }
  CATCH_CHECK(keys.size() == 20);
}
