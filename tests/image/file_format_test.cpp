// SPDX-License-Identifier: Apache-2.0
#include "image/file_format.hpp"

#include "tests/image/failure.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace lmc::image;
using namespace std::string_literals;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::test::cause_of;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("Formats are told apart by content") {
  const TemporaryFolder folder;
  const std::string nifti = std::string(344, '\0') + "n+1\0"s;
  const std::vector<std::pair<std::string, FileFormat>> cases{
      {"II\x2a\0\x08\0\0\0"s, FileFormat::tiff},
      {"MM\0\x2a\0\0\0\x08"s, FileFormat::tiff},
      {"II\x2b\0\x08\0\0\0"s, FileFormat::tiff},
      {"MM\0\x2b\0\x08\0\0"s, FileFormat::tiff},
      {"\x89PNG\r\n\x1a\n"s, FileFormat::png},
      {"NRRD0004\n"s, FileFormat::nrrd},
      {nifti, FileFormat::nifti}};
  for (const auto& [content, format] : cases) {
    CATCH_CHECK(format_of(OpenFile{folder.file("name.says.nothing", content)}) == format);
  }
  CATCH_CHECK(format_of(OpenFile{folder.file("a.mha", "ObjectType = Image\n")}) ==
              FileFormat::meta_image);
}

CATCH_TEST_CASE("An empty file is rejected as empty") {
  const TemporaryFolder folder;
  const auto path = folder.file("empty.tiff", "");
  CATCH_CHECK(cause_of(ErrorCode::input_empty, [&] { (void)format_of(OpenFile{path}); }) ==
              "empty file");
}

CATCH_TEST_CASE("Other files are rejected by what they look like") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\xff\xd8\xff\xe0 JFIF"s, "a JPEG image"},
      {"<!DOCTYPE html><html>"s, "an HTML page"},
      {"version https://git-lfs.github.com/spec/v1\n"s, "a Git LFS pointer"},
      {"PK\x03\x04 zip"s, "a ZIP archive"},
      {"%PDF-1.7"s, "a PDF document"},
      {"\x89HDF\r\n\x1a\n"s, "an HDF5 file"},
      {"\x1f\x8b\x08"s, "a gzip file"},
      {"ZISRAWFILE\0\0"s, "a Zeiss CZI file"},
      {"\xda\xce\xbe\x0a"s, "a Nikon ND2 file"},
      {"\x70\0\0\0\x2a"s, "a Leica LIF file"},
      {"<?xml version=\"1.0\"?><OME>"s, "OME-XML metadata without pixels"},
      {std::string(600, '\0'), "zeros only"},
      {"x,y\n1,2\n"s, "text"},
      {"\x01\x02\x03"s, "unknown data"}};
  for (const auto& [content, name] : cases) {
    const auto path = folder.file("image.tiff", content);
    CATCH_CHECK_THAT(
        cause_of(ErrorCode::input_not_an_image, [&] { (void)format_of(OpenFile{path}); }),
        Contains("looks like " + name));
  }
}

CATCH_TEST_CASE("Links and unusual names work") {
  const TemporaryFolder folder;
  for (const std::string name : {"a b.tiff", "-o.tiff", "zell\xc3\xa9.tiff", "new\nline.tiff"}) {
    CATCH_CHECK(format_of(OpenFile{folder.file(name, "II\x2a\0"s)}) == FileFormat::tiff);
  }
  const auto link = folder.path() / "link.tiff";
  std::filesystem::create_symlink(folder.path() / "a b.tiff", link);
  CATCH_CHECK(format_of(OpenFile{link}) == FileFormat::tiff);
}
