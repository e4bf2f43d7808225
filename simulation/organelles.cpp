// SPDX-License-Identifier: Apache-2.0
#include "simulation/organelles.hpp"

#include "simulation/sample_map.hpp"
#include "simulation/specimen.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lmc::simulation {

namespace {

constexpr double pi = std::numbers::pi;
constexpr double step_um = 0.1;

/// What one cell's drawing functions share.
struct Scene {
  const Cell& cell;
  std::size_t index;
  const CellMap& map;
  const CellSettings& settings;
  Random& random;

  [[nodiscard]] bool in_cytoplasm(Point place) const {
    return map.belongs(place, index) && map.nucleus.at(place) <= 0 && map.border.at(place) < 0.95F;
  }
  [[nodiscard]] bool in_cell(Point place) const {
    return map.belongs(place, index) && map.border.at(place) < 0.96F;
  }
  /// A layer that reaches below the cell's surface here.
  [[nodiscard]] std::size_t layer_at(Point place) const {
    const double thickness = settings.height_um / layer_count;
    const double z = random.uniform(0.15, 0.85) * map.height.at(place);
    return std::min(static_cast<std::size_t>(z / thickness), layer_count - 1);
  }
  /// Around the nucleus, denser near it.
  [[nodiscard]] Point perinuclear() const {
    const double angle = random.uniform(0, 2 * pi);
    const double gap = std::abs(random.normal()) * 0.35 * cell.radius_um;
    const double r = cell.nucleus_um * 0.9 + gap;
    const Point centre = cell.nucleus.centre();
    return {centre.y + r * std::sin(angle), centre.x + r * std::cos(angle)};
  }
};

void draw_mitochondria(const Scene& scene, std::vector<SampleMap>& layers) {
  const auto allowed = [&](Point place) { return scene.in_cytoplasm(place); };
  for (int i = 0; i < scene.settings.mitochondria; ++i) {
    const Point start = scene.perinuclear();
    // Mostly outwards, along the microtubules.
    const Point centre = scene.cell.nucleus.centre();
    const double outwards = std::atan2(start.y - centre.y, start.x - centre.x);
    const Growth growth{
        .length_um = scene.random.uniform(0.8, 6), .step_um = step_um, .persistence_um = 2.5};
    const double direction = outwards + 0.9 * scene.random.normal();
    const double width = scene.random.uniform(0.8, 1.2);
    draw(grow(start, direction, growth, allowed, scene.random), step_um, 0.17 * width,
         mitochondrion_um * width, layers[scene.layer_at(start)]);
  }
}

void draw_microtubules(const Scene& scene, std::vector<SampleMap>& layers) {
  const auto allowed = [&](Point place) { return scene.in_cell(place); };
  // A neighbour may have pushed the cell's border inside of its organising centre.
  const Point centre = scene.in_cell(scene.cell.organising_centre) ? scene.cell.organising_centre
                                                                   : scene.cell.nucleus.centre();
  for (int i = 0; i < scene.settings.microtubules; ++i) {
    const Growth growth{.length_um = scene.cell.radius_um * scene.random.uniform(0.6, 2.0),
                        .step_um = step_um,
                        .persistence_um = 25};
    // Starting a little off the centre, so that it is no single bright dot.
    const double direction = scene.random.uniform(0, 2 * pi);
    const double off = scene.random.uniform(0.2, 1.2);
    const Point start{centre.y + off * std::sin(direction), centre.x + off * std::cos(direction)};
    draw(grow(start, direction, growth, allowed, scene.random), step_um, 0.12, microtubule_um,
         layers[scene.layer_at(start)]);
  }
}

void draw_stress_fibres(const Scene& scene, SampleMap& bottom) {
  const auto allowed = [&](Point place) { return scene.in_cell(place); };
  const Point centre = scene.cell.body.centre();
  for (int i = 0; i < scene.settings.stress_fibres; ++i) {
    const double direction = scene.cell.axis + 0.12 * scene.random.normal();
    const double across = scene.random.normal() * 0.45 * scene.cell.radius_um;
    const double along = scene.random.normal() * 0.3 * scene.cell.radius_um;
    const Point middle{centre.y + along * std::sin(direction) + across * std::cos(direction),
                       centre.x + along * std::cos(direction) - across * std::sin(direction)};
    const Growth growth{.length_um = scene.cell.radius_um * scene.random.uniform(0.3, 1.0),
                        .step_um = step_um,
                        .persistence_um = 400};
    const double height = actin_um * scene.random.uniform(0.5, 1.3);
    const double sigma = scene.random.uniform(0.12, 0.22);
    draw(grow(middle, direction, growth, allowed, scene.random), step_um, sigma, height, bottom);
    draw(grow(middle, direction + pi, growth, allowed, scene.random), step_um, sigma, height,
         bottom);
  }
}

void draw_vesicles(const Scene& scene, std::vector<SampleMap>& layers) {
  for (int i = 0; i < scene.settings.vesicles; ++i) {
    const Point place = scene.perinuclear();
    if (scene.in_cytoplasm(place)) {
      // Many small ones, few large ones.
      const double radius = 0.15 + 0.45 * std::pow(scene.random.uniform(), 3);
      layers[scene.layer_at(place)].add_sphere(place, radius, 1);
    }
  }
}

void draw_nucleoli(const Scene& scene, SampleMap& middle) {
  for (const Nucleolus& nucleolus : scene.cell.nucleoli) {
    if (scene.map.belongs(nucleolus.place, scene.index)) {
      middle.add_sphere(nucleolus.place, nucleolus.radius_um, 1);
    }
  }
}

/// Actin under the membrane: a band along the border, half a micrometre wide, and a thin mesh over
/// the whole cell.
void add_cortex(const std::vector<Cell>& cells, const CellMap& map, SampleMap& bottom) {
  for (std::int64_t y = 0; y < map.owner.side(); ++y) {
    for (std::int64_t x = 0; x < map.owner.side(); ++x) {
      const float owner = map.owner.at(y, x);
      if (owner == 0) {
        continue;
      }
      const double radius_um = cells[static_cast<std::size_t>(owner) - 1].radius_um;
      const double depth_um = (1 - map.border.at(y, x)) * radius_um;
      const double band = std::exp(-0.5 * std::pow((depth_um - 0.4) / 0.4, 2));
      bottom.at(y, x) += static_cast<float>(actin_um * (0.6 * band + 0.12));
    }
  }
}

/// Round particles that float in the medium or lie on the cells.
void draw_debris(const CellSettings& settings, Random& random, SampleMap& top) {
  const double extent_um = static_cast<double>(top.side()) * top.pixel_um();
  const double mean = settings.debris * extent_um * extent_um / 10'000;
  const auto count = static_cast<std::size_t>(random.poisson(mean));
  for (std::size_t i = 0; i < count; ++i) {
    top.add_sphere({random.uniform(0, extent_um), random.uniform(0, extent_um)},
                   random.uniform(0.2, 0.8), random.uniform(0.3, 0.8));
  }
}

} // namespace

OrganelleMaps draw_organelles(const std::vector<Cell>& cells, const CellMap& map,
                              const CellSettings& settings, Random& random) {
  const SampleMap empty{map.owner.side(), map.owner.pixel_um()};
  const std::vector<SampleMap> layers(layer_count, empty);
  OrganelleMaps maps{layers, layers, layers, layers, empty};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Scene scene{cells[i], i, map, settings, random};
    draw_mitochondria(scene, maps.mitochondria);
    draw_microtubules(scene, maps.tubulin);
    draw_vesicles(scene, maps.vesicles);
    draw_nucleoli(scene, maps.nucleoli);
    if (!cells[i].rounded) {
      draw_stress_fibres(scene, maps.actin.front());
    }
  }
  add_cortex(cells, map, maps.actin.front());
  draw_debris(settings, random, maps.vesicles.back());
  return maps;
}

} // namespace lmc::simulation
