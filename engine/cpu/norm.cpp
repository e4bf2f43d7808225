// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/norm.hpp"

#include "model/norm_epsilon.hpp"

#include <cmath>
#include <cstddef>

namespace lmc::engine::cpu {

namespace {

float value_or(const std::vector<float>& values, Index channel, float otherwise) {
  const auto index = static_cast<std::size_t>(channel);
  return index < values.size() ? values[index] : otherwise;
}

/// Count, mean and sum of squared deviations of some values.
struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  void add(const Moments& other) {
    const double all = count + other.count;
    const double difference = other.mean - mean;
    mean += difference * other.count / all;
    squares += other.squares + difference * difference * count * other.count / all;
    count = all;
  }
};

} // namespace

void BlockSums::reserve(Index blocks, Index channels) {
  channels_ = channels;
  sums_.reserve(3 * blocks * channels);
  counts_.assign(static_cast<std::size_t>(blocks), 0);
}

void BlockSums::finish(ChannelNorm& norm, const NormParameters& parameters) const {
  for (Index c = 0; c < channels_; ++c) {
    norm.shift.data()[c] = value_or(parameters.shift, c, 0);
    if (!parameters.mean.empty()) {
      norm.mean.data()[c] = value_or(parameters.mean, c, 0);
      norm.factor.data()[c] = value_or(parameters.factor, c, 1);
      continue;
    }
    Moments moments;
    const float* sums = sums_.data() + c;
    for (const Index pixels : counts_) {
      const auto count = static_cast<double>(pixels);
      const double sum = sums[channels_];
      moments.add({.count = count,
                   .mean = sums[0] + sum / count,
                   .squares = sums[2 * channels_] - sum * sum / count});
      sums += 3 * channels_;
    }
    const double scale = 1 / std::sqrt(moments.squares / moments.count + model::norm_epsilon);
    norm.mean.data()[c] = static_cast<float>(moments.mean);
    norm.factor.data()[c] = static_cast<float>(scale * value_or(parameters.factor, c, 1));
  }
}

} // namespace lmc::engine::cpu
