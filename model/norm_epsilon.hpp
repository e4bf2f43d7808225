// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lmc::model {

/// What every norm adds to a variance, PyTorch's default.
inline constexpr double norm_epsilon = 1e-5;

} // namespace lmc::model
