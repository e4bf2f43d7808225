// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/cuda_numbers.hpp"

#include <algorithm>
#include <random>

namespace lmc::engine::cuda::test {

Numbers<float> normal_floats(int count, unsigned seed, float deviation, float mean) {
  std::mt19937 generator{seed};
  std::normal_distribution<float> normal{mean, deviation};
  Numbers<float> numbers(static_cast<std::size_t>(count));
  std::generate_n(numbers.data(), count, [&] { return normal(generator); });
  return numbers;
}

Numbers<Half> normal_halves(int count, unsigned seed, float deviation, float mean) {
  const Numbers<float> floats = normal_floats(count, seed, deviation, mean);
  Numbers<Half> halves(floats.size());
  std::transform(floats.data(), floats.data() + count, halves.data(), to_half);
  return halves;
}

Sample::Sample(int window_count, int height, int width, int channels, PixelOrder order)
    : windows{window_count}, pixels{normal_halves(window_count * height * width * channels, 1, 2,
                                                  0.5F)},
      norms{normal_floats(window_count * 3 * channels, 2)}, activation{.pixels = pixels.data(),
                                                                       .height = height,
                                                                       .width = width,
                                                                       .stride = channels,
                                                                       .first = 0,
                                                                       .order = order},
      norm{.values = norms.data(), .channels = channels, .first = 0, .per_window = true} {}

double Sample::normalised(int window, int y, int x, int channel, bool relu) const {
  const Activation& a = activation;
  const int pixel = a.order == PixelOrder::rows
                        ? y * a.width + x
                        : (y / 2 * (a.width / 2) + x / 2) * 4 + y % 2 * 2 + x % 2;
  const int place = (window * a.height * a.width + pixel) * a.stride + a.first + channel;
  const auto row = [&](int index) {
    const int first = ((norm.per_window ? window : 0) * 3 + index) * norm.channels;
    return static_cast<double>(norms[static_cast<std::size_t>(first + norm.first + channel)]);
  };
  const double value =
      (static_cast<double>(to_float(pixels[static_cast<std::size_t>(place)])) - row(0)) * row(1) +
      row(2);
  return relu ? std::max(value, 0.0) : value;
}

} // namespace lmc::engine::cuda::test
