// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/engine_choice.hpp"
#include "inference/device.hpp"
#include "inference/network_set.hpp"
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
  std::string engine; ///< what runs it: "fast (AVX2)", "torch"
};

[[nodiscard]] nlohmann::json to_json(const ModelInfo& info);

/// The networks of a run. All weights files are checked when the set is opened, before any image is
/// read; a network is built when the first image needs it and kept.
class ModelSet {
public:
  /// @param models a folder with manifest.json, or one weights file that then predicts everything
  /// @throws Error model_missing, model_checksum, model_corrupt, model_mismatch, model_foreign,
  /// model_not_finite, usage when `engine` is fast and cannot run a model
  static ModelSet open(const std::filesystem::path& models, const inference::DeviceChoice& device,
                       EngineChoice engine = EngineChoice::automatic);

  ModelSet(ModelSet&&) noexcept;
  ModelSet& operator=(ModelSet&&) noexcept;
  ~ModelSet();

  /// @throws Error model_missing when the manifest has no model for a role of this route
  void require(const inference::Route& route) const;

  [[nodiscard]] inference::NetworkSet networks();

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
