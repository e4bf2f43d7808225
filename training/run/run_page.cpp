// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_page.hpp"

#include "common/organelle.hpp"
#include "figure/chart.hpp"
#include "figure/html.hpp"
#include "figure/plane_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lmc::training {

namespace {

using figure::ChartLine;
using figure::ChartPoint;
using figure::ChartSettings;
using nlohmann::json;

constexpr std::size_t most_points = 300;

using Place = json::json_pointer;

std::optional<double> number(const json& record, const Place& place) {
  const bool there = record.contains(place) && record.at(place).is_number();
  return there ? std::optional{record.at(place).get<double>()} : std::nullopt;
}

/// The mean of the numbers at some places of each record that has them all, over the number at `x`.
/// More than `most_points` points are averaged, equally many each.
std::vector<ChartPoint> points_of(const std::vector<json>& records, const Place& x,
                                  const std::vector<Place>& places) {
  std::vector<ChartPoint> points;
  for (const json& record : records) {
    double sum = 0;
    const bool complete = std::ranges::all_of(places, [&](const Place& place) {
      const auto value = number(record, place);
      sum += value.value_or(0);
      return value.has_value();
    });
    if (complete) {
      points.push_back({number(record, x).value_or(0), sum / static_cast<double>(places.size())});
    }
  }
  const std::size_t each =
      std::max<std::size_t>(1, (points.size() + most_points - 1) / most_points);
  std::vector<ChartPoint> means;
  for (std::size_t begin = 0; begin < points.size(); begin += each) {
    const std::span some = std::span{points}.subspan(begin, std::min(each, points.size() - begin));
    double sum = 0;
    for (const ChartPoint& point : some) {
      sum += point.y;
    }
    means.push_back({some.back().x, sum / static_cast<double>(some.size())});
  }
  return means;
}

/// A line for each organelle that has values.
/// @param group what holds the organelles; the root: the record itself
/// @param keys of an organelle's numbers, whose mean is shown
std::string organelle_chart(const ChartSettings& settings, const std::vector<json>& records,
                            const Place& group, std::initializer_list<const char*> keys) {
  std::vector<ChartLine> lines;
  for (const Organelle organelle : all_organelles) {
    const std::string name{name_of(organelle)};
    std::vector<Place> places;
    for (const char* key : keys) {
      places.push_back(group / name / key);
    }
    auto points = points_of(records, Place{} / settings.x_label, places);
    const bool markers = !group.empty() && points.size() < 50;
    lines.push_back({name, std::move(points), markers, channel_of(organelle)});
  }
  return figure::line_chart(settings, std::move(lines));
}

std::string charts(const std::vector<json>& records) {
  const Place losses;
  const Place validation{"/validation"};
  const ChartLine rate{"learning rate",
                       points_of(records, Place{"/step"}, {Place{"/learning_rate"}}), false, 0};
  std::string html = "<div class=\"charts\">\n";
  html += organelle_chart(
      {.title = "L1 loss", .x_label = "step", .y_label = "masked L1", .logarithmic_y = true},
      records, losses, {"l1"});
  html += organelle_chart({.title = "GAN loss of the predictor", .x_label = "step"}, records,
                          losses, {"gan"});
  // 0.693 when they cannot tell predictions from labels
  html += organelle_chart({.title = "Loss of the discriminators", .x_label = "step"}, records,
                          losses, {"discriminator_fake", "discriminator_real"});
  html += figure::line_chart({.title = "Learning rate", .x_label = "step"}, {rate});
  html += organelle_chart({.title = "Validation PCC", .x_label = "epoch", .y_label = "PCC"},
                          records, validation, {"pcc"});
  html += organelle_chart({.title = "Validation L1", .x_label = "epoch", .y_label = "masked L1"},
                          records, validation, {"l1"});
  return html + "</div>\n";
}

/// Values of a contiguous float32 tensor [height, width].
PlaneView<const float> plane_of(const at::Tensor& plane) {
  return {plane.const_data_ptr<float>(), plane.size(0), plane.size(1)};
}

figure::ContrastRange range_of(PlaneView<const float> plane) {
  return figure::robust_range(plane.pixels(), 0.5, 99.5);
}

std::string panel(PlaneView<const float> plane, const figure::ContrastRange& range,
                  const std::string& caption) {
  return figure::figure_element(figure::img_element(figure::page_picture(plane, range), caption),
                                caption);
}

} // namespace

std::string samples_html(const std::vector<SamplePrediction>& samples, std::int64_t epoch) {
  std::string html;
  for (const SamplePrediction& sample : samples) {
    const at::Tensor light = sample.batch.light.contiguous();
    const at::Tensor labels = sample.batch.labels.contiguous();
    const at::Tensor predictions = sample.predictions.contiguous();
    for (const Organelle organelle : all_organelles) {
      if (sample.batch.labelled[channel_of(organelle)].empty()) {
        continue;
      }
      const auto channel = static_cast<Index>(channel_of(organelle));
      const auto input = plane_of(light[0][0]);
      const auto label = plane_of(labels[0][channel]);
      html += "<div class=\"card panels\">" + panel(input, range_of(input), "transmitted light") +
              panel(label, range_of(label), fmt::format("{}, label", name_of(organelle))) +
              panel(plane_of(predictions[0][channel]), range_of(label),
                    fmt::format("{}, prediction", name_of(organelle))) +
              "</div>\n";
    }
  }
  return html.empty() ? html
                      : fmt::format("<h2>Sample predictions after epoch {}</h2>\n<p "
                                    "class=\"faint\">Validation fields. Prediction and label are "
                                    "shown from the label's percentile 0.5 (black) to 99.5 "
                                    "(white).</p>\n",
                                    epoch) +
                            html;
}

std::string run_page_html(const RunPage& page, const std::vector<json>& records) {
  return figure::html_page({.title = page.title, .refresh_seconds = page.refresh_seconds},
                           fmt::format("<p class=\"faint\">{}</p>\n{}{}",
                                       figure::escape_html(page.progress), charts(records),
                                       page.samples));
}

} // namespace lmc::training
