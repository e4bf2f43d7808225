// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "model/architecture.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace lmc::model {

/// A convolution and the norm behind it: the names in front of their tensors' own, such as
/// `<conv>.weight`.
struct NamedConv {
  std::string conv;
  std::string norm;
};

/// One organelle's decoder.
struct NamedDecoder {
  NamedConv first; ///< transposed
  NamedConv second;
  std::string head;
};

/// What a generator's layers are called in its state dict, in the order of computation.
struct GeneratorNames {
  explicit GeneratorNames(const GeneratorArchitecture& architecture);

  NamedConv stem;
  std::array<NamedConv, 2> down;
  std::vector<std::array<NamedConv, 2>> blocks;
  std::array<NamedDecoder, organelle_count> decoders;
};

} // namespace lmc::model
