// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "app/challenge/case_outputs.hpp"
#include "app/challenge/grand_challenge.hpp"
#include "app/commands/expected_case.hpp"
#include "app/commands/image_difference.hpp"
#include "app/model_set.hpp"
#include "app/program.hpp"
#include "common/error.hpp"
#include "compute/device.hpp"
#include "image/input_image.hpp"
#include "inference/predictor.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

// Grey values of 65535. The container promises 2 against the published implementation; float
// rounding on another processor stays far below.
constexpr double allowed_sample_deviation = 2;
constexpr double allowed_tile_deviation = 1;
// Between the engines: 1e-4 on the networks' scale of [-1, 1].
constexpr double allowed_engine_deviation = 1e-4 * 65535 / 2;
// Between CPU and GPU, whose half precision rounds about 1e-3 of the networks' scale.
constexpr double least_correlation = 0.999;

struct SelftestArguments {
  std::string cases;
  std::string models;
  std::string device = "auto";
  std::string outputs; ///< compare these instead of predicting
  std::string engine = "auto";
};

using Planes = decltype(inference::OrganellePrediction::planes);

struct SampleCase {
  std::string name;
  fs::path image;
  ExpectedCase expected;
};

std::vector<SampleCase> sample_cases(const fs::path& folder) {
  std::vector<SampleCase> cases;
  for (const auto& entry : fs::directory_iterator{folder}) {
    const fs::path expected = entry.path() / "expected.json";
    if (fs::exists(expected)) {
      cases.push_back({entry.path().filename().string(), find_case(entry.path()).image,
                       read_expected_case(expected)});
    }
  }
  std::sort(cases.begin(), cases.end(),
            [](const SampleCase& a, const SampleCase& b) { return a.name < b.name; });
  if (cases.empty()) {
    throw Error{ErrorCode::input_ambiguous, folder.string(), "no case with an expected.json",
                "name the project's test_inputs folder with --cases"};
  }
  return cases;
}

void require_expected_models(const SampleCase& sample, const ModelSet& models) {
  for (const ModelInfo& model : models.all()) {
    const auto expected = sample.expected.model_sha256.find(model.role);
    if (expected != sample.expected.model_sha256.end() && expected->second != model.sha256) {
      throw Error{ErrorCode::model_checksum, model.file,
                  fmt::format("the expected values of case {} belong to another {} model",
                              sample.name, model.role),
                  "run the self-test with the models that came with the program"};
    }
  }
}

inference::OrganellePrediction predict_sample(const SampleCase& sample, ModelSet& models) {
  const image::TransmittedLight image = image::read_transmitted_light(sample.image, {});
  return inference::predict(image, inference::route(image.modality), models.networks(),
                            {.windows = inference::preset_options(sample.expected.preset),
                             .memory_limit = {},
                             .progress = {}});
}

/// Prints one line per organelle; returns how many deviate too much.
int compare_with_expected(const SampleCase& sample, const Planes& planes) {
  int failures = 0;
  for (const Organelle organelle : all_organelles) {
    const auto& plane = planes[organelle];
    const Deviation deviation = deviation_from(sample.expected, organelle, plane.value());
    const bool good = deviation.sample <= allowed_sample_deviation &&
                      deviation.tile_mean <= allowed_tile_deviation;
    fmt::print("{:4} {:15} {:13} largest deviation {:.3f} in pixels, {:.3f} in tile means\n",
               good ? "ok" : "FAIL", sample.name, name_of(organelle), deviation.sample,
               deviation.tile_mean);
    failures += good ? 0 : 1;
  }
  return failures;
}

int compare_devices(const SampleCase& sample, const inference::OrganellePrediction& on_cpu,
                    const inference::OrganellePrediction& on_gpu) {
  int failures = 0;
  for (const Organelle organelle : all_organelles) {
    const ImageDifference difference =
        difference_between(on_cpu.planes[organelle]->pixels(), on_gpu.planes[organelle]->pixels());
    const bool good = difference.correlation > least_correlation;
    fmt::print(
        "{:4} {:15} {:13} CPU and GPU differ by {:.3f} on average, 90 % {:.3f}, 99 % {:.3f}, "
        "largest {:.3f}; PCC {:.6f}\n",
        good ? "ok" : "FAIL", sample.name, name_of(organelle), difference.average,
        difference.percentile_90, difference.percentile_99, difference.largest,
        difference.correlation);
    failures += good ? 0 : 1;
  }
  return failures;
}

/// Compares what `models` predicted with LibTorch's layers, if it did not use them itself.
int compare_engines(const SampleCase& sample, const ModelSet& models, ModelSet& torch_models,
                    const inference::OrganellePrediction& by_models) {
  const std::vector<ModelInfo> infos = models.all();
  const auto native = std::find_if(infos.begin(), infos.end(), [](const ModelInfo& info) {
    return info.engine != torch_engine_name;
  });
  if (native == infos.end()) {
    return 0;
  }
  const auto by_torch = predict_sample(sample, torch_models);
  int failures = 0;
  for (const Organelle organelle : all_organelles) {
    const ImageDifference difference = difference_between(by_models.planes[organelle]->pixels(),
                                                          by_torch.planes[organelle]->pixels());
    const bool good = difference.largest <= allowed_engine_deviation;
    fmt::print("{:4} {:15} {:13} engines {} and torch differ by {:.3f} on average, 90 % {:.3f}, "
               "99 % {:.3f}, largest {:.3f}\n",
               good ? "ok" : "FAIL", sample.name, name_of(organelle), native->engine,
               difference.average, difference.percentile_90, difference.percentile_99,
               difference.largest);
    failures += good ? 0 : 1;
  }
  return failures;
}

/// Every case predicted here and now. Returns how many comparisons failed.
int check_predictions(const SelftestArguments& arguments, const std::vector<SampleCase>& samples) {
  const compute::DeviceChoice device =
      compute::choose_device(compute::parse_device(arguments.device));
  const int threads = compute::configure_compute({});
  const fs::path folder =
      arguments.models.empty() ? bundled_folder("weights") : fs::path{arguments.models};
  ModelSet cpu_models = ModelSet::open(folder, {}, parse_engine(arguments.engine));
  ModelSet torch_models = ModelSet::open(folder, {}, EngineChoice::torch);
  fmt::print("device {}, {} threads, models of {}\n", device.device.str(), threads,
             folder.string());

  int failures = 0;
  for (const SampleCase& sample : samples) {
    require_expected_models(sample, cpu_models);
    const auto on_cpu = predict_sample(sample, cpu_models);
    failures += compare_with_expected(sample, on_cpu.planes);
    failures += compare_engines(sample, cpu_models, torch_models, on_cpu);
    if (!device.device.is_cpu()) {
      ModelSet gpu_models = ModelSet::open(folder, device);
      failures += compare_devices(sample, on_cpu, predict_sample(sample, gpu_models));
    }
  }
  return failures;
}

/// What light-my-cells wrote for every case, in a folder of the case's name.
int check_outputs(const fs::path& outputs, const std::vector<SampleCase>& samples) {
  int failures = 0;
  for (const SampleCase& sample : samples) {
    Planes planes;
    for (const Organelle organelle : all_organelles) {
      planes[organelle] = read_case_output(outputs / sample.name, organelle, sample.expected);
    }
    failures += compare_with_expected(sample, planes);
  }
  return failures;
}

int run(const SelftestArguments& arguments) {
  const std::vector<SampleCase> samples = sample_cases(
      arguments.cases.empty() ? bundled_folder("test_inputs") : fs::path{arguments.cases});
  const int failures = arguments.outputs.empty() ? check_predictions(arguments, samples)
                                                 : check_outputs(arguments.outputs, samples);
  if (failures > 0) {
    throw Error{ErrorCode::internal, "selftest", fmt::format("{} comparisons failed", failures),
                "do not trust predictions of this installation; please report the lines above"};
  }
  fmt::print("all comparisons passed\n");
  return 0;
}

} // namespace

Command add_selftest_command(CLI::App& lmc) {
  CLI::App* const command = lmc.add_subcommand(
      "selftest", "Compare predictions of the sample cases with expected values, the engines with "
                  "each other and, with a GPU, CPU with GPU");
  const auto arguments = std::make_shared<SelftestArguments>();
  command->add_option("--cases", arguments->cases, "Folder of cases with expected.json");
  command->add_option("-m,--model", arguments->models, "Folder of models");
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command->add_option("--outputs", arguments->outputs,
                      "Predict nothing; compare what light-my-cells wrote to FOLDER/<case>/");
  command->add_option("--engine", arguments->engine, "auto, native or torch")
      ->capture_default_str();
  command->footer("Example:\n  lmc selftest --device cpu");
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
