// SPDX-License-Identifier: Apache-2.0
#include "image/ome/units.hpp"

#include <catch2/catch.hpp>

using namespace lmc::image;

CATCH_TEST_CASE("Lengths in micrometres") {
  CATCH_CHECK(length_um("1", "\xc2\xb5m") == 1.0);
  CATCH_CHECK(length_um("1", "\xce\xbcm") == 1.0);
  CATCH_CHECK(length_um(" 0.1 ", " um\n") == 0.1);
  CATCH_CHECK(length_um("200", "nm") == Approx(0.2));
  CATCH_CHECK(length_um("-1e-3", "mm") == -1.0);
  CATCH_CHECK(length_um("1", "in") == 25400.0);
  CATCH_CHECK(length_um("1", "\xc3\x85") == 1e-4);
}

CATCH_TEST_CASE("What is no unit of length has no micrometres") {
  for (const char* const unit : {"pixel", "reference frame", "", "MM", "\xb5m"}) {
    CATCH_CAPTURE(unit);
    CATCH_CHECK_FALSE(length_um("1", unit));
  }
}

CATCH_TEST_CASE("Numbers of a length are decimal, finite and nothing else") {
  for (const char* const text : {"", "0,1", "1 2", "nan", "inf", "1e999", "0x1p", "x"}) {
    CATCH_CAPTURE(text);
    CATCH_CHECK_FALSE(length_um(text, "um"));
  }
}
