// SPDX-License-Identifier: Apache-2.0
#include "tests/app/process.hpp"

#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

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
  const int opened = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (opened < 0 || dup2(opened, descriptor) < 0) {
    _exit(126);
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

ProcessResult run(const std::string& program, const std::vector<std::string>& arguments,
                  const ProcessSettings& settings) {
  const TemporaryFolder captured;
  std::vector<std::string> words{std::string{LMC_PROGRAMS} + "/" + program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment{"PATH=/usr/bin:/bin"};
  environment.insert(environment.end(), settings.environment.begin(), settings.environment.end());
  std::vector<char*> argv = pointers(words);
  std::vector<char*> envp = pointers(environment);

  const pid_t child = fork();
  if (child == 0) {
    redirect(captured.path() / "out", STDOUT_FILENO);
    redirect(captured.path() / "err", STDERR_FILENO);
    if (chdir(settings.working_folder.c_str()) == 0) {
      execve(argv[0], argv.data(), envp.data());
    }
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    throw std::runtime_error{"cannot start " + program};
  }
  ProcessResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = content_of(captured.path() / "out");
  result.err = content_of(captured.path() / "err");
  return result;
}

} // namespace lmc::test
