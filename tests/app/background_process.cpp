// SPDX-License-Identifier: Apache-2.0
#include "tests/app/background_process.hpp"
#include "tests/support/locations.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace lmc::test {

namespace {

constexpr std::chrono::milliseconds poll_interval{20};
constexpr std::chrono::seconds grace{5};

} // namespace

BackgroundProcess::BackgroundProcess(const std::string& program,
                                     const std::vector<std::string>& arguments) {
  std::vector<std::string> words{(program_folder() / program).string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const std::string file = captured_.path() / "err";
  child_ = fork();
  if (child_ == 0) {
    const int opened = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (opened >= 0 && dup2(opened, STDERR_FILENO) >= 0) {
      execv(argv[0], argv.data());
    }
    _exit(127);
  }
  if (child_ < 0) {
    throw std::runtime_error{"cannot start " + program};
  }
}

BackgroundProcess::~BackgroundProcess() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, &status_, 0);
  }
}

bool BackgroundProcess::ended() {
  if (child_ > 0 && waitpid(child_, &status_, WNOHANG) == child_) {
    child_ = -1;
  }
  return child_ < 0;
}

std::string BackgroundProcess::errors() const {
  return content_of(captured_.path() / "err");
}

std::string BackgroundProcess::rest_of_line_after(const std::string& text) {
  for (;;) {
    const bool last_look = ended();
    const std::string err = errors();
    const std::size_t found = err.find(text);
    const std::size_t end = found == std::string::npos ? found : err.find('\n', found);
    if (end != std::string::npos) {
      return err.substr(found + text.size(), end - found - text.size());
    }
    if (last_look) {
      throw std::runtime_error{"the program ended without \"" + text + "\": " + err};
    }
    std::this_thread::sleep_for(poll_interval);
  }
}

int BackgroundProcess::terminate() {
  if (!ended()) {
    kill(child_, SIGTERM);
  }
  const auto killed = std::chrono::steady_clock::now() + grace;
  while (!ended()) {
    if (std::chrono::steady_clock::now() > killed) {
      kill(child_, SIGKILL);
    }
    std::this_thread::sleep_for(poll_interval);
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

} // namespace lmc::test
