// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/app/samples.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lmc::test {

/// A folder with images in `in`, models in `model`, and what `lmc predict` makes in `out`.
class Workbench {
public:
  Workbench() { write_tiny_models(folder_.path() / "model"); }

  [[nodiscard]] std::filesystem::path in(const std::string& name = {}) const {
    return name.empty() ? folder_.path() / "in" : folder_.path() / "in" / name;
  }
  [[nodiscard]] std::filesystem::path out(const std::string& name = {}) const {
    return name.empty() ? folder_.path() / "out" : folder_.path() / "out" / name;
  }
  [[nodiscard]] nlohmann::json summary() const { return json_of(out("summary.json")); }
  [[nodiscard]] nlohmann::json image() const { return summary().at("images").at(0); }

  /// On the CPU with the tiny models, unless the arguments say otherwise.
  [[nodiscard]] ProcessResult predict(std::vector<std::string> arguments,
                                      const ProcessSettings& settings = {}) const {
    std::vector<std::string> words{"predict", "-o", out().string()};
    const auto unless_given = [&](const std::string& option, const std::string& value) {
      if (std::find(arguments.begin(), arguments.end(), option) == arguments.end()) {
        words.insert(words.end(), {option, value});
      }
    };
    unless_given("-m", (folder_.path() / "model").string());
    unless_given("--device", "cpu");
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run("lmc", words, settings);
  }

  /// As `predict` with the fast preset; must succeed.
  ProcessResult done(std::vector<std::string> arguments,
                     const ProcessSettings& settings = {}) const {
    arguments.insert(arguments.end(), {"--preset", "fast"});
    ProcessResult result = predict(std::move(arguments), settings);
    CATCH_INFO(result.err);
    CATCH_REQUIRE(result.exit_code == 0);
    return result;
  }

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

private:
  TemporaryFolder folder_;
};

} // namespace lmc::test
