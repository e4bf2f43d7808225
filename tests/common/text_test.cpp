// SPDX-License-Identifier: Apache-2.0
#include "common/text.hpp"

#include <catch2/catch.hpp>

#include <string>

CATCH_TEST_CASE("valid UTF-8 of one to four bytes") {
  CATCH_CHECK(lmc::is_utf8("aµ€😀"));
  CATCH_CHECK(lmc::is_utf8(""));
}

CATCH_TEST_CASE("what RFC 3629 forbids is no UTF-8") {
  for (const std::string text : {"\xb5m", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xc3",
                                 "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "\xc3("}) {
    CATCH_CAPTURE(text);
    CATCH_CHECK_FALSE(lmc::is_utf8(text));
  }
}

CATCH_TEST_CASE("characters are taken off a text one by one") {
  std::string_view text = "aµ\xb5€😀";
  CATCH_CHECK(lmc::take_character(text) == U'a');
  CATCH_CHECK(lmc::take_character(text) == U'µ');
  CATCH_CHECK_FALSE(lmc::take_character(text).has_value());
  CATCH_CHECK(lmc::take_character(text) == U'€');
  CATCH_CHECK(lmc::take_character(text) == U'😀');
  CATCH_CHECK(text.empty());
}

CATCH_TEST_CASE("sizes in messages") {
  CATCH_CHECK(lmc::human_bytes(999) == "999 B");
  CATCH_CHECK(lmc::human_bytes(1500) == "1.5 kB");
  CATCH_CHECK(lmc::human_bytes(20'000'000'000) == "20 GB");
}

CATCH_TEST_CASE("lower case knows ASCII only") {
  CATCH_CHECK(lmc::lower_case("AZ_µÄ9") == "az_µÄ9");
}

CATCH_TEST_CASE("base64 equals RFC 4648's test vectors") {
  CATCH_CHECK(lmc::base64_of("").empty());
  CATCH_CHECK(lmc::base64_of("f") == "Zg==");
  CATCH_CHECK(lmc::base64_of("fo") == "Zm8=");
  CATCH_CHECK(lmc::base64_of("foo") == "Zm9v");
  CATCH_CHECK(lmc::base64_of("foob") == "Zm9vYg==");
  CATCH_CHECK(lmc::base64_of("fooba") == "Zm9vYmE=");
  CATCH_CHECK(lmc::base64_of("foobar") == "Zm9vYmFy");
  CATCH_CHECK(lmc::base64_of("\xff\xfe\xfd") == "//79");
}
