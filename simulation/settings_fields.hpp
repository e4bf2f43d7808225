// SPDX-License-Identifier: Apache-2.0
// The one list of every setting with the range allowed: JSON in and out and the checks all follow
// it.
#pragma once

#include "simulation/settings.hpp"

namespace lmc::simulation {

/// Calls `visit(name, field, low, high)` for every number and `visit(name, field)` for every flag.
template <class Settings, class Visitor> void visit_cells(Settings& cells, Visitor&& visit) {
  visit("radius_um", cells.radius_um, 2.0, 100.0);
  visit("elongation", cells.elongation, 1.0, 10.0);
  visit("height_um", cells.height_um, 0.5, 30.0);
  visit("lamella_um", cells.lamella_um, 0.05, 10.0);
  visit("confluence", cells.confluence, 0.0, 2.0);
  visit("nucleus_um", cells.nucleus_um, 0.5, 30.0);
  visit("chromatin", cells.chromatin, 0.0, 5.0);
  visit("mitochondria", cells.mitochondria, 0, 2000);
  visit("microtubules", cells.microtubules, 0, 2000);
  visit("stress_fibres", cells.stress_fibres, 0, 500);
  visit("vesicles", cells.vesicles, 0, 2000);
  visit("debris", cells.debris, 0, 1000);
  for (const auto& [name, field] : {
           std::pair{"medium_index", &cells.medium_index},
           std::pair{"cytoplasm_index", &cells.cytoplasm_index},
           std::pair{"nucleus_index", &cells.nucleus_index},
           std::pair{"nucleolus_index", &cells.nucleolus_index},
           std::pair{"mitochondria_index", &cells.mitochondria_index},
           std::pair{"actin_index", &cells.actin_index},
           std::pair{"tubulin_index", &cells.tubulin_index},
           std::pair{"vesicle_index", &cells.vesicle_index},
       }) {
    visit(name, *field, 1.0, 1.7);
  }
}

template <class Settings, class Visitor> void visit_optics(Settings& optics, Visitor&& visit) {
  visit("pixel_um", optics.pixel_um, 0.02, 1.0);
  visit("wavelength_um", optics.wavelength_um, 0.3, 1.2);
  visit("immersion_index", optics.immersion_index, 1.0, 1.7);
  visit("objective_na", optics.objective_na, 0.05, 1.7);
  visit("condenser_na", optics.condenser_na, 0.0, 1.5);
  visit("source_points", optics.source_points, 2, 4096);
  visit("ring_na", optics.ring_na, 0.02, 1.5);
  visit("ring_width_na", optics.ring_width_na, 0.001, 0.5);
  visit("ring_transmission", optics.ring_transmission, 0.01, 1.0);
  visit("positive_phase", optics.positive_phase);
  visit("shear_um", optics.shear_um, 0.01, 2.0);
  visit("shear_degrees", optics.shear_degrees, -360.0, 360.0);
  visit("bias_degrees", optics.bias_degrees, 1.0, 359.0);
  visit("fluorescence_um", optics.fluorescence_um, 0.3, 1.2);
  visit("plane_step_um", optics.plane_step_um, 0.01, 10.0);
}

template <class Settings, class Visitor> void visit_camera(Settings& camera, Visitor&& visit) {
  visit("background_counts", camera.background_counts, 10.0, 60000.0);
  visit("electrons_per_count", camera.electrons_per_count, 0.001, 1000.0);
  visit("offset_counts", camera.offset_counts, 0.0, 10000.0);
  visit("read_noise_counts", camera.read_noise_counts, 0.0, 1000.0);
  visit("unevenness", camera.unevenness, 0.0, 1.0);
  visit("label_peak_counts", camera.label_peak_counts, 1.0, 60000.0);
  visit("label_electrons_per_count", camera.label_electrons_per_count, 0.001, 1000.0);
  visit("haze", camera.haze, 0.0, 0.9);
}

template <class Settings, class Visitor> void visit_run(Settings& options, Visitor&& visit) {
  visit("fields", options.fields, 1, 1'000'000);
  visit("fields_per_study", options.fields_per_study, 1, 1'000'000);
  visit("size", options.size, 64, 4096);
  visit("planes", options.planes, 1, 101);
  visit("all_labels", options.all_labels);
}

} // namespace lmc::simulation
