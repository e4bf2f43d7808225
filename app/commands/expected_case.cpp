// SPDX-License-Identifier: Apache-2.0
#include "app/commands/expected_case.hpp"

#include "common/error.hpp"
#include "common/records/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <stdexcept>

namespace lmc::app {

namespace {

std::vector<double> flattened(const nlohmann::json& rows) {
  std::vector<double> values;
  for (const nlohmann::json& row : rows) {
    for (const nlohmann::json& value : row) {
      values.push_back(value.get<double>());
    }
  }
  return values;
}

ExpectedCase parse(const nlohmann::json& json) {
  ExpectedCase expected;
  json.at("models").get_to(expected.model_sha256);
  json.at("preset").get_to(expected.preset);
  json.at("height").get_to(expected.height);
  json.at("width").get_to(expected.width);
  json.at("tile").get_to(expected.tile);
  json.at("stride").at(0).get_to(expected.stride_y);
  json.at("stride").at(1).get_to(expected.stride_x);
  if (expected.tile < 1 || expected.stride_y < 1 || expected.stride_x < 1) {
    throw std::invalid_argument{"tile and stride must be positive"};
  }
  for (const Organelle organelle : all_organelles) {
    const nlohmann::json& plane = json.at("organelles").at(std::string{name_of(organelle)});
    expected.organelles[organelle] = {flattened(plane.at("tile_means")),
                                      flattened(plane.at("samples"))};
  }
  return expected;
}

/// Means over tiles, row-major.
std::vector<double> tile_means(const ExpectedCase& expected, const Plane<float>& plane) {
  std::vector<double> means;
  for (Index top = 0; top < plane.height(); top += expected.tile) {
    const Index bottom = std::min(top + expected.tile, plane.height());
    for (Index left = 0; left < plane.width(); left += expected.tile) {
      const Index right = std::min(left + expected.tile, plane.width());
      double sum = 0;
      for (Index y = top; y < bottom; ++y) {
        for (Index x = left; x < right; ++x) {
          sum += plane(y, x);
        }
      }
      means.push_back(sum / static_cast<double>((bottom - top) * (right - left)));
    }
  }
  return means;
}

std::vector<double> samples(const ExpectedCase& expected, const Plane<float>& plane) {
  std::vector<double> values;
  for (Index y = 0; y < plane.height(); y += expected.stride_y) {
    for (Index x = 0; x < plane.width(); x += expected.stride_x) {
      values.push_back(plane(y, x));
    }
  }
  return values;
}

/// Infinite when the lengths differ: then nothing can be said to agree.
double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) {
    return std::numeric_limits<double>::infinity();
  }
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

} // namespace

ExpectedCase read_expected_case(const std::filesystem::path& file) {
  try {
    return parse(read_json_file(file));
  } catch (const std::exception& error) {
    throw Error{ErrorCode::input_corrupt, file.string(),
                fmt::format("expected values cannot be used: {}", error.what()),
                "restore the file from the release"};
  }
}

Deviation deviation_from(const ExpectedCase& expected, Organelle organelle,
                         const Plane<float>& plane) {
  if (plane.height() != expected.height || plane.width() != expected.width) {
    return {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  const ExpectedCase::Condensed& wanted = expected.organelles[organelle];
  return {largest_difference(tile_means(expected, plane), wanted.tile_means),
          largest_difference(samples(expected, plane), wanted.samples)};
}

} // namespace lmc::app
