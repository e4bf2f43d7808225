// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "inference/scaling.hpp"
#include "model/storage/tensor_file.hpp"
#include "tests/support/locations.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <map>
#include <random>
#include <stdexcept>

namespace lmc::inference::test {

std::filesystem::path reference_folder() {
  return lmc::test::reference_folder() / "inference";
}

at::Tensor fixture(const std::string& file, const std::string& name) {
  return model::read_tensor_file(reference_folder() / (file + ".safetensors"))
      .tensors.at(name)
      .clone();
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.numel() == 0) {
    throw std::invalid_argument("tensors of different shape, or empty");
  }
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

at::Tensor strided_like(const at::Tensor& planes, const at::Tensor& like) {
  const std::int64_t stride = (planes.size(-2) + like.size(-2) - 1) / like.size(-2);
  return planes.slice(-2, 0, planes.size(-2), stride).slice(-1, 0, planes.size(-1), stride);
}

at::Tensor noise_image(std::int64_t height, std::int64_t width) {
  at::Tensor image = at::empty({height, width}, at::kFloat);
  std::mt19937 bits(1);
  auto* const values = image.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < image.numel(); ++i) {
    values[i] = static_cast<float>(bits() >> 8) / 8388608.0F - 1.0F;
  }
  return image;
}

TablePlane::TablePlane(const at::Tensor& plane)
    : height_{plane.size(0)}, width_{plane.size(1)}, table_(grey_values) {
  const at::Tensor values = plane.contiguous();
  const auto* const first = values.const_data_ptr<float>();
  std::map<float, std::size_t> places;
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const std::size_t place = places.emplace(first[i], places.size()).first->second;
    if (place >= grey_values) {
      throw std::invalid_argument("more than 65536 different values");
    }
    pixels_.push_back(static_cast<std::uint16_t>(place));
    table_[place] = first[i];
  }
}

compute::InputPlane TablePlane::view() const {
  return {.greys = {pixels_.data(), height_, width_}, .table = table_};
}

} // namespace lmc::inference::test
