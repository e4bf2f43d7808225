// SPDX-License-Identifier: Apache-2.0
#include "simulation/cell.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace lmc::simulation {

namespace {

constexpr double pi = std::numbers::pi;
constexpr int outline_angles = 360;
// Of HeLa cells in culture, 2 to 5 % are in mitosis at a time.
constexpr double rounded_share = 0.04;

double distance(Point a, Point b) {
  return std::hypot(a.y - b.y, a.x - b.x);
}

Outline body_outline(Point centre, double radius, double elongation, double angle, bool rounded,
                     Random& random) {
  if (rounded) {
    return {centre, 0.6 * radius, 1.05, angle, 0.01, random};
  }
  Outline body{centre, radius, elongation, angle, 0.1, random};
  const std::size_t protrusions = random.index(5);
  for (std::size_t i = 0; i < protrusions; ++i) {
    // Mostly from the two ends.
    const double direction =
        angle + pi * static_cast<double>(random.index(2)) + 0.6 * random.normal();
    body.add_protrusion(direction, radius * random.uniform(0.15, 0.6), random.uniform(0.06, 0.2));
  }
  return body;
}

std::vector<Nucleolus> nucleoli_in(Point centre, double nucleus_um, Random& random) {
  std::vector<Nucleolus> nucleoli;
  const std::size_t count = 1 + random.index(4);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = random.uniform(0, 2 * pi);
    const double r = nucleus_um * random.uniform(0.1, 0.6);
    nucleoli.push_back({{centre.y + r * std::sin(angle), centre.x + r * std::cos(angle)},
                        nucleus_um * random.uniform(0.1, 0.22)});
  }
  return nucleoli;
}

Cell make_cell(Point centre, const CellSettings& settings, Random& random) {
  const double axis = random.uniform(0, pi);
  const double radius = settings.radius_um * random.uniform(0.8, 1.2);
  const double nucleus_um = settings.nucleus_um * random.uniform(0.85, 1.15);
  const bool rounded = random.uniform() < rounded_share;
  const double shift = 0.15 * radius;
  const Point middle{centre.y + shift * random.normal() * 0.5,
                     centre.x + shift * random.normal() * 0.5};
  const double elongation = 1 + (settings.elongation - 1) * random.uniform(0.5, 1.5);
  const double to_pole = random.uniform(0, 2 * pi);
  return {.body = body_outline(centre, radius, elongation, axis, rounded, random),
          .nucleus = {middle, nucleus_um * (rounded ? 0.7 : 1), random.uniform(1.1, 1.45),
                      axis + 0.3 * random.normal(), 0.03, random},
          .nucleoli = rounded ? std::vector<Nucleolus>{} : nucleoli_in(middle, nucleus_um, random),
          .organising_centre = {middle.y + 1.1 * nucleus_um * std::sin(to_pole),
                                middle.x + 1.1 * nucleus_um * std::cos(to_pole)},
          .axis = axis,
          .radius_um = radius,
          .height_um = settings.height_um * random.uniform(0.8, 1.2) * (rounded ? 1.8 : 1),
          .nucleus_um = nucleus_um,
          .rounded = rounded};
}

/// First and last + 1 pixel of a range, cut to the map.
std::pair<std::int64_t, std::int64_t> pixels(double low_um, double high_um, const SampleMap& map) {
  const auto side = static_cast<double>(map.side());
  return {static_cast<std::int64_t>(std::clamp(std::floor(low_um / map.pixel_um()), 0.0, side)),
          static_cast<std::int64_t>(std::clamp(std::ceil(high_um / map.pixel_um()), 0.0, side))};
}

Point middle_of(std::int64_t y, std::int64_t x, double pixel_um) {
  return {(static_cast<double>(y) + 0.5) * pixel_um, (static_cast<double>(x) + 0.5) * pixel_um};
}

/// Keeps the two smallest relative distances of each pixel and who has the smaller.
void claim_pixels(const Cell& cell, std::size_t index, SampleMap& nearest, SampleMap& second,
                  SampleMap& owner) {
  const Point centre = cell.body.centre();
  const double reach = cell.body.reach_um();
  const auto [top, bottom] = pixels(centre.y - reach, centre.y + reach, owner);
  const auto [left, right] = pixels(centre.x - reach, centre.x + reach, owner);
  for (std::int64_t y = top; y < bottom; ++y) {
    for (std::int64_t x = left; x < right; ++x) {
      const auto rho = static_cast<float>(cell.body.relative(middle_of(y, x, owner.pixel_um())));
      if (rho >= 1) {
        continue;
      }
      if (rho < nearest.at(y, x)) {
        second.at(y, x) = nearest.at(y, x);
        nearest.at(y, x) = rho;
        owner.at(y, x) = static_cast<float>(index + 1);
      } else {
        second.at(y, x) = std::min(second.at(y, x), rho);
      }
    }
  }
}

/// A fried egg: a thin lamella with a dome over the nucleus; a ball when rounded.
double height_at(const Cell& cell, const CellSettings& settings, double border,
                 double nucleus_distance) {
  if (cell.rounded) {
    return cell.height_um * std::sqrt(1 - border * border);
  }
  const double edge = std::sqrt(1 - std::pow(border, 6));
  const double lamella = std::min(settings.lamella_um, cell.height_um);
  const double dome = std::exp(-0.5 * std::pow(nucleus_distance / 1.15, 2));
  return edge * (lamella + (cell.height_um - lamella) * dome);
}

} // namespace

Outline::Outline(Point centre, double mean_radius_um, double elongation, double angle,
                 double roughness, Random& random)
    : centre_{centre} {
  constexpr int harmonics = 6;
  std::array<double, harmonics> height{};
  std::array<double, harmonics> phase{};
  for (std::size_t k = 0; k < harmonics; ++k) {
    height[k] = roughness * random.normal() / std::sqrt(static_cast<double>(k) + 1);
    phase[k] = random.uniform(0, 2 * pi);
  }
  const double a = mean_radius_um * std::sqrt(elongation);
  const double b = mean_radius_um / std::sqrt(elongation);
  for (int i = 0; i < outline_angles; ++i) {
    const double theta = 2 * pi * i / outline_angles;
    const double ellipse =
        a * b / std::hypot(b * std::cos(theta - angle), a * std::sin(theta - angle));
    double factor = 1;
    for (std::size_t k = 0; k < harmonics; ++k) {
      factor += height[k] * std::cos(static_cast<double>(k + 2) * theta + phase[k]);
    }
    radii_.push_back(ellipse * std::max(factor, 0.3));
  }
}

void Outline::add_protrusion(double angle, double length_um, double width) {
  for (int i = 0; i < outline_angles; ++i) {
    const double away = std::remainder(2 * pi * i / outline_angles - angle, 2 * pi) / width;
    radii_[static_cast<std::size_t>(i)] += length_um * std::exp(-std::abs(away));
  }
}

double Outline::relative(Point place) const {
  const double dy = place.y - centre_.y;
  const double dx = place.x - centre_.x;
  const double turns = std::atan2(dy, dx) / (2 * pi);
  const double position = (turns - std::floor(turns)) * outline_angles;
  const auto i = std::min(static_cast<std::size_t>(position), radii_.size() - 1);
  const double part = position - static_cast<double>(i);
  const double radius = (1 - part) * radii_[i] + part * radii_[(i + 1) % radii_.size()];
  return std::hypot(dy, dx) / radius;
}

double Outline::reach_um() const {
  return *std::max_element(radii_.begin(), radii_.end());
}

std::vector<Cell> place_cells(double extent_um, const CellSettings& settings, Random& random) {
  const double around = settings.radius_um;
  const double area = std::pow(extent_um + 2 * around, 2);
  const auto wanted = static_cast<std::size_t>(
      std::lround(settings.confluence * area / (pi * std::pow(settings.radius_um, 2))));
  const double apart = std::max(2.4 * settings.nucleus_um, settings.radius_um);
  std::vector<Cell> cells;
  for (std::size_t attempt = 0; attempt < 30 * wanted && cells.size() < wanted; ++attempt) {
    const Point centre{random.uniform(-around, extent_um + around),
                       random.uniform(-around, extent_um + around)};
    const bool free = std::all_of(cells.begin(), cells.end(), [&](const Cell& other) {
      return distance(centre, other.body.centre()) > apart;
    });
    if (free) {
      cells.push_back(make_cell(centre, settings, random));
    }
  }
  return cells;
}

CellMap map_cells(const std::vector<Cell>& cells, const CellSettings& settings, std::int64_t side,
                  double pixel_um) {
  const SampleMap empty{side, pixel_um};
  CellMap map{empty, empty, empty, empty};
  SampleMap nearest = empty;
  for (std::int64_t i = 0; i < side * side; ++i) {
    nearest.at(i / side, i % side) = 1;
  }
  SampleMap second = nearest;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    claim_pixels(cells[i], i, nearest, second, map.owner);
  }
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const float owner = map.owner.at(y, x);
      if (owner == 0) {
        continue;
      }
      const Cell& cell = cells[static_cast<std::size_t>(owner) - 1];
      const double border = 1 - (second.at(y, x) - nearest.at(y, x));
      const double distance = cell.nucleus.relative(middle_of(y, x, pixel_um));
      const double height = height_at(cell, settings, border, distance);
      map.border.at(y, x) = static_cast<float>(border);
      map.height.at(y, x) = static_cast<float>(height);
      const double nucleus =
          0.75 * cell.height_um * std::sqrt(std::max(1 - distance * distance, 0.0));
      map.nucleus.at(y, x) = static_cast<float>(
          std::clamp(nucleus, 0.0, std::max(height - 2 * nucleus_bottom_um, 0.0)));
    }
  }
  return map;
}

} // namespace lmc::simulation
