// SPDX-License-Identifier: Apache-2.0
#include "app/prediction_preview.hpp"

#include "common/error.hpp"
#include "figure/preview.hpp"
#include "image/input_image.hpp"

#include <fmt/format.h>

namespace lmc::app {

namespace {

image::TransmittedLight middle_plane(const std::filesystem::path& file,
                                     const image::ReadOptions& read) {
  const image::InputImage image = image::InputImage::open(file, read);
  return image.read_plane(0, image.z_planes() / 2);
}

} // namespace

void write_prediction_preview(const image::ReadOptions& read, const std::filesystem::path& input,
                              const OutputFiles& predictions, const std::filesystem::path& picture,
                              Existing existing) {
  const image::TransmittedLight light = middle_plane(input, read);
  figure::PreviewPlanes planes{.light = light.pixels.view(), .modality = light.modality};
  if (light.pixel_um) {
    planes.pixel_um = light.pixel_um->x_um;
  }
  PerOrganelle<Plane<std::uint16_t>> read_back;
  for (const Organelle organelle : all_organelles) {
    const std::filesystem::path& file = predictions.at(channel_of(organelle));
    if (file.empty()) {
      continue;
    }
    Plane<std::uint16_t>& plane = read_back[organelle];
    plane = middle_plane(file, {}).pixels;
    if (plane.height() != light.pixels.height() || plane.width() != light.pixels.width()) {
      throw Error{ErrorCode::usage, file.string(),
                  fmt::format("its {} x {} pixels are not the {} x {} of {}", plane.width(),
                              plane.height(), light.pixels.width(), light.pixels.height(),
                              input.string()),
                  "give predictions of this very image"};
    }
    planes.predictions[organelle] = plane.view();
  }
  write_file(picture, figure::preview_of(planes).png(), existing);
}

} // namespace lmc::app
