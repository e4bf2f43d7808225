// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/random.hpp"
#include "simulation/sample_map.hpp"
#include "simulation/settings.hpp"

#include <vector>

namespace lmc::simulation {

/// A closed outline around a centre: its radius as a function of the angle.
class Outline {
public:
  /// An ellipse, roughened by harmonics.
  /// @param roughness relative height of the second harmonic; higher ones fall off
  Outline(Point centre, double mean_radius_um, double elongation, double angle, double roughness,
          Random& random);

  /// A pointed protrusion.
  void add_protrusion(double angle, double length_um, double width);

  /// Distance from the centre over the outline's radius in that direction: below 1 inside.
  [[nodiscard]] double relative(Point place) const;

  [[nodiscard]] Point centre() const noexcept { return centre_; }
  [[nodiscard]] double reach_um() const; ///< largest radius

private:
  Point centre_;
  std::vector<double> radii_; ///< at even angles
};

/// The nucleus lies this far above the glass.
inline constexpr double nucleus_bottom_um = 0.4;

struct Nucleolus {
  Point place;
  double radius_um = 1;
};

/// One cell, as numbers.
struct Cell {
  Outline body;
  Outline nucleus;
  std::vector<Nucleolus> nucleoli;
  Point organising_centre; ///< where the microtubules start
  double axis = 0;         ///< direction of its length
  double radius_um = 0;    ///< mean
  double height_um = 0;    ///< over the nucleus
  double nucleus_um = 0;   ///< mean radius
  bool rounded = false;    ///< about to divide: a ball without lamella and fibres
};

/// Cells at random places, not closer than their nuclei allow, on and around a square field.
[[nodiscard]] std::vector<Cell> place_cells(double extent_um, const CellSettings& settings,
                                            Random& random);

/// What lies over each pixel. All in micrometres where not said otherwise.
struct CellMap {
  SampleMap owner;   ///< index of the cell + 1; 0: none
  SampleMap border;  ///< 1 at the cell's border (also to a neighbour), 0 at its centre
  SampleMap height;  ///< of the cell
  SampleMap nucleus; ///< thickness of the nucleus

  [[nodiscard]] bool belongs(Point place, std::size_t cell) const {
    return owner.at(place) == static_cast<float>(cell + 1);
  }
};

/// Where cells overlap, the one whose centre is relatively nearer has the pixel.
[[nodiscard]] CellMap map_cells(const std::vector<Cell>& cells, const CellSettings& settings,
                                std::int64_t side, double pixel_um);

} // namespace lmc::simulation
