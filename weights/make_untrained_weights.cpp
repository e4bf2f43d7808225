// SPDX-License-Identifier: Apache-2.0
// Writes the untrained demo models of this folder: small networks with weights by formula.
// Usage: lmc_make_untrained_weights FOLDER
#include "common/error.hpp"
#include "model/formula_weights.hpp"
#include "model/manifest.hpp"

#include <cstdlib>
#include <iostream>

namespace {

using namespace lmc;
using namespace lmc::model;

/// Small enough for about a second a window on two cores and 2 MB a file.
Architecture architecture_for(Role role) {
  if (role == Role::unified) {
    return UnetPlusPlusArchitecture{.layers = {1, 1, 1, 1},
                                    .groups = 8,
                                    .width_per_group = 16,
                                    .stem_channels = 8,
                                    .decoder_channels = {64, 32, 16, 16, 8}};
  }
  return GeneratorArchitecture{.filters = 16, .blocks = 4};
}

Weights untrained(Role role) {
  Weights weights;
  weights.architecture = architecture_for(role);
  // Each role's name in the hash gives it weights of its own.
  weights.state = formula_weights(weights.architecture, std::string{name_of(role)} + ".");
  weights.trained = false;
  weights.provenance = {{"source", "weights by formula (model/formula_weights.hpp), not trained"}};
  return weights;
}

void write_models(const std::filesystem::path& folder) {
  Manifest manifest{.folder = folder, .models = {}};
  for (const Role role : all_roles) {
    const std::string file = std::string{name_of(role)} + ".safetensors";
    const Weights weights = untrained(role);
    const std::string sha256 = save_weights(folder / file, weights, Existing::replace);
    manifest.models[role] = entry_of(weights, file, sha256);
  }
  write_manifest(manifest, Existing::replace);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: lmc_make_untrained_weights FOLDER\n";
    return static_cast<int>(ExitCode::usage);
  }
  try {
    write_models(argv[1]);
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(error.exit_code());
  }
  return EXIT_SUCCESS;
}
