// SPDX-License-Identifier: Apache-2.0
// The challenge container's program: reads the case in /input, writes four organelle images and
// summary.json to /output.

#include "app/command_line.hpp"
#include "app/grand_challenge.hpp"
#include "app/image_job.hpp"
#include "app/locations.hpp"
#include "app/program.hpp"
#include "app/run_summary.hpp"
#include "app/static_configuration.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/version.hpp"
#include "inference/device.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace {

namespace fs = std::filesystem;
using namespace lmc;
using namespace lmc::app;

struct Folders {
  fs::path input{configuration::input_folder};
  fs::path output{configuration::output_folder};
  fs::path models{configuration::model_folder};
};

/// The platform's run of one case; `summary` tells as much as is known when something is thrown.
void predict_case(const Folders& folders, RunSummary& summary) {
  const inference::DeviceChoice device = inference::choose_device({});
  summary.threads = inference::configure_compute({});
  summary.device = device.device.str();
  summary.preset = "paper";
  summary.windows = configuration::windows;

  const fs::path model_folder = fs::is_directory(folders.models) && !fs::is_empty(folders.models)
                                    ? folders.models
                                    : bundled_folder("weights");
  ModelSet models = ModelSet::open(model_folder, device);
  summary.models = models.all();
  const ChallengeCase challenge_case = find_case(folders.input);
  const OutputFiles outputs = prepare_outputs(folders.output, challenge_case.image);

  JobSettings settings;
  settings.windows = configuration::windows;
  settings.planes = PlaneChoice::middle;
  ImageRecord& record = summary.images.emplace_back();
  record.input = challenge_case.image;
  predict_image(settings, models, outputs, record, [](double) {});
  for (const std::string& warning : record.warnings) {
    log().warn("{}: {}", challenge_case.uploaded_name, printable(warning));
  }
}

void write_summary(const fs::path& output, const RunSummary& summary) {
  write_file(output / "summary.json", to_text(to_json(summary)), Existing::replace);
}

int run(const Folders& folders) {
  RunSummary summary;
  summary.program = "light-my-cells";
  try {
    predict_case(folders, summary);
  } catch (const Error& error) {
    summary.error = error;
    if (error.exit_code() != ExitCode::output) {
      write_summary(folders.output, summary);
    }
    throw;
  }
  write_summary(folders.output, summary);
  log().info("{}: four organelles predicted in {:.1f} s on {}", summary.images[0].input.string(),
             summary.images[0].seconds, summary.device);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  return run_program([&] {
    CLI::App program{"Predicts mitochondria, nucleus, tubulin and actin from the transmitted-light "
                     "image of one case.\nNeeds no options on the platform: reads /input, writes "
                     "/output, takes models from /opt/ml/model if there are any."};
    Folders folders;
    program.add_option("--input", folders.input, "Folder of the case")->capture_default_str();
    program.add_option("--output", folders.output, "Folder of the results")->capture_default_str();
    program.add_option("--model", folders.models, "Folder of models")->capture_default_str();
    program.set_version_flag("--version", std::string{version()});
    return parse_and_run(program, argc, argv, [&] { return run(folders); });
  });
}
