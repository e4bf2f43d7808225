// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/layout.hpp"

#include <catch2/catch.hpp>

using lmc::image::codec_of;

CATCH_TEST_CASE("Codecs have names, whether they are read or not") {
  CATCH_CHECK(codec_of(1).readable);
  CATCH_CHECK(codec_of(1).max_expansion == 1U);
  CATCH_CHECK(codec_of(5).name == "LZW");
  CATCH_CHECK(codec_of(5).predicts);
  CATCH_CHECK(codec_of(8).name == codec_of(32946).name);
  CATCH_CHECK(codec_of(50000).name == "zstd");
  CATCH_CHECK_FALSE(codec_of(7).max_expansion);
  CATCH_CHECK(codec_of(7).invents_after_warning);
  for (const std::uint16_t number :
       {std::uint16_t{6}, std::uint16_t{34712}, std::uint16_t{50001}}) {
    CATCH_CHECK_FALSE(codec_of(number).readable);
  }
  CATCH_CHECK(codec_of(34712).name == "JPEG 2000");
  CATCH_CHECK(codec_of(51234).name == "compression 51234 (unknown)");
  CATCH_CHECK_FALSE(codec_of(51234).readable);
}
