// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/directory.hpp"

#include "image/tiff/reader.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

CATCH_TEST_CASE("Pages are listed in both byte orders and both formats") {
  const TemporaryFolder folder;
  const std::vector<TestPage> pages{{.width = 5, .height = 2},
                                    {.width = 5, .height = 2},
                                    {.width = 2, .height = 1, .tags = {{254, 4, {1}}}}};
  for (const bool big_endian : {false, true}) {
    for (const bool big_tiff : {false, true}) {
      const auto path =
          folder.file("a.tiff", tiff_of(pages, {.big_endian = big_endian, .big_tiff = big_tiff}));
      const TiffDirectories directories{OpenFile{path}};
      const PageList list = list_pages(directories, 10);
      CATCH_REQUIRE(list.pages.size() == 3);
      CATCH_CHECK(list.warnings.empty());
      CATCH_CHECK(list.pages[1].width == 5U);
      CATCH_CHECK(list.pages[1].height == 2U);
      const auto directory = directories.at(list.pages[1].offset);
      CATCH_REQUIRE(directory);
      CATCH_CHECK(directory->entry(TIFFTAG_STRIPOFFSETS).count == 1);
      CATCH_CHECK(directory->entry(TIFFTAG_STRIPBYTECOUNTS).count == 1);
      CATCH_CHECK(directory->entry(TIFFTAG_TILEOFFSETS).count == 0);
      CATCH_CHECK_FALSE(directory->repeated_tag);
      CATCH_CHECK_FALSE(list.pages[1].reduced);
      CATCH_CHECK(list.pages[2].reduced);
    }
  }
}

CATCH_TEST_CASE("A list of pages that loops leaves the first page, if it is complete") {
  const TemporaryFolder folder;
  const auto path = folder.file("loop.tiff", tiff_of({{}, {}, {}}, {.loop = true}));
  const PageList list = list_pages(TiffDirectories{OpenFile{path}}, 100'000);
  CATCH_CHECK(list.pages.size() == 1);
  CATCH_REQUIRE(list.warnings.size() == 1);
  CATCH_CHECK_THAT(list.warnings[0], Contains("loops"));
  CATCH_CHECK(TiffReader{OpenFile{path}, {}}.read_page(0).bytes.size() == 24);

  const auto bad =
      folder.file("bad.tiff", tiff_of({{.tags = {{273, 4, {100000}}}}, {}}, {.loop = true}));
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                            [&] {
                              (void)TiffReader{OpenFile{bad}, {}}.read_page(0);
                            }),
                   Contains("truncated"));
}

CATCH_TEST_CASE("A list of pages that leaves the file ends there") {
  const TemporaryFolder folder;
  std::string content = tiff_of({{}, {}});
  content.replace(content.size() - 4, 4, "\xff\xff\xff\x7f");
  const PageList list = list_pages(TiffDirectories{OpenFile{folder.file("a.tiff", content)}}, 10);
  CATCH_CHECK(list.pages.size() == 2);
  CATCH_REQUIRE(list.warnings.size() == 1);
  CATCH_CHECK_THAT(list.warnings[0], Contains("breaks after page 2"));
}

CATCH_TEST_CASE("70,000 pages are all reached, up to the cap") {
  const TemporaryFolder folder;
  const std::vector<TestPage> pages(70'000, TestPage{.width = 1, .height = 1});
  const auto path = folder.file("many.tiff", tiff_of(pages));
  CATCH_CHECK(list_pages(TiffDirectories{OpenFile{path}}, 100'000).pages.size() == 70'000);
  const PageList capped = list_pages(TiffDirectories{OpenFile{path}}, 1000);
  CATCH_CHECK(capped.pages.size() == 1000);
  CATCH_CHECK_THAT(capped.warnings.at(0), Contains("only the first 1000 pages"));
  TiffReader reader{OpenFile{path}, {}};
  CATCH_CHECK(reader.read_page(69'999).bytes.size() == 2);
}

CATCH_TEST_CASE("A first directory outside the file is rejected") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.tiff", std::string("II\x2a\0\x00\x10\0\0", 8));
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                            [&] { (void)list_pages(TiffDirectories{OpenFile{path}}, 10); }),
                   Contains("byte 4096"));
}
