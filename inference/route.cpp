// SPDX-License-Identifier: Apache-2.0
#include "inference/route.hpp"

#include <algorithm>

namespace lmc::inference {

namespace {

NetworkUse& use_of(Role role, std::vector<NetworkUse>& uses) {
  const auto known = std::find_if(uses.begin(), uses.end(),
                                  [role](const NetworkUse& use) { return use.role == role; });
  return known != uses.end() ? *known
                             : uses.emplace_back(NetworkUse{.role = role, .organelles = {}});
}

} // namespace

Route route(Modality modality, std::span<const Organelle> wanted) {
  Route result{.modality = modality, .uses = {}, .warning = std::nullopt};
  for (const Organelle organelle : all_organelles) {
    if (std::find(wanted.begin(), wanted.end(), organelle) != wanted.end()) {
      use_of(role_for(modality, organelle), result.uses).organelles.push_back(organelle);
    }
  }
  if (modality == Modality::unknown) {
    result.warning =
        "the modality is unknown: the unified network, trained on all modalities, predicts "
        "every organelle; name the modality (BF, PC or DIC) for better predictions";
  }
  return result;
}

} // namespace lmc::inference
