// SPDX-License-Identifier: Apache-2.0
#include "model/memory_estimate.hpp"

namespace lmc::model {

namespace {

/// Floats per input pixel at the widest point.
double floats_per_pixel(const GeneratorArchitecture& a) {
  return static_cast<double>(4 * a.filters);
}

double floats_per_pixel(const UnetPlusPlusArchitecture& a) {
  return static_cast<double>(4 * a.stem_channels);
}

} // namespace

std::uint64_t activation_bytes(const Architecture& architecture, const BatchShape& shape) {
  const double floats = std::visit([](const auto& a) { return floats_per_pixel(a); }, architecture);
  const double pixels = static_cast<double>(shape.batch) * static_cast<double>(shape.height) *
                        static_cast<double>(shape.width);
  return static_cast<std::uint64_t>(floats * pixels * sizeof(float));
}

} // namespace lmc::model
