// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_log.hpp"

#include "common/error.hpp"
#include "common/files/temporary_file.hpp"
#include "common/records/json.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace lmc::training {

namespace {

/// Whole lines up to a step. A line that was cut off by a crash ends the log.
std::vector<nlohmann::json> records_until(const std::filesystem::path& file, std::int64_t steps) {
  std::vector<nlohmann::json> records;
  std::ifstream stream{file};
  for (std::string line; std::getline(stream, line);) {
    try {
      nlohmann::json record = parse_json(line);
      if (!record.is_object() || record.value("step", steps + 1) > steps) {
        break;
      }
      records.push_back(std::move(record));
    } catch (const std::invalid_argument&) {
      break;
    }
  }
  return records;
}

} // namespace

RunLog::RunLog(std::filesystem::path file, std::int64_t steps)
    // Not in braces, which would make one JSON array of the records.
    : file_{std::move(file)}, records_(records_until(file_, steps)) {
  std::string text;
  for (const nlohmann::json& record : records_) {
    text += record.dump() + "\n";
  }
  write_file(file_, text, Existing::replace);
  stream_.open(file_, std::ios::app);
}

void RunLog::add(const nlohmann::json& record) {
  records_.push_back(record);
  stream_ << record.dump() << std::endl; // readers follow it while it grows
  if (!stream_) {
    throw Error{ErrorCode::output_failed, file_.string(), "could not be written",
                "free space on the disk and go on with --resume"};
  }
}

nlohmann::json to_json(const StepLosses& losses, bool adversarial) {
  nlohmann::json record{{"loss", losses.total}};
  for (const Organelle organelle : all_organelles) {
    const auto& found = losses.organelles[channel_of(organelle)];
    if (!found) {
      continue;
    }
    nlohmann::json& entry = record[std::string{name_of(organelle)}];
    entry["l1"] = found->l1;
    if (adversarial) {
      entry["gan"] = found->gan;
      entry["discriminator_fake"] = found->discriminator_fake;
      entry["discriminator_real"] = found->discriminator_real;
    }
  }
  return record;
}

} // namespace lmc::training
