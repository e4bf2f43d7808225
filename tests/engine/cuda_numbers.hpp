// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/activation.hpp"
#include "engine/cuda/kernels/block.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <vector>

namespace lmc::engine::cuda::test {

/// Vectors for kernels, which read and write 16 bytes at once.
template <class Number> class Numbers {
public:
  explicit Numbers(std::size_t count)
      : vectors_(count * sizeof(Number) / sizeof(Half8) + 1), count_{count} {}

  [[nodiscard]] Number* data() { return reinterpret_cast<Number*>(vectors_.data()); }
  [[nodiscard]] const Number* data() const {
    return reinterpret_cast<const Number*>(vectors_.data());
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] Number& operator[](std::size_t i) { return data()[i]; }
  [[nodiscard]] const Number& operator[](std::size_t i) const { return data()[i]; }

private:
  std::vector<Half8> vectors_;
  std::size_t count_;
};

/// Numbers of a normal distribution, the same on every run.
[[nodiscard]] Numbers<float> normal_floats(int count, unsigned seed, float deviation = 1,
                                           float mean = 0);
/// The same, rounded to half precision.
[[nodiscard]] Numbers<Half> normal_halves(int count, unsigned seed, float deviation = 1,
                                          float mean = 0);

/// A raw activation [windows, height, width, channels] and a norm for it.
struct Sample {
  Sample(int window_count, int height, int width, int channels, PixelOrder order);

  /// relu((x - mean) * factor + shift) in float64.
  [[nodiscard]] double normalised(int window, int y, int x, int channel, bool relu) const;

  int windows;
  Numbers<Half> pixels;
  Numbers<float> norms;
  Activation activation;
  NormView norm;
};

/// Runs a kernel on the host twice into a result full of NaN, the second time with the threads in
/// reverse order: the result must not depend on which of a phase's threads comes first.
template <class Kernel, class Number>
void run_twice(const Kernel& kernel, Numbers<Number>& result) {
  const auto run = [&](bool backwards) {
    std::memset(static_cast<void*>(result.data()), 0xff, result.size() * sizeof(Number));
    run_on_host(kernel, backwards);
    return result;
  };
  const Numbers<Number> forwards = run(false);
  run(true);
  CATCH_REQUIRE(std::memcmp(forwards.data(), result.data(), result.size() * sizeof(Number)) == 0);
}

} // namespace lmc::engine::cuda::test
