// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"
#include "image/grey.hpp"
#include "image/ome/channel_choice.hpp"
#include "image/ome/plane_map.hpp"
#include "image/ome/reader.hpp"
#include "image/plane_source.hpp"
#include "image/tiff/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace lmc::image {
namespace {

/// Type that `to_grey` makes of a page.
PixelType grey_type(const TiffLayout& layout) {
  if (layout.colours.colour == Colour::palette) {
    return PixelType::uint16;
  }
  return layout.type == PixelType::float16 ? PixelType::float32 : layout.type;
}

class TiffPlanes final : public PlaneSource {
public:
  TiffPlanes(const OpenFile& file, const ReadOptions& options)
      : path_{file.path()}, luminance_{options.rgb_luminance}, reader_{file, options} {
    warn(reader_.pages().warnings);
    OmeReading reading = read_ome_xml(reader_.description(0).value_or(""));
    warn(reading.warnings);
    metadata_ = std::move(reading.metadata);
    map_planes_of_file(reader_.layout(0).samples);
    const std::vector<OmeChannel> channels =
        metadata_ ? metadata_->channels : std::vector<OmeChannel>{};
    channel_ = choose_channel(channels, map_.channels(), options.channel, path_);
    if (channel_ < channels.size()) {
      info_.modality = modality_of(channels[channel_]);
    }
    select_stack();
    describe(reader_.layout(map_.page_of.at(first_plane())));
  }

  [[nodiscard]] const StackInfo& info() const override { return info_; }

  [[nodiscard]] RawPlane read_grey(std::size_t t, std::size_t z) override {
    const auto found = map_.page_of.find({channel_, z_.at(z), t_.at(t)});
    if (found == map_.page_of.end()) {
      throw Error(ErrorCode::input_elsewhere, path_.string(),
                  fmt::format("it holds no plane for z {} and t {}", z_[z], t_[t]),
                  "give the file that holds the plane");
    }
    const TiffLayout& layout = reader_.layout(found->second);
    check_same(layout, found->second);
    return to_grey(reader_.read_page(found->second), layout.colours, luminance_, path_);
  }

private:
  void warn(const std::vector<std::string>& warnings) {
    std::ranges::copy(warnings, std::back_inserter(info_.provenance.warnings));
  }

  void map_planes_of_file(std::size_t samples) {
    const auto& pages = reader_.pages().pages;
    map_ = metadata_ ? map_planes(*metadata_, pages, samples, path_) : map_pages(pages);
    warn(map_.warnings);
  }

  void select_stack() {
    z_ = map_.z_of(channel_);
    t_ = map_.t_of(channel_);
    info_.z_planes = z_.size();
    info_.t_planes = t_.size();
    info_.axes_known = map_.axes_known;
  }

  /// The first plane of the channel that is there, t slowest.
  [[nodiscard]] std::array<std::size_t, 3> first_plane() const {
    const auto found = std::ranges::find_if(
        map_.page_of, [&](const auto& entry) { return entry.first[0] == channel_; });
    return found->first;
  }

  void describe(const TiffLayout& layout) {
    info_.height = static_cast<Index>(layout.height);
    info_.width = static_cast<Index>(layout.width);
    info_.type = grey_type(layout);
    Provenance& provenance = info_.provenance;
    provenance.format = metadata_ ? "OME-TIFF" : "TIFF";
    provenance.input_bits = layout.colours.colour == Colour::palette ? 16 : layout.bits;
    provenance.image_name = path_.stem().string();
    info_.pixel_um = layout.pixel_um;
    if (!metadata_) {
      return;
    }
    provenance.image_name =
        metadata_->image_name.empty() ? provenance.image_name : metadata_->image_name;
    provenance.description = metadata_->description;
    provenance.acquisition_date = metadata_->acquisition_date;
    provenance.instrument_xml = metadata_->instrument_xml;
    provenance.objective_xml = metadata_->objective_xml;
    if (metadata_->pixel_um) {
      info_.pixel_um = metadata_->pixel_um;
    }
    warn_of_contradictions(layout);
  }

  void warn_of_contradictions(const TiffLayout& layout) {
    if (metadata_->size_x != layout.width || metadata_->size_y != layout.height) {
      warn({fmt::format("OME-XML: it says {} x {} pixels, the TIFF tags {} x {}; the tags count",
                        metadata_->size_x, metadata_->size_y, layout.width, layout.height)});
    }
    const std::string_view type = name_of(layout.type);
    const std::string said = metadata_->type == "float"    ? "float32"
                             : metadata_->type == "double" ? "float64"
                                                           : metadata_->type;
    if (said != type && !(said == "bit" && layout.bits == 1)) {
      warn({fmt::format("OME-XML: it says type {}, the TIFF tags {}; the tags count", said, type)});
    }
  }

  void check_same(const TiffLayout& layout, std::size_t page) const {
    if (std::cmp_not_equal(layout.width, info_.width) ||
        std::cmp_not_equal(layout.height, info_.height) || grey_type(layout) != info_.type) {
      throw Error(ErrorCode::input_corrupt, path_.string(),
                  fmt::format("page {} has {} x {} {} pixels, the first plane {} x {} {}", page,
                              layout.width, layout.height, name_of(grey_type(layout)), info_.width,
                              info_.height, name_of(info_.type)),
                  "export the planes with one size and type");
    }
  }

  std::filesystem::path path_;
  bool luminance_;
  TiffReader reader_;
  std::optional<OmeMetadata> metadata_;
  PlaneMap map_;
  std::size_t channel_ = 0;
  std::vector<std::size_t> z_; ///< positions in the OME stack
  std::vector<std::size_t> t_;
  StackInfo info_;
};

} // namespace

std::unique_ptr<PlaneSource> open_tiff_planes(const OpenFile& file, const ReadOptions& options) {
  return std::make_unique<TiffPlanes>(file, options);
}

} // namespace lmc::image
