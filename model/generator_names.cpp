// SPDX-License-Identifier: Apache-2.0
#include "model/generator_names.hpp"

#include <fmt/format.h>

namespace lmc::model {

namespace {

/// Module `index` of a sequence and the norm that follows it.
NamedConv named(const std::string& sequence, int index) {
  return {.conv = fmt::format("{}.{}", sequence, index),
          .norm = fmt::format("{}.{}", sequence, index + 1)};
}

} // namespace

GeneratorNames::GeneratorNames(const GeneratorArchitecture& architecture)
    : stem{named("encoder", 1)}, down{named("encoder", 4), named("encoder", 7)} {
  // A dropout layer in front of the second convolution shifts it by one.
  const int second = architecture.dropout_layer ? 6 : 5;
  for (std::int64_t block = 0; block < architecture.blocks; ++block) {
    // Behind the stem's four modules and twice three.
    const std::string name = fmt::format("encoder.{}.conv_block", 10 + block);
    blocks.push_back({named(name, 1), named(name, second)});
  }
  for (std::size_t organelle = 0; organelle < decoders.size(); ++organelle) {
    const std::string name = fmt::format("decoder{}.decoder", organelle + 1);
    decoders[organelle] = {.first = named(name, 0), .second = named(name, 3), .head = name + ".7"};
  }
}

} // namespace lmc::model
