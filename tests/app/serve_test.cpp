// SPDX-License-Identifier: Apache-2.0
// The server as the platform sees it: the program itself, over HTTP.
#include "app/challenge/case_outputs.hpp"
#include "app/commands/expected_case.hpp"
#include "tests/app/background_process.hpp"
#include "tests/support/locations.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

const fs::path sample_cases = lmc::test::source_folder() / "test_inputs";

/// A server on a port of its own, with an input and an output folder.
class Server {
public:
  Server()
      : process_{"light-my-cells",
                 {"--serve", "--port", "0", "--input", folders_.path() / "input", "--output",
                  folders_.path() / "output", "--model", folders_.path() / "no models"}},
        port_{std::stoi(process_.rest_of_line_after("on port "))} {
    empty_folders();
  }

  [[nodiscard]] httplib::Client client() const {
    httplib::Client made{"127.0.0.1", port_};
    made.set_read_timeout(std::chrono::minutes{5});
    return made;
  }

  [[nodiscard]] httplib::Result invoke() const { return client().Post("/invoke"); }

  [[nodiscard]] fs::path input() const { return folders_.path() / "input"; }
  [[nodiscard]] fs::path output() const { return folders_.path() / "output"; }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int terminate() { return process_.terminate(); }

  /// The folders themselves are made anew, so a handle that is kept shows nothing.
  void empty_folders() const {
    for (const fs::path& folder : {input(), output()}) {
      fs::remove_all(folder);
      fs::create_directory(folder);
    }
  }

  void next_case(const std::string& name) const {
    empty_folders();
    fs::copy(sample_cases / name, input(), fs::copy_options::recursive);
  }

private:
  lmc::test::TemporaryFolder folders_;
  lmc::test::BackgroundProcess process_;
  int port_;
};

void check_outputs(const fs::path& output, const std::string& name) {
  CATCH_INFO(name);
  const auto expected = lmc::app::read_expected_case(sample_cases / name / "expected.json");
  for (const lmc::Organelle organelle : lmc::all_organelles) {
    const auto deviation = lmc::app::deviation_from(
        expected, organelle, lmc::app::read_case_output(output, organelle, expected));
    // Two grey values of 65535, as lmc selftest allows.
    CATCH_CHECK(deviation.sample <= 2);
    CATCH_CHECK(deviation.tile_mean <= 1);
  }
}

nlohmann::json body_of(const httplib::Result& result) {
  return nlohmann::json::parse(result->body);
}

} // namespace

CATCH_TEST_CASE("a server is healthy, knows its paths, and ends cleanly at SIGTERM") {
  Server server;
  const auto health = server.client().Get("/health");
  CATCH_REQUIRE(health);
  CATCH_CHECK(health->status == 200);
  const auto elsewhere = server.client().Get("/invoke");
  CATCH_REQUIRE(elsewhere);
  CATCH_CHECK(elsewhere->status == 404);
  CATCH_CHECK_THAT(body_of(elsewhere).at("error").at("message").get<std::string>(),
                   Contains("POST /invoke"));
  CATCH_CHECK(server.terminate() == 0);
}

CATCH_TEST_CASE("a server predicts successive cases of folders that are emptied and refilled") {
  Server server;
  for (const std::string name : {"phase_contrast", "dic"}) {
    server.next_case(name);
    const auto answer = server.invoke();
    CATCH_REQUIRE(answer);
    CATCH_CHECK(answer->status == 201);
    CATCH_CHECK(body_of(answer).at("status") == "done");
    CATCH_CHECK(body_of(answer).at("images").size() == 1);
    check_outputs(server.output(), name);
  }
  CATCH_CHECK(server.terminate() == 0);
}

CATCH_TEST_CASE("a server answers what is wrong with a case and goes on") {
  Server server;
  const auto nothing = server.invoke();
  CATCH_REQUIRE(nothing);
  CATCH_CHECK(nothing->status == 422);
  CATCH_CHECK(body_of(nothing).at("error").at("code") == "E308");

  server.next_case("dic");
  fs::create_directories(server.output() / "images/actin-fluorescence-ome-tiff/left over");
  const auto left_over = server.client().Post("/invoke", "{}", "application/json");
  CATCH_REQUIRE(left_over);
  CATCH_CHECK(left_over->status == 500);
  CATCH_CHECK(body_of(left_over).at("error").at("code") == "E602");

  CATCH_CHECK(server.client().Get("/health")->status == 200);
}

CATCH_TEST_CASE("a server runs one case at a time, and SIGTERM leaves nothing half written") {
  Server server;
  server.next_case("bright_field");
  std::future<int> first = std::async(std::launch::async, [&] {
    const auto answer = server.invoke();
    return answer ? answer->status : 0;
  });
  while (!fs::exists(server.output() / "images")) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  const auto second = server.invoke();
  CATCH_REQUIRE(second);
  CATCH_CHECK(second->status == 503);
  CATCH_CHECK(server.client().Get("/health")->status == 200);
  CATCH_CHECK(server.terminate() == 143);
  // 503, or no answer where a batch takes longer than the grace.
  CATCH_CHECK(first.get() != 201);
  for (const auto& entry : fs::recursive_directory_iterator{server.output()}) {
    CATCH_CHECK(entry.is_directory());
  }
}

CATCH_TEST_CASE("a port that is taken is a usage error") {
  const Server server;
  const auto second =
      lmc::test::run("light-my-cells", {"--serve", "--port", std::to_string(server.port())});
  CATCH_CHECK(second.exit_code == 2);
  CATCH_CHECK_THAT(second.last_error_line(), Contains("cannot be bound"));
}

CATCH_TEST_CASE("a server whose models are missing ends before it is healthy") {
  const lmc::test::TemporaryFolder models;
  static_cast<void>(models.file("manifest.json", "{}"));
  const auto result =
      lmc::test::run("light-my-cells", {"--serve", "--port", "0", "--model", models.path()});
  CATCH_CHECK(result.exit_code == 4);
}
