// SPDX-License-Identifier: Apache-2.0
#include "training/processes/rendezvous.hpp"

#include "common/error.hpp"

#include <catch2/catch.hpp>

#include <map>

using lmc::training::Environment;
using lmc::training::find_rendezvous;

namespace {

Environment of(const std::map<std::string, std::string>& variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
}

} // namespace

CATCH_TEST_CASE("a process without a launcher, or alone under one, is alone") {
  CATCH_CHECK_FALSE(find_rendezvous(of({})));
  CATCH_CHECK_FALSE(find_rendezvous(of({{"RANK", "0"}, {"WORLD_SIZE", "1"}})));
  CATCH_CHECK_FALSE(find_rendezvous(of({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}})));
  // A batch script that starts the program without srun.
  CATCH_CHECK_FALSE(find_rendezvous(of({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}})));
}

CATCH_TEST_CASE("torchrun's variables are read") {
  const auto found = find_rendezvous(of({{"RANK", "3"},
                                         {"WORLD_SIZE", "4"},
                                         {"LOCAL_RANK", "1"},
                                         {"LOCAL_WORLD_SIZE", "2"},
                                         {"MASTER_ADDR", "node7"},
                                         {"MASTER_PORT", "29411"},
                                         {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                                         {"TORCHELASTIC_RESTART_COUNT", "2"}}));
  CATCH_REQUIRE(found);
  CATCH_CHECK(found->rank == 3);
  CATCH_CHECK(found->size == 4);
  CATCH_CHECK(found->local_rank == 1);
  CATCH_CHECK(found->local_size == 2);
  CATCH_CHECK(found->host == "node7");
  CATCH_CHECK(found->port == 29411);
  CATCH_CHECK(found->launcher_serves);
  CATCH_CHECK(found->attempt == "2");
}

CATCH_TEST_CASE("four variables set by hand are enough, and process 0 then serves") {
  const auto found =
      find_rendezvous(of({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "localhost"}}));
  CATCH_REQUIRE(found);
  CATCH_CHECK_FALSE(found->launcher_serves);
  CATCH_CHECK(found->port == 29500);
  CATCH_CHECK(found->local_size == 1);
}

CATCH_TEST_CASE("srun's variables are read, a step's size before its job's") {
  const auto found = find_rendezvous(of({{"SLURM_PROCID", "1"},
                                         {"SLURM_NTASKS", "8"},
                                         {"SLURM_STEP_NUM_TASKS", "2"},
                                         {"SLURM_LOCALID", "1"},
                                         {"SLURM_STEP_ID", "5"},
                                         {"MASTER_ADDR", "node1"},
                                         {"MASTER_PORT", "4000"}}));
  CATCH_REQUIRE(found);
  CATCH_CHECK(found->rank == 1);
  CATCH_CHECK(found->size == 2);
  CATCH_CHECK(found->local_rank == 1);
  CATCH_CHECK(found->port == 4000);
}

CATCH_TEST_CASE("variables that cannot be are named") {
  const auto message = [](const std::map<std::string, std::string>& variables) -> std::string {
    try {
      (void)find_rendezvous(of(variables));
    } catch (const lmc::Error& error) {
      return error.what();
    }
    return "no error";
  };
  CATCH_CHECK_THAT(message({{"RANK", "2"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}}),
                   Catch::Contains("RANK") && Catch::Contains("0 to 1"));
  CATCH_CHECK_THAT(message({{"RANK", "1"}}),
                   Catch::Contains("WORLD_SIZE") && Catch::Contains("not set"));
  CATCH_CHECK_THAT(message({{"RANK", "1"}, {"WORLD_SIZE", "2"}}), Catch::Contains("MASTER_ADDR"));
  CATCH_CHECK_THAT(
      message({{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "99999"}}),
      Catch::Contains("MASTER_PORT") && Catch::Contains("65535"));
  CATCH_CHECK_THAT(message({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}, {"SLURM_STEP_ID", "0"}}),
                   Catch::Contains("MASTER_ADDR") && Catch::Contains("2 processes"));
}
