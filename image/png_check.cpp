// SPDX-License-Identifier: Apache-2.0
#include "image/png_check.hpp"

#include "common/error.hpp"

#include <fmt/format.h>
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <new>
#include <vector>

namespace lmc::image {
namespace {

/// libpng's state of one decoding, released with the object.
struct Decoder {
  std::FILE* file = nullptr;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::array<char, 256> message{};
  std::vector<png_byte> row;

  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    png_destroy_read_struct(&png, &info, nullptr);
    if (file != nullptr) {
      std::fclose(file);
    }
  }
};

void on_error(png_structp png, png_const_charp text) {
  auto* const decoder = static_cast<Decoder*>(png_get_error_ptr(png));
  std::snprintf(decoder->message.data(), decoder->message.size(), "%s", text);
  png_longjmp(png, 1);
}

void on_warning(png_structp /*png*/, png_const_charp /*text*/) {}

void decode_rows(Decoder& decoder) {
  const int passes = png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  decoder.row.resize(png_get_rowbytes(decoder.png, decoder.info));
  const png_uint_32 height = png_get_image_height(decoder.png, decoder.info);
  for (int pass = 0; pass < passes; ++pass) {
    for (png_uint_32 row = 0; row < height; ++row) {
      png_read_row(decoder.png, decoder.row.data(), nullptr);
    }
  }
  png_read_end(decoder.png, nullptr);
}

/// Nothing here has a destructor to run: libpng jumps over it.
bool decodes(Decoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) { // NOLINT(cert-err52-cpp): libpng knows no other way
    return false;
  }
  png_init_io(decoder.png, decoder.file);
  png_read_info(decoder.png, decoder.info);
  decode_rows(decoder);
  return true;
}

} // namespace

void check_png(const std::filesystem::path& path) {
  Decoder decoder;
  decoder.file = std::fopen(path.c_str(), "rb");
  if (decoder.file == nullptr) {
    throw Error(ErrorCode::input_missing, path.string(), "cannot be opened",
                "check that the file is still there and its permissions");
  }
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, on_error, on_warning);
  decoder.info = png_create_info_struct(decoder.png);
  if (decoder.info == nullptr) {
    throw std::bad_alloc{};
  }
  if (!decodes(decoder)) {
    throw Error(ErrorCode::input_corrupt, path.string(),
                fmt::format("cannot be read as PNG ({})", decoder.message.data()),
                "copy or export the image again");
  }
}

} // namespace lmc::image
