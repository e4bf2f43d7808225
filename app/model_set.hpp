// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/engine_choice.hpp"
#include "compute/device.hpp"
#include "inference/network_source.hpp"
#include "inference/route.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace lmc::app {

/// A model as the summary and the outputs name it.
struct ModelInfo {
  std::string role; ///< "bright_field" ...; "any" for a single weights file
  std::string file; ///< name without folder
  std::string sha256;
  std::string architecture; ///< kind of network: "generator", "unetpp"
  bool trained = false;
  std::string engine; ///< what runs it: "native (AVX2)", "torch"
};

[[nodiscard]] nlohmann::json to_json(const ModelInfo& info);

/// The networks of a run. All weights files are checked when the set is opened, before any image is
/// read; a network is built when the first image needs it and kept.
class ModelSet {
public:
  /// @param models a folder with manifest.json, or one weights file that then predicts everything
  /// @throws Error model_missing, model_checksum, model_corrupt, model_mismatch, model_foreign,
  /// model_not_finite, usage when `engine` is native and cannot run a model
  static ModelSet open(const std::filesystem::path& models, const compute::DeviceChoice& device,
                       EngineChoice engine = EngineChoice::automatic);

  ModelSet(ModelSet&&) noexcept;
  ModelSet& operator=(ModelSet&&) noexcept;
  ~ModelSet();

  /// The networks, each built when it is asked for. @throws Error model_missing when asked for a
  /// role that the manifest does not have
  [[nodiscard]] inference::NetworkSource networks();

  /// Builds every network now instead of when an image first needs it.
  void build_all();

  /// The model of a role. @throws Error model_missing
  [[nodiscard]] const ModelInfo& info(inference::Role role) const;

  [[nodiscard]] std::vector<ModelInfo> all() const;

private:
  struct State;
  explicit ModelSet(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace lmc::app
