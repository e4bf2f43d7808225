// SPDX-License-Identifier: Apache-2.0
#include "image/ome/xml.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace lmc::image;
using namespace std::string_literals;
using Catch::Matchers::Contains;

namespace {

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) {
    text += "<a>";
  }
  for (std::size_t i = 0; i < depth; ++i) {
    text += "</a>";
  }
  return text;
}

} // namespace

CATCH_TEST_CASE("XML is told from other text") {
  CATCH_CHECK(is_xml(" \n<OME/>"));
  CATCH_CHECK(is_xml("\xef\xbb\xbf<OME/>"));
  CATCH_CHECK(is_xml("\xff\xfe<\0"s));
  CATCH_CHECK_FALSE(is_xml("ImageJ=1.53"));
  CATCH_CHECK_FALSE(is_xml(""));
}

CATCH_TEST_CASE("Good XML passes, a byte order mark goes, a Latin-1 micro sign is repaired") {
  CATCH_CHECK(parsed_xml("\xef\xbb\xbf<a/>").child("a"));
  const pugi::xml_document document = parsed_xml("<a u=\"\xb5m\" v=\"\xc2\xb5m\"/>");
  CATCH_CHECK(document.child("a").attribute("u").value() == std::string{"\xc2\xb5m"});
  CATCH_CHECK(document.child("a").attribute("v").value() == std::string{"\xc2\xb5m"});
  CATCH_CHECK_NOTHROW(parsed_xml(nested(max_xml_depth)));
}

CATCH_TEST_CASE("What a parser should not see is refused") {
  CATCH_CHECK_THROWS_WITH(parsed_xml(nested(max_xml_depth + 1)),
                          Contains("nested more than 64 deep"));
  CATCH_CHECK_THROWS_WITH(parsed_xml("<!DocType a>"), Contains("DOCTYPE"));
  CATCH_CHECK_THROWS_WITH(parsed_xml("<a><!ENTITY x ''></a>"), Contains("entities"));
  CATCH_CHECK_THROWS_WITH(parsed_xml("<\0a\0"s), Contains("UTF-16"));
  CATCH_CHECK_THROWS_WITH(parsed_xml("<a b=\"\xc3\"/>"), Contains("not valid UTF-8"));
  CATCH_CHECK_THROWS_WITH(parsed_xml("<a b=\"\xed\xa0\x80\"/>"), Contains("not valid UTF-8"));
  CATCH_CHECK_THROWS_WITH(parsed_xml(std::string(max_xml_bytes + 1, ' ')),
                          Contains("at most 8388608"));
}

CATCH_TEST_CASE("Depth counts elements, not comments, text or attributes") {
  std::string text = "<a b=\"<<<<\">";
  for (int i = 0; i < 100; ++i) {
    text += "<!-- <c> --><![CDATA[<d>]]><?e?><f/>";
  }
  CATCH_CHECK_NOTHROW(parsed_xml(text + "</a>"));
}
