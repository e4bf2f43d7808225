// SPDX-License-Identifier: Apache-2.0
#include "model/import/convert.hpp"

#include "common/error.hpp"
#include "common/files/hash.hpp"
#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "model/import/checkpoint.hpp"
#include "model/storage/state_check.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>

namespace lmc::model {

namespace {

Architecture parse_record(const std::string& text) {
  try {
    Architecture architecture;
    read_fields(parse_json(text), architecture);
    return architecture;
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::usage, "--architecture", cause.what(),
                R"(write for example {"network": "generator", "filters": 64, "blocks": 12})"};
  }
}

void check_name(const std::string& name) {
  if (!name.empty() && !networks.value(name)) {
    throw Error{ErrorCode::usage, "--architecture", fmt::format("unknown network \"{}\"", name),
                fmt::format("use one of {}, or a JSON record", networks.names())};
  }
}

Architecture inferred(const StateDict& state, const std::string& name,
                      const std::filesystem::path& path) {
  const std::optional<Architecture> found = infer_architecture(state);
  if (!found || (!name.empty() && networks.name(found->index()) != name)) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("its {} tensors are not those of a {}", state.size(),
                            name.empty() ? "known network" : name),
                "give the architecture as a JSON record to list what is missing and unexpected"};
  }
  try {
    Architecture architecture;
    read_fields(fields_of(*found), architecture); // checks the ranges
    return architecture;
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("its tensors belong to no network that can be built: {}", cause.what()),
                "give the architecture as a JSON record to list what is missing and unexpected"};
  }
}

} // namespace

Weights convert_checkpoint(const std::filesystem::path& path, const std::string& architecture) {
  std::optional<Architecture> given;
  if (architecture.starts_with('{')) {
    given = parse_record(architecture);
  } else {
    check_name(architecture);
  }
  const StateDict state = read_checkpoint(path);
  Weights weights;
  weights.architecture = given ? *given : inferred(state, architecture, path);
  check_state(weights.architecture, state, path.string());
  check_finite(state, path.string());
  weights.state = in_order(weights.architecture, state);
  weights.trained = true;
  weights.provenance = {{"source", path.filename().string()},
                        {"source_sha256", sha256_of_file(path)}};
  return weights;
}

} // namespace lmc::model
