// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/weights.hpp"
#include "training/field.hpp"
#include "training/label_mask.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace lmc::training {

/// A decoded plane, what training may see of it: a held-out part is cut off before anything is
/// computed from the pixels.
struct DecodedPlane {
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<std::uint16_t> greys; ///< [height, width]; labels
  std::vector<float> scaled;        ///< [height, width]; light, normalised for the network
  LabelRange range;                 ///< labels

  [[nodiscard]] std::size_t bytes() const {
    return greys.size() * sizeof(std::uint16_t) + scaled.size() * sizeof(float);
  }
};

/// Decoded planes, the ones used last, within a bound. Any number of threads may ask.
class PlaneCache {
public:
  PlaneCache(std::size_t max_bytes, model::InputNormalization normalization)
      : max_bytes_{max_bytes}, normalization_{normalization} {}

  /// A transmitted-light plane on the scale of the networks.
  /// @throws Error input_*; input_pixels also for a plane that is all zero
  [[nodiscard]] std::shared_ptr<const DecodedPlane> light(const PlaneFile& file, HoldOut hold_out);

  /// A label plane. @throws as `light`
  [[nodiscard]] std::shared_ptr<const DecodedPlane> label(const std::filesystem::path& file,
                                                          HoldOut hold_out);

  [[nodiscard]] std::size_t bytes() const;

private:
  using Plane = std::shared_ptr<const DecodedPlane>;
  using Order = std::list<PlaneFile>; ///< most recently used first

  struct Entry {
    Plane plane;
    Order::iterator place;
  };

  [[nodiscard]] Plane find(const PlaneFile& file);
  void keep(const PlaneFile& file, const Plane& plane);

  std::size_t max_bytes_;
  model::InputNormalization normalization_;
  mutable std::mutex mutex_;
  std::map<PlaneFile, Entry> entries_;
  Order order_;
  std::size_t bytes_ = 0;
};

} // namespace lmc::training
