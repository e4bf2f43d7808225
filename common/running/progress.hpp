// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace lmc {

/// Seconds as "0:42", "12:05" or "3:07:00".
[[nodiscard]] std::string clock_text(double seconds);

/// Progress of a known number of images, each of a known number of steps, on stderr.
/// On a terminal one line is rewritten, with the estimated time left; elsewhere each image ends in
/// one line `NN% <name>`. Several threads may use it.
class Progress {
public:
  /// @param images in the whole run
  explicit Progress(std::size_t images);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Part of an image that is done, 0..1.
  /// @param number of the image in the run, from 0
  void update(std::size_t number, std::string_view image, double fraction);

  /// The next image is done, `detail` says how (seconds, or what failed).
  void finish(std::string_view image, std::string_view detail);

private:
  void rewrite_line(const std::string& text);

  std::mutex mutex_;
  std::size_t images_;
  std::size_t finished_ = 0;
  bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_{};
};

} // namespace lmc
