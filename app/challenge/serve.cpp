// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/serve.hpp"

#include "app/challenge/serial_worker.hpp"
#include "app/program.hpp"
#include "common/error.hpp"
#include "common/records/json.hpp"
#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>

namespace lmc::app {

namespace {

enum Status : int {
  ok = 200,
  created = 201,
  not_found = 404,
  unprocessable = 422,
  internal_error = 500,
  unavailable = 503,
};

constexpr const char* all_interfaces = "0.0.0.0";
// One case at a time; the others answer /health meanwhile.
constexpr std::size_t http_threads = 4;
// The platform sends no body.
constexpr std::size_t largest_body = std::size_t{1} << 20;
// The platform kills 5 s after SIGTERM. A batch of a large network can take longer on a CPU.
constexpr std::chrono::milliseconds grace{4000};

void answer(httplib::Response& response, Status status, const nlohmann::json& body) {
  response.status = status;
  response.set_content(to_text(body), "application/json");
}

nlohmann::json refusal(const char* cause, const char* remedy) {
  return {{"status", "failed"},
          {"error", to_json(Error{ErrorCode::usage, "this request", cause, remedy})}};
}

/// The cases of one server, and whether one was cut short.
class Cases {
public:
  Cases(ChallengeFolders folders, ModelSet models, RunSummary summary)
      : folders_{std::move(folders)}, models_{std::move(models)}, summary_{std::move(summary)} {}

  void answer_invoke(httplib::Response& response) {
    try {
      RunSummary summary;
      const bool ran = worker_.try_run([&] { summary = run_case(folders_, models_, summary_); });
      if (!ran) {
        answer(response, unavailable,
               refusal("another case is running", "wait for its answer, then call again"));
        return;
      }
      answer_with(response, summary);
    } catch (const Interrupted&) {
      cut_short_ = true;
      answer(response, unavailable,
             refusal("the server is being stopped", "start it again and repeat the call"));
    }
  }

  [[nodiscard]] bool cut_short() const { return cut_short_; }

private:
  static void answer_with(httplib::Response& response, const RunSummary& summary) {
    Status status = created;
    if (summary.error) {
      const bool input = summary.error->exit_code() == ExitCode::input;
      status = input ? unprocessable : internal_error;
      fmt::print(stderr, "{}\n", summary.error->what());
    }
    answer(response, status, to_json(summary));
  }

  ChallengeFolders folders_;
  ModelSet models_;
  RunSummary summary_;
  SerialWorker worker_;
  std::atomic<bool> cut_short_ = false;
};

void configure(httplib::Server& server) {
  server.new_task_queue = [] {
    return std::make_unique<httplib::ThreadPool>(http_threads).release();
  };
  // An idle connection would hold up the end by its timeout.
  server.set_keep_alive_max_count(1);
  server.set_payload_max_length(largest_body);
  // The library's own default, SO_REUSEPORT, lets two servers share a port in silence.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

void route_requests(httplib::Server& server, Cases& cases) {
  server.Get("/health", [](const httplib::Request&, httplib::Response& response) {
    answer(response, ok, {{"status", "ready"}});
  });
  // With a content reader, because the library otherwise waits for a body where a request has
  // neither a body nor a Content-Length (`curl -X POST`).
  server.Post("/invoke", [&cases](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& body) {
    if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) {
      body([](const char*, std::size_t) { return true; });
    }
    cases.answer_invoke(response);
  });
  server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) {
      answer(response, Status{response.status},
             refusal("there is nothing here", "the paths are GET /health and POST /invoke"));
    }
  });
}

int bind(httplib::Server& server, int port) {
  const int bound = port == 0 ? server.bind_to_any_port(all_interfaces)
                              : (server.bind_to_port(all_interfaces, port) ? port : -1);
  if (bound <= 0) {
    throw Error{ErrorCode::usage, fmt::format("port {}", port), "it cannot be bound",
                "end the program that uses it, or choose another with --port"};
  }
  return bound;
}

} // namespace

int serve(const ChallengeFolders& folders, int port) {
  hold_interrupts();
  RunSummary summary;
  ModelSet models = open_models(folders, summary);
  models.build_all();
  Cases cases{folders, std::move(models), std::move(summary)};

  httplib::Server server;
  configure(server);
  route_requests(server, cases);
  const int bound = bind(server, port);
  std::future<bool> listening =
      std::async(std::launch::async, [&server] { return server.listen_after_bind(); });
  log().info("ready: GET /health and POST /invoke on port {}", bound);

  wait_for_interrupt();
  server.stop();
  if (listening.wait_for(grace) != std::future_status::ready) {
    log().warn("stopped within a batch: the running case has no outputs");
    std::_Exit(Interrupted{SIGTERM}.exit_code());
  }
  if (cases.cut_short()) {
    throw_if_interrupted();
  }
  log().info("stopped: no case was running");
  return 0;
}

} // namespace lmc::app
