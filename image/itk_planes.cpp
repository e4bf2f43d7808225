// SPDX-License-Identifier: Apache-2.0
#include "image/itk_planes.hpp"

#include "common/error.hpp"
#include "common/hash.hpp"
#include "image/grey.hpp"
#include "image/itk_types.hpp"
#include "image/png_check.hpp"
#include "image/tiff_layout.hpp"

#include <fmt/format.h>
#include <itkMetaImageIO.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>
#include <itkPNGImageIO.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace lmc::image {
namespace {

/// ITK's readers are not made for several threads at a time: NRRD's, for one, collects its errors
/// in one place for all.
[[nodiscard]] std::unique_lock<std::mutex> sole_use_of_itk() {
  static std::mutex mutex;
  return std::unique_lock{mutex};
}

itk::ImageIOBase::Pointer reader_of(FileFormat format) {
  const auto lock = sole_use_of_itk();
  switch (format) {
  case FileFormat::meta_image:
    return itk::MetaImageIO::New().GetPointer();
  case FileFormat::nrrd:
    return itk::NrrdImageIO::New().GetPointer();
  case FileFormat::png:
    return itk::PNGImageIO::New().GetPointer();
  case FileFormat::nifti:
    return itk::NiftiImageIO::New().GetPointer();
  case FileFormat::tiff:
    break;
  }
  throw std::logic_error("TIFF files are read by TiffReader");
}

std::string format_name(FileFormat format) {
  switch (format) {
  case FileFormat::meta_image:
    return "MetaImage";
  case FileFormat::nrrd:
    return "NRRD";
  case FileFormat::png:
    return "PNG";
  case FileFormat::nifti:
    return "NIfTI";
  case FileFormat::tiff:
    break;
  }
  throw std::logic_error("TIFF files are read by TiffReader");
}

/// What ITK says, without its prefix of class and address, on one line.
std::string reason_of(const itk::ExceptionObject& failure) {
  std::string text = failure.GetDescription();
  const std::size_t address = text.find("): ");
  if (address != std::string::npos) {
    text = text.substr(address + 3);
  }
  return text.substr(0, text.find('\n'));
}

class ItkPlanes final : public PlaneSource {
public:
  ItkPlanes(const std::filesystem::path& path, const FileKind& kind, const ReadOptions& options)
      : path_{path}, format_{kind.format}, luminance_{options.rgb_luminance}, io_{reader_of(
                                                                                  kind.format)} {
    if (options.channel) {
      throw Error(ErrorCode::input_ambiguous, path_.string(),
                  fmt::format("it has no channel \"{}\": {} files have no channels",
                              *options.channel, format_name(format_)),
                  "leave out --channel");
    }
    if (format_ == FileFormat::png) {
      check_png(path_);
    }
    io_->SetFileName(path_.string());
    guarded([&] {
      io_->ReadImageInformation();
      read_axes();
      describe();
      check_size(kind, options);
    });
  }

  [[nodiscard]] const StackInfo& info() const override { return info_; }

  [[nodiscard]] RawPlane read_grey(std::size_t t, std::size_t z) override {
    if (volume_.empty()) {
      read_volume();
    }
    const std::size_t samples = io_->GetNumberOfComponents();
    const std::size_t bytes = info_.height * info_.width * samples * size_of(info_.type);
    const auto begin =
        volume_.begin() + static_cast<std::ptrdiff_t>((t * info_.z_planes + z) * bytes);
    RawPlane plane{info_.height,
                   info_.width,
                   samples,
                   info_.type,
                   info_.provenance.input_bits,
                   {begin, begin + static_cast<std::ptrdiff_t>(bytes)}};
    return to_grey(std::move(plane), colour_model(samples), luminance_, path_);
  }

private:
  template <class Function> void guarded(Function&& function) const {
    const auto lock = sole_use_of_itk();
    try {
      function();
    } catch (const itk::ExceptionObject& failure) {
      throw Error(
          ErrorCode::input_corrupt, path_.string(),
          fmt::format("cannot be read as {} ({})", format_name(format_), reason_of(failure)),
          "copy or export the image again");
    }
  }

  [[nodiscard]] std::size_t axis(unsigned number) const {
    return number < io_->GetNumberOfDimensions() ? io_->GetDimensions(number) : 1;
  }

  void read_axes() {
    info_.width = axis(0);
    info_.height = axis(1);
    info_.z_planes = axis(2);
    info_.t_planes = axis(3);
    info_.planes_held = info_.z_planes * info_.t_planes;
    for (unsigned i = 0; i < io_->GetNumberOfDimensions(); ++i) {
      if (axis(i) == 0 || (i > 3 && axis(i) > 1) || io_->GetNumberOfDimensions() < 2) {
        throw Error(ErrorCode::input_unsupported, path_.string(),
                    fmt::format("it has {} axes, axis {} of length {}; images with the axes x, y, "
                                "z, t are read",
                                io_->GetNumberOfDimensions(), i, axis(i)),
                    "export planes or a z stack");
      }
    }
  }

  void check_size(const FileKind& kind, const ReadOptions& options) const {
    const double pixels = static_cast<double>(info_.width) * static_cast<double>(info_.height);
    if (pixels > static_cast<double>(options.max_pixels) ||
        pixels * static_cast<double>(info_.z_planes) * static_cast<double>(info_.t_planes) >
            64.0 * static_cast<double>(options.max_pixels)) {
      throw Error(ErrorCode::input_too_large, path_.string(),
                  fmt::format("its {} x {} pixels in {} planes are more than the limit of {} "
                              "pixels per plane",
                              info_.width, info_.height, info_.z_planes * info_.t_planes,
                              options.max_pixels),
                  "crop the image or raise the limit with --max-pixels");
    }
    // deflate, the strongest compression of these formats, expands at most 1032 times.
    const std::string extension = path_.extension().string();
    const bool own_pixels = extension != ".mhd" && extension != ".nhdr";
    const double capacity = 1032.0 * static_cast<double>(kind.bytes);
    if (own_pixels && static_cast<double>(io_->GetImageSizeInBytes()) > capacity) {
      throw Error(ErrorCode::input_too_large, path_.string(),
                  fmt::format("its declared size of {} bytes exceeds what a file of {} bytes can "
                              "hold",
                              io_->GetImageSizeInBytes(), kind.bytes),
                  "copy or export the image again");
    }
  }

  void describe() {
    const auto type = pixel_type_of(*io_);
    if (!type) {
      throw Error(ErrorCode::input_unsupported, path_.string(),
                  fmt::format("its values are {}, which is not read",
                              io_->GetComponentTypeAsString(io_->GetComponentType())),
                  "export it as 16-bit unsigned integers");
    }
    info_.type = *type;
    info_.provenance.input_bits = static_cast<int>(8 * size_of(*type));
    info_.provenance.format = format_name(format_);
    info_.provenance.image_name = path_.stem().string();
    const PixelSize size{1000 * io_->GetSpacing(0), 1000 * io_->GetSpacing(1)};
    if (format_ != FileFormat::png && is_sane(size)) {
      info_.pixel_um = size;
    }
  }

  [[nodiscard]] ColourModel colour_model(std::size_t samples) const {
    const bool alpha = format_ == FileFormat::png || io_->GetPixelType() == itk::IOPixelEnum::RGBA;
    const std::size_t colours = alpha && samples % 2 == 0 ? samples - 1 : samples;
    return {
        colours == 3 ? Colour::rgb : Colour::grey, colours == 3 ? "RGB" : "channels", colours, {}};
  }

  void read_volume() {
    itk::ImageIORegion region(io_->GetNumberOfDimensions());
    for (unsigned i = 0; i < io_->GetNumberOfDimensions(); ++i) {
      region.SetIndex(i, 0);
      region.SetSize(i, io_->GetDimensions(i));
    }
    io_->SetIORegion(region);
    // Twice over other bytes: what then differs was not in the file. ITK's readers report success
    // for truncated data.
    std::vector<std::byte> volume(static_cast<std::size_t>(io_->GetImageSizeInBytes()));
    guarded([&] { io_->Read(volume.data()); });
    const std::string digest = sha256_of(volume);
    std::ranges::fill(volume, std::byte{0xff});
    guarded([&] { io_->Read(volume.data()); });
    if (sha256_of(volume) != digest) {
      throw Error(ErrorCode::input_corrupt, path_.string(),
                  fmt::format("its {} data are truncated", format_name(format_)),
                  "copy or export the image again");
    }
    volume_ = std::move(volume);
  }

  std::filesystem::path path_;
  FileFormat format_;
  bool luminance_;
  itk::ImageIOBase::Pointer io_;
  StackInfo info_;
  std::vector<std::byte> volume_; ///< [t, z, y, x, sample], read on first use
};

} // namespace

std::unique_ptr<PlaneSource> open_itk_planes(const std::filesystem::path& path,
                                             const FileKind& kind, const ReadOptions& options) {
  return std::make_unique<ItkPlanes>(path, kind, options);
}

std::unique_ptr<PlaneSource> open_planes(const std::filesystem::path& path,
                                         const ReadOptions& options) {
  const FileKind kind = file_kind_of(path);
  return kind.format == FileFormat::tiff ? open_tiff_planes(path, options)
                                         : open_itk_planes(path, kind, options);
}

} // namespace lmc::image
