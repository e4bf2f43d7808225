// SPDX-License-Identifier: Apache-2.0
#include "image/ome_units.hpp"

#include <catch2/catch.hpp>

using namespace lmc::image;

CATCH_TEST_CASE("Units of length in micrometres") {
  CATCH_CHECK(um_per("\xc2\xb5m") == 1.0);
  CATCH_CHECK(um_per("\xce\xbcm") == 1.0);
  CATCH_CHECK(um_per(" um\n") == 1.0);
  CATCH_CHECK(um_per("nm") == 1e-3);
  CATCH_CHECK(um_per("mm") == 1e3);
  CATCH_CHECK(um_per("in") == 25400.0);
  CATCH_CHECK(um_per("\xc3\x85") == 1e-4);
}

CATCH_TEST_CASE("What is no length has no micrometres") {
  for (const char* const unit : {"pixel", "reference frame", "", "MM", "\xb5m"}) {
    CATCH_CAPTURE(unit);
    CATCH_CHECK_FALSE(um_per(unit));
  }
}

CATCH_TEST_CASE("Numbers are decimal, finite and nothing else") {
  CATCH_CHECK(parse_number(" 0.1 ") == 0.1);
  CATCH_CHECK(parse_number("-1e-3") == -1e-3);
  for (const char* const text : {"", "0,1", "1 2", "nan", "inf", "1e999", "0x1p", "x"}) {
    CATCH_CAPTURE(text);
    CATCH_CHECK_FALSE(parse_number(text));
  }
}
