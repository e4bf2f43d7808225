// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/writer.hpp"

#include "common/error.hpp"
#include "image/input_image.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <tiffio.h>

#include <csignal>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

using namespace lmc::image;
using lmc::Error;
using lmc::ErrorCode;
using lmc::Existing;
using lmc::test::TemporaryFolder;

namespace {

using Tiff = std::unique_ptr<TIFF, void (*)(TIFF*)>;

Tiff opened(const std::filesystem::path& path) {
  Tiff tiff{TIFFOpen(path.c_str(), "r"), TIFFClose};
  CATCH_REQUIRE(tiff != nullptr);
  return tiff;
}

template <class Value> Value tag(const Tiff& tiff, std::uint32_t number) {
  Value value{};
  CATCH_REQUIRE(TIFFGetField(tiff.get(), number, &value) == 1);
  return value;
}

/// The current page, put together from its tiles.
template <class Value> std::vector<Value> pixels_of(const Tiff& tiff) {
  const auto width = tag<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH);
  const auto height = tag<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH);
  const auto side = tag<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH);
  std::vector<Value> pixels(std::size_t{width} * height);
  std::vector<Value> tile(std::size_t{side} * side);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      if (x % side == 0) {
        CATCH_REQUIRE(TIFFReadTile(tiff.get(), tile.data(), x, y, 0, 0) > 0);
      }
      pixels[std::size_t{y} * width + x] = tile[std::size_t{y % side} * side + x % side];
    }
  }
  return pixels;
}

OmeTiffDescription description_of(std::size_t height, std::size_t width, PixelType type) {
  OmeTiffDescription description;
  description.height = height;
  description.width = width;
  description.type = type;
  description.channel_name = "nucleus";
  return description;
}

/// Values that differ everywhere and compress badly.
std::vector<std::uint16_t> noise(std::size_t count, std::uint32_t seed = 1) {
  std::vector<std::uint16_t> values(count);
  for (std::uint16_t& value : values) {
    seed = seed * 1664525 + 1013904223;
    value = static_cast<std::uint16_t>(seed >> 16);
  }
  return values;
}

/// While it lives, files of this process end at `bytes`: writing beyond fails as on a full disk.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    CATCH_REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
  void (*handler_)(int);
  rlimit before_{};
};

} // namespace

CATCH_TEST_CASE("uint16 outputs hold their pixels and the tags that importers read") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  const bool compress = GENERATE(true, false);
  const auto pixels = noise(300 * 520);
  OmeTiffDescription description = description_of(300, 520, PixelType::uint16);
  description.pixel_um = PixelSize{0.1, 0.125};
  description.compress = compress;
  OmeTiffWriter writer{path, description};
  writer.write_plane(pixels);
  CATCH_CHECK_FALSE(std::filesystem::exists(path));
  writer.commit(Existing::refuse);

  const Tiff tiff = opened(path);
  CATCH_CHECK(pixels_of<std::uint16_t>(tiff) == pixels);
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_MINISBLACK);
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT);
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_COMPRESSION) ==
              (compress ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE));
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_RESOLUTIONUNIT) == RESUNIT_CENTIMETER);
  CATCH_CHECK(tag<float>(tiff, TIFFTAG_XRESOLUTION) == Approx(100'000));
  CATCH_CHECK(tag<float>(tiff, TIFFTAG_YRESOLUTION) == Approx(80'000));
  CATCH_CHECK(tag<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH) == 256);
  CATCH_CHECK(TIFFIsBigTIFF(tiff.get()) == 0);
  CATCH_CHECK(TIFFNumberOfDirectories(tiff.get()) == 1);
  CATCH_CHECK(std::string{tag<const char*>(tiff, TIFFTAG_IMAGEDESCRIPTION)}.find(
                  "Name=\"nucleus\"") != std::string::npos);
}

CATCH_TEST_CASE("float32 outputs hold their pixels") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  std::vector<float> pixels(257 * 3);
  std::iota(pixels.begin(), pixels.end(), -100.25F);
  OmeTiffWriter writer{path, description_of(257, 3, PixelType::float32)};
  writer.write_plane(pixels);
  writer.commit(Existing::refuse);
  const Tiff tiff = opened(path);
  CATCH_CHECK(pixels_of<float>(tiff) == pixels);
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_IEEEFP);
  CATCH_CHECK(tag<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE) == 32);
}

CATCH_TEST_CASE("without a pixel size a pixel counts as one micrometre") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  OmeTiffWriter writer{path, description_of(1, 1, PixelType::uint16)};
  writer.write_plane(std::vector<std::uint16_t>{65535});
  writer.commit(Existing::refuse);
  const Tiff tiff = opened(path);
  CATCH_CHECK(tag<float>(tiff, TIFFTAG_XRESOLUTION) == 10'000);
  CATCH_CHECK(tag<float>(tiff, TIFFTAG_YRESOLUTION) == 10'000);
  CATCH_CHECK(pixels_of<std::uint16_t>(tiff) == std::vector<std::uint16_t>{65535});
}

CATCH_TEST_CASE("what was carried over once is carried over again") {
  const TemporaryFolder folder;
  OmeTiffDescription description = description_of(20, 30, PixelType::uint16);
  description.pixel_um = PixelSize{0.1, 0.125};
  description.channel_name = "PC";
  description.input.image_name = "cells <1>";
  description.input.description = "two\nlines & more";
  description.input.acquisition_date = "2024-07-04T20:05:01Z";
  description.input.instrument_xml =
      "<Instrument ID=\"Instrument:1\"><Objective ID=\"Objective:5\" LensNA=\"0.8\"/></Instrument>";
  description.input.objective_xml = "<ObjectiveSettings ID=\"Objective:5\" Medium=\"Oil\"/>";
  const auto written_and_read = [&](const char* name) {
    OmeTiffWriter writer{folder.path() / name, description};
    writer.write_plane(noise(20 * 30));
    writer.commit(Existing::refuse);
    return read_transmitted_light(folder.path() / name);
  };
  const TransmittedLight first = written_and_read("first.tiff");
  description.input = first.provenance;
  const TransmittedLight second = written_and_read("second.tiff");

  CATCH_CHECK(second.pixels.pixels() == noise(20 * 30));
  CATCH_CHECK(second.modality == lmc::Modality::phase_contrast);
  CATCH_REQUIRE(second.pixel_um);
  CATCH_CHECK(second.pixel_um->x_um == 0.1);
  CATCH_CHECK(second.pixel_um->y_um == 0.125);
  CATCH_CHECK(second.provenance.image_name == "cells <1>");
  CATCH_CHECK(second.provenance.description == "two\nlines & more");
  CATCH_CHECK(second.provenance.acquisition_date == "2024-07-04T20:05:01Z");
  CATCH_CHECK(second.provenance.instrument_xml.find("LensNA=\"0.8\"") != std::string::npos);
  CATCH_CHECK(second.provenance.objective_xml.find("Medium=\"Oil\"") != std::string::npos);
  CATCH_CHECK(second.provenance.warnings.empty());
}

CATCH_TEST_CASE("stacks become pages in order, with one OME-XML") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  OmeTiffDescription description = description_of(5, 7, PixelType::uint16);
  description.z_planes = 3;
  description.t_planes = 2;
  OmeTiffWriter writer{path, description};
  for (std::uint32_t plane = 0; plane < 6; ++plane) {
    writer.write_plane(noise(35, plane));
  }
  CATCH_CHECK_THROWS_AS(writer.write_plane(noise(35)), std::logic_error);
  writer.commit(Existing::refuse);

  const Tiff tiff = opened(path);
  for (std::uint32_t plane = 0; plane < 6; ++plane) {
    CATCH_REQUIRE(TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(plane)) == 1);
    CATCH_CHECK(pixels_of<std::uint16_t>(tiff) == noise(35, plane));
    const char* text = nullptr;
    CATCH_CHECK(TIFFGetField(tiff.get(), TIFFTAG_IMAGEDESCRIPTION, &text) == (plane == 0 ? 1 : 0));
  }
  CATCH_CHECK(TIFFNumberOfDirectories(tiff.get()) == 6);
}

CATCH_TEST_CASE("files beyond the classic limit are BigTIFF") {
  const TemporaryFolder folder;
  OmeTiffDescription description = description_of(256, 257, PixelType::uint16);
  const auto is_big = [&](std::uint64_t limit) {
    description.classic_limit_bytes = limit;
    const auto path = folder.path() / (std::to_string(limit) + ".tiff");
    OmeTiffWriter writer{path, description};
    writer.write_plane(noise(256 * 257));
    writer.commit(Existing::refuse);
    const Tiff tiff = opened(path);
    CATCH_CHECK(pixels_of<std::uint16_t>(tiff) == noise(256 * 257));
    return TIFFIsBigTIFF(tiff.get()) != 0;
  };
  // Two tiles of 256 x 256 values of two bytes.
  CATCH_CHECK_FALSE(is_big(2 * 256 * 256 * 2));
  CATCH_CHECK(is_big(2 * 256 * 256 * 2 - 1));
  CATCH_CHECK(OmeTiffDescription{}.classic_limit_bytes == 3'500'000'000);
}

CATCH_TEST_CASE("the same pixels give the same bytes but for the UUID") {
  const TemporaryFolder folder;
  const auto write = [&](const char* name) {
    OmeTiffWriter writer{folder.path() / name, description_of(300, 300, PixelType::uint16)};
    writer.write_plane(noise(300 * 300));
    writer.commit(Existing::refuse);
    std::string content = lmc::test::content_of(folder.path() / name);
    const std::size_t uuid = content.find("urn:uuid:");
    CATCH_REQUIRE(uuid != std::string::npos);
    return content.erase(uuid + 9, 36);
  };
  CATCH_CHECK(write("a.tiff") == write("b.tiff"));
}

CATCH_TEST_CASE("NaN and infinity are refused with their place") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  std::vector<float> pixels(4 * 5, 1.0F);
  pixels[2 * 5 + 3] = -std::numeric_limits<float>::infinity();
  {
    OmeTiffWriter writer{path, description_of(4, 5, PixelType::float32)};
    try {
      writer.write_plane(pixels);
      CATCH_FAIL("written");
    } catch (const Error& error) {
      CATCH_CHECK(error.code() == ErrorCode::not_a_number);
      CATCH_CHECK(error.subject() == path.string());
      CATCH_CHECK(error.cause() ==
                  "plane 0 holds -inf at row 2, column 3; finite numbers are allowed");
    }
    CATCH_CHECK_THROWS_AS(writer.commit(Existing::refuse), std::logic_error);
  }
  CATCH_CHECK(folder.entries() == 0);
}

CATCH_TEST_CASE("a full disk leaves nothing and says so") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  const auto pixels = noise(512 * 512);
  {
    const FileSizeLimit limit{100'000};
    OmeTiffWriter writer{path, description_of(512, 512, PixelType::uint16)};
    try {
      writer.write_plane(pixels);
      writer.commit(Existing::replace);
      CATCH_FAIL("written");
    } catch (const Error& error) {
      CATCH_CHECK(error.code() == ErrorCode::output_failed);
      CATCH_CHECK(error.exit_code() == lmc::ExitCode::output);
      CATCH_CHECK(error.subject() == path.string());
      CATCH_CHECK(error.cause() == "writing failed (File too large)");
      CATCH_CHECK(error.remedy() == "free disk space (or raise the file size limit) and run again");
    }
  }
  CATCH_CHECK(folder.entries() == 0);
}

CATCH_TEST_CASE("a disk that is full for the last bytes only is noticed too") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  OmeTiffDescription description = description_of(256, 256, PixelType::uint16);
  description.compress = false;
  {
    // Room for the tile, not for the page's directory behind it.
    const FileSizeLimit limit{8 + 256 * 256 * 2 + 16};
    OmeTiffWriter writer{path, description};
    CATCH_CHECK_THROWS_WITH(
        [&] {
          writer.write_plane(noise(256 * 256));
          writer.commit(Existing::replace);
        }(),
        Catch::Contains("writing failed (File too large)"));
  }
  CATCH_CHECK(folder.entries() == 0);
}

CATCH_TEST_CASE("an abandoned output leaves nothing, an existing one is kept") {
  const TemporaryFolder folder;
  const auto path = folder.file("out.tiff", "before");
  {
    OmeTiffWriter writer{path, description_of(2, 2, PixelType::uint16)};
    writer.write_plane(noise(4));
  }
  CATCH_CHECK(lmc::test::content_of(path) == "before");
  OmeTiffWriter writer{path, description_of(2, 2, PixelType::uint16)};
  writer.write_plane(noise(4));
  CATCH_CHECK_THROWS_WITH(writer.commit(Existing::refuse), Catch::Contains("error[E602]"));
  CATCH_CHECK(lmc::test::content_of(path) == "before");
  CATCH_CHECK(folder.entries() == 1);
}

CATCH_TEST_CASE("a missing folder is reported before any pixel is written") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH((OmeTiffWriter{folder.path() / "absent" / "out.tiff",
                                         description_of(2, 2, PixelType::uint16)}),
                          Catch::Contains("error[E601]") && Catch::Contains("absent"));
}

CATCH_TEST_CASE("planes that were not announced are refused") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.tiff";
  OmeTiffWriter writer{path, description_of(4, 4, PixelType::uint16)};
  CATCH_CHECK_THROWS_AS(writer.write_plane(noise(15)), std::logic_error);
  CATCH_CHECK_THROWS_AS(writer.write_plane(std::vector<float>(16)), std::logic_error);
  CATCH_CHECK_THROWS_WITH(writer.commit(Existing::refuse),
                          "OmeTiffWriter: 0 of 1 planes were written");

  const auto refused = [&](OmeTiffDescription description, const char* reason) {
    CATCH_CHECK_THROWS_WITH((OmeTiffWriter{path, description}), Catch::Contains(reason));
  };
  refused(description_of(0, 4, PixelType::uint16), "size");
  refused(description_of(4, std::size_t{1} << 31, PixelType::uint16), "size");
  refused(description_of(4, 4, PixelType::uint8), "uint16 or float32");
  OmeTiffDescription description = description_of(4, 4, PixelType::uint16);
  description.pixel_um = PixelSize{0, 0.1};
  refused(description, "micrometres");
  CATCH_CHECK(folder.entries() == 0);
}
