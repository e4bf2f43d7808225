// SPDX-License-Identifier: Apache-2.0
// The challenge container's program: reads the case in /input, writes four organelle images and
// summary.json to /output.

#include "app/challenge/challenge_run.hpp"
#include "app/challenge/serve.hpp"
#include "app/challenge/static_configuration.hpp"
#include "app/program.hpp"
#include "common/version.hpp"

#include <CLI/CLI.hpp>

#include <string>

int main(int argc, char** argv) {
  using namespace lmc::app;
  return run_program([&] {
    CLI::App program{"Predicts mitochondria, nucleus, tubulin and actin from the transmitted-light "
                     "image of one case.\nNeeds no options on the platform: reads /input, writes "
                     "/output, takes models from /opt/ml/model if there are any."};
    ChallengeFolders folders{.input = configuration::input_folder,
                             .output = configuration::output_folder,
                             .models = configuration::model_folder};
    bool server = false;
    int port = configuration::invoke_port;
    program.add_option("--input", folders.input, "Folder of the case")->capture_default_str();
    program.add_option("--output", folders.output, "Folder of the results")->capture_default_str();
    program.add_option("--model", folders.models, "Folder of models")->capture_default_str();
    auto* const serve_option = program.add_flag(
        "--serve", server, "Answer GET /health and POST /invoke over HTTP until SIGTERM");
    program.add_option("--port", port, "Port of --serve; 0 takes any free one")
        ->capture_default_str()
        ->check(CLI::Range(0, 65535))
        ->needs(serve_option);
    program.set_version_flag("--version", std::string{lmc::version()});
    return parse_and_run(program, argc, argv,
                         [&] { return server ? serve(folders, port) : run_once(folders); });
  });
}
