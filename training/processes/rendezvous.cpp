// SPDX-License-Identifier: Apache-2.0
#include "training/processes/rendezvous.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace lmc::training {

namespace {

constexpr int most_processes = 65536;

class Variables {
public:
  explicit Variables(const Environment& environment) : environment_{environment} {}

  [[nodiscard]] bool has(const std::string& name) const { return environment_(name).has_value(); }

  [[nodiscard]] std::string text(const std::string& name, const std::string& absent) const {
    return environment_(name).value_or(absent);
  }

  /// A number from `low` to `high`.
  [[nodiscard]] int number(const std::string& name, int low, int high,
                           std::optional<int> absent = {}) const {
    const auto found = environment_(name);
    if (!found && absent) {
      return *absent;
    }
    const std::string given = found.value_or("");
    const auto value = number_from<int>(given);
    if (!value || *value < low || *value > high) {
      throw Error{
          ErrorCode::configuration, name,
          found ? fmt::format("is \"{}\"", printable(given)) : "is not set",
          fmt::format("give {} to {}, or start the processes with torchrun or srun", low, high)};
    }
    return *value;
  }

private:
  const Environment& environment_;
};

Rendezvous of_torchrun(const Variables& variables) {
  Rendezvous found;
  found.size = variables.number("WORLD_SIZE", 1, most_processes);
  found.rank = variables.number("RANK", 0, found.size - 1);
  found.local_rank = variables.number("LOCAL_RANK", 0, found.size - 1, 0);
  found.local_size = variables.number("LOCAL_WORLD_SIZE", 1, found.size, 1);
  found.launcher_serves = variables.text("TORCHELASTIC_USE_AGENT_STORE", "") == "True";
  found.attempt = variables.text("TORCHELASTIC_RESTART_COUNT", "0");
  return found;
}

Rendezvous of_srun(const Variables& variables) {
  Rendezvous found;
  // A step may have fewer tasks than its job.
  found.size = variables.number("SLURM_STEP_NUM_TASKS", 1, most_processes,
                                variables.number("SLURM_NTASKS", 1, most_processes));
  found.rank = variables.number("SLURM_PROCID", 0, found.size - 1);
  found.local_rank = variables.number("SLURM_LOCALID", 0, found.size - 1, 0);
  found.local_size = variables.number("SLURM_NTASKS_PER_NODE", 1, most_processes, 1);
  found.attempt = variables.text("SLURM_STEP_ID", "0");
  return found;
}

} // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

std::optional<Rendezvous> find_rendezvous(const Environment& environment) {
  const Variables variables{environment};
  std::optional<Rendezvous> found;
  if (variables.has("WORLD_SIZE") || variables.has("RANK")) {
    found = of_torchrun(variables);
  } else if (variables.has("SLURM_PROCID") && variables.has("SLURM_NTASKS")) {
    found = of_srun(variables);
    // A batch script has a job's variables too, but no step: a program in it runs once.
    if (!variables.has("SLURM_STEP_ID") && !variables.has("MASTER_ADDR")) {
      return std::nullopt;
    }
  }
  if (!found || found->size == 1) {
    return std::nullopt;
  }
  found->host = variables.text("MASTER_ADDR", "");
  if (found->host.empty()) {
    throw Error{ErrorCode::configuration, "MASTER_ADDR",
                fmt::format("is not set, and {} processes are to train together", found->size),
                "set it to the name of the machine that runs process 0"};
  }
  found->port = static_cast<std::uint16_t>(variables.number("MASTER_PORT", 1, 65535, 29500));
  return found;
}

} // namespace lmc::training
