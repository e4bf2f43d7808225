// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "app/model_set.hpp"
#include "app/program.hpp"
#include "common/records/json.hpp"
#include "common/text.hpp"
#include "common/version.hpp"
#include "compute/device.hpp"
#include "engine/cuda_engine.hpp"

#include <ATen/Context.h>
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <itkVersion.h>
#include <nlohmann/json.hpp>
#include <tiffio.h>

#include <memory>
#include <string>

namespace lmc::app {

namespace {

/// "usable", or why not.
std::string cuda_state() {
  const auto why_not = compute::probe_cuda(0);
  return why_not ? "not usable: " + *why_not : "usable";
}

std::string cuda_engine_state() {
  const engine::CudaEngine& engine = engine::installed_cuda_engine();
  return engine.entry != nullptr ? "opened" : "none: the native engine " + engine.why_not;
}

/// "LIBTIFF, Version 4.5.0" without the copyright lines behind it.
std::string libtiff_version() {
  const std::string line = first_line(TIFFGetVersion());
  return line.substr(line.rfind(' ') + 1);
}

nlohmann::json describe(const std::string& models) {
  nlohmann::json json{{"version", version()},
                      {"git_revision", git_revision()},
                      {"libtorch", TORCH_VERSION},
                      {"cuda", cuda_state()},
                      {"cuda_engine", cuda_engine_state()},
                      {"itk", itk::Version::GetITKVersion()},
                      {"libtiff", libtiff_version()},
                      {"models", nlohmann::json::array()}};
  const std::filesystem::path folder =
      models.empty() ? bundled_folder("weights") : std::filesystem::path{models};
  const ModelSet set = ModelSet::open(folder, {});
  for (const ModelInfo& model : set.all()) {
    json["models"].push_back(to_json(model));
  }
  return json;
}

void print(const nlohmann::json& json) {
  fmt::print("lightmycells {} ({})\n", json["version"].get<std::string>(),
             json["git_revision"].get<std::string>());
  for (const char* const library : {"libtorch", "cuda", "cuda_engine", "itk", "libtiff"}) {
    fmt::print("{:11} {}\n", library, json[library].get<std::string>());
  }
  for (const nlohmann::json& model : json["models"]) {
    fmt::print("model       {:15} {} {} on a CPU by {}, sha256 {}{}\n",
               model["role"].get<std::string>(), model["file"].get<std::string>(),
               model["architecture"].get<std::string>(), model["engine"].get<std::string>(),
               model["sha256"].get<std::string>(),
               model["trained"].get<bool>() ? "" : " (untrained)");
  }
}

} // namespace

Command add_version_command(CLI::App& lmc) {
  struct Arguments {
    bool json = false;
    std::string models;
  };
  CLI::App* const command =
      lmc.add_subcommand("version", "Versions of the program, its libraries and its models");
  const auto arguments = std::make_shared<Arguments>();
  command->add_flag("--json", arguments->json, "As one JSON object");
  command->add_option("-m,--model", arguments->models, "Folder of models or a weights file");
  command->footer("Example:\n  lmc version --json");
  return {command, [arguments] {
            const nlohmann::json json = describe(arguments->models);
            if (arguments->json) {
              fmt::print("{}", to_text(json));
            } else {
              print(json);
            }
            return 0;
          }};
}

} // namespace lmc::app
