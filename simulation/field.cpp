// SPDX-License-Identifier: Apache-2.0
#include "simulation/field.hpp"

#include "simulation/camera.hpp"
#include "simulation/fluorescence.hpp"
#include "simulation/specimen.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/sin.h>

#include <numbers>

namespace lmc::simulation {

namespace {

// Around the field, so that neither the periodic borders nor the fading specimen reach into it:
// 32 pixels that fade and 32 that keep what diffracts out of them.
constexpr std::int64_t margin = 64;
constexpr std::int64_t fade = 32;

/// 1 inside, falling to 0 at the border of the margin: the optical path is periodic then.
at::Tensor fading(std::int64_t side) {
  const at::Tensor pixel = at::arange(side, at::TensorOptions{at::kFloat});
  const at::Tensor depth = pixel.minimum(static_cast<double>(side - 1) - pixel) / fade;
  const at::Tensor line = at::sin(depth.clamp_max(1) * (std::numbers::pi / 2)).square();
  return line.unsqueeze(1) * line.unsqueeze(0);
}

at::Tensor cropped(const at::Tensor& map, int size) {
  return map.slice(-2, margin, margin + size).slice(-1, margin, margin + size);
}

std::vector<double> focus_heights(int planes, double step_um) {
  std::vector<double> heights;
  heights.reserve(static_cast<std::size_t>(planes));
  const int best = planes / 2;
  for (int i = 0; i < planes; ++i) {
    heights.push_back((i - best) * step_um);
  }
  return heights;
}

Exposure transmitted_exposure(const CameraSettings& camera) {
  return {.counts = camera.background_counts,
          .electrons_per_count = camera.electrons_per_count,
          .offset_counts = camera.offset_counts,
          .read_noise_counts = camera.read_noise_counts};
}

Exposure label_exposure(const CameraSettings& camera) {
  return {.counts = camera.label_peak_counts,
          .electrons_per_count = camera.label_electrons_per_count,
          .offset_counts = camera.offset_counts,
          .read_noise_counts = camera.read_noise_counts};
}

} // namespace

Field simulate_field(const StudySettings& study, const std::vector<Organelle>& labels, int size,
                     int planes, std::uint64_t seed, std::uint64_t stream) {
  Random random{seed, stream};
  const std::int64_t side = size + 2 * margin;
  Specimen specimen = grow_specimen(study.cells, side, study.optics.pixel_um, random);
  const at::Tensor window = fading(side);
  for (Layer& layer : specimen.layers) {
    layer.path_um = layer.path_um * window;
  }
  Field field;
  field.deviation_um = focus_heights(planes, study.optics.plane_step_um);
  const at::Tensor images =
      transmitted_images(specimen.layers, study.modality, study.optics, field.deviation_um);
  const at::Tensor light = illumination(size, study.camera.unevenness, random);
  for (int i = 0; i < planes; ++i) {
    field.planes.push_back(
        expose(cropped(images[i], size) * light, transmitted_exposure(study.camera), random));
  }
  // Every organelle has its own numbers, so that a label is the same with and without the others.
  for (const Organelle organelle : labels) {
    Random noise{seed ^ (channel_of(organelle) + 1), stream};
    const at::Tensor image =
        fluorescence_image(specimen, organelle, study.optics, study.camera.haze);
    field.labels.emplace(organelle,
                         expose(cropped(image, size), label_exposure(study.camera), noise));
  }
  return field;
}

} // namespace lmc::simulation
