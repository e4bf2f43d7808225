// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"
#include "image/grey.hpp"
#include "image/plane_source.hpp"

#include <fmt/format.h>
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <new>
#include <span>
#include <utility>

namespace lmc::image {
namespace {

struct Library {
  png_structp png;
  png_infop info;
  ~Library() { png_destroy_read_struct(&png, &info, nullptr); }
};

/// One decoding of a file. libpng jumps over the functions of ours that call it, so these hold
/// nothing that has a destructor.
class Decoder {
public:
  explicit Decoder(const OpenFile& file)
      : file_{file}, library_{
                         png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning),
                         nullptr} {
    library_.info = png_create_info_struct(library_.png);
    if (library_.info == nullptr) {
      throw std::bad_alloc{};
    }
    png_set_read_fn(library_.png, this, read_bytes);
    require(start());
  }
  Decoder(const Decoder&) = delete; // libpng points back at it
  Decoder& operator=(const Decoder&) = delete;

  /// What `read` will give, without its bytes.
  [[nodiscard]] RawPlane description() const {
    const int bits = png_get_bit_depth(library_.png, library_.info);
    return {.height = png_get_image_height(library_.png, library_.info),
            .width = png_get_image_width(library_.png, library_.info),
            .samples = png_get_channels(library_.png, library_.info),
            .type = bits == 16 ? PixelType::uint16 : PixelType::uint8,
            .bits = bits,
            .bytes = {}};
  }

  RawPlane read() {
    RawPlane plane = description();
    plane.bytes.resize(static_cast<std::size_t>(plane.height) * row_bytes());
    require(decode(plane.bytes.data()));
    return plane;
  }

private:
  static Decoder& of(png_voidp pointer) { return *static_cast<Decoder*>(pointer); }

  static void on_error(png_structp png, png_const_charp text) {
    auto& message = of(png_get_error_ptr(png)).message_;
    std::snprintf(message.data(), message.size(), "%s", text);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp /*png*/, png_const_charp /*text*/) {}

  static void read_bytes(png_structp png, png_bytep target, png_size_t size) {
    if (!of(png_get_io_ptr(png)).take({reinterpret_cast<std::byte*>(target), size})) {
      png_error(png, "the file ends early or cannot be read");
    }
  }

  bool take(std::span<std::byte> target) noexcept {
    try {
      offset_ += target.size();
      return file_.read(offset_ - target.size(), target) == target.size();
    } catch (const Error&) {
      return false;
    }
  }

  bool start() {
    if (setjmp(png_jmpbuf(library_.png)) !=
        0) { // NOLINT(cert-err52-cpp): libpng knows no other way
      return false;
    }
    png_read_info(library_.png, library_.info);
    png_set_expand(library_.png);
    png_set_swap(library_.png); // 16-bit values are big-endian in the file
    passes_ = png_set_interlace_handling(library_.png);
    png_read_update_info(library_.png, library_.info);
    return true;
  }

  bool decode(std::byte* target) {
    if (setjmp(png_jmpbuf(library_.png)) != 0) { // NOLINT(cert-err52-cpp)
      return false;
    }
    const png_uint_32 height = png_get_image_height(library_.png, library_.info);
    for (int pass = 0; pass < passes_; ++pass) {
      for (png_uint_32 row = 0; row < height; ++row) {
        png_read_row(library_.png, reinterpret_cast<png_bytep>(target + row * row_bytes()),
                     nullptr);
      }
    }
    png_read_end(library_.png, nullptr);
    return true;
  }

  [[nodiscard]] std::size_t row_bytes() const {
    return png_get_rowbytes(library_.png, library_.info);
  }

  void require(bool succeeded) const {
    if (!succeeded) {
      throw Error(ErrorCode::input_corrupt, file_.path().string(),
                  fmt::format("cannot be read as PNG ({})", message_.data()),
                  "copy or export the image again");
    }
  }

  const OpenFile& file_;
  std::uint64_t offset_ = 0;
  std::array<char, 256> message_{};
  Library library_;
  int passes_ = 1;
};

class PngPlanes final : public PlaneSource {
public:
  PngPlanes(OpenFile file, const ReadOptions& options)
      : file_{std::move(file)}, luminance_{options.rgb_luminance} {
    const RawPlane plane = Decoder{file_}.description();
    info_.height = plane.height;
    info_.width = plane.width;
    info_.type = plane.type;
    info_.provenance.format = "PNG";
    info_.provenance.input_bits = plane.bits;
    info_.provenance.image_name = file_.path().stem().string();
    const Index values = plane.height * plane.width * plane.samples;
    check_declared_size(file_, info_, static_cast<std::uint64_t>(values) * size_of(plane.type),
                        options);
  }

  [[nodiscard]] const StackInfo& info() const override { return info_; }

  [[nodiscard]] RawPlane read_grey(std::size_t /*t*/, std::size_t /*z*/) override {
    RawPlane plane = Decoder{file_}.read();
    const std::size_t colours = plane.samples >= 3 ? 3 : 1; // without alpha
    return to_grey(std::move(plane),
                   {.colour = colours == 3 ? Colour::rgb : Colour::grey,
                    .name = colours == 3 ? "RGB" : "grey",
                    .colour_samples = colours},
                   luminance_, file_.path());
  }

private:
  OpenFile file_;
  bool luminance_;
  StackInfo info_;
};

} // namespace

std::unique_ptr<PlaneSource> open_png_planes(const OpenFile& file, const ReadOptions& options) {
  return std::make_unique<PngPlanes>(file, options);
}

} // namespace lmc::image
