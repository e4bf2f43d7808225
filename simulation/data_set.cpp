// SPDX-License-Identifier: Apache-2.0
#include "simulation/data_set.hpp"

#include "common/files/output_folder.hpp"
#include "common/records/json.hpp"
#include "common/running/parallel.hpp"
#include "common/running/progress.hpp"
#include "common/version.hpp"
#include "dataset/file_name.hpp"
#include "image/tiff/writer.hpp"
#include "simulation/field.hpp"
#include "simulation/study.hpp"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

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

/// Everything about the outputs that can go wrong, found before anything is simulated.
void prepare(const WriteOptions& write, const std::vector<PlannedField>& fields) {
  make_output_folder(write.output);
  const fs::path record = write.output / "simulation.json";
  const TemporaryFile probe{record};
  check_output(record, write.existing);
  check_output(write.output / "fields.csv", write.existing);
  for (const PlannedField& field : fields) {
    make_output_folder((write.output / field.planes.front()).parent_path());
    for (const fs::path& plane : field.planes) {
      check_output(write.output / plane, write.existing);
    }
    for (const auto& [organelle, file] : field.labels) {
      check_output(write.output / file, write.existing);
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
    const std::string name = fmt::format("image_{}", field.id);
    for (int k = 0; k < options.planes; ++k) {
      field.planes.push_back(folder / dataset::light_name(name, study.modality, k));
    }
    for (const Organelle organelle : labels_written(options, study)) {
      field.labels.emplace_back(organelle, folder / dataset::truth_name(name, organelle));
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

void write_data_set(const SimulationOptions& options, const WriteOptions& write) {
  SimulationOptions complete = options;
  complete.studies = studies_of(options);
  const std::vector<PlannedField> fields = plan_fields(options, complete.studies);
  prepare(write, fields);
  Progress progress{fields.size()};
  parallel_for_each(fields.size(), write.threads, [&](std::size_t i) {
    // One thread per field: sums and transforms then round alike whatever the number of workers.
    at::set_num_threads(1);
    const c10::InferenceMode inference;
    const StudySettings& study = complete.studies[fields[i].study];
    const std::string name =
        fields[i].planes.front().parent_path() / fmt::format("image_{}", fields[i].id);
    progress.update(i, name, 0);
    make_field(options, write, study, fields[i]);
    progress.finish(name, fmt::format("{}, {} planes, {} labels", short_name_of(study.modality),
                                      fields[i].planes.size(), fields[i].labels.size()));
  });
  write_file(write.output / "fields.csv", table(fields, complete.studies), write.existing);
  write_file(write.output / "simulation.json", to_text(to_json(complete)), write.existing);
}

} // namespace lmc::simulation
