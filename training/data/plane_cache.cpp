// SPDX-License-Identifier: Apache-2.0
#include "training/data/plane_cache.hpp"

#include "common/error.hpp"
#include "image/input_image.hpp"
#include "inference/normalisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace lmc::training {

namespace {

/// Pixels of the visible columns.
Plane<std::uint16_t> read(const PlaneFile& file, HoldOut hold_out) {
  const auto opened = image::InputImage::open(file.path, {});
  if (file.z >= opened.z_planes()) {
    throw Error{ErrorCode::input_ambiguous, file.path.string(),
                fmt::format("has {} focal planes, plane {} is wanted", opened.z_planes(), file.z),
                "count planes from 0"};
  }
  const Plane<std::uint16_t> whole = opened.read_plane(0, file.z).pixels;
  if (std::ranges::all_of(whole.pixels(), [](auto grey) { return grey == 0; })) {
    throw Error{ErrorCode::input_pixels, file.path.string(), "all pixels are zero",
                "leave the file out"};
  }
  Plane<std::uint16_t> visible{whole.height(), visible_width(whole.width(), hold_out)};
  for (Index y = 0; y < visible.height(); ++y) {
    std::ranges::copy_n(whole.view().row(y).begin(), visible.width(),
                        visible.view().row(y).begin());
  }
  return visible;
}

} // namespace

std::shared_ptr<const LightPlane> PlaneCache::light(const PlaneFile& file, HoldOut hold_out) {
  const Key key{.file = file};
  if (auto known = find<LightPlane>(key)) {
    return known;
  }
  const Plane<std::uint16_t> greys = read(file, hold_out);
  const std::vector<float> seen = inference::input_table(greys.pixels(), normalization_);
  Plane<float> scaled{greys.height(), greys.width()};
  std::ranges::transform(greys.pixels(), scaled.pixels().begin(),
                         [&](std::uint16_t grey) { return seen[grey]; });
  auto light = std::make_shared<const LightPlane>(std::move(scaled));
  keep(key, light, light->pixels().size() * sizeof(float));
  return light;
}

std::shared_ptr<const LabelPlane> PlaneCache::label(const std::filesystem::path& file,
                                                    HoldOut hold_out) {
  const Key key{.file = {.path = file}, .is_label = true};
  if (auto known = find<LabelPlane>(key)) {
    return known;
  }
  LabelPlane decoded{.greys = read(key.file, hold_out), .range = {}};
  decoded.range = label_range(decoded.greys.pixels());
  auto label = std::make_shared<const LabelPlane>(std::move(decoded));
  keep(key, label, label->greys.pixels().size() * sizeof(std::uint16_t));
  return label;
}

std::size_t PlaneCache::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

template <class Kind> std::shared_ptr<const Kind> PlaneCache::find(const Key& key) {
  const std::lock_guard lock{mutex_};
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) {
    return nullptr;
  }
  order_.splice(order_.begin(), order_, entry->second.place);
  return std::get<std::shared_ptr<const Kind>>(entry->second.plane);
}

void PlaneCache::keep(const Key& key, Decoded plane, std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  if (bytes > max_bytes_ || entries_.contains(key)) {
    return;
  }
  while (bytes_ + bytes > max_bytes_) {
    const auto oldest = entries_.find(order_.back());
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
    order_.pop_back();
  }
  order_.push_front(key);
  entries_.emplace(key, Entry{std::move(plane), bytes, order_.begin()});
  bytes_ += bytes;
}

} // namespace lmc::training
