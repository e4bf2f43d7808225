// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/any_plane.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace lmc::evaluation::test {

/// A pair of tests/reference/metrics.
struct ReferencePair {
  std::string name;
  AnyPlane truth;
  AnyPlane prediction;
  nlohmann::json plain_double; ///< the definition in double; null for the pair with a NaN
  nlohmann::json libraries;    ///< of the libraries that the challenge pins
};

[[nodiscard]] std::vector<ReferencePair> reference_pairs();

} // namespace lmc::evaluation::test
