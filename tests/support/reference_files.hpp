// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/records/json.hpp"
#include "model/state_dict.hpp"
#include "model/storage/tensor_file.hpp"
#include "tests/support/locations.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace lmc::test {

/// A JSON file of tests/reference.
[[nodiscard]] inline nlohmann::json reference_json(const std::filesystem::path& file) {
  return read_json_file(reference_folder() / file);
}

/// The tensors of a file of tests/reference, as they lie in the read-only file.
[[nodiscard]] inline model::StateDict reference_tensors(const std::filesystem::path& file) {
  return model::read_tensor_file(reference_folder() / file).tensors;
}

} // namespace lmc::test
