// SPDX-License-Identifier: Apache-2.0
#include "model/import/checkpoint.hpp"

#include "common/error.hpp"
#include "model/import/convert.hpp"
#include "model/storage/state_check.hpp"
#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <iterator>
#include <vector>

using namespace lmc;
using namespace lmc::model;
using lmc::model::test::checkpoint_record;
using lmc::model::test::reference_folder;
using lmc::model::test::TemporaryFolder;

namespace {

const GeneratorArchitecture small{.filters = 8, .blocks = 2};

std::filesystem::path checkpoint(const std::string& file) {
  return reference_folder() / "checkpoints" / file;
}

/// The error of converting a checkpoint; fails the test when there is none.
Error refused(const std::string& file) {
  try {
    static_cast<void>(convert_checkpoint(checkpoint(file), "generator"));
  } catch (const Error& error) {
    return error;
  }
  CATCH_FAIL(file << " was accepted");
  throw std::logic_error{"unreachable"};
}

void check_refused(const std::string& file, ErrorCode code, const std::string& message) {
  CATCH_INFO(file);
  CATCH_REQUIRE(checkpoint_record(file).at("accept") != true);
  const Error error = refused(file);
  CATCH_CHECK(error.code() == code);
  CATCH_CHECK(error.exit_code() == ExitCode::model);
  CATCH_CHECK_THAT(error.what(), Catch::Contains(message));
  CATCH_CHECK_THAT(error.what(), Catch::Contains(file));
}

void check_nothing_ran() {
  CATCH_CHECK_FALSE(std::filesystem::exists("PWNED"));
  CATCH_CHECK_FALSE(std::filesystem::exists(checkpoint("PWNED")));
}

} // namespace

CATCH_TEST_CASE("published checkpoints give the generator's weights bit by bit") {
  const StateDict expected = lmc::test::formula_weights(small);
  for (const std::string file :
       {"generator_small.pth", "generator_small_dict.pth", "generator_small_module_prefix.pth",
        "generator_small_legacy.pth", "generator_small_nested.pth"}) {
    CATCH_INFO(file);
    CATCH_REQUIRE(checkpoint_record(file).at("accept") != false);
    const Weights weights = convert_checkpoint(checkpoint(file), "generator");
    CATCH_CHECK(std::get<GeneratorArchitecture>(weights.architecture) == small);
    CATCH_REQUIRE(weights.state.size() == expected.size());
    auto found = weights.state.begin();
    for (const auto& [name, tensor] : expected) {
      CATCH_CHECK(found->first == name);
      CATCH_CHECK(found->second.equal(tensor));
      ++found;
    }
  }
}

CATCH_TEST_CASE("views, shared storages and every element type are read") {
  const nlohmann::json record = checkpoint_record("views.pth");
  const StateDict state = read_checkpoint(checkpoint("views.pth"));
  CATCH_REQUIRE(state.size() == record.at("tensors").size());
  for (const auto& [name, tensor] : state) {
    CATCH_INFO(name);
    const nlohmann::json& expected = record.at("tensors").at(name);
    CATCH_CHECK(nlohmann::json(tensor.sizes().vec()) == expected.at("shape"));
    CATCH_CHECK(tensor.is_contiguous());
    const std::string type = expected.at("dtype");
    const bool floating = type.find("float") != std::string::npos;
    CATCH_CHECK((tensor.scalar_type() == at::kFloat) == floating);
    // The values are listed as the doubles that the stored numbers are; float64 is rounded once.
    auto values = expected.at("values").get<std::vector<double>>();
    const at::Tensor wanted =
        at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kDouble);
    CATCH_CHECK(tensor.flatten()
                    .to(at::kDouble)
                    .equal(floating ? wanted.to(at::kFloat).to(at::kDouble) : wanted));
  }
}

CATCH_TEST_CASE("checkpoints with code in them are refused and nothing runs") {
  check_refused("hostile.pth", ErrorCode::model_corrupt,
                "1 of 39 entries are no tensors and were not executed: \"zz_extra\" is a call of "
                "posix.system");
  check_refused("hostile_eval.pth", ErrorCode::model_corrupt,
                "\"b\" is a call of __builtin__.eval");
  check_refused("hostile_legacy.pth", ErrorCode::model_corrupt,
                "bare pickle without PyTorch's magic number");
  check_nothing_ran();
}

CATCH_TEST_CASE("damaged checkpoints are refused with their cause") {
  check_refused("truncated.pth", ErrorCode::model_corrupt,
                "the zip directory is missing: the file is truncated");
  check_refused("short_storage.pth", ErrorCode::model_corrupt,
                "tensor \"encoder.10.conv_block.1.weight\": the storage 6 has 4608 elements, 9216 "
                "are declared");
  check_refused("missing_storage.pth", ErrorCode::model_corrupt, "is missing");
  check_refused("cut_pickle.pth", ErrorCode::model_corrupt, "ends early");
}

CATCH_TEST_CASE("checkpoints of another network are refused with what differs") {
  check_refused("wrong_shape.pth", ErrorCode::model_mismatch,
                "1 misshaped tensor (encoder.4.weight is [16, 8, 5, 5], needs [16, 8, 3, 3])");
  check_refused("missing_tensor.pth", ErrorCode::model_mismatch,
                "1 missing tensor (decoder3.decoder.7.bias)");
  check_refused("nan_weight.pth", ErrorCode::model_not_finite,
                "tensor encoder.7.weight has 1 of 4608 values");
}

CATCH_TEST_CASE("an architecture given as JSON is compared with the tensors") {
  const std::string record = R"({"network": "generator", "filters": 8, "blocks": 3})";
  CATCH_CHECK_THROWS_WITH(convert_checkpoint(checkpoint("generator_small.pth"), record),
                          Catch::Contains("4 missing tensors (encoder.12.conv_block.1.weight, ") &&
                              Catch::Contains("8 filters, 3 blocks"));
  CATCH_CHECK_THROWS_WITH(convert_checkpoint(checkpoint("generator_small.pth"), "resnet"),
                          Catch::Contains("unknown network \"resnet\""));
  CATCH_CHECK_THROWS_WITH(convert_checkpoint(checkpoint("generator_small.pth"), "unet++"),
                          Catch::Contains("its 38 tensors are not those of a unet++"));
  CATCH_CHECK_THROWS_WITH(convert_checkpoint(checkpoint("generator_small.pth"),
                                             R"({"network": "generator", "filter": 8})"),
                          Catch::Contains("unknown key \"filter\""));
}

CATCH_TEST_CASE("a checkpoint cut anywhere is refused, never a crash") {
  std::ifstream in{checkpoint("views.pth"), std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{in}, {}};
  CATCH_REQUIRE(whole.size() > 1000);
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "cut.pth";
  for (std::size_t size = 1; size < whole.size(); size += 61) {
    std::ofstream{path, std::ios::binary} << whole.substr(0, size);
    CATCH_CHECK_THROWS_AS(read_checkpoint(path), Error);
  }
}

CATCH_TEST_CASE("a checkpoint with any byte changed is read or refused, never a crash") {
  std::ifstream in{checkpoint("views.pth"), std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{in}, {}};
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "changed.pth";
  int refusals = 0;
  for (std::size_t position = 0; position < whole.size(); position += 3) {
    std::string changed = whole;
    changed[position] = static_cast<char>(~changed[position]);
    std::ofstream{path, std::ios::binary} << changed;
    try {
      static_cast<void>(read_checkpoint(path));
    } catch (const Error&) {
      ++refusals;
    }
  }
  CATCH_CHECK(refusals > 100);
}
