// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "model/storage/role.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lmc::inference {

using model::Role;

/// The network that predicts `organelle` in an image of this modality.
/// DIC actin goes to the unified network because no DIC field of the training data has actin: the
/// separate DIC network scores SSIM 0.065 on it, the unified UNet++ 0.555 (arXiv 2406.15716).
[[nodiscard]] constexpr Role role_for(Modality modality, Organelle organelle) {
  switch (modality) {
  case Modality::bright_field:
    return Role::bright_field;
  case Modality::phase_contrast:
    return Role::phase_contrast;
  case Modality::dic:
    return organelle == Organelle::actin ? Role::unified : Role::dic;
  case Modality::unknown:
    return Role::unified;
  }
  return Role::unified;
}

/// One network and the organelles that are taken from its output.
struct NetworkUse {
  Role role = Role::unified;
  std::vector<Organelle> organelles;
};

/// Which network predicts which organelle of one image. Every network appears once.
struct Route {
  Modality modality = Modality::unknown;
  std::vector<NetworkUse> uses;
  std::optional<std::string> warning; ///< set when the modality is unknown
};

/// Routes the wanted organelles of an image of this modality.
[[nodiscard]] Route route(Modality modality,
                          std::span<const Organelle> wanted = std::span(all_organelles));

} // namespace lmc::inference
