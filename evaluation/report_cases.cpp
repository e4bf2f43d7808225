// SPDX-License-Identifier: Apache-2.0
#include "evaluation/normalised_plane.hpp"
#include "evaluation/report.hpp"
#include "figure/html.hpp"
#include "figure/plane_picture.hpp"
#include "image/plane_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace lmc::evaluation {

namespace {

/// Error that is drawn in the brightest colour: half of the truth's own span from its percentile 2
/// to 99.8. One scale for all, so that pictures can be compared.
constexpr double brightest_error = 0.5;

/// An image that is shown, and why.
struct ShownCase {
  std::string_view rank;
  const Evaluation* evaluation = nullptr;
};

std::vector<ShownCase> cases_of(std::span<const Evaluation> evaluations, Organelle organelle) {
  std::vector<const Evaluation*> ranked;
  for (const Evaluation& evaluation : evaluations) {
    if (evaluation.pair.organelle == organelle && evaluation.metrics.pcc) {
      ranked.push_back(&evaluation);
    }
  }
  std::ranges::stable_sort(ranked, [](const Evaluation* a, const Evaluation* b) {
    return *a->metrics.pcc < *b->metrics.pcc;
  });
  switch (ranked.size()) {
  case 0:
    return {};
  case 1:
    return {{"the only image", ranked[0]}};
  case 2:
    return {{"worst", ranked[0]}, {"best", ranked[1]}};
  default:
    return {
        {"worst", ranked.front()}, {"median", ranked[ranked.size() / 2]}, {"best", ranked.back()}};
  }
}

Plane<float> normalised(const AnyPlane& grey) {
  const NormalisedPlane plane{view_of(grey)};
  Plane<float> values{plane.height(), plane.width()};
  std::vector<double> row(static_cast<std::size_t>(plane.width()));
  for (Index y = 0; y < plane.height(); ++y) {
    plane.row(y, row);
    std::ranges::transform(row, values.view().row(y).begin(),
                           [](double value) { return static_cast<float>(value); });
  }
  return values;
}

/// As the metrics see it, from its percentile 2 (black) to 99.8 (white). A constant plane is not
/// normalised: it is shown in the middle of its own range.
figure::Canvas normalised_picture(const Plane<float>& plane) {
  const auto [low, high] = std::ranges::minmax(plane.pixels());
  return figure::page_picture(plane.view(), low == high ? figure::ContrastRange{low, high}
                                                        : figure::ContrastRange{0, 1});
}

figure::Canvas error_picture(const Plane<float>& prediction, const Plane<float>& truth) {
  Plane<float> error{truth.height(), truth.width()};
  std::ranges::transform(prediction.pixels(), truth.pixels(), error.pixels().begin(),
                         [](float x, float y) { return std::abs(x - y); });
  return figure::page_picture(error.view(),
                              [](float value) { return figure::viridis(value / brightest_error); });
}

/// The input's plane of the evaluation: its own z where the input is a stack, else its middle one.
figure::Canvas input_picture(const Evaluation& evaluation) {
  const auto input = image::open_planes(evaluation.pair.input, {});
  const image::StackInfo& info = input->info();
  const bool same = evaluation.in_stack && evaluation.z < info.z_planes;
  const std::size_t z = same ? evaluation.z : info.z_planes / 2;
  const std::size_t t = evaluation.t < info.t_planes ? evaluation.t : 0;
  const AnyPlane plane = plane_of(input->read_grey(t, z), evaluation.pair.input);
  const Plane<float> values = std::visit(
      [](const auto& grey) {
        return Plane<float>{
            grey.height(), grey.width(), {grey.pixels().begin(), grey.pixels().end()}};
      },
      plane);
  return figure::page_picture(values.view(), figure::robust_range(values.pixels(), 0.5, 99.5));
}

/// The input, or a box where there is none that can be read: `evaluate_pair` has warned of it.
std::string input_element(const Evaluation& evaluation, std::string_view description) {
  if (!evaluation.pair.input.empty()) {
    try {
      return figure::img_element(input_picture(evaluation), description);
    } catch (const Error&) { // NOLINT(bugprone-empty-catch)
    }
  }
  return "<div class=\"absent\">not known</div>";
}

std::string metrics_text(const Metrics& metrics) {
  std::string text;
  for (const MetricField& field : metric_fields) {
    if (const auto& value = metrics.*field.member) {
      text += fmt::format("{}{} {:.4g}", text.empty() ? "" : ", ", field.name, *value);
    }
  }
  return text;
}

std::string plane_text(const Evaluation& evaluation) {
  std::string text;
  if (evaluation.in_stack) {
    text += fmt::format(", t {} z {}", evaluation.t, evaluation.z);
  }
  if (evaluation.pair.modality != Modality::unknown) {
    text += fmt::format(", {}", long_name_of(evaluation.pair.modality));
  }
  if (evaluation.pair.focus_deviation) {
    text += fmt::format(", {} planes from focus", *evaluation.pair.focus_deviation);
  }
  return text;
}

std::string panels(const Evaluation& evaluation) {
  const std::string name = evaluation.pair.prediction.filename().string();
  const auto panel = [&](const figure::Canvas& picture, std::string_view caption) {
    return figure::figure_element(
        figure::img_element(picture, fmt::format("{} of {}", caption, name)), caption);
  };
  try {
    const PlanePair planes = read_planes(evaluation);
    const Plane<float> truth = normalised(planes.truth);
    const Plane<float> prediction = normalised(planes.prediction);
    return "<div class=\"panels\">" +
           figure::figure_element(input_element(evaluation, "input of " + name), "input") +
           panel(normalised_picture(truth), "truth") +
           panel(normalised_picture(prediction), "prediction") +
           panel(error_picture(prediction, truth), "error") + "</div>";
  } catch (const Error& error) { // the file has changed since it was compared
    return fmt::format("<p>{}</p>", figure::escape_html(error.what()));
  }
}

std::string case_html(const ShownCase& shown) {
  const Evaluation& evaluation = *shown.evaluation;
  return fmt::format("<div class=\"card\"><h3>{}: {}{}</h3><p class=\"faint\">{}</p>{}</div>\n",
                     shown.rank,
                     figure::escape_html(evaluation.pair.prediction.filename().string()),
                     plane_text(evaluation), metrics_text(evaluation.metrics), panels(evaluation));
}

std::string colour_bar() {
  return fmt::format(
      "<div class=\"card\"><div class=\"bar\" style=\"background: {}\"></div>"
      "<div class=\"ends faint\"><span>0</span><span>error: |prediction - truth|, in units of the "
      "truth's range from percentile 2 to 99.8</span><span>{} and more</span></div></div>\n",
      figure::viridis_gradient(), brightest_error);
}

} // namespace

std::string cases_html(std::span<const Evaluation> evaluations) {
  std::string html;
  for (const Organelle organelle : all_organelles) {
    const std::vector<ShownCase> cases = cases_of(evaluations, organelle);
    if (cases.empty()) {
      continue;
    }
    html += fmt::format("<h2>Cases: {}</h2>\n", name_of(organelle));
    for (const ShownCase& shown : cases) {
      html += case_html(shown);
    }
  }
  return html.empty() ? html
                      : "<h2>Worst, median and best images</h2>\n<p class=\"faint\">By PCC. Truth "
                        "and prediction are shown from percentile 2 (black) to 99.8 "
                        "(white).</p>\n" +
                            colour_bar() + html;
}

} // namespace lmc::evaluation
