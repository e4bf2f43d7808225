// SPDX-License-Identifier: Apache-2.0
#include "tests/support/free_port.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include "common/files/hash.hpp"
#include "model/storage/weights.hpp"
#include "tests/support/locations.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

using namespace lmc::test;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A small run of 12 steps with a checkpoint every second: a bundled image is its own label.
void write_run(const std::filesystem::path& folder, const std::string& batch = "2",
               const std::string& name = "config.json") {
  const std::filesystem::path image =
      lmc::test::source_folder() /
      "test_inputs/phase_contrast/images/organelles-transmitted-light-ome-tiff/"
      "9a4d9604-4346-5a27-8692-681ea6b92497.tiff";
  std::ofstream{folder / "pairs.csv"} << "image,modality,nucleus\n"
                                      << image.string() << ",PC," << image.string() << "\n";
  std::ofstream{folder / name} << R"({
    "network": {"network": "generator", "filters": 4, "blocks": 1},
    "discriminator": {"network": "discriminator", "filters": 4},
    "modality": "PC", "checkpoint_steps": 2,
    "optimiser": {"constant_epochs": 2, "decay_epochs": 1, "steps_per_epoch": 4},
    "data": {"sources": [{"path": "pairs.csv", "validation_fraction": 0}], "crop": 64,
             "batch": )" << batch
                               << "}}\n";
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::vector<double> losses_of(const std::filesystem::path& log) {
  std::vector<double> losses;
  std::ifstream stream{log};
  for (std::string line; std::getline(stream, line);) {
    losses.push_back(nlohmann::json::parse(line).at("loss").get<double>());
  }
  return losses;
}

} // namespace

CATCH_TEST_CASE("a run that was killed goes on to the very same curve and weights") {
  const TemporaryFolder folder;
  write_run(folder.path());
  const ProcessSettings here{.working_folder = folder.path()};
  const ProcessResult whole = run("lmc", {"train", "config.json", "-o", "whole"}, here);
  CATCH_CAPTURE(whole.err);
  CATCH_REQUIRE(whole.exit_code == 0);
  CATCH_CHECK_THAT(whole.err,
                   Catch::Contains("12 steps took") && Catch::Contains("waiting for data"));
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
  const std::string page = text_of(folder.path() / "killed/training.html");
  CATCH_CHECK_THAT(page, Catch::Contains("Done: step 12 of 12") && Catch::Contains("<svg"));
  CATCH_CHECK(page.find("http-equiv=\"refresh\"") == std::string::npos);
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

namespace {

/// One of two processes that train together.
lmc::test::Process member(const std::filesystem::path& folder, int rank, const std::string& run,
                          int port) {
  return Process{"lmc",
                 {"train", "two.json", "-o", run},
                 {.working_folder = folder,
                  .environment = {"RANK=" + std::to_string(rank), "WORLD_SIZE=2",
                                  "MASTER_ADDR=127.0.0.1", "MASTER_PORT=" + std::to_string(port)}}};
}

} // namespace

CATCH_TEST_CASE("two processes learn as one with the double batch, and one of them writes") {
  const TemporaryFolder folder;
  write_run(folder.path(), R"(4}, "loss": {"dropout": 0)", "four.json");
  write_run(folder.path(), R"(2}, "loss": {"dropout": 0)", "two.json");
  const ProcessResult whole =
      run("lmc", {"train", "four.json", "-o", "one"}, {.working_folder = folder.path()});
  CATCH_CAPTURE(whole.err);
  CATCH_REQUIRE(whole.exit_code == 0);
  const int port = lmc::test::free_port();
  Process second = member(folder.path(), 1, "two", port);
  Process first = member(folder.path(), 0, "two", port);
  const ProcessResult ends[] = {first.finish(), second.finish()};
  CATCH_CAPTURE(ends[0].err, ends[1].err);
  CATCH_REQUIRE((ends[0].exit_code == 0 && ends[1].exit_code == 0));
  CATCH_CHECK_THAT(ends[0].err, Catch::Contains("epoch 3 done"));
  CATCH_CHECK_THAT(ends[1].err, !Catch::Contains("epoch"));
  const auto one = losses_of(folder.path() / "one/log.jsonl");
  const auto two = losses_of(folder.path() / "two/log.jsonl");
  CATCH_REQUIRE(one.size() == 12);
  CATCH_REQUIRE(two.size() == 12);
  for (std::size_t step = 0; step < one.size(); ++step) {
    CATCH_CAPTURE(step);
    CATCH_CHECK(two[step] == Approx(one[step]).epsilon(1e-5)); // float32
  }
  // The other's mistake ends both.
  Process late = member(folder.path(), 1, "two", port);
  const ProcessResult end = member(folder.path(), 0, "two", port).finish();
  CATCH_CHECK(end.exit_code == 6); // the folder holds a run
  CATCH_CHECK(late.finish().exit_code == 1);
}

CATCH_TEST_CASE("a configuration's mistakes are named") {
  const TemporaryFolder folder;
  const ProcessSettings here{.working_folder = folder.path()};
  std::ofstream{folder.path() / "config.json"} << R"({"data": {"batchs": 3}})";
  const ProcessResult unknown = run("lmc", {"train", "config.json", "-o", "run"}, here);
  CATCH_CHECK(unknown.exit_code == 2);
  CATCH_CHECK_THAT(unknown.last_error_line(),
                   Catch::Contains("data.batchs") && Catch::Contains("balanced"));
  std::ofstream{folder.path() / "half.json"} << R"({"compute": {"precision": "fp16"}})";
  const ProcessResult half =
      run("lmc", {"train", "half.json", "-o", "run", "--device", "cpu"}, here);
  CATCH_CHECK(half.exit_code == 2);
  CATCH_CHECK_THAT(half.last_error_line(), Catch::Contains("compute.precision"));
  CATCH_CHECK_FALSE(std::filesystem::exists(folder.path() / "run")); // nothing was written
  // A run that never began does not stand in the way of the next one.
  std::ofstream{folder.path() / "absent.json"}
      << R"({"data": {"sources": [{"path": "absent.csv"}]}})";
  for (int attempt = 0; attempt < 2; ++attempt) {
    const ProcessResult absent = run("lmc", {"train", "absent.json", "-o", "run"}, here);
    CATCH_CHECK(absent.exit_code == 3);
    CATCH_CHECK_THAT(absent.last_error_line(), Catch::Contains("absent.csv"));
  }
  const ProcessResult printed = run("lmc", {"train", "--print-config"}, here);
  CATCH_REQUIRE(printed.exit_code == 0);
  std::ofstream{folder.path() / "complete.json"} << printed.out;
  const ProcessResult same = run("lmc", {"train", "complete.json", "--print-config"}, here);
  CATCH_CHECK(same.out == printed.out);
}
