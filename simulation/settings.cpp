// SPDX-License-Identifier: Apache-2.0
#include "simulation/settings.hpp"

#include "common/records/fields.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace lmc::simulation {

namespace {

constexpr auto modality_choices =
    name_table<std::optional<Modality>>({{std::nullopt, "all"},
                                         {Modality::bright_field, "BF"},
                                         {Modality::phase_contrast, "PC"},
                                         {Modality::dic, "DIC"}});

/// What no single setting decides. @throws std::invalid_argument
void check_together(const OpticsSettings& optics) {
  const auto refuse_unless = [](bool allowed, const char* name, auto seen, std::string why) {
    if (!allowed) {
      throw std::invalid_argument{fmt::format("\"{}\" is {}, {}", name, seen, why)};
    }
  };
  refuse_unless(optics.source_points % 2 == 0, "source_points", optics.source_points,
                "an even number is expected: the points come in opposite pairs");
  refuse_unless(optics.ring_na < optics.objective_na, "ring_na", optics.ring_na,
                fmt::format("allowed is less than objective_na, {}: the objective must let the "
                            "annulus's light through",
                            optics.objective_na));
  refuse_unless(optics.condenser_na <= optics.objective_na, "condenser_na", optics.condenser_na,
                fmt::format("allowed is up to objective_na, {}: light beyond it would be dark "
                            "field",
                            optics.objective_na));
}

} // namespace

// The one list of every setting with the range allowed.

template <class Fields> void visit_fields(Fields& fields, CellSettings& cells) {
  fields.field("radius_um", cells.radius_um, 2.0, 100.0);
  fields.field("elongation", cells.elongation, 1.0, 10.0);
  fields.field("height_um", cells.height_um, 0.5, 30.0);
  fields.field("lamella_um", cells.lamella_um, 0.05, 10.0);
  fields.field("confluence", cells.confluence, 0.0, 2.0);
  fields.field("nucleus_um", cells.nucleus_um, 0.5, 30.0);
  fields.field("chromatin", cells.chromatin, 0.0, 5.0);
  fields.field("mitochondria", cells.mitochondria, 0, 2000);
  fields.field("microtubules", cells.microtubules, 0, 2000);
  fields.field("stress_fibres", cells.stress_fibres, 0, 500);
  fields.field("vesicles", cells.vesicles, 0, 2000);
  fields.field("debris", cells.debris, 0, 1000);
  fields.field("medium_index", cells.medium_index, 1.0, 1.7);
  fields.field("cytoplasm_index", cells.cytoplasm_index, 1.0, 1.7);
  fields.field("nucleus_index", cells.nucleus_index, 1.0, 1.7);
  fields.field("nucleolus_index", cells.nucleolus_index, 1.0, 1.7);
  fields.field("mitochondria_index", cells.mitochondria_index, 1.0, 1.7);
  fields.field("actin_index", cells.actin_index, 1.0, 1.7);
  fields.field("tubulin_index", cells.tubulin_index, 1.0, 1.7);
  fields.field("vesicle_index", cells.vesicle_index, 1.0, 1.7);
}

template <class Fields> void visit_fields(Fields& fields, OpticsSettings& optics) {
  fields.field("pixel_um", optics.pixel_um, 0.02, 1.0);
  fields.field("wavelength_um", optics.wavelength_um, 0.3, 1.2);
  fields.field("immersion_index", optics.immersion_index, 1.0, 1.7);
  fields.field("objective_na", optics.objective_na, 0.05, 1.7);
  fields.field("condenser_na", optics.condenser_na, 0.0, 1.5);
  fields.field("source_points", optics.source_points, 2, 4096);
  fields.field("ring_na", optics.ring_na, 0.02, 1.5);
  fields.field("ring_width_na", optics.ring_width_na, 0.001, 0.5);
  fields.field("ring_transmission", optics.ring_transmission, 0.01, 1.0);
  fields.field("positive_phase", optics.positive_phase);
  fields.field("shear_um", optics.shear_um, 0.01, 2.0);
  fields.field("shear_degrees", optics.shear_degrees, -360.0, 360.0);
  fields.field("bias_degrees", optics.bias_degrees, 1.0, 359.0);
  fields.field("fluorescence_um", optics.fluorescence_um, 0.3, 1.2);
  fields.field("plane_step_um", optics.plane_step_um, 0.01, 10.0);
  if constexpr (Fields::reading) {
    check_together(optics);
  }
}

template <class Fields> void visit_fields(Fields& fields, CameraSettings& camera) {
  fields.field("background_counts", camera.background_counts, 10.0, 60000.0);
  fields.field("electrons_per_count", camera.electrons_per_count, 0.001, 1000.0);
  fields.field("offset_counts", camera.offset_counts, 0.0, 10000.0);
  fields.field("read_noise_counts", camera.read_noise_counts, 0.0, 1000.0);
  fields.field("unevenness", camera.unevenness, 0.0, 1.0);
  fields.field("label_peak_counts", camera.label_peak_counts, 1.0, 60000.0);
  fields.field("label_electrons_per_count", camera.label_electrons_per_count, 0.001, 1000.0);
  fields.field("haze", camera.haze, 0.0, 0.9);
}

template <class Fields> void visit_fields(Fields& fields, StudySettings& study) {
  fields.field("modality", study.modality, modality_names);
  fields.field("sample", study.sample);
  fields.field("labels", study.labels, organelle_names);
  fields.field("cells", study.cells);
  fields.field("optics", study.optics);
  fields.field("camera", study.camera);
}

template <class Fields> void visit_fields(Fields& fields, SimulationOptions& options) {
  fields.field("fields", options.fields, 1, 1'000'000);
  fields.field("fields_per_study", options.fields_per_study, 1, 1'000'000);
  fields.field("size", options.size, 64, 4096);
  fields.field("planes", options.planes, 1, 101);
  fields.field("modality", options.modality, modality_choices);
  fields.field("all_labels", options.all_labels);
  fields.field("seed", options.seed);
  fields.field("studies", options.studies);
}

nlohmann::json to_json(const SimulationOptions& options) {
  return fields_of(options);
}

SimulationOptions options_from_json(const nlohmann::json& object) {
  SimulationOptions options;
  read_fields(object, options);
  return options;
}

} // namespace lmc::simulation
