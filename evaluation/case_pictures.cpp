// SPDX-License-Identifier: Apache-2.0
#include "evaluation/case_pictures.hpp"

#include "evaluation/colour_map.hpp"
#include "evaluation/normalised_plane.hpp"
#include "evaluation/plane_picture.hpp"
#include "image/contrast.hpp"
#include "image/plane_source.hpp"

#include <algorithm>
#include <cmath>

namespace lmc::evaluation {

namespace {

PicturePlane normalised(const GreyPlane& grey) {
  const NormalisedPlane plane{grey.view()};
  PicturePlane result{{}, {plane.height(), plane.width()}};
  result.values.reserve(plane.height() * plane.width());
  std::vector<double> row(plane.width());
  for (std::size_t y = 0; y < plane.height(); ++y) {
    plane.row(y, row);
    std::ranges::transform(row, std::back_inserter(result.values),
                           [](double value) { return static_cast<float>(value); });
  }
  return result;
}

PicturePlane difference(const PicturePlane& a, const PicturePlane& b) {
  PicturePlane result{a.values, a.size};
  std::ranges::transform(a.values, b.values, result.values.begin(),
                         [](float x, float y) { return std::abs(x - y); });
  return result;
}

/// The input's plane of the evaluation: its own z where the input is a stack, else its middle one.
std::string input_png(const Evaluation& evaluation) {
  const auto input = image::open_planes(evaluation.pair.input, {});
  const image::StackInfo& info = input->info();
  const bool same = evaluation.in_stack && evaluation.z < info.z_planes;
  const std::size_t z = same ? evaluation.z : info.z_planes / 2;
  const std::size_t t = evaluation.t < info.t_planes ? evaluation.t : 0;
  const GreyPlane grey = grey_plane_of(input->read_grey(t, z), evaluation.pair.input);
  PicturePlane plane{{}, {grey.height, grey.width}};
  std::visit(
      [&](const auto& values) {
        std::ranges::transform(values, std::back_inserter(plane.values),
                               [](auto value) { return static_cast<float>(value); });
      },
      grey.values);
  return grey_png(plane, image::robust_range(plane.values, 0.5, 99.5));
}

std::string input_png_or_nothing(const Evaluation& evaluation) {
  if (evaluation.pair.input.empty()) {
    return {};
  }
  try {
    return input_png(evaluation);
  } catch (const Error&) { // `evaluate_pair` has warned of it
    return {};
  }
}

} // namespace

CasePictures pictures_of(const Evaluation& evaluation) {
  const PlanePair planes = read_planes(evaluation);
  const PicturePlane prediction = normalised(planes.prediction);
  const PicturePlane truth = normalised(planes.truth);
  const image::ContrastRange range{0, 1};
  // A constant plane is not normalised: it is shown in the middle of its own range.
  const auto range_of = [&](const PicturePlane& plane) {
    const auto [low, high] = std::ranges::minmax(plane.values);
    return low == high ? image::ContrastRange{low, high} : range;
  };
  return {input_png_or_nothing(evaluation), grey_png(truth, range_of(truth)),
          grey_png(prediction, range_of(prediction)),
          png_of(difference(prediction, truth),
                 [](float value) { return viridis(value / brightest_error); })};
}

} // namespace lmc::evaluation
