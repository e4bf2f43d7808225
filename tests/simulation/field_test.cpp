// SPDX-License-Identifier: Apache-2.0
#include "simulation/field.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

using namespace lmc::simulation;
using lmc::Modality;
using lmc::Organelle;

constexpr int size = 160;

StudySettings study_of(Modality modality) {
  StudySettings study;
  study.modality = modality;
  study.optics.pixel_um = 0.15;
  // Hardly any noise, so that what is left is the specimen.
  study.camera.electrons_per_count = 50;
  study.camera.unevenness = 0;
  return study;
}

double mean(const Pixels& pixels) {
  return std::accumulate(pixels.begin(), pixels.end(), 0.0) / static_cast<double>(pixels.size());
}

/// Relative standard deviation.
double contrast(const Pixels& pixels) {
  const double middle = mean(pixels);
  double squares = 0;
  for (const std::uint16_t pixel : pixels) {
    squares += (pixel - middle) * (pixel - middle);
  }
  return std::sqrt(squares / static_cast<double>(pixels.size())) / middle;
}

} // namespace

CATCH_TEST_CASE("a field is its numbers' and its study's alone") {
  const StudySettings study = study_of(Modality::bright_field);
  const std::vector<Organelle> nucleus{Organelle::nucleus};
  const Field first = simulate_field(study, nucleus, size, 2, 9, 4);
  const Field again = simulate_field(study, nucleus, size, 2, 9, 4);
  CATCH_CHECK(first.planes == again.planes);
  CATCH_CHECK(first.labels == again.labels);
  CATCH_CHECK(simulate_field(study, nucleus, size, 2, 9, 5).planes != first.planes);
  CATCH_CHECK(simulate_field(study, nucleus, size, 2, 8, 4).planes != first.planes);
}

CATCH_TEST_CASE("a label is the same with and without the others") {
  const StudySettings study = study_of(Modality::dic);
  const Field one = simulate_field(study, {Organelle::actin}, size, 1, 9, 4);
  const Field two = simulate_field(study, {Organelle::nucleus, Organelle::actin}, size, 1, 9, 4);
  CATCH_CHECK(one.labels.at(Organelle::actin) == two.labels.at(Organelle::actin));
  CATCH_CHECK(one.planes == two.planes);
  CATCH_CHECK(two.labels.size() == 2);
}

CATCH_TEST_CASE("planes lie around best focus") {
  const StudySettings study = study_of(Modality::bright_field);
  const Field field = simulate_field(study, {}, size, 5, 1, 1);
  const double step = study.optics.plane_step_um;
  CATCH_REQUIRE(field.deviation_um.size() == 5);
  CATCH_CHECK(field.deviation_um[0] == Approx(-2 * step));
  CATCH_CHECK(field.deviation_um[2] == 0);
  CATCH_CHECK(field.planes[0] != field.planes[4]);
  CATCH_CHECK(field.planes[0].size() == std::size_t{size} * size);
}

CATCH_TEST_CASE("the background has the brightness asked for, and cells stand out of it") {
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic}) {
    const StudySettings study = study_of(modality);
    const Field field = simulate_field(study, {}, size, 3, 2, 1);
    StudySettings bare = study;
    bare.cells.confluence = 0;
    bare.cells.debris = 0;
    const Field empty = simulate_field(bare, {}, size, 1, 2, 1);
    const double background = study.camera.background_counts + study.camera.offset_counts;
    CATCH_CHECK(mean(empty.planes.front()) == Approx(background).epsilon(0.05));
    // The empty field has the camera's noise and the dust's shadows only.
    CATCH_CHECK(contrast(field.planes.front()) > 2 * contrast(empty.planes.front()));
  }
}
