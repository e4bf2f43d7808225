// SPDX-License-Identifier: Apache-2.0
#include "training/process_group.hpp"

#include "fixture.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/process.hpp"
#include "tests/support/reference_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <csignal>

using namespace lmc;
using namespace lmc::training;
using lmc::test::Process;
using lmc::test::ProcessResult;
using lmc::test::TemporaryFolder;

namespace {

/// As torchrun does: the parent of the processes runs the store.
class Launcher {
public:
  Launcher() : store_{"127.0.0.1", {.port = 0, .isServer = true, .waitWorkers = false}} {}

  [[nodiscard]] Process start(int rank, const std::string& what, int timeout,
                              const std::filesystem::path& file = "/nowhere") const {
    return Process{
        "training_member",
        {what, std::to_string(timeout), file.string()},
        {.environment = {fmt::format("RANK={}", rank), "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
                         fmt::format("MASTER_PORT={}", store_.getPort()),
                         "TORCHELASTIC_USE_AGENT_STORE=True"}}};
  }

private:
  c10d::TCPStore store_;
};

/// The reference's three steps in this process alone, with the whole batches.
model::StateDict alone() {
  Trainees trainees = training::test::reference_trainees();
  StepOptions options;
  options.dropout = 0;
  for (int step = 1; step <= 3; ++step) {
    (void)optimise(trainees, training::test::reference_batch(step), options);
  }
  return training::test::all_tensors(trainees);
}

void check_same(const model::StateDict& expected, const std::filesystem::path& file) {
  const model::StateDict found = model::read_tensor_file(file).tensors;
  CATCH_REQUIRE(std::distance(found.begin(), found.end()) ==
                std::distance(expected.begin(), expected.end()));
  for (const auto& [name, tensor] : expected) {
    CATCH_CAPTURE(name);
    const double difference = (found.at(name) - tensor).norm().item<double>();
    CATCH_CHECK(difference <= 1e-6 * tensor.norm().item<double>());
  }
}

} // namespace

CATCH_TEST_CASE("two processes take the steps of one with the double batch") {
  const TemporaryFolder folder;
  const model::StateDict expected = alone();
  CATCH_SECTION("whose launcher serves the store, as torchrun does") {
    const Launcher launcher;
    Process first = launcher.start(0, "steps", 120, folder.path() / "first");
    Process second = launcher.start(1, "steps", 120, folder.path() / "second");
    const ProcessResult ends[] = {first.finish(), second.finish()};
    CATCH_CAPTURE(ends[0].err, ends[1].err);
    CATCH_CHECK((ends[0].exit_code == 0 && ends[1].exit_code == 0));
    check_same(expected, folder.path() / "first");
    CATCH_CHECK_FALSE(std::filesystem::exists(folder.path() / "second"));
  }
  CATCH_SECTION("where process 0 serves it, started by srun") {
    const std::string port = fmt::format("MASTER_PORT={}", lmc::test::free_port());
    const auto start = [&](const std::string& rank) {
      return Process{"training_member",
                     {"steps", "120", (folder.path() / rank).string()},
                     {.environment = {"SLURM_PROCID=" + rank, "SLURM_NTASKS=2", "SLURM_STEP_ID=0",
                                      "MASTER_ADDR=127.0.0.1", port}}};
    };
    Process second = start("1");
    Process first = start("0");
    const ProcessResult ends[] = {first.finish(), second.finish()};
    CATCH_CAPTURE(ends[0].err, ends[1].err);
    CATCH_CHECK((ends[0].exit_code == 0 && ends[1].exit_code == 0));
    check_same(expected, folder.path() / "0");
  }
}

CATCH_TEST_CASE("a process that fails ends the other, which says why") {
  const Launcher launcher;
  Process first = launcher.start(0, "fails", 120);
  Process second = launcher.start(1, "fails", 120);
  CATCH_CHECK(second.finish().exit_code == 1);
  const ProcessResult end = first.finish();
  CATCH_CHECK(end.exit_code == 1);
  CATCH_CHECK_THAT(end.last_error_line(),
                   Catch::Contains("E103") &&
                       Catch::Contains("process 1: error[E304] field7.tif") &&
                       Catch::Contains("--resume"));
}

CATCH_TEST_CASE("a process that is killed ends the other") {
  const Launcher launcher;
  Process first = launcher.start(0, "stalls", 120);
  Process second = launcher.start(1, "stalls", 120);
  CATCH_REQUIRE(second.wait_for_error_text("waits"));
  second.send(SIGKILL);
  const ProcessResult end = first.finish();
  CATCH_CHECK(end.exit_code == 1);
  CATCH_CHECK_THAT(end.last_error_line(),
                   Catch::Contains("E103") && Catch::Contains("another process has ended"));
}

CATCH_TEST_CASE("a process that does not answer is not waited for longer than allowed") {
  const Launcher launcher;
  Process second = launcher.start(1, "stalls", 5);
  const ProcessResult end = launcher.start(0, "stalls", 5).finish();
  CATCH_CHECK(end.exit_code == 1);
  CATCH_CHECK_THAT(end.last_error_line(), Catch::Contains("E103"));
}

CATCH_TEST_CASE("a process that waits in vain for the others says where it waited") {
  const auto port = lmc::test::free_port();
  const ProcessResult end =
      lmc::test::run("training_member", {"steps", "2", "/nowhere"},
                     {.environment = {"RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
                                      fmt::format("MASTER_PORT={}", port)}});
  CATCH_CHECK(end.exit_code == 1);
  CATCH_CHECK_THAT(end.last_error_line(), Catch::Contains("E103") &&
                                              Catch::Contains(fmt::format("127.0.0.1:{}", port)) &&
                                              Catch::Contains("within 2 s"));
}
