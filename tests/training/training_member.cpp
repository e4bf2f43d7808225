// SPDX-License-Identifier: Apache-2.0
// One of several processes that train together, as the environment says: takes the reference's
// steps with its part of each batch.
//   training_member WHAT TIMEOUT_SECONDS FILE [PLUGIN]
// WHAT: `steps` writes the networks of process 0 to FILE; in `fails` and `stalls` process 1 ends
// with an error or waits for ever before its second step. PLUGIN takes NCCL's place.

#include "common/error.hpp"
#include "fixture.hpp"
#include "model/storage/tensor_file.hpp"
#include "training/processes/process_group.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>

using namespace lmc;
using namespace lmc::training;

namespace {

void train_steps(const ProcessGroup& processes, const std::string& what, Trainees& trainees) {
  StepOptions options;
  options.dropout = 0;
  for (int step = 1; step <= 3; ++step) {
    if (step == 2 && processes.rank == 1 && what == "fails") {
      throw Error{ErrorCode::input_corrupt, "field7.tif", "is cut off", "copy it again"};
    }
    if (step == 2 && processes.rank == 1 && what == "stalls") {
      fmt::print(stderr, "waits\n");
      pause();
    }
    const Batch batch = test::reference_batch(step);
    const std::int64_t samples = batch.light.size(0);
    (void)optimise(trainees,
                   test::part_of(batch, samples * processes.rank / processes.size,
                                 samples * (processes.rank + 1) / processes.size),
                   options, processes.exchange.get());
  }
}

} // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments{argv, static_cast<std::size_t>(argc)};
  ProcessGroup processes;
  try {
    processes =
        join_processes(find_rendezvous().value(), std::chrono::seconds{std::atoi(arguments[2])});
    if (arguments.size() > 4) {
      processes.exchange->use_nccl(open_nccl(arguments[4]), c10::Device{c10::DeviceType::CPU});
    }
    Trainees trainees = test::reference_trainees();
    train_steps(processes, arguments[1], trainees);
    if (processes.leading()) {
      model::TensorFile file;
      file.tensors = test::all_tensors(trainees);
      model::write_tensor_file(arguments[3], file, Existing::replace);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    if (processes.exchange != nullptr) {
      processes.exchange->report_failure(error.what());
    }
    return 1;
  }
  return 0;
}
