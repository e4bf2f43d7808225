// SPDX-License-Identifier: Apache-2.0
#include "app/prediction_preview.hpp"

#include "common/error.hpp"
#include "image/input_image.hpp"
#include "image/preview.hpp"

#include <fmt/format.h>

#include <vector>

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
  std::vector<image::TransmittedLight> planes;
  planes.reserve(organelle_count); // the panels below point into it
  std::vector<image::PreviewPanel> panels;
  for (const Organelle organelle : all_organelles) {
    const std::filesystem::path& file = predictions.at(channel_of(organelle));
    if (file.empty()) {
      continue;
    }
    const image::TransmittedLight& plane = planes.emplace_back(middle_plane(file, {}));
    if (plane.height != light.height || plane.width != light.width) {
      throw Error{ErrorCode::usage, file.string(),
                  fmt::format("its {} x {} pixels are not the {} x {} of {}", plane.width,
                              plane.height, light.width, light.height, input.string()),
                  "give predictions of this very image"};
    }
    panels.push_back({organelle, std::span<const std::uint16_t>{plane.pixels}});
  }
  image::write_preview(picture, light, panels, existing);
}

} // namespace lmc::app
