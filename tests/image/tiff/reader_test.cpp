// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/reader.hpp"

#include "image/pixel_type.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

template <class T> std::vector<T> values_of(const RawPlane& plane) {
  std::vector<T> values;
  for (std::size_t i = 0; i < plane.bytes.size() / sizeof(T); ++i) {
    values.push_back(value_at<T>(plane.bytes, i));
  }
  return values;
}

std::string reason(const TemporaryFolder& folder, ErrorCode code, const TestPage& page,
                   const ReadOptions& options = {}) {
  const auto path = folder.file("a.tiff", tiff_of({page}));
  return cause_of(code, [&] {
    TiffReader reader{OpenFile{path}, options};
    (void)reader.read_page(0);
  });
}

/// How libtiff stores a page.
struct Storage {
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t predictor = 1;
  bool tiled = false;
  bool separate = false;
  const char* mode = "wl";
};

constexpr std::uint32_t width = 37;
constexpr std::uint32_t height = 53;

/// Noise with some structure, so that predictors and codecs have something to do.
std::vector<std::uint16_t> picture(std::size_t samples) {
  std::vector<std::uint16_t> values(std::size_t{width} * height * samples);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    state = state * 1664525U + 1013904223U;
    values[i] = static_cast<std::uint16_t>(i * 7 + (state >> 26));
  }
  return values;
}

template <class T>
void write(const std::filesystem::path& path, const Storage& storage, std::uint16_t samples,
           const std::vector<T>& values) {
  const std::unique_ptr<TIFF, void (*)(TIFF*)> file{TIFFOpen(path.c_str(), storage.mode),
                                                    TIFFClose};
  TIFFSetField(file.get(), TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(file.get(), TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(file.get(), TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * sizeof(T)));
  TIFFSetField(file.get(), TIFFTAG_SAMPLEFORMAT,
               std::is_floating_point_v<T> ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(file.get(), TIFFTAG_SAMPLESPERPIXEL, samples);
  TIFFSetField(file.get(), TIFFTAG_PHOTOMETRIC,
               samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(file.get(), TIFFTAG_PLANARCONFIG, storage.separate ? 2 : 1);
  TIFFSetField(file.get(), TIFFTAG_COMPRESSION, storage.compression);
  if (storage.predictor != 1) {
    TIFFSetField(file.get(), TIFFTAG_PREDICTOR, storage.predictor);
  }
  const std::uint32_t side = 16;
  if (storage.tiled) {
    TIFFSetField(file.get(), TIFFTAG_TILEWIDTH, side);
    TIFFSetField(file.get(), TIFFTAG_TILELENGTH, side);
  } else {
    TIFFSetField(file.get(), TIFFTAG_ROWSPERSTRIP, 10);
  }
  const std::uint16_t planes = storage.separate ? samples : std::uint16_t{1};
  const std::size_t per_pixel = storage.separate ? 1 : samples;
  const auto at = [&](std::uint32_t x, std::uint32_t y, std::size_t s) {
    return values[(std::size_t{y} * width + x) * samples + s];
  };
  for (std::uint16_t plane = 0; plane < planes; ++plane) {
    if (storage.tiled) {
      for (std::uint32_t y = 0; y < height; y += side) {
        for (std::uint32_t x = 0; x < width; x += side) {
          std::vector<T> tile(side * side * per_pixel);
          for (std::size_t i = 0; i < tile.size(); ++i) {
            const auto column = static_cast<std::uint32_t>(x + i / per_pixel % side);
            const auto row = static_cast<std::uint32_t>(y + i / per_pixel / side);
            tile[i] = column < width && row < height ? at(column, row, i % per_pixel + plane) : T{};
          }
          CATCH_REQUIRE(TIFFWriteTile(file.get(), tile.data(), x, y, 0, plane) > 0);
        }
      }
    } else {
      for (std::uint32_t y = 0; y < height; ++y) {
        std::vector<T> row(width * per_pixel);
        for (std::size_t i = 0; i < row.size(); ++i) {
          row[i] = at(static_cast<std::uint32_t>(i / per_pixel), y, i % per_pixel + plane);
        }
        CATCH_REQUIRE(TIFFWriteScanline(file.get(), row.data(), y, plane) > 0);
      }
    }
  }
}

} // namespace

CATCH_TEST_CASE("uint16 has the same values however it is stored") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.tiff";
  for (const std::uint16_t samples : {std::uint16_t{1}, std::uint16_t{3}}) {
    const std::vector<std::uint16_t> values = picture(samples);
    for (const int codec : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                            COMPRESSION_ZSTD, COMPRESSION_PACKBITS, COMPRESSION_LZMA}) {
      for (const int layout : {0, 1, 2, 3}) {
        for (const char* mode : {"wl", "wb", "wl8", "wb8"}) {
          Storage storage{static_cast<std::uint16_t>(codec), 1, layout % 2 == 1, layout >= 2, mode};
          const bool predicts = codec != COMPRESSION_NONE && codec != COMPRESSION_PACKBITS;
          storage.predictor = predicts && layout > 0 ? 2 : 1;
          write(path, storage, samples, values);
          CATCH_CAPTURE(samples, codec, layout, mode);
          TiffReader reader{OpenFile{path}, {}};
          const RawPlane plane = reader.read_page(0);
          CATCH_CHECK(plane.samples == samples);
          CATCH_CHECK((values_of<std::uint16_t>(plane) == values));
        }
      }
    }
  }
}

CATCH_TEST_CASE("float32 with predictor 3 has the same values") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.tiff";
  std::vector<float> values;
  for (const std::uint16_t value : picture(1)) {
    values.push_back(static_cast<float>(value) / 3.0F);
  }
  // Little-endian only: libtiff 4.5 writes big-endian files with predictor 3 that nobody can read.
  for (const bool tiled : {false, true}) {
    write(path, Storage{COMPRESSION_LZW, 3, tiled, false, "wl"}, 1, values);
    CATCH_CHECK((values_of<float>(TiffReader{OpenFile{path}, {}}.read_page(0)) == values));
  }
}

CATCH_TEST_CASE("All integer and float widths are read in both byte orders") {
  const TemporaryFolder folder;
  struct Case {
    std::uint16_t bits;
    std::uint16_t format;
    PixelType type;
  };
  const std::vector<Case> cases{
      {8, 1, PixelType::uint8},    {8, 2, PixelType::int8},     {16, 1, PixelType::uint16},
      {16, 2, PixelType::int16},   {16, 3, PixelType::float16}, {32, 1, PixelType::uint32},
      {32, 2, PixelType::int32},   {32, 3, PixelType::float32}, {64, 1, PixelType::uint64},
      {64, 3, PixelType::float64}, {16, 4, PixelType::uint16}};
  for (const Case& one : cases) {
    for (const bool big_endian : {false, true}) {
      const auto path = folder.file("a.tiff", tiff_of({{.width = 2,
                                                        .height = 1,
                                                        .bits = one.bits,
                                                        .sample_format = one.format,
                                                        .values = {1, 0x7f}}},
                                                      {.big_endian = big_endian}));
      TiffReader reader{OpenFile{path}, {}};
      const RawPlane plane = reader.read_page(0);
      CATCH_CHECK(plane.type == one.type);
      CATCH_CHECK(plane.bits == one.bits);
      CATCH_CHECK(std::to_integer<int>(plane.bytes[0]) == 1);
      CATCH_CHECK(std::to_integer<int>(plane.bytes[one.bits / 8]) == 0x7f);
    }
  }
}

CATCH_TEST_CASE("Packed 12-bit and 1-bit values are unpacked") {
  const TemporaryFolder folder;
  const auto twelve = folder.file(
      "12.tiff", tiff_of({{.width = 3,
                           .height = 2,
                           .bits = 12,
                           .raw = std::string("\xab\xc1\x23\xff\xf0\x00\x01\x80\x0f\xf0", 10)}}));
  const RawPlane plane = TiffReader{OpenFile{twelve}, {}}.read_page(0);
  CATCH_CHECK(plane.bits == 12);
  CATCH_CHECK(values_of<std::uint16_t>(plane) ==
              std::vector<std::uint16_t>{0xabc, 0x123, 0xfff, 0x000, 0x180, 0x0ff});
  const auto one = folder.file(
      "1.tiff",
      tiff_of({{.width = 10, .height = 1, .bits = 1, .raw = std::string("\xa5\x40", 2)}}));
  CATCH_CHECK(values_of<std::uint8_t>(TiffReader{OpenFile{one}, {}}.read_page(0)) ==
              std::vector<std::uint8_t>{1, 0, 1, 0, 0, 1, 0, 1, 0, 1});
}

CATCH_TEST_CASE("What is not read is named") {
  const TemporaryFolder folder;
  const auto unsupported = ErrorCode::input_unsupported;
  CATCH_CHECK_THAT(reason(folder, unsupported, {.tags = {{259, 3, {34712}}}}),
                   Contains("JPEG 2000"));
  CATCH_CHECK_THAT(reason(folder, unsupported, {.tags = {{259, 3, {51234}}}}),
                   Contains("compression 51234"));
  CATCH_CHECK_THAT(reason(folder, unsupported, {.bits = 64, .sample_format = 6}),
                   Contains("complex"));
  CATCH_CHECK_THAT(reason(folder, unsupported, {.bits = 24, .raw = std::string(36, 'x')}),
                   Contains("24-bit unsigned integer"));
  CATCH_CHECK_THAT(
      reason(folder, unsupported, {.bits = 12, .sample_format = 2, .raw = std::string(18, 'x')}),
      Contains("12-bit signed integer"));
  CATCH_CHECK_THAT(reason(folder, unsupported, {.tags = {{317, 3, {2}}}}), Contains("predictor 2"));
}

CATCH_TEST_CASE("Sizes of 0 and beyond 2^31 are rejected before anything is allocated") {
  const TemporaryFolder folder;
  const auto corrupt = ErrorCode::input_corrupt;
  CATCH_CHECK_THAT(reason(folder, corrupt, {.raw = "x", .tags = {{256, 4, {0}}}}),
                   Contains("0 x 3 pixels"));
  CATCH_CHECK_THAT(reason(folder, corrupt, {.raw = "x", .tags = {{257, 4, {0xffffffff}}}}),
                   Contains("4 x 4294967295 pixels"));
  CATCH_CHECK_THAT(reason(folder, corrupt, {.tags = {{256, 2, {0}}}}), Contains("no width"));
}

CATCH_TEST_CASE("A declared size that the file cannot hold is rejected without memory") {
  const TemporaryFolder folder;
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  for (const std::uint64_t codec : {1U, 5U, 8U, 32773U, 50000U}) {
    const std::string cause = reason(folder, ErrorCode::input_too_large,
                                     {.width = 100'000,
                                      .height = 100'000,
                                      .raw = "xxxx",
                                      .tags = {{259, 3, {codec}}, {278, 4, {100'000}}}});
    CATCH_CHECK_THAT(cause, Contains("100000 x 100000 pixels exceeds what a file of"));
  }
  (void)reason(
      folder, ErrorCode::input_too_large,
      {.raw = "xxxx",
       .tags = {
           {259, 3, {5}}, {322, 4, {65536}}, {323, 4, {65536}}, {324, 4, {8}}, {325, 4, {4}}}});
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  CATCH_CHECK(after.ru_maxrss - before.ru_maxrss < 100 * 1024); // kB
}

CATCH_TEST_CASE("More pixels than the limit are rejected, whatever the codec can hold") {
  const TemporaryFolder folder;
  CATCH_CHECK_THAT(reason(folder, ErrorCode::input_too_large, {}, {.max_pixels = 11}),
                   Contains("4 x 3 pixels are more than the limit of 11"));
  const auto path = folder.file("a.tiff", tiff_of({{}}));
  CATCH_CHECK(TiffReader(OpenFile{path}, {.max_pixels = 12}).read_page(0).bytes.size() == 24);
}

CATCH_TEST_CASE("Truncated strips and tiles are rejected, never filled") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.tiff";
  for (const int codec : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                          COMPRESSION_ZSTD, COMPRESSION_PACKBITS}) {
    for (const bool tiled : {false, true}) {
      write(path, Storage{static_cast<std::uint16_t>(codec), 1, tiled, false, "wl"}, 1, picture(1));
      TIFF* file = TIFFOpen(path.c_str(), "r");
      const std::uint64_t last = TIFFGetStrileOffset(file, 2);
      TIFFClose(file);
      // The directory stays, one strip in the middle now starts near the end of the file.
      std::string content = content_of(path);
      const auto end = static_cast<std::uint32_t>(content.size() - 3);
      const std::string from{static_cast<char>(last), static_cast<char>(last >> 8), 0, 0};
      const std::string to{static_cast<char>(end), static_cast<char>(end >> 8), 0, 0};
      const std::size_t entry = content.rfind(from);
      CATCH_REQUIRE(entry != std::string::npos);
      const auto cut = folder.file("cut.tiff", content.replace(entry, 4, to));
      CATCH_CAPTURE(codec, tiled);
      CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                                [&] {
                                  (void)TiffReader{OpenFile{cut}, {}}.read_page(0);
                                }),
                       Contains(tiled ? "tile 2" : "strip 2") && Contains("truncated"));
    }
  }
}

CATCH_TEST_CASE("A deflate strip whose checksum is wrong is rejected") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.tiff";
  write(path, Storage{COMPRESSION_ADOBE_DEFLATE, 1, false, false, "wl"}, 1, picture(1));
  TIFF* file = TIFFOpen(path.c_str(), "r");
  const std::uint64_t end = TIFFGetStrileOffset(file, 0) + TIFFGetStrileByteCount(file, 0);
  TIFFClose(file);
  std::string content = content_of(path);
  content[end - 1] = static_cast<char>(content[end - 1] + 1); // the checksum
  const auto bad = folder.file("bad.tiff", content);
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                            [&] {
                              (void)TiffReader{OpenFile{bad}, {}}.read_page(0);
                            }),
                   Contains("strip 0 (rows 0 to 9) is missing, truncated or damaged"));
}

CATCH_TEST_CASE("Strips whose sizes are not listed are rejected") {
  const TemporaryFolder folder;
  CATCH_CHECK_THAT(reason(folder, ErrorCode::input_corrupt,
                          {.tags = {{273, 4, {8, 16, 24}}, {278, 4, {1}}, {279, 4, {24}}}}),
                   Contains("sizes of 1 of its 3 strips"));
}

CATCH_TEST_CASE("Sub-resolutions are ignored") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.tiff", tiff_of({{.tags = {{330, 4, {8, 8, 8}}}}}));
  TiffReader reader{OpenFile{path}, {}};
  CATCH_CHECK(reader.pages().pages.size() == 1);
  CATCH_CHECK(reader.read_page(0).bytes.size() == 24);
}
