// SPDX-License-Identifier: Apache-2.0
#include "common/records/json.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>

using Catch::Matchers::Contains;

namespace {
std::string cause(const std::string& text, const lmc::JsonLimits& limits = {}) {
  try {
    static_cast<void>(lmc::parse_json(text, limits));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}
} // namespace

CATCH_TEST_CASE("JSON of every kind of value") {
  const auto value = lmc::parse_json(R"({"a": [1, -2, 0.5, true, null, "µ"], "b": {"c": {}}})");
  CATCH_CHECK(value.at("a").size() == 6);
  CATCH_CHECK(value.at("a")[1] == -2);
  CATCH_CHECK(value.at("a")[2] == 0.5);
  CATCH_CHECK(value.at("a")[5] == "µ");
  CATCH_CHECK(value.at("b").at("c").is_object());
}

CATCH_TEST_CASE("JSON from outside is read strictly") {
  CATCH_CHECK_THAT(cause(R"({"a": 1, "b": {"a": 1, "a": 2}})"), Contains("duplicate key \"a\""));
  CATCH_CHECK_THAT(cause("{} {}"), Contains("malformed JSON at byte"));
  CATCH_CHECK_THAT(cause("[1, 2"), Contains("malformed JSON at byte"));
  CATCH_CHECK_THAT(cause(""), Contains("malformed JSON"));
  CATCH_CHECK_THAT(cause("\"\xb5m\""), Contains("UTF-8"));
  CATCH_CHECK_THAT(cause("[12]", {.max_bytes = 3}), Contains("more than the 3 B allowed"));
}

CATCH_TEST_CASE("deep JSON is refused before it can overflow a stack") {
  CATCH_CHECK_THAT(cause(std::string(1'000'000, '[')), Contains("deeper than 32 levels"));
  CATCH_CHECK(cause(std::string(32, '[') + std::string(32, ']')) == "accepted");
}

CATCH_TEST_CASE("invalid UTF-8 is replaced when JSON is written") {
  const nlohmann::json value{{"name", "\xb5m"}};
  CATCH_CHECK(lmc::parse_json(lmc::to_text(value)).at("name") == "\xef\xbf\xbdm");
}

CATCH_TEST_CASE("a JSON file that cannot be read is an error") {
  CATCH_CHECK_THROWS_WITH(lmc::read_json_file("/no/such/file"), "cannot be read");
  const lmc::test::TemporaryFolder folder;
  CATCH_CHECK(lmc::read_json_file(folder.file("x.json", "[7]")).at(0) == 7);
}

CATCH_TEST_CASE("an error as JSON has the message that was printed") {
  const lmc::Error error{lmc::ErrorCode::input_empty, "a.tif", "the file is empty",
                         "copy it again"};
  const auto json = lmc::to_json(error);
  CATCH_CHECK(json.at("code") == "E302");
  CATCH_CHECK(json.at("file") == "a.tif");
  CATCH_CHECK(json.at("message") == error.what());
}
