// SPDX-License-Identifier: Apache-2.0
#include "image/open_file.hpp"

#include "image/input_image.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

std::string text_of(const OpenFile& file, std::uint64_t offset, std::size_t bytes) {
  std::string text(bytes, '\0');
  text.resize(file.read(offset, std::as_writable_bytes(std::span{text})));
  return text;
}

} // namespace

CATCH_TEST_CASE("An open file gives the bytes of any place, up to its end") {
  const TemporaryFolder folder;
  const OpenFile file{folder.file("a.txt", "abc")};
  CATCH_CHECK(file.size() == 3);
  CATCH_CHECK(text_of(file, 1, 2) == "bc");
  CATCH_CHECK(text_of(file, 0, 9) == "abc");
  CATCH_CHECK(text_of(file, 4, 9).empty());
}

CATCH_TEST_CASE("A small file is read once for its checksum and all that follows") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.txt", "abc");
  OpenFile file{path};
  // FIPS 180-2, example B.1
  CATCH_CHECK(file.hash_and_keep() ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::filesystem::resize_file(path, 0);
  CATCH_CHECK(text_of(file, 0, 9) == "abc");
}

CATCH_TEST_CASE("Directories, pipes, absent files and dangling links are rejected") {
  const TemporaryFolder folder;
  const auto rejection = [](const std::filesystem::path& path) {
    return cause_of(ErrorCode::input_missing, [&] { static_cast<void>(OpenFile{path}); });
  };
  std::filesystem::create_directory(folder.path() / "directory.tiff");
  CATCH_CHECK_THAT(rejection(folder.path() / "directory.tiff"), Contains("is a directory"));
  CATCH_REQUIRE(::mkfifo((folder.path() / "pipe.tiff").c_str(), 0600) == 0);
  CATCH_CHECK(rejection(folder.path() / "pipe.tiff") == "is not a regular file");
  std::filesystem::create_symlink(folder.path() / "gone.tiff", folder.path() / "link.tiff");
  CATCH_CHECK(rejection(folder.path() / "link.tiff") == "no such file");
}

CATCH_TEST_CASE("What was opened is read, whatever becomes of its name") {
  const TemporaryFolder folder;
  const auto path =
      folder.file("a.tiff", tiff_of({{.values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9}}}));
  const InputImage image = InputImage::open(path, {});
  std::filesystem::remove(path);
  CATCH_REQUIRE(folder.file("a.tiff", "another") == path);
  CATCH_CHECK(image.read_plane(0, 0).pixels.pixels()[3] == 4);
}
