// SPDX-License-Identifier: Apache-2.0
#include "model/storage/safetensors.hpp"

#include "common/error.hpp"
#include "model/storage/tensor_file.hpp"
#include "tests/model/fixtures.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <fstream>

using namespace lmc;
using namespace lmc::model;
using lmc::model::test::TemporaryFolder;

namespace {

/// A file with this header and this many bytes of data; `length` replaces the header's true length.
std::string file_with(const std::string& header, std::size_t data,
                      std::optional<std::uint64_t> length = std::nullopt) {
  const std::uint64_t value = length.value_or(header.size());
  std::string file(sizeof(value), '\0');
  std::memcpy(file.data(), &value, sizeof(value));
  return file + header + std::string(data, '\1');
}

SafetensorsContent parse(const std::string& file) {
  return parse_safetensors(std::as_bytes(std::span{file}), "model.safetensors");
}

std::string error_of(const std::string& file) {
  try {
    static_cast<void>(parse(file));
  } catch (const Error& error) {
    CATCH_CHECK(error.code() == ErrorCode::model_corrupt);
    CATCH_CHECK(error.subject() == "model.safetensors");
    return error.cause();
  }
  return "accepted";
}

/// A tensor's description within a header.
std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                   const std::string& type = "F32") {
  return R"(")" + name + R"(":{"dtype":")" + type + R"(","shape":)" + shape +
         R"(,"data_offsets":)" + offsets + "}";
}

} // namespace

CATCH_TEST_CASE("a well-formed file is read in the order of its bytes") {
  const std::string file =
      file_with("{" + tensor("b", "[2]", "[0,8]") + "," + tensor("a", "[]", "[8,12]") + "," +
                    tensor("empty", "[0,3]", "[8,8]") + R"(,"__metadata__":{"key":"value"}})",
                12);
  const SafetensorsContent content = parse(file);
  CATCH_REQUIRE(content.tensors.size() == 3);
  CATCH_CHECK(content.tensors[0].name == "b");
  CATCH_CHECK(content.tensors[0].shape == std::vector<std::int64_t>{2});
  CATCH_CHECK(content.tensors[0].bytes.size() == 8);
  CATCH_CHECK(content.tensors[1].name == "empty");
  CATCH_CHECK(content.tensors[2].name == "a");
  CATCH_CHECK(content.metadata.at("key") == "value");
}

CATCH_TEST_CASE("hostile headers are refused with their cause") {
  const auto says = [](const char* text) { return Catch::Contains(text); };
  CATCH_CHECK_THAT(error_of("short"), says("5 bytes are too short"));
  CATCH_CHECK_THAT(error_of(file_with("{}", 0, std::uint64_t{1} << 63U)),
                   says("the header claims 9223372036854775808 bytes, the file has 10"));
  CATCH_CHECK_THAT(error_of(file_with("{}", 0, 3)), says("the header claims 3 bytes"));
  CATCH_CHECK_THAT(error_of(file_with("{", 0)), says("malformed JSON"));
  CATCH_CHECK_THAT(error_of(file_with("[]", 0)), says("not a JSON object"));
  CATCH_CHECK_THAT(error_of(file_with(R"({"a":)" + std::string(100'000, '['), 0)),
                   says("nested deeper than 4"));
  CATCH_CHECK_THAT(
      error_of(file_with(
          "{" + tensor("a", "[1]", "[0,4]") + "," + tensor("a", "[1]", "[0,4]") + "}", 4)),
      says("duplicate key \"a\""));
}

CATCH_TEST_CASE("hostile tensors are refused with their cause") {
  const auto error = [](const std::string& tensors, std::size_t data) {
    return error_of(file_with("{" + tensors + "}", data));
  };
  const auto says = [](const char* text) { return Catch::Contains(text); };
  CATCH_CHECK_THAT(error(tensor("a", "[2]", "[0,8]"), 4),
                   says("tensor \"a\" lies at bytes 0 to 8 of 4"));
  CATCH_CHECK_THAT(error(tensor("a", "[2]", "[8,0]"), 8),
                   says("tensor \"a\" lies at bytes 8 to 0"));
  CATCH_CHECK_THAT(error(tensor("a", "[3]", "[0,8]"), 8),
                   says("tensor \"a\" has 8 bytes, its shape needs 12"));
  CATCH_CHECK_THAT(error(tensor("a", "[-1]", "[0,4]"), 4), says("not a non-negative integer"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[-4,0]"), 4), says("not a non-negative integer"));
  CATCH_CHECK_THAT(error(tensor("a", "[1.0]", "[0,4]"), 4), says("not a non-negative integer"));
  CATCH_CHECK_THAT(error(tensor("a", "[4294967296,4294967296]", "[0,0]"), 0),
                   says("its shape overflows"));
  CATCH_CHECK_THAT(error(tensor("a", "[18446744073709551615]", "[0,4]"), 4),
                   says("a size in its shape is 18446744073709551615"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[0,4]", "F8"), 4), says("unknown dtype F8"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[2,6]"), 6),
                   says("tensor \"b\" overlaps the one before by 2 bytes"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[0,4]"), 4),
                   says("overlaps the one before by 4 bytes"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[6,10]"), 10),
                   says("leaves a gap before itself by 2 bytes"));
  CATCH_CHECK_THAT(error(tensor("a", "[1]", "[0,4]"), 9),
                   says("5 bytes behind the last tensor belong to none"));
  CATCH_CHECK_THAT(error(R"("a":{"dtype":"F32","shape":[1]})", 4),
                   says("not described by dtype, shape and data_offsets"));
  CATCH_CHECK_THAT(error(R"("__metadata__":{"a":1})", 0), says("__metadata__ \"a\" is not a text"));
}

CATCH_TEST_CASE("tensors survive writing and reading, whatever their type and alignment") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "tensors.safetensors";
  const StateDict views = model::test::net_tensors("generator_dynamic_small_64");
  const TensorFile file{.metadata = {{"name", "µ\n\"quoted\""}}, .tensors = views};
  write_tensor_file(path, file, Existing::refuse);
  const TensorFile read = read_tensor_file(path);
  CATCH_CHECK(read.metadata == file.metadata);
  CATCH_REQUIRE(read.tensors.size() == 3);
  for (const auto& [name, tensor] : views) {
    CATCH_CHECK(read.tensors.at(name).equal(tensor));
    CATCH_CHECK(read.tensors.at(name).scalar_type() == tensor.scalar_type());
  }
  CATCH_CHECK_THROWS_AS(write_tensor_file(path, file, Existing::refuse), Error);
}
