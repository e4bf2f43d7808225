// SPDX-License-Identifier: Apache-2.0
#include "image/ome/plane_map.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace lmc::image {
namespace {

// Hostile XML may name the same pages again and again.
constexpr std::size_t max_assignments = 1'000'000;

/// Values of one axis (0 channel, 1 z, 2 t) over the planes that `wanted` takes, ascending.
template <class Wanted>
std::vector<std::size_t> positions(const PlaneMap& map, std::size_t axis, const Wanted& wanted) {
  std::set<std::size_t> found;
  for (const auto& [plane, page] : map.page_of) {
    if (wanted(plane)) {
      found.insert(plane[axis]);
    }
  }
  return {found.begin(), found.end()};
}

/// Goes through the planes in DimensionOrder.
class PlaneCounter {
public:
  PlaneCounter(const OmeMetadata& metadata, std::size_t channels)
      : order_{metadata.dimension_order}, sizes_{channels, metadata.size_z, metadata.size_time} {}

  [[nodiscard]] std::size_t planes() const { return sizes_[0] * sizes_[1] * sizes_[2]; }

  [[nodiscard]] bool contains(const std::array<std::size_t, 3>& plane) const {
    return plane[0] < sizes_[0] && plane[1] < sizes_[1] && plane[2] < sizes_[2];
  }

  /// The next plane; false after the last one.
  [[nodiscard]] bool advance(std::array<std::size_t, 3>& plane) const {
    for (const char axis : order_.substr(2)) {
      const std::size_t i = axis == 'C' ? 0 : axis == 'Z' ? 1 : 2;
      if (++plane[i] < sizes_[i]) {
        return true;
      }
      plane[i] = 0;
    }
    return false;
  }

private:
  std::string order_;
  std::array<std::size_t, 3> sizes_;
};

const std::string& file_key(const OmeTiffData& data) {
  return data.file_name.empty() ? data.uuid : data.file_name;
}

bool is_own(const OmeTiffData& data, const OmeMetadata& metadata,
            const std::filesystem::path& path) {
  if (data.uuid.empty() && data.file_name.empty()) {
    return true;
  }
  return (!data.uuid.empty() && data.uuid == metadata.uuid) ||
         data.file_name == path.filename().string();
}

/// The TiffData that speak of this file; one that names all pages when there is none at all.
std::vector<OmeTiffData> own_data(const OmeMetadata& metadata, const std::filesystem::path& path,
                                  PlaneMap& map) {
  const auto& all = metadata.tiff_data;
  if (all.empty()) {
    return {OmeTiffData{}};
  }
  std::vector<OmeTiffData> own;
  std::ranges::copy_if(all, std::back_inserter(own),
                       [&](const OmeTiffData& data) { return is_own(data, metadata, path); });
  const bool one_file = std::ranges::all_of(
      all, [&](const OmeTiffData& data) { return file_key(data) == file_key(all.front()); });
  if (own.empty() && one_file) {
    map.warnings.push_back(fmt::format("OME-XML: the file calls itself \"{}\"; it was renamed",
                                       file_key(all.front())));
    return all;
  }
  if (own.empty()) {
    throw Error(ErrorCode::input_elsewhere, path.string(),
                fmt::format("its OME-XML says that the planes are in other files (\"{}\" and "
                            "others), not in this one",
                            file_key(all.front())),
                "give the file that holds the plane, under its own name");
  }
  if (own.size() < all.size()) {
    map.warnings.emplace_back(
        "OME-XML: the image is spread over several files; only the planes in this one are used");
  }
  return own;
}

void assign(const OmeTiffData& data, const PlaneCounter& counter, std::size_t pages,
            std::size_t samples, PlaneMap& map, std::size_t& budget) {
  std::array<std::size_t, 3> plane{data.first_c / samples, data.first_z, data.first_t};
  const std::size_t count =
      data.plane_count.value_or(data.ifd ? 1 : std::max(pages, std::size_t{1}));
  std::size_t page = data.ifd.value_or(0);
  bool more = counter.contains(plane);
  for (std::size_t i = 0; i < count && more && page < pages && budget > 0; ++i, --budget) {
    map.page_of.emplace(plane, page++);
    more = counter.advance(plane);
  }
}

void warn_of_contradiction(const PlaneCounter& counter, const std::vector<OmeTiffData>& own,
                           const OmeMetadata& metadata, std::size_t pages, PlaneMap& map) {
  const bool whole = metadata.tiff_data.empty() || own.size() == metadata.tiff_data.size();
  if (whole && map.page_of.size() < counter.planes()) {
    map.warnings.push_back(
        fmt::format("OME-XML: it promises {} planes, but the file's {} pages hold {} of them",
                    counter.planes(), pages, map.page_of.size()));
  } else if (pages > map.page_of.size()) {
    map.warnings.push_back(fmt::format("OME-XML: it names {} of the file's {} pages; the others "
                                       "are not used",
                                       map.page_of.size(), pages));
  }
}

} // namespace

std::vector<std::size_t> PlaneMap::channels() const {
  return positions(*this, 0, [](const auto&) { return true; });
}

std::vector<std::size_t> PlaneMap::z_of(std::size_t channel) const {
  return positions(*this, 1, [&](const auto& plane) { return plane[0] == channel; });
}

std::vector<std::size_t> PlaneMap::t_of(std::size_t channel) const {
  return positions(*this, 2, [&](const auto& plane) { return plane[0] == channel; });
}

PlaneMap map_pages(const std::vector<PageEntry>& pages) {
  PlaneMap map;
  std::size_t z = 0;
  for (std::size_t page = 0; page < pages.size(); ++page) {
    const bool same_size =
        pages[page].width == pages[0].width && pages[page].height == pages[0].height;
    if (page == 0 || (same_size && !pages[page].reduced)) {
      map.page_of[{0, z++, 0}] = page;
    }
  }
  map.axes_known = z == 1;
  if (z > 1) {
    map.warnings.push_back(
        fmt::format("{} pages without OME-XML: they are taken for focal planes (Z)", z));
  }
  if (z < pages.size()) {
    map.warnings.push_back(fmt::format("{} pages of another size, thumbnails or masks are not used",
                                       pages.size() - z));
  }
  return map;
}

PlaneMap map_planes(const OmeMetadata& metadata, const std::vector<PageEntry>& pages,
                    std::size_t samples, const std::filesystem::path& path) {
  PlaneMap map;
  const bool shared = metadata.size_c % samples == 0;
  const std::size_t per_plane = shared ? samples : 1;
  const PlaneCounter counter{metadata, metadata.size_c / per_plane};
  const std::vector<OmeTiffData> own = own_data(metadata, path, map);
  std::size_t budget = max_assignments;
  for (const OmeTiffData& data : own) {
    assign(data, counter, pages.size(), per_plane, map, budget);
  }
  if (map.page_of.empty()) {
    PlaneMap from_tags = map_pages(pages);
    from_tags.warnings.insert(
        from_tags.warnings.begin(),
        "OME-XML: it names no page that is in the file; its axes are ignored");
    return from_tags;
  }
  warn_of_contradiction(counter, own, metadata, pages.size(), map);
  return map;
}

} // namespace lmc::image
