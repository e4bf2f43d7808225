// SPDX-License-Identifier: Apache-2.0
#include "simulation/data_set.hpp"

#include "common/error.hpp"
#include "common/interrupt.hpp"
#include "common/json.hpp"
#include "common/output_folder.hpp"
#include "common/progress.hpp"
#include "common/version.hpp"
#include "image/tiff_writer.hpp"
#include "simulation/field.hpp"
#include "simulation/study.hpp"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <exception>
#include <mutex>
#include <thread>

namespace lmc::simulation {

namespace fs = std::filesystem;

namespace {

/// "Nucleus" as in the public set's file names.
std::string capitalised(std::string_view name) {
  std::string text{name};
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::vector<Organelle> labels_written(const SimulationOptions& options,
                                      const StudySettings& study) {
  return options.all_labels ? std::vector<Organelle>{all_organelles.begin(), all_organelles.end()}
                            : study.labels;
}

void refuse_existing(const fs::path& path) {
  if (fs::exists(fs::symlink_status(path))) {
    throw Error{ErrorCode::output_exists, path.string(), "the file exists",
                "pass --overwrite to replace it, or choose another folder"};
  }
}

/// Everything about the outputs that can go wrong, found before anything is simulated.
void prepare(const WriteOptions& write, const std::vector<PlannedField>& fields) {
  make_output_folder(write.output);
  const fs::path record = write.output / "simulation.json";
  const TemporaryFile probe{record};
  if (write.existing == Existing::refuse) {
    refuse_existing(record);
    refuse_existing(write.output / "fields.csv");
  }
  for (const PlannedField& field : fields) {
    make_output_folder((write.output / field.planes.front()).parent_path());
    if (write.existing == Existing::refuse) {
      for (const fs::path& plane : field.planes) {
        refuse_existing(write.output / plane);
      }
      for (const auto& [organelle, file] : field.labels) {
        refuse_existing(write.output / file);
      }
    }
  }
}

void write_image(const fs::path& path, const Pixels& pixels, const SimulationOptions& options,
                 const StudySettings& study, std::string channel, Existing existing) {
  const auto side = static_cast<std::size_t>(options.size);
  image::OmeTiffDescription description;
  description.height = side;
  description.width = side;
  description.pixel_um = image::PixelSize{study.optics.pixel_um, study.optics.pixel_um};
  description.channel_name = std::move(channel);
  description.input.image_name = path.filename().string();
  description.input.description = fmt::format("Simulated {} cells", study.sample);
  description.annotations = {{"program", fmt::format("lmc simulate {}", version())},
                             {"seed", fmt::to_string(options.seed)}};
  image::OmeTiffWriter writer{path, description};
  writer.write_plane(pixels);
  writer.commit(existing);
}

void make_field(const SimulationOptions& options, const WriteOptions& write,
                const StudySettings& study, const PlannedField& planned) {
  std::vector<Organelle> labels;
  for (const auto& [organelle, file] : planned.labels) {
    labels.push_back(organelle);
  }
  const Field field = simulate_field(study, labels, options.size, options.planes, options.seed,
                                     static_cast<std::uint64_t>(planned.id));
  for (std::size_t k = 0; k < field.planes.size(); ++k) {
    write_image(write.output / planned.planes[k], field.planes[k], options, study,
                std::string{short_name_of(study.modality)}, write.existing);
  }
  for (const auto& [organelle, file] : planned.labels) {
    write_image(write.output / file, field.labels.at(organelle), options, study,
                capitalised(name_of(organelle)), write.existing);
  }
}

/// Fields that several threads take one after the other. The first exception stops all of them.
class FieldQueue {
public:
  FieldQueue(const SimulationOptions& options, const WriteOptions& write,
             const std::vector<StudySettings>& studies, const std::vector<PlannedField>& fields)
      : options_{options}, write_{write}, studies_{studies}, fields_{fields}, progress_{
                                                                                  fields.size()} {}

  void run(int threads) {
    std::vector<std::thread> workers;
    workers.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([this] { work(); });
    }
    for (std::thread& worker : workers) {
      worker.join();
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

private:
  void work() {
    // One thread per field: sums and transforms then round alike whatever the number of workers.
    at::set_num_threads(1);
    const c10::InferenceMode inference;
    try {
      for (std::size_t i = next_++; i < fields_.size(); i = next_++) {
        throw_if_interrupted();
        make(fields_[i]);
      }
    } catch (...) {
      const std::lock_guard lock{mutex_};
      failure_ = failure_ ? failure_ : std::current_exception();
      next_ = fields_.size();
    }
  }

  void make(const PlannedField& field) {
    const StudySettings& study = studies_[field.study];
    const std::string name = field.planes.front().parent_path() / fmt::format("image_{}", field.id);
    progress_.update(static_cast<std::size_t>(field.id - 1), name, 0);
    make_field(options_, write_, study, field);
    progress_.finish(name, fmt::format("{}, {} planes, {} labels", short_name_of(study.modality),
                                       field.planes.size(), field.labels.size()));
  }

  const SimulationOptions& options_;
  const WriteOptions& write_;
  const std::vector<StudySettings>& studies_;
  const std::vector<PlannedField>& fields_;
  std::atomic<std::size_t> next_ = 0;
  Progress progress_;
  std::mutex mutex_; ///< of what follows
  std::exception_ptr failure_;
};

std::string table(const std::vector<PlannedField>& fields,
                  const std::vector<StudySettings>& studies) {
  std::string text = "file,study,field,modality,kind,z,deviation_um\n";
  for (const PlannedField& field : fields) {
    const StudySettings& study = studies[field.study];
    const auto row = [&](const fs::path& file, std::string_view kind, std::string_view z,
                         std::string_view deviation) {
      text += fmt::format("{},{},{},{},{},{},{}\n", file.generic_string(), field.study + 1,
                          field.id, short_name_of(study.modality), kind, z, deviation);
    };
    const auto planes = static_cast<int>(field.planes.size());
    const int best = planes / 2;
    for (int k = 0; k < planes; ++k) {
      const double deviation = (k - best) * study.optics.plane_step_um;
      row(field.planes[static_cast<std::size_t>(k)], "transmitted light", fmt::to_string(k),
          fmt::format("{:.3f}", deviation));
    }
    for (const auto& [organelle, file] : field.labels) {
      row(file, name_of(organelle), "", "0.000");
    }
  }
  return text;
}

} // namespace

std::vector<PlannedField> plan_fields(const SimulationOptions& options,
                                      const std::vector<StudySettings>& studies) {
  std::vector<PlannedField> fields;
  for (int i = 0; i < options.fields; ++i) {
    PlannedField field;
    field.id = i + 1;
    field.study = static_cast<std::size_t>(i / options.fields_per_study);
    const StudySettings& study = studies.at(field.study);
    const fs::path folder = fmt::format("Study_{}", field.study + 1);
    for (int k = 0; k < options.planes; ++k) {
      field.planes.push_back(folder / fmt::format("image_{}_{}_z{}.ome.tiff", field.id,
                                                  short_name_of(study.modality), k));
    }
    for (const Organelle organelle : labels_written(options, study)) {
      field.labels.emplace_back(organelle, folder / fmt::format("image_{}_{}.ome.tiff", field.id,
                                                                capitalised(name_of(organelle))));
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

void write_data_set(const SimulationOptions& options, const WriteOptions& write) {
  options.validate();
  SimulationOptions complete = options;
  complete.studies = studies_of(options);
  const std::vector<PlannedField> fields = plan_fields(options, complete.studies);
  prepare(write, fields);
  const int threads = std::clamp(write.threads, 1, options.fields);
  FieldQueue{options, write, complete.studies, fields}.run(threads);
  write_file(write.output / "fields.csv", table(fields, complete.studies), write.existing);
  write_file(write.output / "simulation.json", to_text(to_json(complete)), write.existing);
}

} // namespace lmc::simulation
