// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/challenge_run.hpp"

#include "app/challenge/grand_challenge.hpp"
#include "app/challenge/static_configuration.hpp"
#include "app/predict/image_steps.hpp"
#include "app/program.hpp"
#include "common/records/json.hpp"
#include "common/running/log.hpp"
#include "compute/device.hpp"

#include <nlohmann/json.hpp>

namespace lmc::app {

namespace {

void predict_case(const ChallengeFolders& folders, ModelSet& models, RunSummary& summary) {
  const ChallengeCase challenge_case = find_case(folders.input);
  PredictSettings settings;
  settings.windows = configuration::windows;
  settings.planes = PlaneChoice::middle;
  const ImageRecord& record = summary.images.emplace_back(
      predict_image(settings, models,
                    {.input = challenge_case.image,
                     .outputs = prepare_outputs(folders.output, challenge_case.image),
                     .preview = {}}));
  if (record.error) {
    summary.error = record.error;
    return;
  }
  for (const std::string& warning : record.warnings) {
    log().warn("{}: {}", printable(challenge_case.uploaded_name), printable(warning));
  }
  log().info("{}: four organelles predicted in {:.1f} s on {}", printable(record.input.string()),
             record.seconds.total(), summary.device);
}

/// The error that ended the run stays the one that is reported, if the summary fails as well.
void write_summary(const ChallengeFolders& folders, RunSummary& summary) {
  if (summary.error && summary.error->exit_code() == ExitCode::output) {
    return;
  }
  try {
    write_file(folders.output / "summary.json", to_text(to_json(summary)), Existing::replace);
  } catch (const Error& error) {
    if (!summary.error) {
      summary.error = error;
    }
  }
}

} // namespace

ModelSet open_models(const ChallengeFolders& folders, RunSummary& summary) {
  summary.program = "light-my-cells";
  const compute::DeviceChoice device = compute::choose_device({});
  summary.threads = compute::configure_compute({});
  summary.device = device.device.str();
  summary.preset = "paper";
  summary.windows = configuration::windows;
  const std::filesystem::path built_in;
  const std::filesystem::path uploaded = choose_models(folders.models, built_in);
  ModelSet models =
      ModelSet::open(uploaded == built_in ? bundled_folder("weights") : uploaded, device);
  summary.models = models.all();
  return models;
}

RunSummary run_case(const ChallengeFolders& folders, ModelSet& models, RunSummary summary) {
  if (const auto error = error_of([&] { predict_case(folders, models, summary); })) {
    summary.error = error;
  }
  write_summary(folders, summary);
  return summary;
}

int run_once(const ChallengeFolders& folders) {
  RunSummary summary;
  try {
    ModelSet models = open_models(folders, summary);
    summary = run_case(folders, models, summary);
  } catch (const Error& error) {
    summary.error = error;
    write_summary(folders, summary);
  }
  if (summary.error) {
    throw Error{*summary.error};
  }
  return 0;
}

} // namespace lmc::app
