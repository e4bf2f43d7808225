// SPDX-License-Identifier: Apache-2.0
#include "training/run_page.hpp"

#include "common/organelle.hpp"
#include "figure/chart.hpp"
#include "figure/html.hpp"
#include "figure/plane_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace lmc::training {

namespace {

using figure::ChartLine;
using figure::ChartSettings;
using nlohmann::json;

constexpr std::size_t most_points = 300;

/// A number of a record, nothing where it has none.
using Value = std::function<std::optional<double>(const json&)>;

std::optional<double> number(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? std::optional{found->get<double>()}
                                                     : std::nullopt;
}

/// Means over equally many records each, at most `most_points`.
ChartLine line_of(std::string name, std::size_t colour, const std::vector<json>& records,
                  const char* x, const Value& value) {
  ChartLine all{.name = std::move(name), .points = {}, .colour = colour};
  for (const json& record : records) {
    if (const auto y = value(record)) {
      all.points.push_back({number(record, x).value_or(0), *y});
    }
  }
  const std::size_t each = (all.points.size() + most_points - 1) / most_points;
  if (each <= 1) {
    return all;
  }
  ChartLine means{.name = all.name, .points = {}, .colour = colour};
  for (std::size_t begin = 0; begin < all.points.size(); begin += each) {
    const std::size_t end = std::min(begin + each, all.points.size());
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) {
      sum += all.points[i].y;
    }
    means.points.push_back({all.points[end - 1].x, sum / static_cast<double>(end - begin)});
  }
  return means;
}

using OrganelleValue = std::function<std::optional<double>(const json& entry)>;

/// A chart with a line for each organelle that has values; nothing when none has.
/// @param group of the record that holds the organelles; null: the record itself
std::string organelle_chart(const ChartSettings& settings, const std::vector<json>& records,
                            const char* x, const char* group, const OrganelleValue& value) {
  std::vector<ChartLine> lines;
  for (const Organelle organelle : all_organelles) {
    const std::string name{name_of(organelle)};
    ChartLine line = line_of(name, channel_of(organelle), records, x, [&](const json& record) {
      const bool inside = group == nullptr || record.contains(group);
      const json& holder = inside && group != nullptr ? record.at(group) : record;
      return inside && holder.contains(name) ? value(holder.at(name)) : std::nullopt;
    });
    line.markers = group != nullptr && line.points.size() < 50;
    if (!line.points.empty()) {
      lines.push_back(std::move(line));
    }
  }
  return lines.empty() ? "" : figure::line_chart(settings, lines);
}

/// The discriminators' loss, which is 0.693 when they cannot tell predictions from labels.
std::optional<double> discriminator_loss(const json& entry) {
  const auto fake = number(entry, "discriminator_fake");
  const auto real = number(entry, "discriminator_real");
  return fake && real ? std::optional{(*fake + *real) / 2} : std::nullopt;
}

std::string charts(const std::vector<json>& records) {
  const auto value = [](const char* key) {
    return [key](const json& entry) { return number(entry, key); };
  };
  std::string html = "<div class=\"charts\">\n";
  html += organelle_chart(
      {.title = "L1 loss", .x_label = "step", .y_label = "masked L1", .logarithmic_y = true},
      records, "step", nullptr, value("l1"));
  html += organelle_chart({.title = "GAN loss of the predictor", .x_label = "step"}, records,
                          "step", nullptr, value("gan"));
  html += organelle_chart({.title = "Loss of the discriminators", .x_label = "step"}, records,
                          "step", nullptr, discriminator_loss);
  const ChartLine rate = line_of("learning rate", 0, records, "step", [](const json& record) {
    return number(record, "learning_rate");
  });
  html += figure::line_chart({.title = "Learning rate", .x_label = "step"}, {&rate, 1});
  html += organelle_chart({.title = "Validation PCC", .x_label = "epoch", .y_label = "PCC"},
                          records, "epoch", "validation", value("pcc"));
  html += organelle_chart({.title = "Validation L1", .x_label = "epoch", .y_label = "masked L1"},
                          records, "epoch", "validation", value("l1"));
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
