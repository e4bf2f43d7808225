// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report.hpp"

#include "common/version.hpp"
#include "figure/chart.hpp"
#include "figure/html.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace lmc::evaluation {

namespace {

constexpr std::size_t most_listed = 200;

/// What a metric is called in tables and charts, and which way is better.
std::string title_of(const MetricField& field) {
  return fmt::format("{} {}", field.title, field.higher_is_better ? "↑" : "↓");
}

std::string mean_text(const std::optional<Statistics>& statistics) {
  if (!statistics) {
    return "–";
  }
  const std::string mean = fmt::format("{:.4g}", statistics->mean);
  if (statistics->count == 1) {
    return mean;
  }
  // Two digits, without an exponent for large values.
  const double deviation = statistics->deviation;
  return fmt::format("{} ± {}", mean,
                     deviation < 99.5 ? fmt::format("{:.2g}", deviation)
                                      : fmt::format("{:.0f}", deviation));
}

/// "nucleus, bright field, 2": what the images of a group have in common.
std::string text_of(const GroupKey& key) {
  std::vector<std::string> parts;
  if (key.organelle) {
    parts.emplace_back(name_of(*key.organelle));
  }
  if (key.modality) {
    parts.emplace_back(long_name_of(*key.modality));
  }
  if (key.focus_deviation) {
    parts.push_back(fmt::format("{}", *key.focus_deviation));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string card(const figure::HtmlTable& table) {
  return "<div class=\"card\">" + figure::html_of(table) + "</div>\n";
}

std::string group_table(std::string heading, const std::vector<Group>& groups) {
  figure::HtmlTable table{{std::move(heading), "images"}, {}};
  for (const MetricField& field : metric_fields) {
    table.headings.push_back(title_of(field));
  }
  for (const Group& group : groups) {
    std::vector<std::string>& row =
        table.rows.emplace_back(std::vector{text_of(group.key), std::to_string(group.images)});
    std::ranges::transform(group.metrics, std::back_inserter(row), mean_text);
  }
  return card(table);
}

std::string tables(const Summary& summary) {
  return "<h2>Metrics per organelle</h2>\n"
         "<p class=\"faint\">Mean ± standard deviation over images. ↑ higher is better, "
         "↓ lower is better. The distances count for nucleus and mitochondria only.</p>" +
         group_table("organelle", summary.by_organelle) + "<h2>Metrics per modality</h2>\n" +
         group_table("modality", summary.by_modality) +
         group_table("organelle, modality", summary.by_organelle_and_modality);
}

std::vector<figure::ChartGroup> values_of(const Report& report, const MetricField& field) {
  std::vector<figure::ChartGroup> groups;
  for (const Organelle organelle : all_organelles) {
    groups.push_back({std::string{name_of(organelle)}, {}, channel_of(organelle)});
  }
  for (const Evaluation& evaluation : report.evaluations) {
    if (const auto& value = evaluation.metrics.*field.member) {
      groups.at(channel_of(evaluation.pair.organelle)).values.push_back(*value);
    }
  }
  return groups;
}

/// Distances from images that are not normalised (sparse or constant ones) are thousands of times
/// larger than the others: a linear axis would show nothing else.
bool needs_logarithm(const std::vector<figure::ChartGroup>& groups) {
  std::vector<double> all;
  for (const figure::ChartGroup& group : groups) {
    all.insert(all.end(), group.values.begin(), group.values.end());
  }
  if (all.empty()) {
    return false;
  }
  const auto [lowest, highest] = std::ranges::minmax(all);
  return lowest > 0 && highest > 100 * lowest && highest > 10;
}

std::string distributions(const Report& report) {
  std::string html =
      "<h2>Distributions</h2>\n<p class=\"faint\">Boxes span the quartiles, the thick line is the "
      "median, whiskers reach the extremes, dots are images.</p>\n<div class=\"charts\">";
  for (const MetricField& field : metric_fields) {
    const std::vector<figure::ChartGroup> groups = values_of(report, field);
    const bool logarithmic = needs_logarithm(groups);
    html += figure::box_chart({.title = title_of(field),
                               .y_label = logarithmic ? "logarithmic" : "",
                               .logarithmic_y = logarithmic},
                              groups);
  }
  return html + "</div>\n";
}

std::vector<figure::ChartLine> focus_lines(const Summary& summary, std::size_t metric) {
  std::vector<figure::ChartLine> lines;
  for (const Organelle organelle : all_organelles) {
    lines.push_back({std::string{name_of(organelle)}, {}, true, channel_of(organelle)});
  }
  for (const Group& group : summary.by_focus_deviation) {
    if (const auto& statistics = group.metrics.at(metric)) {
      lines.at(channel_of(*group.key.organelle))
          .points.push_back({*group.key.focus_deviation, statistics->mean});
    }
  }
  return lines;
}

std::string focus(const Summary& summary) {
  if (summary.by_focus_deviation.empty()) {
    return {};
  }
  std::string html =
      "<h2>Metrics per deviation from focus</h2>\n<p class=\"faint\">Distance of the "
      "input's plane from the plane in best focus, in planes.</p>\n"
      "<div class=\"charts\">";
  for (std::size_t m = 0; m < metric_fields.size(); ++m) {
    html += figure::line_chart({.title = title_of(metric_fields.at(m)),
                                .x_label = "|z - best z|, planes",
                                .y_label = "mean"},
                               focus_lines(summary, m));
  }
  return html + "</div>\n" + group_table("organelle, |z - best z|", summary.by_focus_deviation);
}

/// A list that does not grow with the data set without end.
std::string listing(std::string_view heading, figure::HtmlTable table) {
  if (table.rows.empty()) {
    return {};
  }
  std::string html = fmt::format("<h2>{}</h2>\n", figure::escape_html(heading));
  if (table.rows.size() > most_listed) {
    html += fmt::format("<p>The first {} of {}; report.csv has all.</p>\n", most_listed,
                        table.rows.size());
    table.rows.resize(most_listed);
  }
  return html + card(table);
}

std::string what_is_missing(const Report& report) {
  figure::HtmlTable errors{{"prediction", "error"}, {}};
  figure::HtmlTable warnings{{"prediction", "warning"}, {}};
  for (const Evaluation& evaluation : report.evaluations) {
    if (evaluation.error) {
      errors.rows.push_back({evaluation.pair.prediction.string(), evaluation.error->what()});
    }
    for (const std::string& warning : evaluation.warnings) {
      warnings.rows.push_back({evaluation.pair.prediction.string(), warning});
    }
  }
  figure::HtmlTable skipped{{"prediction", "reason"}, {}};
  for (const dataset::SkippedPrediction& prediction : report.skipped) {
    skipped.rows.push_back({prediction.prediction.string(), prediction.reason});
  }
  figure::HtmlTable unused{{"truth"}, {}};
  for (const auto& truth : report.unused_truths) {
    unused.rows.push_back({truth.string()});
  }
  return listing("Pairs that failed", std::move(errors)) +
         listing("Warnings", std::move(warnings)) +
         listing("Predictions without a truth", std::move(skipped)) +
         listing("Truths without a prediction", std::move(unused));
}

std::string counts(const Report& report) {
  const std::size_t failed = failures_in(report);
  return fmt::format("<p>{} images compared, {} pairs failed, {} predictions without a truth, {} "
                     "truths without a prediction.</p>\n<p class=\"faint\">lmc {} ({}). Prediction "
                     "and truth are each normalised to their percentiles 2 and 99.8, as the Light "
                     "My Cells challenge does.</p>\n",
                     report.evaluations.size() - failed, failed, report.skipped.size(),
                     report.unused_truths.size(), figure::escape_html(version()),
                     figure::escape_html(git_revision()));
}

} // namespace

std::string to_html(const Report& report) {
  return figure::html_page({.title = "Evaluation of organelle predictions"},
                           counts(report) + tables(report.summary) + distributions(report) +
                               focus(report.summary) + cases_html(report.evaluations) +
                               what_is_missing(report));
}

} // namespace lmc::evaluation
