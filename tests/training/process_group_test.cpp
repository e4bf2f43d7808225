// SPDX-License-Identifier: Apache-2.0
#include "training/processes/process_group.hpp"

#include "compute/build_identity.hpp"
#include "fixture.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/process.hpp"
#include "tests/support/reference_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <array>
#include <csignal>
#include <string>
#include <vector>

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
    return start(rank, {what, std::to_string(timeout), file.string()});
  }

  [[nodiscard]] Process start(int rank, const std::vector<std::string>& arguments,
                              const std::vector<std::string>& variables = {}) const {
    std::vector<std::string> environment{
        fmt::format("RANK={}", rank), "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
        fmt::format("MASTER_PORT={}", store_.getPort()), "TORCHELASTIC_USE_AGENT_STORE=True"};
    environment.insert(environment.end(), variables.begin(), variables.end());
    return Process{"training_member", arguments, {.environment = environment}};
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

namespace {

/// Two processes with a plug-in in NCCL's place; the second one's may claim another build.
std::array<ProcessResult, 2> with_plugin(const std::filesystem::path& folder,
                                         const std::string& stub, const std::string& second_build) {
  const Launcher launcher;
  const auto start = [&](int rank, const std::string& build) {
    return launcher.start(rank, {"steps", "120", (folder / "networks").string(), LMC_STUB_NCCL},
                          {"LMC_STUB_BUILD=" + build, "LMC_STUB=" + stub});
  };
  Process first = start(0, compute::build_identity());
  Process second = start(1, second_build);
  return {first.finish(), second.finish()};
}

} // namespace

CATCH_TEST_CASE("gradients on a device are summed by the plug-in if all processes have it") {
  const TemporaryFolder folder;
  CATCH_SECTION("both have it") {
    const auto ends = with_plugin(folder.path(), "sums", compute::build_identity());
    CATCH_CAPTURE(ends[0].err, ends[1].err);
    CATCH_CHECK((ends[0].exit_code == 0 && ends[1].exit_code == 0));
    for (const ProcessResult& end : ends) {
      CATCH_CHECK_THAT(end.err, Catch::Contains("sums gradients by NCCL on cpu") &&
                                    Catch::Contains("the stub sums"));
    }
    check_same(alone(), folder.path() / "networks");
  }
  CATCH_SECTION("one of them is of another build") {
    const auto ends = with_plugin(folder.path(), "sums", "0.0.1 abc");
    CATCH_CAPTURE(ends[0].err, ends[1].err);
    CATCH_CHECK((ends[0].exit_code == 0 && ends[1].exit_code == 0));
    CATCH_CHECK_THAT(ends[0].err,
                     Catch::Contains("by Gloo on the CPU: NCCL is missing in another"));
    CATCH_CHECK_THAT(ends[1].err, Catch::Contains("by Gloo on the CPU: NCCL is of another build") &&
                                      Catch::Contains("is 0.0.1 abc"));
    CATCH_CHECK_THAT(ends[0].err + ends[1].err, !Catch::Contains("the stub sums"));
    check_same(alone(), folder.path() / "networks");
  }
  CATCH_SECTION("it cannot start") {
    const auto ends = with_plugin(folder.path(), "fails", compute::build_identity());
    for (const ProcessResult& end : ends) {
      CATCH_CHECK(end.exit_code == 1);
      CATCH_CHECK_THAT(end.last_error_line(),
                       Catch::Contains("error[E203]") &&
                           Catch::Contains("NCCL cannot start: the stub has no GPU;") &&
                           Catch::Contains("NCCL_DEBUG=INFO"));
    }
  }
}

CATCH_TEST_CASE("a missing plug-in says how to get it") {
  const TemporaryFolder folder;
  const NcclPlugin plugin = open_nccl(folder.path() / "none.so");
  CATCH_CHECK(plugin.entry == nullptr);
  CATCH_CHECK_THAT(plugin.why_not,
                   Catch::Contains("is not installed") && Catch::Contains("./run.sh --cuda"));
}

CATCH_TEST_CASE("the NCCL plug-in that was built with these tests, if any, can be opened") {
  const NcclPlugin plugin = open_nccl();
  const bool built = std::filesystem::exists(plugin_library("liblmc_nccl.so"));
  CATCH_CHECK(plugin.why_not.empty() == built);
  CATCH_CHECK((plugin.entry != nullptr) == built);
}
