// SPDX-License-Identifier: Apache-2.0
#include "training/data/label_mask.hpp"

#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <span>

using namespace lmc::training;

namespace {

std::span<const std::uint16_t> greys_of(const at::Tensor& plane) {
  return {plane.const_data_ptr<std::uint16_t>(), static_cast<std::size_t>(plane.numel())};
}

std::size_t low_weights(std::span<const std::uint16_t> greys, MaskBorders borders) {
  const LabelRange range = label_range(greys);
  return static_cast<std::size_t>(
      std::count_if(greys.begin(), greys.end(), [&](std::uint16_t grey) {
        return mask_weight(grey, range, borders) == outside_weight;
      }));
}

} // namespace

CATCH_TEST_CASE("the mask is the published code's, pixel by pixel") {
  const auto tensors = test::reference_tensors("masked_l1.safetensors");
  for (const auto& record : test::reference_json("manifest.json")["masked_l1"]["cases"]) {
    const auto name = record["name"].get<std::string>();
    CATCH_CAPTURE(name);
    const at::Tensor plane = tensors.at(name + "/gt_u16");
    const at::Tensor expected = tensors.at(name + "/mask").contiguous();
    const auto greys = greys_of(plane);
    const LabelRange range = label_range(greys);
    CATCH_CHECK(range.low == Approx(record["p2"].get<double>()).epsilon(1e-14));
    CATCH_CHECK(range.high == Approx(record["p998"].get<double>()).epsilon(1e-14));
    std::size_t different = 0;
    for (std::size_t i = 0; i < greys.size(); ++i) {
      different += mask_weight(greys[i], range, MaskBorders::exclusive) !=
                           expected.const_data_ptr<float>()[i]
                       ? 1
                       : 0;
    }
    CATCH_CHECK(different == 0);
    CATCH_CHECK(low_weights(greys, MaskBorders::exclusive) == record["low_weight_pixels"]);
    CATCH_CHECK(low_weights(greys, MaskBorders::inclusive) ==
                record["low_weight_pixels_inclusive"]);
  }
}

CATCH_TEST_CASE("percentiles interpolate between order statistics") {
  const std::vector<std::uint16_t> greys{10, 0, 20, 40, 30};
  const LabelRange range = label_range(greys);
  CATCH_CHECK(range.low == Approx(0.8));
  CATCH_CHECK(range.high == Approx(39.92));
  const std::vector<std::uint16_t> one{7};
  CATCH_CHECK(label_range(one).low == 7);
  CATCH_CHECK(label_range(one).high == 7);
}
