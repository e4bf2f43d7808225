// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lmc::simulation {

/// The cells of a study. Refractive indices: docs/simulation.md names their sources.
struct CellSettings {
  double radius_um = 14;   ///< mean radius of a spread cell
  double elongation = 1.4; ///< length over width
  double height_um = 6;    ///< over the nucleus
  double lamella_um = 0.9; ///< height near the edge
  double confluence = 0.5; ///< covered part of the field, before cells push each other aside
  double nucleus_um = 7;   ///< mean radius of a nucleus
  double chromatin = 1;    ///< strength of the chromatin's texture; 1: typical
  int mitochondria = 120;  ///< per cell
  int microtubules = 90;   ///< per cell
  int stress_fibres = 14;  ///< per cell
  int vesicles = 30;       ///< lipid droplets and granules per cell
  int debris = 4;          ///< floating particles per 10,000 square micrometres
  double medium_index = 1.337;
  double cytoplasm_index = 1.365;
  double nucleus_index = 1.360;
  double nucleolus_index = 1.375;
  double mitochondria_index = 1.405;
  double actin_index = 1.385;
  double tubulin_index = 1.371; ///< of the bundle that is drawn, cytoplasm included
  double vesicle_index = 1.44;

  bool operator==(const CellSettings&) const = default;
};

/// The microscope.
struct OpticsSettings {
  double pixel_um = 0.1; ///< in the sample
  double wavelength_um = 0.55;
  double immersion_index = 1.337; ///< of the medium the light passes beside the cells
  double objective_na = 0.8;
  double condenser_na = 0.45;     ///< bright field and DIC: a filled disc
  int source_points = 16;         ///< the source is a sum over as many plane waves, an even number
  double ring_na = 0.45;          ///< phase contrast: middle of the condenser's annulus
  double ring_width_na = 0.06;    ///< of the phase plate
  double ring_transmission = 0.3; ///< of the phase plate, intensity
  bool positive_phase = true;     ///< thicker is darker
  double shear_um = 0.2;          ///< DIC
  double shear_degrees = 45;      ///< direction of the shear, from x towards y
  double bias_degrees = 90;       ///< phase between the two DIC beams
  double fluorescence_um = 0.6;   ///< emission wavelength
  double plane_step_um = 0.4;     ///< between focal planes

  bool operator==(const OpticsSettings&) const = default;
};

/// The camera.
struct CameraSettings {
  double background_counts = 16000; ///< transmitted light without cells
  double electrons_per_count = 0.6;
  double offset_counts = 100;
  double read_noise_counts = 2;
  double unevenness = 0.06;        ///< of the illumination, peak to peak over the field
  double label_peak_counts = 9000; ///< fluorescence of a bright structure
  double label_electrons_per_count = 0.1;
  double haze = 0.25; ///< part of the fluorescence that comes from far out of focus

  bool operator==(const CameraSettings&) const = default;
};

/// All fields of one study share these.
struct StudySettings {
  Modality modality = Modality::bright_field;
  std::string sample = "cells"; ///< free text, written to the files
  std::vector<Organelle> labels{Organelle::mitochondria, Organelle::nucleus};
  CellSettings cells;
  OpticsSettings optics;
  CameraSettings camera;

  bool operator==(const StudySettings&) const = default;
};

/// One run of the simulator.
struct SimulationOptions {
  int fields = 16; ///< fields of view in all
  int fields_per_study = 4;
  int size = 512;                   ///< height and width of an image, pixels
  int planes = 7;                   ///< focal planes per field
  std::optional<Modality> modality; ///< nothing: all
  bool all_labels = false;          ///< write every organelle, whatever the study's labels
  std::uint64_t seed = 1;
  std::vector<StudySettings> studies; ///< used in turn; empty: drawn from the seed

  bool operator==(const SimulationOptions&) const = default;
};

/// A JSON object with the names above, complete.
[[nodiscard]] nlohmann::json to_json(const SimulationOptions& options);

/// From such an object; absent keys keep their defaults.
/// @throws std::invalid_argument for an unknown key, a wrong type or a value that is not allowed
[[nodiscard]] SimulationOptions options_from_json(const nlohmann::json& object);

} // namespace lmc::simulation
