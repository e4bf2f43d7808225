// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report.hpp"

#include "common/records/csv.hpp"
#include "images.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

using namespace lmc;
using namespace lmc::evaluation;
using Catch::Contains;
using evaluation::test::noise;
using evaluation::test::write_image;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// Three nuclei of 400 x 40 pixels, one of them with an input, one actin pair of constants, one
/// pair that fails.
Report report_in(const std::filesystem::path& folder) {
  std::vector<dataset::Pair> pairs;
  const auto truth = noise(16'000, 9);
  for (unsigned i = 0; i < 3; ++i) {
    dataset::Pair pair;
    pair.organelle = Organelle::nucleus;
    pair.modality = Modality::bright_field;
    pair.focus_deviation = i;
    pair.prediction = folder / ("p" + std::to_string(i) + "<b>.ome.tiff");
    pair.truth = folder / ("t" + std::to_string(i) + ".ome.tiff");
    write_image(pair.prediction, noise(16'000, i), 40, 400);
    write_image(pair.truth, truth, 40, 400);
    pairs.push_back(pair);
  }
  pairs[1].input = pairs[2].truth;
  pairs[0].input = folder / "gone.tiff";
  dataset::Pair flat;
  flat.organelle = Organelle::actin;
  flat.prediction = flat.truth = folder / "flat.ome.tiff";
  write_image(flat.truth, std::vector<std::uint16_t>(100, 5), 10, 10);
  pairs.push_back(flat);
  flat.prediction = pairs[0].prediction;
  pairs.push_back(flat);
  Report report;
  report.evaluations = evaluate_pairs(pairs, 1, [](const auto&) {});
  report.skipped = {{folder / "q.tiff", Organelle::tubulin, "no truth"}};
  report.unused_truths = {folder / "u.tiff"};
  report.summary = summarise(report.evaluations);
  return report;
}

} // namespace

CATCH_TEST_CASE("the JSON report has counts, aggregates and every pair, and no NaN") {
  const lmc::test::TemporaryFolder folder;
  const auto json = to_json(report_in(folder.path()));
  CATCH_CHECK(json.at("status") == "failed");
  CATCH_CHECK(
      json.at("counts") ==
      nlohmann::json{{"done", 4}, {"failed", 1}, {"skipped", 1}, {"truths_without_prediction", 1}});
  CATCH_CHECK(json.at("pairs").size() == 5);
  CATCH_CHECK(json.at("pairs").at(3).at("ssim").is_null());
  CATCH_CHECK(json.at("pairs").at(4).at("error").at("code") == "E310");
  CATCH_CHECK_FALSE(json.at("pairs").at(4).contains("pcc"));
  CATCH_CHECK_THAT(json.at("pairs").at(0).at("warnings").at(0).get<std::string>(),
                   Contains("gone.tiff"));
  CATCH_CHECK_THAT(json.dump(), !Contains("nan", Catch::CaseSensitive::No));
}

CATCH_TEST_CASE("the CSV report reads back, one row per pair") {
  const lmc::test::TemporaryFolder folder;
  const CsvTable table = parse_csv(to_csv(report_in(folder.path())));
  CATCH_REQUIRE(table.rows.size() == 6);
  const auto cell = [&](std::size_t row, const std::string& column) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), column);
    return table.rows.at(row).at(static_cast<std::size_t>(found - table.columns.begin()));
  };
  CATCH_CHECK(cell(0, "organelle") == "nucleus");
  CATCH_CHECK(cell(1, "focus_deviation") == "1");
  CATCH_CHECK(cell(3, "ssim").empty());
  CATCH_CHECK(cell(3, "pcc") == "0");
  CATCH_CHECK(cell(4, "status") == "failed");
  CATCH_CHECK_THAT(cell(4, "error"), Contains("E310"));
  CATCH_CHECK(cell(5, "status") == "skipped");
}

CATCH_TEST_CASE("the HTML report shows cases and names what is missing, all in itself") {
  const lmc::test::TemporaryFolder folder;
  const std::string html = to_html(report_in(folder.path()));
  CATCH_CHECK_THAT(html, Contains("worst: p") && Contains("median: p") && Contains("best: p") &&
                             Contains("the only image: flat.ome.tiff"));
  // Truth, prediction and error of four cases, and the one input that can be read.
  CATCH_CHECK(count(html, "<img src=\"data:image/png;base64,") == 13);
  CATCH_CHECK(count(html, "<div class=\"absent\">") == 3);
  CATCH_CHECK_THAT(html, Contains("&lt;b&gt;") && !Contains("<b>"));
  CATCH_CHECK_THAT(html, Contains("Pairs that failed") && Contains("Predictions without a truth") &&
                             Contains("Truths without a prediction"));
  CATCH_CHECK_THAT(html, Contains("Metrics per deviation from focus"));
  CATCH_CHECK(count(html, "src=\"") == 13);
  CATCH_CHECK(count(html, "href") == 0);
  CATCH_CHECK_THAT(html, !Contains(">nan<") && !Contains("\"nan"));
}
