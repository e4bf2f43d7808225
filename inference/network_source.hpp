// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/route.hpp"
#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <functional>
#include <string>

namespace lmc::inference {

/// Makes or finds a network when it is needed; the reference stays valid during the prediction.
using NetworkOnDemand = std::function<const model::Network&()>;

/// A network, how its input is prepared, and what stands in for it. Nothing is owned.
struct NetworkEntry {
  const model::Network* network = nullptr;
  std::string name = "network"; ///< for messages: its role or file
  model::InputNormalization normalisation = model::InputNormalization::none;
  /// The same weights in fp32 on the CPU, for when the device's memory is out. Empty: none.
  NetworkOnDemand on_cpu = {};
  /// The same weights in fp32, for windows that half precision cannot represent. Empty: `network`
  /// is fp32.
  NetworkOnDemand in_fp32 = {};
};

/// Gives the network of a role; called only for the roles that a route names, so it may load
/// lazily.
using NetworkSource = std::function<NetworkEntry(Role)>;

} // namespace lmc::inference
