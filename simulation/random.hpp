// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace lmc::simulation {

/// Random numbers that are the same on every machine: the standard fixes std::mt19937_64, and the
/// distributions are ours (the standard library's differ between implementations).
class Random {
public:
  /// Streams of one seed are independent: a field's numbers depend on its id, never on the thread
  /// or the order in which fields are made.
  Random(std::uint64_t seed, std::uint64_t stream);

  /// In [0, 1).
  [[nodiscard]] double uniform();
  /// In [low, high).
  [[nodiscard]] double uniform(double low, double high);
  /// Mean 0, standard deviation 1.
  [[nodiscard]] double normal();
  /// In 0 .. count - 1; `count` is at least 1.
  [[nodiscard]] std::size_t index(std::size_t count);
  /// Poisson distributed count: exact below 30, beyond by transformed rejection (Hoermann's PTRS,
  /// Insurance: Mathematics and Economics 12, 1993). 0 for a mean that is not positive.
  [[nodiscard]] double poisson(double mean);

private:
  [[nodiscard]] double poisson_by_multiplication(double mean);
  [[nodiscard]] double poisson_by_rejection(double mean);

  std::mt19937_64 engine_;
};

} // namespace lmc::simulation
