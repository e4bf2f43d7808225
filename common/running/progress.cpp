// SPDX-License-Identifier: Apache-2.0
#include "common/running/progress.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace lmc {

std::string clock_text(double seconds) {
  const auto whole = std::llround(seconds);
  const auto hours = whole / 3600;
  const auto minutes = whole / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60)
                   : fmt::format("{}:{:02}", minutes, whole % 60);
}

Progress::Progress(std::size_t images)
    : images_{images}, terminal_{isatty(STDERR_FILENO) == 1},
      start_{std::chrono::steady_clock::now()} {}

Progress::~Progress() {
  if (line_open_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void Progress::update(std::size_t number, std::string_view image, double fraction) {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - last_drawn_ < std::chrono::milliseconds{200}) {
    return;
  }
  last_drawn_ = now;
  const double done = (static_cast<double>(number) + fraction) / static_cast<double>(images_);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string left = done > 0 ? clock_text(elapsed * (1 - done) / done) : std::string{"?"};
  rewrite_line(fmt::format("{:3.0f}%  {}/{}  {} left  {}", 100 * done, number + 1, images_, left,
                           printable(image)));
}

void Progress::finish(std::string_view image, std::string_view detail) {
  const std::lock_guard lock{mutex_};
  ++finished_;
  if (line_open_) {
    rewrite_line("");
  }
  fmt::print(stderr, "{:3.0f}% {} {}\n",
             100 * static_cast<double>(finished_) / static_cast<double>(images_), printable(image),
             detail);
  line_open_ = false;
}

void Progress::rewrite_line(const std::string& text) {
  fmt::print(stderr, "\r\x1b[K{}", text);
  line_open_ = true;
}

} // namespace lmc
