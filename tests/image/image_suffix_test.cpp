// SPDX-License-Identifier: Apache-2.0
#include "image/image_suffix.hpp"

#include <catch2/catch.hpp>

using lmc::image::image_suffix;
using lmc::image::without_image_suffix;

CATCH_TEST_CASE("image suffixes are known in any case, the longest one first") {
  CATCH_CHECK(image_suffix("a.OME.TIFF") == ".ome.tiff");
  CATCH_CHECK(image_suffix("a.tif") == ".tif");
  CATCH_CHECK(image_suffix("a.ome.tf8") == ".ome.tf8");
  CATCH_CHECK(image_suffix("a.nii.gz") == ".nii.gz");
  CATCH_CHECK_FALSE(image_suffix("a.gz").has_value());
  CATCH_CHECK_FALSE(image_suffix("a.txt").has_value());
  CATCH_CHECK(without_image_suffix("x/a.b.ome.tiff") == "x/a.b");
  CATCH_CHECK(without_image_suffix("x/a.dat") == "x/a");
}
