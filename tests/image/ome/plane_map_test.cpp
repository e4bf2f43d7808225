// SPDX-License-Identifier: Apache-2.0
#include "image/ome/plane_map.hpp"

#include "tests/image/failure.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace lmc::image;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

std::vector<PageEntry> pages(std::size_t count) {
  PageEntry page;
  page.width = 4;
  page.height = 3;
  return std::vector<PageEntry>(count, page);
}

OmeMetadata stack(const std::string& order, std::size_t z, std::size_t c, std::size_t t) {
  OmeMetadata metadata;
  metadata.dimension_order = order;
  metadata.size_z = z;
  metadata.size_c = c;
  metadata.size_time = t;
  return metadata;
}

std::size_t page_of(const PlaneMap& map, std::size_t c, std::size_t z, std::size_t t) {
  return map.page_of.at({c, z, t});
}

} // namespace

CATCH_TEST_CASE("Every DimensionOrder puts the planes in its order") {
  struct Case {
    std::string order;
    std::size_t z, c, t; // pages from one plane to the next along the axis
  };
  for (const Case& one : std::vector<Case>{{"XYZCT", 1, 2, 6},
                                           {"XYZTC", 1, 8, 2},
                                           {"XYCZT", 3, 1, 6},
                                           {"XYCTZ", 12, 1, 3},
                                           {"XYTZC", 4, 8, 1},
                                           {"XYTCZ", 12, 4, 1}}) {
    CATCH_CAPTURE(one.order);
    const PlaneMap map = map_planes(stack(one.order, 2, 3, 4), pages(24), 1, "a.tiff");
    CATCH_CHECK(map.page_of.size() == 24);
    CATCH_CHECK(page_of(map, 0, 1, 0) == one.z);
    CATCH_CHECK(page_of(map, 1, 0, 0) == one.c);
    CATCH_CHECK(page_of(map, 0, 0, 1) == one.t);
    CATCH_CHECK(page_of(map, 2, 1, 3) == 23);
    CATCH_CHECK(map.channels() == std::vector<std::size_t>{0, 1, 2});
    CATCH_CHECK(map.z_of(1) == std::vector<std::size_t>{0, 1});
    CATCH_CHECK(map.t_of(1).size() == 4);
  }
}

CATCH_TEST_CASE("TiffData say where planes are; IFD alone is one plane") {
  OmeMetadata metadata = stack("XYZCT", 3, 1, 1);
  metadata.tiff_data = {{.ifd = 2}, {.ifd = 0, .first_z = 1, .plane_count = 2}};
  const PlaneMap map = map_planes(metadata, pages(3), 1, "a.tiff");
  CATCH_CHECK(page_of(map, 0, 0, 0) == 2);
  CATCH_CHECK(page_of(map, 0, 1, 0) == 0);
  CATCH_CHECK(page_of(map, 0, 2, 0) == 1);
}

CATCH_TEST_CASE("Samples of one page share its plane") {
  const PlaneMap map = map_planes(stack("XYZCT", 1, 3, 1), pages(1), 3, "a.tiff");
  CATCH_CHECK(map.channels() == std::vector<std::size_t>{0});
  CATCH_CHECK(map.warnings.empty());
}

CATCH_TEST_CASE("A renamed file is still itself") {
  OmeMetadata metadata = stack("XYZCT", 1, 1, 1);
  metadata.tiff_data = {{.ifd = 0, .uuid = "urn:uuid:1", .file_name = "old.tiff"}};
  const PlaneMap map = map_planes(metadata, pages(1), 1, "new.tiff");
  CATCH_CHECK(map.page_of.size() == 1);
  CATCH_CHECK_THAT(map.warnings.at(0), Contains("calls itself \"old.tiff\""));
}

CATCH_TEST_CASE("XML that promises other planes than there are is contradicted") {
  CATCH_CHECK_THAT(map_planes(stack("XYZCT", 3, 1, 1), pages(2), 1, "a").warnings.at(0),
                   Contains("promises 3 planes, but the file's 2 pages hold 2"));
  CATCH_CHECK_THAT(map_planes(stack("XYZCT", 1, 1, 1), pages(2), 1, "a").warnings.at(0),
                   Contains("names 1 of the file's 2 pages"));
  OmeMetadata absent = stack("XYZCT", 1, 1, 1);
  absent.tiff_data = {{.ifd = 9}};
  const PlaneMap map = map_planes(absent, pages(2), 1, "a");
  CATCH_CHECK(map.page_of.size() == 2);
  CATCH_CHECK_THAT(map.warnings.at(0), Contains("names no page that is in the file"));
}

CATCH_TEST_CASE("XML that names the same pages without end is done with quickly") {
  OmeMetadata metadata = stack("XYZCT", 1'000'000, 1, 1);
  metadata.tiff_data.assign(100'000, {.ifd = 0, .plane_count = 1'000'000});
  CATCH_CHECK(map_planes(metadata, pages(1000), 1, "a").page_of.size() == 1000);
}

CATCH_TEST_CASE("Pages without XML: thumbnails and other sizes are no planes") {
  std::vector<PageEntry> list = pages(4);
  list[1].width = 2;
  list[2].reduced = true;
  const PlaneMap map = map_pages(list);
  CATCH_CHECK(map.page_of.size() == 2);
  CATCH_CHECK(page_of(map, 0, 1, 0) == 3);
  CATCH_CHECK_FALSE(map.axes_known);
  CATCH_CHECK_THAT(map.warnings.at(1), Contains("2 pages of another size"));
  CATCH_CHECK(map_pages(pages(1)).axes_known);
}
