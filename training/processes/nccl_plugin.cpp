// SPDX-License-Identifier: Apache-2.0
#include "training/processes/nccl_plugin.hpp"

#include "compute/build_identity.hpp"

namespace lmc::training {

NcclPlugin open_nccl(const std::filesystem::path& library) {
  const Plugin plugin = open_plugin(library, nccl_symbol, compute::build_identity());
  return {.entry = static_cast<const NcclEntry*>(plugin.entry), .why_not = plugin.why_not};
}

} // namespace lmc::training
