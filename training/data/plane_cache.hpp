// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "model/storage/weights.hpp"
#include "training/data/field.hpp"
#include "training/data/label_mask.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <variant>

namespace lmc::training {

/// Transmitted light on the scale of the networks.
using LightPlane = Plane<float>;

/// What an organelle looks like.
struct LabelPlane {
  Plane<std::uint16_t> greys;
  LabelRange range;
};

/// Decoded planes, the ones used last, within a bound. Of a plane there is what training may see: a
/// held-out part is cut off before anything is computed from the pixels. Any number of threads may
/// ask.
class PlaneCache {
public:
  PlaneCache(std::size_t max_bytes, model::InputNormalization normalization)
      : max_bytes_{max_bytes}, normalization_{normalization} {}

  /// @throws Error input_*; input_pixels also for a plane that is all zero
  [[nodiscard]] std::shared_ptr<const LightPlane> light(const PlaneFile& file, HoldOut hold_out);

  /// The first plane of a file. @throws as `light`
  [[nodiscard]] std::shared_ptr<const LabelPlane> label(const std::filesystem::path& file,
                                                        HoldOut hold_out);

  [[nodiscard]] std::size_t bytes() const;

private:
  using Decoded =
      std::variant<std::shared_ptr<const LightPlane>, std::shared_ptr<const LabelPlane>>;

  /// A file may be light in one pair and label in another.
  struct Key {
    PlaneFile file;
    bool is_label = false;

    friend auto operator<=>(const Key&, const Key&) = default;
  };

  struct Entry {
    Decoded plane;
    std::size_t bytes;
    std::list<Key>::iterator place;
  };

  template <class Kind> [[nodiscard]] std::shared_ptr<const Kind> find(const Key& key);
  void keep(const Key& key, Decoded plane, std::size_t bytes);

  std::size_t max_bytes_;
  model::InputNormalization normalization_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
  std::list<Key> order_; ///< most recently used first
  std::size_t bytes_ = 0;
};

} // namespace lmc::training
