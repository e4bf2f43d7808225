// SPDX-License-Identifier: Apache-2.0
#include "training/data/training_data.hpp"

#include "common/error.hpp"
#include "common/files/temporary_file.hpp"
#include "common/records/json.hpp"
#include "common/running/log.hpp"
#include "common/running/resources.hpp"
#include "dataset/pair_table.hpp"
#include "dataset/study.hpp"
#include "training/data/data_check.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

namespace lmc::training {

namespace {

using nlohmann::json;

/// The fields of a source and the problems that its listing shows.
struct SourceData {
  std::vector<Field> fields;
  std::vector<DataProblem> problems;
};

SourceData read_source(const SourceOptions& source) {
  const std::filesystem::path path{source.path};
  dataset::Catalogue catalogue =
      path.extension() == ".csv" ? dataset::fields_in_table(path) : dataset::read_study(path);
  SourceData data{.fields = {}, .problems = std::move(catalogue.problems)};
  for (dataset::Field& field : catalogue.fields) {
    data.fields.push_back({std::move(field), source.hold_out, source.repeat});
  }
  return data;
}

std::size_t files_of(const SourceData& data) {
  std::size_t files = data.problems.size();
  for (const Field& field : data.fields) {
    files += field.planes.size() + field.label_count();
  }
  return files;
}

/// Files that an earlier start of the run found unusable.
std::set<std::string> known_problems(const std::filesystem::path& record) {
  std::set<std::string> files;
  try {
    const json known = read_json_file(record, {.max_bytes = std::size_t{256} << 20});
    for (const json& problem : known.at("not_used")) {
      files.insert(problem.at("file").get<std::string>());
    }
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::input_missing, record.string(), error.what(),
                "start the run again in a new folder"};
  }
  return files;
}

/// Takes known bad files out.
void leave_out(const std::set<std::string>& files, std::vector<Field>& fields) {
  for (Field& field : fields) {
    std::erase_if(field.planes,
                  [&](const PlaneFile& plane) { return files.contains(plane.path.string()); });
    for (auto& label : field.labels) {
      if (label && files.contains(label->string())) {
        label.reset();
      }
    }
  }
  std::erase_if(fields, [](const Field& field) { return !field.is_usable(); });
}

json names_of(const std::vector<Field>& fields) {
  json names = json::array();
  for (const Field& field : fields) {
    names.push_back(field.name);
  }
  return names;
}

void write_record(const std::filesystem::path& record, const Split& split,
                  const std::vector<DataProblem>& problems) {
  json content{{"training", names_of(split.training)},
               {"validation", names_of(split.validation)},
               {"not_used", json::array()}};
  for (const DataProblem& problem : problems) {
    content["not_used"].push_back({{"file", problem.file.string()}, {"reason", problem.reason}});
  }
  write_file(record, to_text(content), Existing::replace);
}

template <class T> void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

} // namespace

Split prepare_data(const Configuration& configuration, PlaneCache& cache,
                   const std::filesystem::path& record, bool resume) {
  if (configuration.data.sources.empty()) {
    throw Error{ErrorCode::configuration, "data.sources", "is empty",
                R"(give at least one, such as {"path": "data/Studies"})"};
  }
  const std::set<std::string> known = resume ? known_problems(record) : std::set<std::string>{};
  Split split;
  std::vector<DataProblem> problems;
  std::size_t files = 0;
  for (const SourceOptions& source : configuration.data.sources) {
    SourceData data = read_source(source);
    if (configuration.strategy == Strategy::separate) {
      std::erase_if(data.fields, [&](const Field& field) {
        return field.modality != configuration.modality && field.modality != Modality::unknown;
      });
    }
    files += files_of(data);
    if (resume) {
      leave_out(known, data.fields);
    }
    const bool check = configuration.data.check && !resume;
    if (check || std::ranges::any_of(data.fields, [](const Field& field) {
          return field.modality == Modality::unknown;
        })) {
      append(data.problems,
             check_files(data.fields, cache,
                         static_cast<Index>(configuration.data.batches.augmentation.crop),
                         available_threads()));
    }
    if (configuration.strategy == Strategy::separate) {
      std::erase_if(data.fields,
                    [&](const Field& field) { return field.modality != configuration.modality; });
    }
    append(problems, std::move(data.problems));
    Split part =
        split_fields(std::move(data.fields), source.validation_fraction, configuration.seed);
    append(split.training, std::move(part.training));
    append(split.validation, std::move(part.validation));
  }
  if (!resume) {
    report_problems(problems, files, configuration.data.max_bad_fraction);
    write_record(record, split, problems);
  }
  if (split.training.empty()) {
    const std::string of_modality =
        configuration.strategy == Strategy::separate
            ? fmt::format(" of modality {}", short_name_of(configuration.modality))
            : "";
    throw Error{ErrorCode::input_missing, "data.sources",
                fmt::format("no field{} is left to learn from", of_modality),
                "check \"path\", \"modality\", \"strategy\" and the messages above"};
  }
  return split;
}

} // namespace lmc::training
