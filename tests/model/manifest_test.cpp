// SPDX-License-Identifier: Apache-2.0
#include "model/storage/manifest.hpp"

#include "common/error.hpp"
#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"
#include "tests/support/locations.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace lmc;
using namespace lmc::model;
using lmc::model::test::TemporaryFolder;

namespace {

Weights small_weights() {
  Weights weights;
  weights.architecture = GeneratorArchitecture{.filters = 8, .blocks = 2};
  weights.state = lmc::test::formula_weights(weights.architecture);
  return weights;
}

std::string manifest_error(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream{folder.path() / "manifest.json"} << text;
  try {
    static_cast<void>(read_manifest(folder.path()));
  } catch (const Error& error) {
    CATCH_CHECK(error.exit_code() == ExitCode::model);
    return error.what();
  }
  return "accepted";
}

std::string manifest_with(const std::string& entry) {
  return R"({"format": 1, "models": {"dic": {)" + entry + "}}}";
}

} // namespace

CATCH_TEST_CASE("a folder's models are found, checked and loaded") {
  const TemporaryFolder folder;
  const Weights weights = small_weights();
  const std::string sha256 =
      save_weights(folder.path() / "dic.safetensors", weights, Existing::refuse);
  std::ofstream{folder.path() / "manifest.json"} << manifest_with(
      R"("file": "dic.safetensors", "sha256": ")" + sha256 +
      R"(", "trained": false, "architecture": {"network": "generator", "filters": 8, "blocks": 2})");

  Manifest manifest = read_manifest(folder.path());
  CATCH_REQUIRE(manifest.models.size() == 1);
  CATCH_CHECK(manifest.models.at(Role::dic).sha256 == sha256);
  CATCH_CHECK(load_model(manifest, Role::dic).architecture == weights.architecture);
  CATCH_CHECK_THROWS_WITH(load_model(manifest, Role::unified),
                          Catch::Contains("names no model \"unified\""));

  manifest.models[Role::dic].trained = true;
  CATCH_CHECK_THROWS_WITH(load_model(manifest, Role::dic),
                          Catch::StartsWith("error[E404] ") &&
                              Catch::Contains("the manifest says trained"));
  manifest.models[Role::dic].sha256 = std::string(64, '0');
  CATCH_CHECK_THROWS_WITH(load_model(manifest, Role::dic), Catch::StartsWith("error[E402] "));
  manifest.models[Role::dic].file = "absent.safetensors";
  CATCH_CHECK_THROWS_WITH(load_model(manifest, Role::dic), Catch::StartsWith("error[E401] "));
}

CATCH_TEST_CASE("a manifest with a fault is refused with its cause") {
  const std::string sha256 = R"("sha256": ")" + std::string(64, 'a') + R"(")";
  const std::string rest =
      sha256 + R"(, "trained": false, "architecture": {"network": "generator"})";
  CATCH_CHECK(manifest_error(manifest_with(R"("file": "a.safetensors", )" + rest)) == "accepted");
  CATCH_CHECK_THAT(manifest_error("{"), Catch::Contains("malformed JSON"));
  CATCH_CHECK_THAT(manifest_error("{}"), Catch::Contains("\"format\" is missing"));
  CATCH_CHECK_THAT(manifest_error(R"({"format": 2, "models": {}})"),
                   Catch::Contains("\"format\" is 2"));
  CATCH_CHECK_THAT(manifest_error(R"({"format": 1, "models": {}})"),
                   Catch::Contains("names no model"));
  CATCH_CHECK_THAT(manifest_error(R"({"format": 1, "models": {"x": {}}})"),
                   Catch::Contains("unknown key \"models.x\", the keys are bright_field, dic"));
  CATCH_CHECK_THAT(manifest_error(manifest_with(R"("file": "a")")),
                   Catch::Contains("\"models.dic.sha256\" is missing"));
  for (const std::string file : {"../a", "/etc/passwd", "b/a", ".hidden", ""}) {
    CATCH_CHECK_THAT(manifest_error(manifest_with(R"("file": ")" + file + R"(", )" + rest)),
                     Catch::Contains("allowed is a file name within the folder"));
  }
  CATCH_CHECK_THAT(manifest_error(manifest_with(R"("file": "a", "colour": 1, )" + rest)),
                   Catch::Contains("unknown key \"models.dic.colour\""));
  CATCH_CHECK_THAT(
      manifest_error(manifest_with(
          R"("file": "a", "sha256": "XY", "trained": false, "architecture": {"network": "generator"})")),
      Catch::Contains("64 lower-case hexadecimal digits"));
}

CATCH_TEST_CASE("the built-in models load and are trained") {
  const Manifest manifest = read_manifest(lmc::test::source_folder() / "weights");
  for (const Role role : all_roles) {
    CATCH_INFO(name_of(role));
    CATCH_CHECK(load_model(manifest, role).trained);
  }
}
