// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/plane_view.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include <string>
#include <variant>
#include <vector>

namespace lmc::evaluation::test {

/// A plane with memory of its own.
struct OwnedPlane {
  std::variant<std::vector<std::uint16_t>, std::vector<float>> values;
  std::size_t height = 0;
  std::size_t width = 0;

  [[nodiscard]] PlaneView view() const;
};

/// A pair of tests/reference/metrics.
struct ReferencePair {
  std::string name;
  OwnedPlane truth;
  OwnedPlane prediction;
  nlohmann::json plain_double; ///< the definition in double; null for the pair with a NaN
  nlohmann::json libraries;    ///< of the libraries that the challenge pins
};

[[nodiscard]] std::vector<ReferencePair> reference_pairs();

} // namespace lmc::evaluation::test
