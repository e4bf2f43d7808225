// SPDX-License-Identifier: Apache-2.0
#include "model/storage/tensor_file.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::model;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("tensors are written contiguous and read with the file's metadata") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.safetensors";
  TensorFile file;
  file.metadata = {{"key", "value"}};
  file.tensors.add("view", at::arange(12).view({3, 4}).t());
  file.tensors.add("empty", at::zeros({0, 2}));
  file.tensors.add("scalar", at::zeros({}).fill_(2.5));
  write_tensor_file(path, file, Existing::refuse);
  const TensorFile read = read_tensor_file(path);
  CATCH_CHECK(read.metadata == file.metadata);
  CATCH_CHECK(read.tensors.at("view").equal(file.tensors.at("view")));
  CATCH_CHECK(read.tensors.at("view").is_contiguous());
  CATCH_CHECK(read.tensors.at("empty").sizes() == at::IntArrayRef{0, 2});
  CATCH_CHECK(read.tensors.at("scalar").item<double>() == 2.5);
}

CATCH_TEST_CASE("what is no safetensors file is refused by name") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(read_tensor_file(folder.path() / "absent"),
                          Catch::Contains("error[E401]") && Catch::Contains("no such file"));
  CATCH_CHECK_THROWS_WITH(read_tensor_file(folder.file("short", "abc")),
                          Catch::Contains("error[E403]") && Catch::Contains("too short"));
}
