// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"
#include "common/files/hash.hpp"
#include "common/text.hpp"
#include "image/grey.hpp"
#include "image/plane_source.hpp"

#include <fmt/format.h>
#include <itkMetaImageIO.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <span>
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
  case FileFormat::nifti:
    return itk::NiftiImageIO::New().GetPointer();
  case FileFormat::tiff:
  case FileFormat::png:
    break;
  }
  throw std::logic_error("TIFF and PNG files are not read by ITK");
}

/// What ITK says, without its prefix of class and address, on one line.
std::string reason_of(const itk::ExceptionObject& failure) {
  std::string text = failure.GetDescription();
  const std::size_t address = text.find("): ");
  if (address != std::string::npos) {
    text = text.substr(address + 3);
  }
  return first_line(text);
}

/// The type of an image's components; nothing for what is no plain number.
std::optional<PixelType> component_type(const itk::ImageIOBase& io) {
  using itk::IOComponentEnum;
  if (io.GetPixelType() == itk::IOPixelEnum::COMPLEX) {
    return std::nullopt;
  }
  switch (io.GetComponentType()) {
  case IOComponentEnum::UCHAR:
  case IOComponentEnum::USHORT:
  case IOComponentEnum::UINT:
  case IOComponentEnum::ULONG:
  case IOComponentEnum::ULONGLONG:
    return pixel_type_of(NumberKind::unsigned_integer, io.GetComponentSize());
  case IOComponentEnum::CHAR:
  case IOComponentEnum::SHORT:
  case IOComponentEnum::INT:
  case IOComponentEnum::LONG:
  case IOComponentEnum::LONGLONG:
    return pixel_type_of(NumberKind::signed_integer, io.GetComponentSize());
  case IOComponentEnum::FLOAT:
    return PixelType::float32;
  case IOComponentEnum::DOUBLE:
    return PixelType::float64;
  default:
    return std::nullopt;
  }
}

class ItkPlanes final : public PlaneSource {
public:
  ItkPlanes(const OpenFile& file, FileFormat format, const ReadOptions& options)
      : path_{file.path()}, format_{format}, luminance_{options.rgb_luminance}, io_{reader_of(
                                                                                    format)} {
    io_->SetFileName(path_.string());
    guarded([&] {
      io_->ReadImageInformation();
      read_axes();
      describe();
      const std::string extension = path_.extension().string();
      const bool own_pixels = extension != ".mhd" && extension != ".nhdr";
      const auto bytes = static_cast<std::uint64_t>(io_->GetImageSizeInBytes());
      check_declared_size(file, info_, own_pixels ? bytes : 0, options);
    });
  }

  [[nodiscard]] const StackInfo& info() const override { return info_; }

  [[nodiscard]] RawPlane read_grey(std::size_t t, std::size_t z) override {
    if (volume_.empty()) {
      read_volume();
    }
    const std::size_t samples = io_->GetNumberOfComponents();
    const auto pixels = static_cast<std::size_t>(info_.height * info_.width);
    const std::size_t bytes = pixels * samples * size_of(info_.type);
    const auto part = std::span{volume_}.subspan((t * info_.z_planes + z) * bytes, bytes);
    RawPlane plane{info_.height,
                   info_.width,
                   static_cast<Index>(samples),
                   info_.type,
                   info_.provenance.input_bits,
                   {part.begin(), part.end()}};
    return to_grey(std::move(plane), colour_model(samples), luminance_, path_);
  }

private:
  template <class Function> void guarded(Function&& function) const {
    const auto lock = sole_use_of_itk();
    try {
      function();
    } catch (const itk::ExceptionObject& failure) {
      throw Error(ErrorCode::input_corrupt, path_.string(),
                  fmt::format("cannot be read as {} ({})", name_of(format_), reason_of(failure)),
                  "copy or export the image again");
    }
  }

  [[nodiscard]] std::size_t axis(unsigned number) const {
    return number < io_->GetNumberOfDimensions() ? io_->GetDimensions(number) : 1;
  }

  void read_axes() {
    info_.width = static_cast<Index>(axis(0));
    info_.height = static_cast<Index>(axis(1));
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

  void describe() {
    const auto type = component_type(*io_);
    if (!type) {
      throw Error(ErrorCode::input_unsupported, path_.string(),
                  fmt::format("its values are {}, which is not read",
                              io_->GetComponentTypeAsString(io_->GetComponentType())),
                  "export it as 16-bit unsigned integers");
    }
    info_.type = *type;
    info_.provenance.input_bits = static_cast<int>(8 * size_of(*type));
    info_.provenance.format = name_of(format_);
    info_.provenance.image_name = path_.stem().string();
    const PixelSize size{1000 * io_->GetSpacing(0), 1000 * io_->GetSpacing(1)};
    if (is_sane(size)) {
      info_.pixel_um = size;
    }
  }

  [[nodiscard]] ColourModel colour_model(std::size_t samples) const {
    const bool alpha = io_->GetPixelType() == itk::IOPixelEnum::RGBA;
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
                  fmt::format("its {} data are truncated", name_of(format_)),
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

std::unique_ptr<PlaneSource> open_itk_planes(const OpenFile& file, FileFormat format,
                                             const ReadOptions& options) {
  return std::make_unique<ItkPlanes>(file, format, options);
}

} // namespace lmc::image
