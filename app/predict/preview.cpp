// SPDX-License-Identifier: Apache-2.0
#include "app/predict/preview.hpp"

#include "figure/preview.hpp"

namespace lmc::app {

std::string preview_png(const image::TransmittedLight& light,
                        const PerOrganelle<Plane<std::uint16_t>>& predictions) {
  figure::PreviewPlanes planes{.light = light.pixels.view(), .modality = light.modality};
  if (light.pixel_um) {
    planes.pixel_um = light.pixel_um->x_um;
  }
  for (const Organelle organelle : all_organelles) {
    planes.predictions[organelle] = predictions[organelle].view();
  }
  return figure::preview_of(planes).png();
}

} // namespace lmc::app
