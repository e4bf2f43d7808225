// SPDX-License-Identifier: Apache-2.0
#include "image/file_format.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace lmc::image {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::size_t offset;
  std::string_view name;
};

// Longer and rarer signatures first: a ZIP of an OpenDocument file is still a ZIP.
constexpr std::array magics{
    Magic{"\x89PNG\r\n\x1a\n"sv, 0, "a PNG image"},
    Magic{"\xff\xd8\xff"sv, 0, "a JPEG image"},
    Magic{"\0\0\0\x0cjP  \r\n\x87\n"sv, 0, "a JPEG 2000 image"},
    Magic{"GIF8"sv, 0, "a GIF image"},
    Magic{"version https://git-lfs"sv, 0,
          "a Git LFS pointer (the image itself was not downloaded; run git lfs pull)"},
    Magic{"%PDF"sv, 0, "a PDF document"},
    Magic{"\x89HDF\r\n\x1a\n"sv, 0, "an HDF5 file"},
    Magic{"ZISRAWFILE"sv, 0, "a Zeiss CZI file"},
    Magic{"\xda\xce\xbe\x0a"sv, 0, "a Nikon ND2 file"},
    Magic{"\x70\0\0\0"sv, 0, "a Leica LIF file"},
    Magic{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, 0, "an OLE2 file (Olympus OIB, Zeiss ZVI)"},
    Magic{"\xa0\xc0\0\0"sv, 208, "a DeltaVision file"},
    Magic{"DICM"sv, 128, "a DICOM file"},
    Magic{"PK\x03\x04"sv, 0, "a ZIP archive"},
    Magic{"Rar!"sv, 0, "a RAR archive"},
    Magic{"7z\xbc\xaf\x27\x1c"sv, 0, "a 7z archive"},
    Magic{"ustar"sv, 257, "a tar archive"},
    Magic{"\x1f\x8b"sv, 0, "a gzip file"},
    Magic{"BZh"sv, 0, "a bzip2 file"},
    Magic{"\xfd\x37zXZ"sv, 0, "an xz file"},
    Magic{"\x28\xb5\x2f\xfd"sv, 0, "a zstd file"},
    Magic{"\x93NUMPY"sv, 0, "a NumPy array"},
    Magic{"\x7f"
          "ELF"sv,
          0, "a program"},
    Magic{"RIFF"sv, 0, "a RIFF file (WebP, AVI)"},
    Magic{"BM"sv, 0, "a BMP image"},
};

constexpr std::size_t head_bytes = 512;

bool at(std::string_view head, std::size_t offset, std::string_view magic) {
  return head.size() >= offset + magic.size() && head.substr(offset, magic.size()) == magic;
}

bool is_tiff(std::string_view head) {
  // The third byte pair is the version: 42 classic, 43 BigTIFF, in the byte order of the first.
  return at(head, 0, "II\x2a\0"sv) || at(head, 0, "MM\0\x2a"sv) || at(head, 0, "II\x2b\0"sv) ||
         at(head, 0, "MM\0\x2b"sv);
}

bool is_text(std::string_view head) {
  return std::ranges::all_of(
      head, [](unsigned char c) { return c >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
}

std::optional<FileFormat> format_from(std::string_view head, std::string_view name) {
  if (is_tiff(head)) {
    return FileFormat::tiff;
  }
  if (at(head, 0, "\x89PNG\r\n\x1a\n"sv)) {
    return FileFormat::png;
  }
  if (at(head, 0, "NRRD000"sv)) {
    return FileFormat::nrrd;
  }
  if (at(head, 344, "n+1\0"sv) || (name.ends_with(".nii.gz") && at(head, 0, "\x1f\x8b"sv))) {
    return FileFormat::nifti;
  }
  if ((name.ends_with(".mha") || name.ends_with(".mhd")) &&
      head.find("ObjectType") != std::string_view::npos) {
    return FileFormat::meta_image;
  }
  return std::nullopt;
}

/// "a PNG image", "an HTML page", "a Git LFS pointer" ... for the first bytes of a file.
std::string looks_like(std::string_view head) {
  for (const Magic& magic : magics) {
    if (at(head, magic.offset, magic.bytes)) {
      return std::string{magic.name};
    }
  }
  const std::string text = lower_case(head.substr(0, 256));
  if (text.find("<html") != std::string::npos || text.find("<!doctype html") != std::string::npos) {
    return "an HTML page (a failed download?)";
  }
  if (text.find("<ome") != std::string::npos) {
    return "OME-XML metadata without pixels";
  }
  if (text.starts_with("<?xml")) {
    return "an XML file";
  }
  const bool all_zero = std::ranges::all_of(head, [](char c) { return c == '\0'; });
  return all_zero ? "zeros only" : is_text(head) ? "text" : "unknown data";
}

} // namespace

std::string_view name_of(FileFormat format) {
  static constexpr std::array<std::string_view, 5> names{"TIFF", "MetaImage", "NRRD", "PNG",
                                                         "NIfTI"};
  return names.at(static_cast<std::size_t>(format));
}

FileFormat format_of(const OpenFile& file) {
  std::string head(head_bytes, '\0');
  head.resize(file.read(0, std::as_writable_bytes(std::span{head})));
  const std::filesystem::path& path = file.path();
  if (head.empty()) {
    throw Error(ErrorCode::input_empty, path.string(), "empty file", "copy or export it again");
  }
  const auto format = format_from(head, lower_case(path.filename().string()));
  if (!format) {
    throw Error(ErrorCode::input_not_an_image, path.string(),
                fmt::format("looks like {}, not like a TIFF, MetaImage, NRRD, NIfTI or PNG image",
                            looks_like(head)),
                "export the image as OME-TIFF");
  }
  return *format;
}

} // namespace lmc::image
