// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/challenge/challenge_run.hpp"

namespace lmc::app {

/// API method "invoke": opens the models once, then answers on 0.0.0.0 until SIGTERM or SIGINT.
///
///   GET /health    200 as soon as the port is open, which is when all networks are built
///   POST /invoke   predicts the case that is in the input folder now. 201 when it is done; 422 for
///                  an input at fault, 500 for anything else, 503 while another case runs or when
///                  the server is being stopped. The body is the run's summary, with `error` in it
///                  after a failure.
///
/// @param port 0 takes any free one; the log names it
/// @return 0 when it was stopped between cases
/// @throws Interrupted when a case was cut short; Error model_*, device, usage (port taken)
[[nodiscard]] int serve(const ChallengeFolders& folders, int port);

} // namespace lmc::app
