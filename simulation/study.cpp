// SPDX-License-Identifier: Apache-2.0
#include "simulation/study.hpp"

#include "simulation/random.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lmc::simulation {

namespace {

/// A study of the public set: what of it shapes an image.
struct Template {
  int study;
  Modality modality;
  double pixel_um;
  double objective_na;
  std::string_view labels; ///< initials: Mitochondria, Nucleus, Tubulin, Actin
  std::string_view sample;
};

constexpr Modality bf = Modality::bright_field;
constexpr Modality pc = Modality::phase_contrast;
constexpr Modality dic = Modality::dic;

// From the set's own file lists. An aperture that it does not state is that of the usual objective
// of the magnification.
constexpr std::array<Template, 30> public_set{{
    {1, bf, 0.100, 0.7, "MN", "U2OS"},         {2, dic, 0.102, 1.2, "MN", "fibroblast"},
    {3, bf, 0.100, 1.3, "MNA", "myoblast"},    {4, dic, 0.060, 1.3, "MNT", "HeLa"},
    {5, pc, 0.065, 1.3, "NA", "muscle fibre"}, {6, pc, 0.162, 0.6, "NA", "muscle fibre"},
    {7, dic, 0.103, 1.3, "NT", "intestine"},   {8, bf, 0.162, 1.3, "MN", "HEP3B"},
    {9, bf, 0.162, 1.3, "MN", "T24"},          {10, bf, 0.065, 1.3, "MN", "T24"},
    {11, bf, 0.065, 1.3, "N", "C4-2B"},        {12, pc, 0.065, 1.3, "MN", "C4-2B"},
    {13, pc, 0.065, 1.3, "MN", "T24"},         {14, bf, 0.065, 1.3, "MN", "HEP3B"},
    {15, pc, 0.065, 1.3, "MN", "HEP3B"},       {16, dic, 0.103, 1.3, "M", "HeLa"},
    {17, dic, 0.103, 1.3, "NT", "HeLa"},       {18, dic, 0.110, 1.3, "MN", "MDCK"},
    {19, dic, 0.110, 1.3, "MN", "U2OS"},       {20, dic, 0.110, 1.3, "MNT", "MDCK"},
    {21, dic, 0.110, 1.3, "NT", "U2OS"},       {22, dic, 0.110, 1.3, "MN", "MDCK"},
    {23, dic, 0.110, 1.3, "MN", "U2OS"},       {24, dic, 0.110, 1.3, "MNT", "MDCK"},
    {25, bf, 0.079, 1.3, "MN", "HeLa"},        {26, bf, 0.102, 1.3, "N", "HeLa"},
    {27, pc, 0.065, 1.3, "MN", "HeLa"},        {28, pc, 0.106, 1.3, "MN", "HeLa"},
    {29, pc, 0.100, 1.3, "NT", "U2OS"},        {30, bf, 0.100, 1.3, "NT", "U2OS"},
}};

std::vector<Organelle> labels_of(std::string_view initials) {
  constexpr std::string_view order = "MNTA";
  std::vector<Organelle> labels;
  for (const Organelle organelle : all_organelles) {
    if (initials.find(order[channel_of(organelle)]) != std::string_view::npos) {
      labels.push_back(organelle);
    }
  }
  return labels;
}

int whole(double value) {
  return static_cast<int>(value);
}

CellSettings draw_cells(Random& random) {
  CellSettings cells;
  cells.radius_um = random.uniform(10, 17);
  cells.elongation = random.uniform(1.1, 1.9);
  cells.height_um = random.uniform(3.5, 6.5);
  cells.lamella_um = random.uniform(0.6, 1.3);
  cells.confluence = random.uniform(0.5, 1.3);
  cells.nucleus_um = cells.radius_um * random.uniform(0.42, 0.55);
  cells.chromatin = random.uniform(0.6, 1.5);
  cells.mitochondria = whole(random.uniform(60, 180));
  cells.microtubules = whole(random.uniform(60, 130));
  cells.stress_fibres = whole(random.uniform(4, 24));
  cells.vesicles = whole(random.uniform(10, 70));
  cells.debris = whole(random.uniform(0, 30));
  cells.cytoplasm_index = random.uniform(1.356, 1.367);
  cells.nucleus_index = cells.cytoplasm_index - random.uniform(0.002, 0.008);
  cells.nucleolus_index = cells.nucleus_index + random.uniform(0.012, 0.02);
  cells.mitochondria_index = random.uniform(1.395, 1.412);
  cells.actin_index = cells.cytoplasm_index + random.uniform(0.015, 0.025);
  cells.tubulin_index = cells.cytoplasm_index + random.uniform(0.004, 0.008);
  cells.vesicle_index = random.uniform(1.41, 1.46);
  return cells;
}

OpticsSettings draw_optics(const Template& from, Random& random) {
  OpticsSettings optics;
  optics.pixel_um = from.pixel_um;
  optics.objective_na = from.objective_na;
  optics.wavelength_um = random.uniform(0.53, 0.6);
  // Closed down for contrast, as users do.
  optics.condenser_na = std::min(random.uniform(0.25, 0.5), 0.8 * from.objective_na);
  // The annulus of a Ph2 or Ph3 condenser.
  optics.ring_na = std::min(random.uniform(0.35, 0.5), 0.7 * from.objective_na);
  optics.ring_width_na = random.uniform(0.05, 0.09);
  optics.ring_transmission = random.uniform(0.2, 0.4);
  optics.shear_um = random.uniform(0.15, 0.28);
  optics.shear_degrees = random.uniform(0, 1) < 0.5 ? 45 : 135;
  optics.bias_degrees = random.uniform(70, 110);
  optics.plane_step_um = random.uniform(0.25, 0.5);
  return optics;
}

CameraSettings draw_camera(Modality modality, Random& random) {
  CameraSettings camera;
  if (random.uniform() < 0.25) {
    // A 12-bit camera.
    camera.background_counts = random.uniform(1000, 2200);
    camera.electrons_per_count = random.uniform(3, 8);
    camera.label_peak_counts = random.uniform(600, 2500);
    camera.label_electrons_per_count = random.uniform(0.2, 0.8);
    camera.offset_counts = random.uniform(10, 60);
  } else {
    camera.background_counts = random.uniform(12000, 26000);
    camera.electrons_per_count = random.uniform(0.3, 0.9);
    camera.label_peak_counts = random.uniform(3000, 20000);
    camera.label_electrons_per_count = random.uniform(0.03, 0.15);
    camera.offset_counts = random.uniform(80, 500);
  }
  if (modality == Modality::phase_contrast) {
    // Room for the halo, which is up to three times as bright.
    camera.background_counts *= 0.6;
  }
  camera.read_noise_counts = random.uniform(1, 4);
  camera.unevenness = random.uniform(0.01, 0.1);
  camera.haze = random.uniform(0.1, 0.4);
  return camera;
}

StudySettings draw_study(const Template& from, Random& random) {
  StudySettings study;
  study.modality = from.modality;
  study.sample = std::string{from.sample};
  study.labels = labels_of(from.labels);
  study.cells = draw_cells(random);
  study.optics = draw_optics(from, random);
  study.camera = draw_camera(from.modality, random);
  return study;
}

/// Fisher and Yates's shuffle.
void shuffle(std::vector<Template>& deck, Random& random) {
  for (std::size_t left = deck.size(); left > 1; --left) {
    std::swap(deck[left - 1], deck[random.index(left)]);
  }
}

std::vector<Template> deck_for(std::optional<Modality> modality) {
  std::vector<Template> deck;
  std::copy_if(public_set.begin(), public_set.end(), std::back_inserter(deck),
               [&](const Template& t) { return !modality || t.modality == *modality; });
  return deck;
}

} // namespace

std::vector<StudySettings> studies_of(const SimulationOptions& options) {
  const int count = (options.fields - 1) / options.fields_per_study + 1;
  std::vector<StudySettings> studies;
  if (!options.studies.empty()) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      studies.push_back(options.studies[i % options.studies.size()]);
    }
    return studies;
  }
  // Stream 0 is the studies'; the fields' start at 1.
  Random random{options.seed, 0};
  std::vector<Template> deck;
  for (int i = 0; i < count; ++i) {
    if (deck.empty()) {
      deck = deck_for(options.modality);
      shuffle(deck, random);
    }
    studies.push_back(draw_study(deck.back(), random));
    deck.pop_back();
  }
  return studies;
}

} // namespace lmc::simulation
