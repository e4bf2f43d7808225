// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.hpp"

#include "reference_pairs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <limits>

using namespace lmc::evaluation;
using lmc::Organelle;
using lmc::Plane;
using test::reference_pairs;
using test::ReferencePair;

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 5> reference_names{
    {{"mae", "MAE"}, {"ssim", "SSIM"}, {"pcc", "PCC"}, {"e_dist", "E_dist"}, {"c_dist", "C_dist"}}};

const char* reference_name(std::string_view metric) {
  return std::ranges::find(reference_names, metric,
                           &std::pair<std::string_view, const char*>::first)
      ->second;
}

Metrics metrics_of(const ReferencePair& pair, Organelle organelle = Organelle::nucleus) {
  return compute(view_of(pair.prediction), view_of(pair.truth), organelle);
}

} // namespace

CATCH_TEST_CASE("metrics equal the definition in double") {
  std::size_t compared = 0;
  for (const ReferencePair& pair : reference_pairs()) {
    if (pair.plain_double.is_null()) {
      continue;
    }
    const Metrics metrics = metrics_of(pair);
    for (const MetricField& field : metric_fields) {
      CATCH_INFO(pair.name << " " << field.name);
      const auto& expected = pair.plain_double.at(reference_name(field.name));
      if (expected.is_string()) { // "nan", "error: ValueError"
        CATCH_CHECK_FALSE((metrics.*field.member).has_value());
        continue;
      }
      // The absolute part is the rounding of the reference's 1 - cos.
      CATCH_CHECK(*(metrics.*field.member) ==
                  Approx(expected.get<double>()).epsilon(1e-9).margin(1e-15));
      ++compared;
    }
  }
  CATCH_CHECK(compared == 23 * 5 - 3);
}

CATCH_TEST_CASE("metrics equal the challenge's libraries") {
  for (const ReferencePair& pair : reference_pairs()) {
    // 16: the library's unsigned differences wrap. 22: the library raises.
    if (pair.name.starts_with("16") || pair.name.starts_with("22")) {
      continue;
    }
    const Metrics metrics = metrics_of(pair);
    for (const MetricField& field : metric_fields) {
      const auto& expected = pair.libraries.at(reference_name(field.name));
      if (expected.is_number()) {
        CATCH_INFO(pair.name << " " << field.name);
        // The library expands the square of E_dist, and takes cosines near 1 from 1.
        const double margin = field.name == "e_dist" ? 1e-5 : 1e-14;
        CATCH_CHECK(*(metrics.*field.member) ==
                    Approx(expected.get<double>()).epsilon(1e-9).margin(margin));
      }
    }
  }
}

CATCH_TEST_CASE("distances count for nucleus and mitochondria only") {
  const ReferencePair pair = reference_pairs().at(0);
  for (const Organelle organelle : {Organelle::tubulin, Organelle::actin}) {
    const Metrics metrics = metrics_of(pair, organelle);
    CATCH_CHECK(metrics.ssim.has_value());
    CATCH_CHECK(metrics.pcc.has_value());
    CATCH_CHECK_FALSE(metrics.mae.has_value());
    CATCH_CHECK_FALSE(metrics.e_dist.has_value());
    CATCH_CHECK_FALSE(metrics.c_dist.has_value());
    CATCH_CHECK(to_json(metrics).at("mae").is_null());
  }
  CATCH_CHECK(metrics_of(pair, Organelle::mitochondria).mae == metrics_of(pair).mae);
}

CATCH_TEST_CASE("planes that cannot be compared are refused") {
  const auto reading = [](const Plane<float>& prediction, const Plane<float>& truth) {
    return compute(prediction.view(), truth.view(), Organelle::nucleus);
  };
  const Plane<float> values{3, 4, 1.0F};
  CATCH_CHECK_THROWS_WITH(reading(values, Plane<float>{4, 3, 1.0F}),
                          "a prediction of 4 x 3 pixels and a truth of 3 x 4");
  CATCH_CHECK_THROWS_AS(reading({}, {}), std::invalid_argument);
  Plane<float> broken = values;
  broken(1, 1) = std::numeric_limits<float>::quiet_NaN();
  CATCH_CHECK_THROWS_WITH(reading(broken, values), Catch::Contains("NaN"));
}

CATCH_TEST_CASE("undefined metrics are null in JSON, never NaN") {
  const Plane<std::uint16_t> constant{10, 10, 7};
  const auto json = to_json(compute(constant.view(), constant.view(), Organelle::nucleus));
  CATCH_CHECK(json.at("ssim").is_null());
  CATCH_CHECK(json.at("pcc") == 0);
  CATCH_CHECK(json.at("mae") == 0);
  CATCH_CHECK(json.size() == 5);
}

CATCH_TEST_CASE("the pixels' type does not matter") {
  const ReferencePair pair = reference_pairs().at(0);
  const auto& plane = std::get<Plane<std::uint16_t>>(pair.prediction);
  const Plane<double> wide{
      plane.height(), plane.width(), {plane.pixels().begin(), plane.pixels().end()}};
  CATCH_CHECK(to_json(compute(wide.view(), view_of(pair.truth), Organelle::nucleus)) ==
              to_json(metrics_of(pair)));
}
