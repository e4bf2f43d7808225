// SPDX-License-Identifier: Apache-2.0
#include "image/input_image.hpp"

#include "image/plane_source.hpp"
#include "image/quality.hpp"
#include "image/to_uint16.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace lmc::image {
namespace {

bool is_usual(const PixelSize& size) {
  const auto [smaller, larger] = std::minmax(size.x_um, size.y_um);
  return smaller >= smallest_usual_um && larger <= largest_usual_um;
}

void warn_of_gaps(const StackInfo& info, Modality modality, std::vector<std::string>& warnings) {
  if (modality == Modality::unknown) {
    warnings.emplace_back("the modality is unknown: no channel is named BF, PC or DIC");
  }
  if (!info.pixel_um) {
    warnings.emplace_back("the pixel size is unknown");
  } else if (!is_usual(*info.pixel_um)) {
    warnings.push_back(fmt::format("the pixel size of {:.4g} x {:.4g} um is far from the training "
                                   "images' 0.060 to 0.162 um",
                                   info.pixel_um->x_um, info.pixel_um->y_um));
  }
}

} // namespace

InputImage::InputImage(std::unique_ptr<PlaneSource> source) : source_{std::move(source)} {}
InputImage::InputImage(InputImage&&) noexcept = default;
InputImage& InputImage::operator=(InputImage&&) noexcept = default;
InputImage::~InputImage() = default;

InputImage InputImage::open(const std::filesystem::path& path, const ReadOptions& options) {
  OpenFile file{path};
  std::string checksum = options.checksum ? file.hash_and_keep() : std::string{};
  InputImage image{open_planes(file, options)};
  const StackInfo& info = image.source_->info();
  image.modality_ = options.modality.value_or(info.modality);
  image.provenance_ = info.provenance;
  image.provenance_.source = path;
  image.provenance_.sha256 = std::move(checksum);
  warn_of_gaps(info, image.modality_, image.provenance_.warnings);
  return image;
}

Index InputImage::height() const {
  return source_->info().height;
}
Index InputImage::width() const {
  return source_->info().width;
}
std::size_t InputImage::z_planes() const {
  return source_->info().z_planes;
}
std::size_t InputImage::t_planes() const {
  return source_->info().t_planes;
}
bool InputImage::axes_known() const {
  return source_->info().axes_known;
}
std::optional<PixelSize> InputImage::pixel_um() const {
  return source_->info().pixel_um;
}

std::uint64_t InputImage::reading_bytes() const {
  const StackInfo& info = source_->info();
  // What the source holds, a copy being converted, and the uint16 plane.
  const std::uint64_t bytes = (info.planes_held + 1) * size_of(info.type) + sizeof(std::uint16_t);
  return bytes * static_cast<std::uint64_t>(info.height * info.width);
}

TransmittedLight InputImage::read_plane(std::size_t t, std::size_t z) const {
  if (t >= t_planes() || z >= z_planes()) {
    throw std::out_of_range(
        fmt::format("plane t {} z {} of {} x {}", t, z, t_planes(), z_planes()));
  }
  Uint16Plane plane = to_uint16(source_->read_grey(t, z), provenance_.source);
  TransmittedLight image{std::move(plane.pixels), modality_, pixel_um(), provenance_};
  image.provenance.input_bits = plane.input_bits;
  auto& warnings = image.provenance.warnings;
  std::ranges::move(plane.warnings, std::back_inserter(warnings));
  std::ranges::move(quality_warnings(image.pixels.pixels(), plane.full_scale),
                    std::back_inserter(warnings));
  return image;
}

TransmittedLight read_transmitted_light(const std::filesystem::path& path,
                                        const ReadOptions& options) {
  const InputImage image = InputImage::open(path, options);
  const std::size_t z = image.z_planes() / 2;
  TransmittedLight plane = image.read_plane(0, z);
  if (image.z_planes() * image.t_planes() > 1) {
    plane.provenance.warnings.push_back(
        fmt::format("{} focal planes and {} time points: only focal plane {} of the first time "
                    "point is used",
                    image.z_planes(), image.t_planes(), z));
  }
  return plane;
}

} // namespace lmc::image
