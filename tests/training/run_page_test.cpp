// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_page.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/rand.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace lmc;
using namespace lmc::training;
using Catch::Contains;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

std::vector<nlohmann::json> records(int steps) {
  std::vector<nlohmann::json> all;
  for (int step = 1; step <= steps; ++step) {
    nlohmann::json record{{"step", step}, {"epoch", 1}, {"learning_rate", 2e-4}};
    record["nucleus"] = {
        {"l1", 0.5 / step}, {"gan", 0.7}, {"discriminator_fake", 0.6}, {"discriminator_real", 0.8}};
    if (step % 2 == 0) {
      record["actin"] = {{"l1", 0.1}};
    }
    all.push_back(record);
  }
  all.push_back({{"step", steps},
                 {"epoch", 1},
                 {"validation", {{"nucleus", {{"l1", 0.2}, {"pcc", 0.75}, {"ssim", nullptr}}}}}});
  return all;
}

SamplePrediction sample() {
  SamplePrediction result;
  result.batch.light = at::rand({1, 1, 32, 32});
  result.batch.labels = at::rand({1, 4, 32, 32});
  result.batch.labelled[channel_of(Organelle::nucleus)] = {0};
  result.predictions = at::full({1, 4, 32, 32}, 0.5);
  return result;
}

} // namespace

CATCH_TEST_CASE("the page shows a chart of every quantity that the log has") {
  const std::string html = run_page_html({.title = "Training of <a>",
                                          .progress = "step 10 of 20",
                                          .samples = "",
                                          .refresh_seconds = 30},
                                         records(10));
  for (const char* const title :
       {"L1 loss", "GAN loss of the predictor", "Loss of the discriminators", "Learning rate",
        "Validation PCC"}) {
    CATCH_CHECK_THAT(html, Contains(title));
  }
  CATCH_CHECK(count(html, "<svg") == 6);
  CATCH_CHECK_THAT(html, Contains("step 10 of 20") && Contains("Training of &lt;a&gt;"));
  CATCH_CHECK_THAT(html, Contains(R"(http-equiv="refresh" content="30")"));
  CATCH_CHECK(html.find("tubulin") == std::string::npos);
  CATCH_CHECK(html.find("<script") == std::string::npos);
  CATCH_CHECK(html.find("src=\"http") == std::string::npos);
}

CATCH_TEST_CASE("a run that has just begun, without discriminators, has fewer charts") {
  const std::vector<nlohmann::json> first{
      {{"step", 1}, {"learning_rate", 2e-4}, {"actin", {{"l1", 0.1}}}}};
  const std::string html = run_page_html({.title = "a", .progress = "", .samples = ""}, first);
  CATCH_CHECK(count(html, "<svg") == 2); // L1 and learning rate
  CATCH_CHECK(html.find("refresh") == std::string::npos);
  CATCH_CHECK(count(run_page_html({}, {}), "<svg") == 0);
}

CATCH_TEST_CASE("the page of a long run stays small") {
  CATCH_CHECK(run_page_html({}, records(20000)).size() < 100'000);
}

CATCH_TEST_CASE("samples show light, label and prediction of what is labelled") {
  const std::string html = samples_html({sample(), sample()}, 7);
  CATCH_CHECK(count(html, "src=\"data:image/png;base64,iVBORw0KGgo") == 6);
  CATCH_CHECK_THAT(html, Contains("after epoch 7") && Contains("nucleus, prediction"));
  CATCH_CHECK(html.find("actin") == std::string::npos);
  CATCH_CHECK(samples_html({}, 7).empty());
}
