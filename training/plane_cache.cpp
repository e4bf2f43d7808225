// SPDX-License-Identifier: Apache-2.0
#include "training/plane_cache.hpp"

#include "common/error.hpp"
#include "image/input_image.hpp"
#include "inference/normalisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lmc::training {

namespace {

constexpr std::size_t label_key = std::numeric_limits<std::size_t>::max();

/// Pixels of the visible columns.
DecodedPlane read(const PlaneFile& file, HoldOut hold_out) {
  const auto opened = image::InputImage::open(file.path, {});
  if (file.z >= opened.z_planes()) {
    throw Error{ErrorCode::input_ambiguous, file.path.string(),
                fmt::format("has {} focal planes, plane {} is wanted", opened.z_planes(), file.z),
                "count planes from 0"};
  }
  const image::TransmittedLight plane = opened.read_plane(0, file.z);
  if (std::ranges::all_of(plane.pixels.pixels(), [](auto grey) { return grey == 0; })) {
    throw Error{ErrorCode::input_pixels, file.path.string(), "all pixels are zero",
                "leave the file out"};
  }
  DecodedPlane decoded;
  decoded.height = static_cast<std::size_t>(plane.pixels.height());
  decoded.width = visible_width(static_cast<std::size_t>(plane.pixels.width()), hold_out);
  decoded.greys.reserve(decoded.height * decoded.width);
  for (Index y = 0; y < plane.pixels.height(); ++y) {
    const auto row = plane.pixels.view().row(y).first(decoded.width);
    decoded.greys.insert(decoded.greys.end(), row.begin(), row.end());
  }
  return decoded;
}

} // namespace

std::shared_ptr<const DecodedPlane> PlaneCache::light(const PlaneFile& file, HoldOut hold_out) {
  if (Plane plane = find(file)) {
    return plane;
  }
  DecodedPlane decoded = read(file, hold_out);
  const std::vector<float> seen = inference::input_table(decoded.greys, normalization_);
  decoded.scaled.resize(decoded.greys.size());
  std::transform(decoded.greys.begin(), decoded.greys.end(), decoded.scaled.begin(),
                 [&](std::uint16_t grey) { return seen[grey]; });
  decoded.greys = {};
  const auto plane = std::make_shared<const DecodedPlane>(std::move(decoded));
  keep(file, plane);
  return plane;
}

std::shared_ptr<const DecodedPlane> PlaneCache::label(const std::filesystem::path& file,
                                                      HoldOut hold_out) {
  // A file may be light in one pair and label in another.
  const PlaneFile key{.path = file, .z = label_key};
  if (Plane plane = find(key)) {
    return plane;
  }
  DecodedPlane decoded = read({.path = file}, hold_out);
  decoded.range = label_range(decoded.greys);
  const auto plane = std::make_shared<const DecodedPlane>(std::move(decoded));
  keep(key, plane);
  return plane;
}

std::size_t PlaneCache::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

std::shared_ptr<const DecodedPlane> PlaneCache::find(const PlaneFile& file) {
  const std::lock_guard lock{mutex_};
  const auto entry = entries_.find(file);
  if (entry == entries_.end()) {
    return nullptr;
  }
  order_.splice(order_.begin(), order_, entry->second.place);
  return entry->second.plane;
}

void PlaneCache::keep(const PlaneFile& file, const Plane& plane) {
  const std::lock_guard lock{mutex_};
  if (plane->bytes() > max_bytes_ || entries_.contains(file)) {
    return;
  }
  while (bytes_ + plane->bytes() > max_bytes_) {
    const auto oldest = entries_.find(order_.back());
    bytes_ -= oldest->second.plane->bytes();
    entries_.erase(oldest);
    order_.pop_back();
  }
  order_.push_front(file);
  entries_.emplace(file, Entry{plane, order_.begin()});
  bytes_ += plane->bytes();
}

} // namespace lmc::training
