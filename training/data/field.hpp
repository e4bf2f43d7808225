// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "dataset/field.hpp"

#include <cstddef>

namespace lmc::training {

using dataset::DataProblem;
using dataset::PlaneFile;

/// Part of a field of view that training never sees.
enum class HoldOut {
  none,
  right_quarter, ///< the last quarter of the columns
};

/// Columns of a field of `width` columns that training sees.
[[nodiscard]] constexpr Index visible_width(Index width, HoldOut hold_out) {
  return hold_out == HoldOut::right_quarter ? width - width / 4 : width;
}

/// A field of view and how a run uses it. The name decides the split.
struct Field : dataset::Field {
  HoldOut hold_out = HoldOut::none;
  std::size_t repeat = 1; ///< times that it counts in the sampling lists
};

} // namespace lmc::training
