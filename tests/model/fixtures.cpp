// SPDX-License-Identifier: Apache-2.0
#include "tests/model/fixtures.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <stdexcept>
#include <vector>

namespace lmc::model::test {

namespace {

nlohmann::json record_of(const std::string& folder, const std::string& name) {
  return lmc::test::reference_json(std::filesystem::path{folder} / "manifest.json")
      .at("fixtures")
      .at(name);
}

} // namespace

nlohmann::json net_record(const std::string& fixture) {
  return record_of("nets", fixture);
}

nlohmann::json checkpoint_record(const std::string& file) {
  return record_of("checkpoints", file);
}

StateDict net_tensors(const std::string& fixture) {
  return lmc::test::reference_tensors(std::filesystem::path{"nets"} / (fixture + ".safetensors"));
}

at::Tensor image_window(const std::string& image, const std::array<std::int64_t, 4>& window) {
  const auto [y, x, height, width] = window;
  const at::Tensor pixels =
      lmc::test::reference_tensors(std::filesystem::path{"images"} / (image + ".safetensors"))
          .at("pixels");
  const auto* values = static_cast<const std::uint16_t*>(pixels.const_data_ptr());
  at::Tensor result = at::empty({1, 1, height, width});
  float* out = result.mutable_data_ptr<float>();
  for (std::int64_t row = y; row < y + height; ++row) {
    for (std::int64_t column = x; column < x + width; ++column) {
      *out++ = static_cast<float>(values[row * pixels.size(1) + column]) / 65535.0F * 2.0F - 1.0F;
    }
  }
  return result;
}

at::Tensor fixture_windows(const nlohmann::json& record, const std::string& image) {
  std::vector<at::Tensor> windows;
  for (const auto& window : record.at("windows")) {
    windows.push_back(image_window(image, window.get<std::array<std::int64_t, 4>>()));
  }
  return at::cat(windows);
}

double max_difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) {
    throw std::invalid_argument{"the shapes differ"};
  }
  return a.sub(b).abs().max().item<double>();
}

double tolerance_of(const nlohmann::json& record) {
  return 10 * record.at("fp64_difference").at("max").get<double>();
}

} // namespace lmc::model::test
