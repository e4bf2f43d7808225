// SPDX-License-Identifier: Apache-2.0
#include "tests/app/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include "common/hash.hpp"
#include "model/weights.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

using namespace lmc::test;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A small run of 12 steps with a checkpoint every second: a bundled image is its own label.
void write_run(const std::filesystem::path& folder, const std::string& batch = "2") {
  const std::filesystem::path image =
      LMC_SOURCE_DIR "/test_inputs/phase_contrast/images/organelles-transmitted-light-ome-tiff/"
                     "9a4d9604-4346-5a27-8692-681ea6b92497.tiff";
  std::ofstream{folder / "pairs.csv"} << "image,modality,nucleus\n"
                                      << image.string() << ",PC," << image.string() << "\n";
  std::ofstream{folder / "config.json"} << R"({
    "network": {"network": "generator", "filters": 4, "blocks": 1},
    "discriminator": {"network": "discriminator", "filters": 4},
    "modality": "PC", "checkpoint_steps": 2,
    "optimiser": {"constant_epochs": 2, "decay_epochs": 1, "steps_per_epoch": 4},
    "data": {"sources": [{"path": "pairs.csv", "validation_fraction": 0}], "crop": 64,
             "batch": )" << batch << "}}\n";
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

CATCH_TEST_CASE("a run that was killed goes on to the very same curve and weights") {
  const TemporaryFolder folder;
  write_run(folder.path());
  const ProcessSettings here{.working_folder = folder.path()};
  const ProcessResult whole = run("lmc", {"train", "config.json", "-o", "whole"}, here);
  CATCH_CAPTURE(whole.err);
  CATCH_REQUIRE(whole.exit_code == 0);
  CATCH_REQUIRE(lines_of(folder.path() / "whole/log.jsonl") == 12);
  {
    Process killed{"lmc", {"train", "config.json", "-o", "killed"}, here};
    while (lines_of(folder.path() / "killed/log.jsonl") < 5) {
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    killed.send(SIGKILL);
    CATCH_REQUIRE(killed.finish().exit_code == 128 + SIGKILL);
  }
  CATCH_REQUIRE(lines_of(folder.path() / "killed/log.jsonl") < 12);
  const ProcessResult resumed = run("lmc", {"train", "-o", "killed", "--resume"}, here);
  CATCH_CAPTURE(resumed.err);
  CATCH_REQUIRE(resumed.exit_code == 0);
  CATCH_CHECK(text_of(folder.path() / "killed/log.jsonl") ==
              text_of(folder.path() / "whole/log.jsonl"));
  for (const char* const name : {"last.safetensors", "checkpoint.safetensors"}) {
    CATCH_CHECK(lmc::sha256_of_file(folder.path() / "killed" / name) ==
                lmc::sha256_of_file(folder.path() / "whole" / name));
  }
  const auto weights = lmc::model::load_weights(folder.path() / "whole/last.safetensors");
  CATCH_CHECK(weights.trained);
  CATCH_CHECK(weights.provenance.at("step") == "12");

  write_run(folder.path(), "3");
  const ProcessResult changed =
      run("lmc", {"train", "config.json", "-o", "killed", "--resume"}, here);
  CATCH_CHECK(changed.exit_code == 2);
  CATCH_CHECK_THAT(changed.last_error_line(),
                   Catch::Contains("/data/batch") && Catch::Contains("--force"));
  const ProcessResult again = run("lmc", {"train", "config.json", "-o", "whole"}, here);
  CATCH_CHECK(again.exit_code == 6);
  CATCH_CHECK_THAT(again.last_error_line(), Catch::Contains("--resume"));
}

CATCH_TEST_CASE("a configuration's mistakes are named") {
  const TemporaryFolder folder;
  const ProcessSettings here{.working_folder = folder.path()};
  std::ofstream{folder.path() / "config.json"} << R"({"data": {"batchs": 3}})";
  const ProcessResult unknown = run("lmc", {"train", "config.json", "-o", "run"}, here);
  CATCH_CHECK(unknown.exit_code == 2);
  CATCH_CHECK_THAT(unknown.last_error_line(),
                   Catch::Contains("data.batchs") && Catch::Contains("balanced"));
  const ProcessResult printed = run("lmc", {"train", "--print-config"}, here);
  CATCH_REQUIRE(printed.exit_code == 0);
  std::ofstream{folder.path() / "complete.json"} << printed.out;
  const ProcessResult same = run("lmc", {"train", "complete.json", "--print-config"}, here);
  CATCH_CHECK(same.out == printed.out);
}
