// SPDX-License-Identifier: Apache-2.0
#include "model/storage/weights.hpp"

#include "common/error.hpp"
#include "common/files/hash.hpp"
#include "model/import/convert.hpp"
#include "model/storage/tensor_file.hpp"
#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include <fstream>
#include <limits>

using namespace lmc;
using namespace lmc::model;
using lmc::model::test::reference_folder;
using lmc::model::test::TemporaryFolder;

namespace {

Weights small_weights() {
  Weights weights;
  weights.architecture = GeneratorArchitecture{.filters = 8, .blocks = 2};
  weights.state = lmc::test::formula_weights(weights.architecture);
  weights.normalization = InputNormalization::percentile;
  weights.provenance = {{"source", "a test"}};
  return weights;
}

/// The error of loading a file, which must name it and be one of the model's.
std::string load_error(const std::filesystem::path& path, ErrorCode code) {
  try {
    static_cast<void>(load_weights(path));
  } catch (const Error& error) {
    CATCH_CHECK(error.code() == code);
    CATCH_CHECK(error.exit_code() == ExitCode::model);
    CATCH_CHECK(error.subject() == path.string());
    return error.what();
  }
  return "accepted";
}

std::filesystem::path write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

/// A weights file whose record is `record`.
std::filesystem::path with_record(const TemporaryFolder& folder, const std::string& record) {
  const std::filesystem::path path = folder.path() / "record.safetensors";
  write_tensor_file(path, {.metadata = {{"light_my_cells", record}}, .tensors = {}},
                    Existing::replace);
  return path;
}

} // namespace

CATCH_TEST_CASE("weights survive writing and reading") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "small.safetensors";
  const Weights written = small_weights();
  const std::string sha256 = save_weights(path, written, Existing::refuse);
  CATCH_CHECK(sha256 == sha256_of_file(path));
  const Weights read = load_weights(path, sha256);
  CATCH_CHECK(read.architecture == written.architecture);
  CATCH_CHECK(read.normalization == InputNormalization::percentile);
  CATCH_CHECK_FALSE(read.trained);
  CATCH_CHECK(read.provenance == written.provenance);
  CATCH_CHECK(read.sha256 == sha256);
  auto expected = written.state.begin();
  CATCH_REQUIRE(read.state.size() == written.state.size());
  for (const auto& [name, tensor] : read.state) {
    CATCH_CHECK(name == expected->first);
    CATCH_CHECK(tensor.equal(expected->second));
    ++expected;
  }
}

CATCH_TEST_CASE("tensors keep the mapped file alive after it is deleted") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "small.safetensors";
  save_weights(path, small_weights(), Existing::refuse);
  const at::Tensor tensor = load_weights(path).state.at("encoder.1.weight");
  std::filesystem::remove(path);
  CATCH_CHECK(tensor.equal(small_weights().state.at("encoder.1.weight")));
}

CATCH_TEST_CASE("a file that is missing, empty, changed or truncated is refused") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "small.safetensors";
  CATCH_CHECK_THAT(load_error(path, ErrorCode::model_missing), Catch::Contains("no such file"));
  CATCH_CHECK_THAT(load_error(folder.path(), ErrorCode::model_missing),
                   Catch::Contains("not a regular file"));
  write_text(path, "");
  CATCH_CHECK_THAT(load_error(path, ErrorCode::model_corrupt), Catch::Contains("empty file"));
  save_weights(path, small_weights(), Existing::replace);
  CATCH_CHECK_THROWS_WITH(load_weights(path, std::string(64, 'a')),
                          Catch::StartsWith("error[E402] ") &&
                              Catch::Contains("the manifest says aaaa"));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CATCH_CHECK_THAT(load_error(path, ErrorCode::model_corrupt), Catch::Contains("lies at bytes"));
}

CATCH_TEST_CASE("all tensors that differ are listed at once") {
  const TemporaryFolder folder;
  Weights weights = small_weights();
  StateDict state;
  for (const auto& [name, tensor] : weights.state) {
    if (name != "encoder.4.bias" && name != "encoder.7.bias") {
      state.add(name == "encoder.1.bias" ? "encoder.1.offset" : name,
                name == "encoder.4.weight"   ? at::zeros({16, 8, 5, 5})
                : name == "encoder.7.weight" ? tensor.to(at::kHalf)
                                             : tensor);
    }
  }
  weights.state = state;
  CATCH_CHECK_THROWS_WITH(
      save_weights(folder.path() / "x.safetensors", weights, Existing::refuse),
      Catch::Contains("3 missing tensors (encoder.1.bias, encoder.4.bias, encoder.7.bias)") &&
          Catch::Contains("1 unexpected tensor (encoder.1.offset)") &&
          Catch::Contains(
              "1 misshaped tensor (encoder.4.weight is [16, 8, 5, 5], needs [16, 8, 3, 3])") &&
          Catch::Contains("1 mistyped tensor (encoder.7.weight is Half, needs Float)"));
}

CATCH_TEST_CASE("weights that are not finite are refused") {
  const TemporaryFolder folder;
  const Weights weights = small_weights();
  at::Tensor bias = weights.state.at("encoder.4.bias");
  bias[3].fill_(std::numeric_limits<float>::infinity());
  CATCH_CHECK_THROWS_WITH(save_weights(folder.path() / "x.safetensors", weights, Existing::refuse),
                          Catch::StartsWith("error[E406] ") &&
                              Catch::Contains("tensor encoder.4.bias has 1 of 16 values"));
}

CATCH_TEST_CASE("a record that is not understood is refused") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& record) {
    return load_error(with_record(folder, record), ErrorCode::model_mismatch);
  };
  const std::string generator = R"("architecture":{"network":"generator"})";
  CATCH_CHECK_THAT(error("{}"), Catch::Contains("\"format\" is missing"));
  CATCH_CHECK_THAT(error(R"({"format":2})"), Catch::Contains("\"format\" is 2"));
  CATCH_CHECK_THAT(error(R"({"format":1})"), Catch::Contains("\"trained\" is missing"));
  CATCH_CHECK_THAT(error(R"({"format":1,"trained":1,)" + generator + "}"),
                   Catch::Contains("\"trained\" is 1, allowed is true or false"));
  CATCH_CHECK_THAT(error(R"({"format":1,"trained":true,"colour":1,)" + generator + "}"),
                   Catch::Contains("unknown key \"colour\""));
  CATCH_CHECK_THAT(
      error(R"({"format":1,"trained":true,"input_normalization":"x",)" + generator + "}"),
      Catch::Contains("none, percentile, zscore"));
  CATCH_CHECK_THAT(error(R"({"format":1,"trained":true,)" + generator + "}"),
                   Catch::Contains("66 missing tensors"));
  CATCH_CHECK_THAT(load_error(reference_folder() / "nets" / "generator_small_64.safetensors",
                              ErrorCode::model_mismatch),
                   Catch::Contains("lmc convert"));
}

CATCH_TEST_CASE("other formats are named with what to do about them") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& name, const std::string& text) {
    return load_error(write_text(folder.path() / name, text), ErrorCode::model_foreign);
  };
  const std::filesystem::path pth = reference_folder() / "checkpoints" / "generator_small.pth";
  CATCH_CHECK_THAT(
      load_error(pth, ErrorCode::model_foreign),
      Catch::Contains("is a PyTorch checkpoint") &&
          Catch::Contains("lmc convert '" + pth.string() + "' -o 'generator_small.safetensors'"));
  CATCH_CHECK_THAT(load_error(reference_folder() / "checkpoints" / "generator_small_legacy.pth",
                              ErrorCode::model_foreign),
                   Catch::Contains("is a Python pickle"));
  CATCH_CHECK_THAT(error("m.pt", "PK\x03\x04....archive/constants.pkl"),
                   Catch::Contains("a TorchScript archive"));
  CATCH_CHECK_THAT(error("m.h5", "\x89HDF\r\n\x1a\n...."), Catch::Contains("an HDF5 file"));
  CATCH_CHECK_THAT(error("m.onnx", "\x08\x07\x12\x07pytorch"), Catch::Contains("an ONNX model"));
  CATCH_CHECK_THAT(error("m.html", "<!DOCTYPE html><html>"), Catch::Contains("a web page"));
  CATCH_CHECK_THAT(error("m.lfs", "version https://git-lfs.github.com/spec/v1\n"),
                   Catch::Contains("git lfs pull"));
}

CATCH_TEST_CASE("converted weights are saved and loaded") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "converted.safetensors";
  const Weights converted =
      convert_checkpoint(reference_folder() / "checkpoints" / "generator_small.pth", "generator");
  CATCH_CHECK(converted.trained);
  CATCH_CHECK(converted.provenance.at("source") == "generator_small.pth");
  save_weights(path, converted, Existing::refuse);
  const Weights loaded = load_weights(path);
  CATCH_CHECK(loaded.trained);
  CATCH_CHECK(loaded.architecture == converted.architecture);
}
