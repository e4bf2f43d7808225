// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"
#include "tests/support/locations.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace lmc::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

void redirect(const std::filesystem::path& file, int descriptor) {
  const int opened = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0644);
  if (opened < 0 || dup2(opened, descriptor) < 0) {
    _exit(126);
  }
}

void restrict(const ProcessSettings& settings) {
  // Fails for users who never had these; then there is nothing to take away.
  prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
  prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
  if (settings.largest_file_bytes) {
    const rlimit limit{*settings.largest_file_bytes, *settings.largest_file_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (settings.one_processor) {
    cpu_set_t all;
    cpu_set_t one;
    CPU_ZERO(&all);
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof all, &all);
    for (std::size_t processor = 0; CPU_COUNT(&one) == 0; ++processor) {
      if (CPU_ISSET(processor, &all)) {
        CPU_SET(processor, &one);
      }
    }
    sched_setaffinity(0, sizeof one, &one);
  }
  if (settings.user && (setgid(*settings.user) != 0 || setuid(*settings.user) != 0)) {
    _exit(125);
  }
}

} // namespace

std::string ProcessResult::last_error_line() const {
  const std::size_t end = err.find_last_not_of('\n');
  if (end == std::string::npos) {
    return {};
  }
  const std::size_t before = err.rfind('\n', end);
  return err.substr(before == std::string::npos ? 0 : before + 1,
                    end - (before == std::string::npos ? 0 : before + 1) + 1);
}

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const ProcessSettings& settings) {
  std::vector<std::string> words{(program_folder() / program).string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment{"PATH=/usr/bin:/bin"};
  environment.insert(environment.end(), settings.environment.begin(), settings.environment.end());
  std::vector<char*> argv = pointers(words);
  std::vector<char*> envp = pointers(environment);

  child_ = fork();
  if (child_ == 0) {
    redirect(captured_.path() / "out", STDOUT_FILENO);
    redirect(captured_.path() / "err", STDERR_FILENO);
    restrict(settings);
    if (chdir(settings.working_folder.c_str()) == 0) {
      execve(argv[0], argv.data(), envp.data());
    }
    _exit(127);
  }
  if (child_ < 0) {
    throw std::runtime_error{"cannot start " + program};
  }
}

Process::~Process() {
  if (!status_) {
    send(SIGKILL);
    has_ended(0);
  }
}

bool Process::has_ended(int options) {
  int status = 0;
  if (!status_ && waitpid(child_, &status, options) == child_) {
    status_ = status;
  }
  return status_.has_value();
}

bool Process::wait_for_error_text(const std::string& text) {
  const auto said = [&] {
    return content_of(captured_.path() / "err").find(text) != std::string::npos;
  };
  while (!said()) {
    if (has_ended(WNOHANG)) {
      return said();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

void Process::send(int signal) const {
  kill(child_, signal);
}

ProcessResult Process::finish() {
  if (!has_ended(0)) {
    throw std::runtime_error{"the program cannot be waited for"};
  }
  ProcessResult result;
  result.exit_code = WIFEXITED(*status_) ? WEXITSTATUS(*status_) : 128 + WTERMSIG(*status_);
  result.out = content_of(captured_.path() / "out");
  result.err = content_of(captured_.path() / "err");
  return result;
}

ProcessResult run(const std::string& program, const std::vector<std::string>& arguments,
                  const ProcessSettings& settings) {
  return Process{program, arguments, settings}.finish();
}

} // namespace lmc::test
