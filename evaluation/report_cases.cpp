// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report_cases.hpp"

#include "evaluation/case_pictures.hpp"
#include "evaluation/colour_map.hpp"
#include "evaluation/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace lmc::evaluation {

namespace {

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

std::string figure(std::string_view caption, const std::string& png, std::string_view image) {
  const std::string content = png.empty()
                                  ? "<div class=\"absent\">not known</div>"
                                  : png_element(png, fmt::format("{} of {}", caption, image));
  return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>", content, caption);
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
  try {
    const CasePictures pictures = pictures_of(evaluation);
    return "<div class=\"panels\">" + figure("input", pictures.input, name) +
           figure("truth", pictures.truth, name) + figure("prediction", pictures.prediction, name) +
           figure("error", pictures.error, name) + "</div>";
  } catch (const Error& error) { // the file has changed since it was compared
    return fmt::format("<p>{}</p>", escape_html(error.what()));
  }
}

std::string case_html(const ShownCase& shown) {
  const Evaluation& evaluation = *shown.evaluation;
  return fmt::format("<div class=\"card\"><h3>{}: {}{}</h3><p class=\"faint\">{}</p>{}</div>\n",
                     shown.rank, escape_html(evaluation.pair.prediction.filename().string()),
                     plane_text(evaluation), metrics_text(evaluation.metrics), panels(evaluation));
}

std::string colour_bar() {
  return fmt::format(
      "<div class=\"card\"><div class=\"bar\" style=\"background: {}\"></div>"
      "<div class=\"ends faint\"><span>0</span><span>error: |prediction - truth|, in units of the "
      "truth's range from percentile 2 to 99.8</span><span>{} and more</span></div></div>\n",
      viridis_gradient(), brightest_error);
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
