// SPDX-License-Identifier: Apache-2.0
#include "common/records/json.hpp"
#include "engine/cuda_engine.hpp"
#include "tests/app/samples.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <string>

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using namespace lmc::test;

CATCH_TEST_CASE("lmc version --json names the libraries and the models with their hashes") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  const ProcessResult result =
      run("lmc", {"version", "--json", "-m", (folder.path() / "model").string()});
  CATCH_REQUIRE(result.exit_code == 0);
  const nlohmann::json json = lmc::parse_json(result.out);
  for (const char* const key : {"version", "git_revision", "libtorch", "cuda", "itk", "libtiff"}) {
    CATCH_INFO(key);
    CATCH_CHECK_FALSE(json.at(key).get<std::string>().empty());
  }
  const std::filesystem::path engine = lmc::engine::cuda_engine_library();
  CATCH_CHECK_THAT(json.at("cuda_engine").get<std::string>(),
                   Equals(exists(engine)
                              ? "opened"
                              : "none: the native engine for CUDA is not installed (no " +
                                    engine.string() + "; ./run.sh --cuda builds it)"));
  CATCH_REQUIRE(json.at("models").size() == 4);
  const nlohmann::json manifest = json_of(folder.path() / "model" / "manifest.json");
  for (const nlohmann::json& model : json.at("models")) {
    const std::string role = model.at("role");
    CATCH_CHECK(model.at("sha256") == manifest.at("models").at(role).at("sha256"));
    CATCH_CHECK(model.at("trained") == false);
  }
}

CATCH_TEST_CASE("lmc version prints the same for people, with the bundled models") {
  const ProcessResult result = run("lmc", {"version"});
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK_THAT(result.out, Contains("lightmycells ") && Contains("libtorch ") &&
                                   Contains("model       phase_contrast "));
}
