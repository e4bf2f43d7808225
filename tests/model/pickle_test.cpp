// SPDX-License-Identifier: Apache-2.0
#include "model/import/pickle.hpp"

#include "model/import/pickle_value.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lmc::model;
using namespace std::string_literals;
using Catch::Matchers::Contains;

namespace {

PickleDocument read(const std::string& stream) {
  return read_pickle(std::as_bytes(std::span{stream}));
}

} // namespace

// Streams as Python's pickle.dumps(..., protocol=2) writes them.
CATCH_TEST_CASE("plain data are read") {
  // {"a": [1, -2, 3.5, True, None], "b": (70000,)}
  const PickleDocument document = read(
      "\x80\x02}q\x00(X\x01\x00\x00\x00"s + "aq\x01]q\x02(K\x01J\xfe\xff\xff\xffG@\x0c"s +
      "\x00\x00\x00\x00\x00\x00\x88NeX\x01\x00\x00\x00"s + "bq\x03J\x70\x11\x01\x00\x85q\x04u."s);
  const auto* dict = document.root->as<PickleDict>();
  CATCH_REQUIRE(dict != nullptr);
  CATCH_REQUIRE(dict->items.size() == 2);
  CATCH_CHECK(*dict->items[0].first->as<std::string>() == "a");
  const auto* list = dict->items[0].second->as<PickleSequence>();
  CATCH_REQUIRE(list != nullptr);
  CATCH_REQUIRE(list->items.size() == 5);
  CATCH_CHECK(*list->items[0]->as<std::int64_t>() == 1);
  CATCH_CHECK(*list->items[1]->as<std::int64_t>() == -2);
  CATCH_CHECK(*list->items[2]->as<double>() == 3.5);
  CATCH_CHECK(*list->items[3]->as<bool>());
  CATCH_CHECK(list->items[4]->as<std::monostate>() != nullptr);
  CATCH_CHECK(*dict->items[1].second->as<PickleSequence>()->items[0]->as<std::int64_t>() == 70000);
}

CATCH_TEST_CASE(
    "fault 45: calls stay descriptions, only an empty OrderedDict becomes a dictionary") {
  const PickleDocument hostile =
      read("\x80\x02"s + "cos\nsystem\n"s + "X\x02\x00\x00\x00idq\x00"s + "\x85R."s);
  const auto* call = hostile.root->as<PickleCall>();
  CATCH_REQUIRE(call != nullptr);
  CATCH_CHECK(call->callable->as<PickleGlobal>()->full_name() == "os.system");
  CATCH_CHECK(read("\x80\x02"s + "ccollections\nOrderedDict\n)R."s).root->as<PickleDict>() !=
              nullptr);
}

CATCH_TEST_CASE("malformed pickles are refused with their cause") {
  CATCH_CHECK_THROWS_WITH(read(""), Contains("ends early"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02K"), Contains("ends early, at byte 3"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02."), Contains("more values than it has put"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02h\x05."), Contains("has not put"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02t."), Contains("no mark"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02}(K\x01u."), Contains("a key without a value"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02K\x01K\x02\x93."), Contains("something else than text"));
  CATCH_CHECK_THROWS_WITH(read("I1\n."), Contains("instruction 0x49 that is not read"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02X\xff\xff\xff\x7f"), Contains("ends early"));
}

CATCH_TEST_CASE("values without end and without depth limit need bounded memory and no stack") {
  CATCH_CHECK_THROWS_WITH(read("\x80\x02" + std::string(2'000'000, 'N')), Contains("values"));
  CATCH_CHECK_THROWS_WITH(read("\x80\x02N" + std::string(2'000'000, '2')), Contains("stacks more"));
  // A list in a list in a list ..., 10^6 deep, is read and freed.
  std::string deep = "\x80\x02";
  deep += std::string(1'000'000, ']') + std::string(999'999, 'a') + ".";
  CATCH_CHECK(read(deep).values.size() == 1'000'000);
}
