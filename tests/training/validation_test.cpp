// SPDX-License-Identifier: Apache-2.0
#include "training/validation.hpp"

#include "evaluation/metrics.hpp"
#include "images.hpp"
#include "tests/support/temporary_folder.hpp"
#include "training/trainee.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lmc;
using namespace lmc::training;

namespace {

const c10::Device cpu{c10::DeviceType::CPU};

Trainees small_network() {
  Configuration configuration;
  configuration.network = model::GeneratorArchitecture{.filters = 4, .blocks = 1};
  configuration.adversarial = false;
  return make_trainees(configuration, cpu);
}

PlaneView<const float> view_of(const at::Tensor& plane) {
  return {plane.const_data_ptr<float>(), plane.size(0), plane.size(1)};
}

} // namespace

CATCH_TEST_CASE("validation scores the middle of each field's middle plane, where it is labelled") {
  const lmc::test::TemporaryFolder folder;
  Field field;
  field.modality = Modality::phase_contrast;
  for (const char* const name : {"z0.tif", "z1.tif", "z2.tif"}) {
    field.planes.push_back({.path = training::test::write_image(
                                folder.path() / name, 40, 48, [&](std::size_t y, std::size_t x) {
                                  return name[1] == '1' ? 1000 + 37 * (x * y % 91) : 5;
                                })});
  }
  field.labels[Organelle::nucleus] = training::test::write_image(
      folder.path() / "n.tif", 40, 48,
      [](std::size_t y, std::size_t x) { return 500 + 1000 * (x / 7 % 2) + 3 * y; });
  const std::vector<Field> fields{field, field};
  PlaneCache cache{1U << 20U, model::InputNormalization::none};
  BatchOptions options;
  options.augmentation.crop = 32;
  const BatchMaker maker{fields, cache, options};
  const Trainees trainees = small_network();
  const ValidationResult result = validate(trainees.predictor, fields, maker, {}, 1);

  CATCH_REQUIRE(result.samples.size() == 1);
  const SamplePrediction& sample = result.samples[0];
  CATCH_CHECK(sample.batch.light.min().item<float>() > -1 + 900.0F / 32768); // of plane z1
  const auto k = static_cast<std::int64_t>(channel_of(Organelle::nucleus));
  const evaluation::Metrics expected =
      evaluation::compute(view_of(sample.predictions[0][k].contiguous()),
                          view_of(sample.batch.labels[0][k].contiguous()), Organelle::nucleus);
  const auto& score = result.organelles[channel_of(Organelle::nucleus)];
  CATCH_REQUIRE(score.has_value());
  CATCH_CHECK(score->crops == 2);
  CATCH_CHECK(score->pcc == Approx(*expected.pcc));
  CATCH_CHECK(*score->ssim == Approx(*expected.ssim));
  const double l1 = sample.predictions[0][k]
                        .sub(sample.batch.labels[0][k])
                        .abs()
                        .mul(sample.batch.masks[0][k])
                        .mean()
                        .item<double>();
  CATCH_CHECK(score->l1 == Approx(l1));
  CATCH_CHECK_FALSE(result.organelles[channel_of(Organelle::actin)].has_value());
  CATCH_CHECK(to_json(result).size() == 1);
  CATCH_CHECK(to_json(result)["nucleus"]["crops"] == 2);
}

CATCH_TEST_CASE("the score is the mean PCC over organelles, nothing without any") {
  ValidationResult result;
  CATCH_CHECK_FALSE(result.score().has_value());
  result.organelles[0] = OrganelleScore{.l1 = 0.1, .ssim = {}, .pcc = 0.9, .crops = 30};
  result.organelles[3] = OrganelleScore{.l1 = 0.1, .ssim = 0.5, .pcc = 0.2, .crops = 1};
  CATCH_CHECK(*result.score() == Approx(0.55));
  CATCH_CHECK(to_json(result)["mitochondria"]["ssim"].is_null());
}
