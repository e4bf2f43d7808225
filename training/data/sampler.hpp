// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/field.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace lmc::training {

/// A plane of a field, and the key of everything random about this use of it.
struct Draw {
  std::size_t field = 0;
  std::size_t plane = 0;
  std::uint64_t key = 0;
};

/// Which plane each place of each batch takes. A pure function of seed and place: runs can go on
/// from any step, and several processes share one sequence, without any state to keep.
class Sampler {
public:
  /// @param balanced four lists of planes, one for each organelle, of which the places take in turn
  ///   (arXiv 2406.15716); else one list of all planes
  /// @param fields stay alive and unchanged as long as the sampler
  Sampler(const std::vector<Field>& fields, bool balanced, std::uint64_t seed);

  /// Planes in all, each counted as often as its field repeats.
  [[nodiscard]] std::size_t planes() const { return planes_; }

  /// What place number `place` takes, counted over all batches and processes. Each list is gone
  /// through in a new order before any of it comes again.
  /// @param attempt 0; more for another plane of the same list where one turned out unusable
  [[nodiscard]] Draw draw(std::uint64_t place, std::uint64_t attempt = 0);

private:
  struct Member {
    std::uint32_t field;
    std::uint32_t plane;
  };
  struct List {
    std::vector<Member> planes;
    std::uint64_t pass = 0;
    std::vector<std::uint32_t> order; ///< of `pass`
  };

  void shuffle(std::size_t list, std::uint64_t pass);

  std::uint64_t seed_;
  std::size_t planes_ = 0;
  std::vector<List> lists_;
  std::mutex mutex_;
};

} // namespace lmc::training
