// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"
#include "image/pixel_type.hpp"
#include "image/tiff/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lmc::image {
namespace {

constexpr std::size_t max_samples = 64;

class PageCheck {
public:
  PageCheck(const TiffDirectories& directories, const TiffDirectory& directory,
            const TiffLayout& layout)
      : directories_{directories}, directory_{directory}, layout_{layout} {}

  /// Decoded bytes of one strip or tile and of the whole page; both fit 64 bits because sides are
  /// at most 2^31 and samples of at most 8 bytes at most 64, unless libtiff's own overflow checks
  /// have made a row 0 bytes, which the layout refuses.
  void capacity() const {
    if (!layout_.codec.max_expansion) {
      return;
    }
    const std::uint64_t file_bytes = directories_.file().size();
    const double held =
        static_cast<double>(file_bytes) * static_cast<double>(*layout_.codec.max_expansion);
    const double page = pixels(layout_.height, layout_.width) *
                        static_cast<double>(layout_.samples) * layout_.bits / 8;
    const double chunk = pixels(layout_.chunk_row_bytes, layout_.chunk_height);
    if (page > held || (layout_.tiled && chunk > held)) {
      reject(ErrorCode::input_too_large,
             fmt::format("its declared size of {} x {} pixels exceeds what a file of {} bytes ({}) "
                         "can hold",
                         layout_.width, layout_.height, file_bytes, layout_.codec.name),
             copy_again);
    }
  }

  void limits(const ReadOptions& options) const {
    const auto most = static_cast<double>(options.max_pixels);
    if (pixels(layout_.width, layout_.height) > most ||
        pixels(layout_.chunk_width, layout_.chunk_height) > most) {
      reject(ErrorCode::input_too_large,
             fmt::format("its {} x {} pixels{} are more than the limit of {} pixels", layout_.width,
                         layout_.height,
                         layout_.tiled ? fmt::format(" in tiles of {} x {}", layout_.chunk_width,
                                                     layout_.chunk_height)
                                       : "",
                         options.max_pixels),
             "crop the image or raise the limit with --max-pixels");
    }
    if (layout_.samples > max_samples) {
      reject(ErrorCode::input_unsupported,
             fmt::format("it has {} samples per pixel; at most {} are read", layout_.samples,
                         max_samples),
             "export one channel as a grey image");
    }
  }

  /// What readers disagree about.
  void tags() const {
    const std::uint64_t predictor = directory_.value(TIFFTAG_PREDICTOR).value_or(1);
    if (predictor > 1 && !layout_.codec.predicts) {
      reject(ErrorCode::input_unsupported,
             fmt::format("it has predictor {} on {} data, which is not read", predictor,
                         layout_.codec.name),
             export_plainly);
    }
    if (directory_.value(TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_PALETTE &&
        layout_.colours.colour != Colour::palette) {
      corrupt("its pixels are indices into a palette that is missing");
    }
    if (directory_.repeated_tag) {
      corrupt(fmt::format("its directory has tag {} twice", *directory_.repeated_tag));
    }
  }

  /// Rows must be as long as the decoder will take them for.
  void row() const {
    const std::size_t values = layout_.chunk_width * (layout_.separate ? 1 : layout_.samples);
    if (layout_.chunk_row_bytes != packed_bytes(values, layout_.bits)) {
      reject(ErrorCode::input_unsupported,
             fmt::format("a row of {} values of {} bits takes {} bytes in it", values, layout_.bits,
                         layout_.chunk_row_bytes),
             export_plainly);
    }
  }

  void chunks() const {
    const TiffEntry tiles = directory_.entry(TIFFTAG_TILEOFFSETS);
    const TiffEntry strips = directory_.entry(TIFFTAG_STRIPOFFSETS);
    const TiffEntry tile_sizes = directory_.entry(TIFFTAG_TILEBYTECOUNTS);
    if (strips.count > 0 && tiles.count > 0) {
      corrupt("its directory lists both strips and tiles");
    }
    // Some writers give tiles in the tags of strips.
    const TiffEntry& places = tiles.count > 0 ? tiles : strips;
    const TiffEntry sizes =
        tile_sizes.count > 0 ? tile_sizes : directory_.entry(TIFFTAG_STRIPBYTECOUNTS);
    const Division division = divide();
    if (places.count < division.count || sizes.count < division.count) {
      corrupt(fmt::format("it lists the places of {} and the sizes of {} of its {} {}s",
                          places.count, sizes.count, division.count, chunk_name()));
    }
    check_table(division, table(places, division.count), table(sizes, division.count));
  }

private:
  static constexpr const char* copy_again = "copy or export the image again";
  static constexpr const char* export_plainly = "export it as an uncompressed 16-bit grey TIFF";

  /// How the directory divides a page. libtiff's own layout may not be it: it chops a large
  /// uncompressed strip into smaller ones.
  struct Division {
    std::size_t chunk_height = 0;
    std::size_t down = 0;  ///< strips or tiles from top to bottom
    std::size_t count = 0; ///< of all
  };

  [[nodiscard]] static double pixels(std::size_t height, std::size_t width) {
    return static_cast<double>(height) * static_cast<double>(width);
  }

  [[noreturn]] void reject(ErrorCode code, std::string cause, const char* remedy) const {
    throw Error(code, directories_.file().path().string(), std::move(cause), remedy);
  }

  [[noreturn]] void corrupt(std::string cause) const {
    reject(ErrorCode::input_corrupt, std::move(cause), copy_again);
  }

  [[nodiscard]] std::string_view chunk_name() const { return layout_.tiled ? "tile" : "strip"; }

  [[nodiscard]] Division divide() const {
    const auto parts = [](std::size_t whole, std::size_t part) {
      return (whole + part - 1) / part;
    };
    Division division{.chunk_height = layout_.chunk_height};
    if (!layout_.tiled) {
      const std::uint64_t rows = directory_.value(TIFFTAG_ROWSPERSTRIP).value_or(0);
      division.chunk_height = rows == 0 ? layout_.height : std::min(rows, layout_.height);
    }
    division.down = parts(layout_.height, division.chunk_height);
    division.count = division.down * parts(layout_.width, layout_.chunk_width) *
                     (layout_.separate ? layout_.samples : 1);
    return division;
  }

  [[nodiscard]] std::vector<std::uint64_t> table(const TiffEntry& entry, std::size_t count) const {
    auto values = directories_.values(entry, count);
    if (!values) {
      corrupt("its table of strips or tiles is not inside the file");
    }
    return *std::move(values);
  }

  /// Bytes of a strip or tile when uncompressed: a last strip ends with the image, a tile does not.
  [[nodiscard]] std::size_t bytes_of(const Division& division, std::size_t chunk) const {
    const std::size_t row = chunk % division.down * division.chunk_height;
    const std::size_t rows = layout_.tiled ? division.chunk_height
                                           : std::min(division.chunk_height, layout_.height - row);
    return rows * layout_.chunk_row_bytes;
  }

  void check_table(const Division& division, const std::vector<std::uint64_t>& places,
                   const std::vector<std::uint64_t>& sizes) const {
    for (std::size_t i = 0; i < division.count; ++i) {
      if (places[i] < TiffDirectories::first_data_byte || sizes[i] == 0) {
        corrupt(fmt::format("{} {} is missing: it has {} bytes at {}", chunk_name(), i, sizes[i],
                            places[i]));
      }
      const std::size_t bytes = bytes_of(division, i);
      if (layout_.codec.max_expansion == 1 && sizes[i] < bytes) {
        corrupt(fmt::format("{} {} is truncated: it has {} of {} bytes", chunk_name(), i, sizes[i],
                            bytes));
      }
    }
  }

  const TiffDirectories& directories_;
  const TiffDirectory& directory_;
  const TiffLayout& layout_;
};

} // namespace

void check_page(const TiffDirectories& directories, const PageEntry& page, const TiffLayout& layout,
                const ReadOptions& options) {
  const auto directory = directories.at(page.offset);
  if (!directory) {
    throw Error(ErrorCode::input_corrupt, directories.file().path().string(),
                fmt::format("the page directory at byte {} is gone", page.offset),
                "do not change images while they are processed");
  }
  const PageCheck check{directories, *directory, layout};
  check.capacity();
  check.limits(options);
  check.tags();
  check.row();
  check.chunks();
}

} // namespace lmc::image
