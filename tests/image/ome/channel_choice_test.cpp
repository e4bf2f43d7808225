// SPDX-License-Identifier: Apache-2.0
#include "image/ome/channel_choice.hpp"

#include "tests/image/failure.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace lmc::image;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::Modality;
using lmc::test::cause_of;

namespace {

const std::vector<OmeChannel> channels{{"GFP", ""}, {"", "DIC"}, {"mCherry", "x"}};

std::string refusal(const std::vector<OmeChannel>& known, const std::vector<std::size_t>& present,
                    const std::optional<std::string>& wanted = std::nullopt) {
  return cause_of(ErrorCode::input_ambiguous,
                  [&] { static_cast<void>(choose_channel(known, present, wanted, "a.tiff")); });
}

} // namespace

CATCH_TEST_CASE("A channel's modality is its Name's, else its Fluor's") {
  CATCH_CHECK(modality_of({"PC", "BF"}) == Modality::phase_contrast);
  CATCH_CHECK(modality_of({"camera", "BF"}) == Modality::bright_field);
  CATCH_CHECK(modality_of({"camera", ""}) == Modality::unknown);
}

CATCH_TEST_CASE("The only channel, or the only transmitted-light one, is chosen") {
  CATCH_CHECK(choose_channel({}, {0}, std::nullopt, "a.tiff") == 0);
  CATCH_CHECK(choose_channel(channels, {2}, std::nullopt, "a.tiff") == 2);
  CATCH_CHECK(choose_channel(channels, {0, 1, 2}, std::nullopt, "a.tiff") == 1);
}

CATCH_TEST_CASE("A channel is wanted by name in any case, or by index") {
  CATCH_CHECK(choose_channel(channels, {0, 1, 2}, "mcherry", "a.tiff") == 2);
  CATCH_CHECK(choose_channel(channels, {0, 1, 2}, "0", "a.tiff") == 0);
  // A name that is a number is a name first.
  CATCH_CHECK(choose_channel({{"1", ""}, {"0", ""}}, {0, 1}, "1", "a.tiff") == 0);
}

CATCH_TEST_CASE("A choice that is not clear lists the channels") {
  CATCH_CHECK_THAT(refusal(channels, {0, 1}, "DAPI"),
                   Contains("no channel \"DAPI\"; its channels are 0 \"GFP\", 1 \"\""));
  CATCH_CHECK_THAT(refusal(channels, {0, 2}, "1"), Contains("no channel \"1\""));
  CATCH_CHECK_THAT(refusal(channels, {0, 2}), Contains("0 of them named as transmitted light"));
  CATCH_CHECK_THAT(refusal({{"BF", ""}, {"PC", ""}}, {0, 1}), Contains("2 of them named"));
  std::vector<std::size_t> many(30);
  std::iota(many.begin(), many.end(), std::size_t{0});
  CATCH_CHECK_THAT(refusal({}, many), Contains("19 \"\" ..."));
}
