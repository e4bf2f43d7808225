// SPDX-License-Identifier: Apache-2.0
#include "common/records/fields.hpp"

#include "common/records/json.hpp"

#include <catch2/catch.hpp>

namespace microscope {

enum class Immersion { air, oil };
constexpr auto immersions =
    lmc::name_table<Immersion>({{Immersion::air, "air"}, {Immersion::oil, "oil"}});

struct Filter {
  double wavelength = 0.5;
  bool polarised = false;
  bool operator==(const Filter&) const = default;
};

struct Lens {
  std::string maker = "none";
  std::int64_t serial = 1;
  std::uint64_t uses = 0;
  int magnification = 20;
  Immersion immersion = Immersion::air;
  std::array<int, 2> size{4, 5};
  std::vector<Filter> filters;
  std::vector<Immersion> tried;
  std::map<std::string, std::string> notes;
  double na = 0.8;
  bool operator==(const Lens&) const = default;
};

template <class Fields> void visit_fields(Fields& fields, Filter& filter) {
  fields.required("wavelength", filter.wavelength, 0.2, 2);
  fields.field("polarised", filter.polarised);
}

template <class Fields> void visit_fields(Fields& fields, Lens& lens) {
  fields.field("maker", lens.maker);
  fields.field("serial", lens.serial);
  fields.field("uses", lens.uses);
  fields.field("magnification", lens.magnification, 1, 200);
  fields.field("immersion", lens.immersion, immersions);
  fields.field("size", lens.size, 1, 9);
  fields.field("filters", lens.filters);
  fields.field("tried", lens.tried, immersions);
  fields.field("notes", lens.notes);
  fields.group("optics", [&lens](auto& optics) { optics.field("na", lens.na, 0.05, 1.7); });
}

} // namespace microscope

using namespace microscope;

namespace {

Lens lens_from(const char* text) {
  Lens lens;
  lmc::read_fields(lmc::parse_json(text), lens);
  return lens;
}

std::string refused(const char* text) {
  try {
    static_cast<void>(lens_from(text));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

} // namespace

CATCH_TEST_CASE("fields survive writing and reading") {
  const Lens lens{.maker = "a \"b\"",
                  .serial = std::numeric_limits<std::int64_t>::min(),
                  .uses = std::numeric_limits<std::uint64_t>::max(),
                  .magnification = 63,
                  .immersion = Immersion::oil,
                  .size = {1, 9},
                  .filters = {{.wavelength = 0.3, .polarised = true}, {}},
                  .tried = {Immersion::oil, Immersion::air},
                  .notes = {{"shelf", "3"}},
                  .na = 1.4};
  CATCH_CHECK(lens_from(lmc::to_text(lmc::fields_of(lens)).c_str()) == lens);
  CATCH_CHECK(lmc::fields_of(lens)["filters"][0]["wavelength"] == 0.3);
}

CATCH_TEST_CASE("absent fields keep their values") {
  CATCH_CHECK(lens_from("{}") == Lens{});
  CATCH_CHECK(lens_from(R"({"optics": {}})") == Lens{});
  Lens changed;
  changed.na = 1;
  CATCH_CHECK(lens_from(R"({"optics": {"na": 1}})") == changed);
}

CATCH_TEST_CASE("unknown and missing keys are named with their place") {
  CATCH_CHECK_THAT(refused(R"({"makers": 1})"),
                   Catch::Contains("unknown key \"makers\"") && Catch::Contains("maker, "));
  CATCH_CHECK_THAT(refused(R"({"optics": {"n": 1}})"),
                   Catch::Contains("\"optics.n\", the keys are na"));
  CATCH_CHECK_THAT(refused(R"({"filters": [{"wavelength": 1}, {}]})"),
                   Catch::Contains("\"filters[1].wavelength\" is missing"));
}

CATCH_TEST_CASE("whole numbers that do not fit are refused, none wraps") {
  CATCH_CHECK(lens_from(R"({"serial": 9223372036854775807})").serial ==
              std::numeric_limits<std::int64_t>::max());
  CATCH_CHECK_THAT(refused(R"({"serial": 9223372036854775808})"), Catch::Contains("serial"));
  CATCH_CHECK_THAT(refused(R"({"serial": 18446744073709551615})"), Catch::Contains("serial"));
  CATCH_CHECK_THAT(refused(R"({"uses": -1})"), Catch::Contains("from 0 to"));
  CATCH_CHECK_THAT(refused(R"({"magnification": 4294967297})"), Catch::Contains("1 to 200"));
  CATCH_CHECK_THAT(refused(R"({"magnification": -4294967295})"), Catch::Contains("1 to 200"));
  CATCH_CHECK_THAT(refused(R"({"magnification": 20.5})"), Catch::Contains("a whole number"));
  CATCH_CHECK_THAT(refused(R"({"magnification": 1e30})"), Catch::Contains("a whole number"));
}

CATCH_TEST_CASE("wrong types and values are refused with what was seen and is allowed") {
  CATCH_CHECK(refused(R"({"optics": {"na": 2}})") ==
              "\"optics.na\" is 2, allowed is a number from 0.05 to 1.7");
  CATCH_CHECK(refused(R"({"immersion": "water"})") ==
              "\"immersion\" is \"water\", allowed is one of air, oil");
  CATCH_CHECK_THAT(refused(R"({"immersion": 1})"), Catch::Contains("one of air, oil"));
  CATCH_CHECK_THAT(refused(R"({"tried": ["oil", "ice"]})"), Catch::Contains("\"tried[1]\""));
  CATCH_CHECK_THAT(refused(R"({"size": [1, 10]})"), Catch::Contains("\"size[1]\" is 10"));
  CATCH_CHECK_THAT(refused(R"({"size": [1, 2, 3]})"), Catch::Contains("a list of 2"));
  CATCH_CHECK_THAT(refused(R"({"filters": {}})"), Catch::Contains("a list"));
  CATCH_CHECK_THAT(refused(R"({"filters": [3]})"), Catch::Contains("\"filters[0]\" is no object"));
  CATCH_CHECK_THAT(refused(R"({"filters": [{"wavelength": 1, "polarised": 0}]})"),
                   Catch::Contains("true or false"));
  CATCH_CHECK_THAT(refused(R"({"maker": 1})"), Catch::Contains("a text"));
  CATCH_CHECK_THAT(refused(R"({"notes": {"shelf": 3}})"),
                   Catch::Contains("\"notes.shelf\" is 3, allowed is a text"));
  CATCH_CHECK_THAT(refused("[1]"), Catch::Contains("no object"));
}
