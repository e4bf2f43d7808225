// SPDX-License-Identifier: Apache-2.0
#include "training/losses.hpp"

#include "fixture.hpp"
#include "training/data/label_mask.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <catch2/catch.hpp>

using namespace lmc::training;

namespace {

/// The label as the published training scales it.
at::Tensor scaled(const at::Tensor& greys) {
  return (greys.to(at::kDouble) / 65535 * 2 - 1).to(at::kFloat);
}

at::Tensor mask_of(const at::Tensor& greys, MaskBorders borders) {
  const auto* const values = greys.const_data_ptr<std::uint16_t>();
  const LabelRange range = label_range({values, static_cast<std::size_t>(greys.numel())});
  at::Tensor mask = at::empty(greys.sizes(), at::kFloat);
  for (std::int64_t i = 0; i < greys.numel(); ++i) {
    mask.mutable_data_ptr<float>()[i] = mask_weight(values[i], range, borders);
  }
  return mask;
}

double value(const at::Tensor& loss) {
  return loss.item<double>();
}

} // namespace

CATCH_TEST_CASE("masked L1 agrees with the published code in each of its kinds") {
  const auto tensors = test::reference_tensors("masked_l1.safetensors");
  for (const auto& record : test::reference_json("manifest.json")["masked_l1"]["cases"]) {
    const auto name = record["name"].get<std::string>();
    CATCH_CAPTURE(name);
    const at::Tensor greys = tensors.at(name + "/gt_u16");
    const at::Tensor label = scaled(greys);
    const at::Tensor& prediction = tensors.at(name + "/pred");
    const at::Tensor mask = mask_of(greys, MaskBorders::exclusive);
    const auto expect = [&](const char* key) {
      return Approx(record[key].get<double>()).epsilon(1e-6);
    };
    CATCH_CHECK(value(masked_l1(prediction, label, mask, L1Mask::per_pixel)) ==
                expect("per_pixel_double"));
    CATCH_CHECK(value(masked_l1(prediction, label, mask, L1Mask::upstream_scalar_mask)) ==
                expect("upstream_gan_model_double"));
    CATCH_CHECK(value(masked_l1(prediction, label, mask, L1Mask::none)) == expect("abs_mean"));
    CATCH_CHECK(value(masked_l1(prediction, label, mask_of(greys, MaskBorders::inclusive),
                                L1Mask::per_pixel)) == expect("per_pixel_inclusive_mask_double"));
  }
}

CATCH_TEST_CASE("adversarial loss and its gradients agree with the published code") {
  const auto tensors = test::reference_tensors("gan_loss.safetensors");
  for (const auto& record : test::reference_json("manifest.json")["gan_loss"]["cases"]) {
    const auto name = record["name"].get<std::string>();
    for (const bool real : {true, false}) {
      CATCH_CAPTURE(name, real);
      const std::string kind = real ? "real" : "fake";
      at::Tensor logits = tensors.at(name).clone().requires_grad_(true);
      const at::Tensor loss = gan_loss(logits, real);
      loss.backward();
      CATCH_CHECK(value(loss) ==
                  Approx(record["target_" + kind + "_double"].get<double>()).epsilon(1e-6));
      CATCH_CHECK(value((logits.grad() - tensors.at(name + "_grad_" + kind)).abs().max()) <= 1e-8);
    }
  }
}
