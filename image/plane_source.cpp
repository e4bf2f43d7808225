// SPDX-License-Identifier: Apache-2.0
#include "image/plane_source.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

namespace lmc::image {

std::unique_ptr<PlaneSource> open_planes(const OpenFile& file, const ReadOptions& options) {
  const FileFormat format = format_of(file);
  if (format == FileFormat::tiff) {
    return open_tiff_planes(file, options);
  }
  if (options.channel) {
    throw Error(ErrorCode::input_ambiguous, file.path().string(),
                fmt::format("it has no channel \"{}\": {} files have no channels", *options.channel,
                            name_of(format)),
                "leave out --channel");
  }
  return format == FileFormat::png ? open_png_planes(file, options)
                                   : open_itk_planes(file, format, options);
}

std::unique_ptr<PlaneSource> open_planes(const std::filesystem::path& path,
                                         const ReadOptions& options) {
  return open_planes(OpenFile{path}, options);
}

void check_declared_size(const OpenFile& file, const StackInfo& info, std::uint64_t bytes,
                         const ReadOptions& options) {
  const std::size_t planes = info.z_planes * info.t_planes;
  const double pixels = static_cast<double>(info.width) * static_cast<double>(info.height);
  const auto most = static_cast<double>(options.max_pixels);
  if (pixels > most || pixels * static_cast<double>(planes) > 64.0 * most) {
    throw Error(ErrorCode::input_too_large, file.path().string(),
                fmt::format("its {} x {} pixels in {} planes are more than the limit of {} pixels "
                            "per plane",
                            info.width, info.height, planes, options.max_pixels),
                "crop the image or raise the limit with --max-pixels");
  }
  // deflate, the strongest compression of these formats, expands at most 1032 times.
  if (static_cast<double>(bytes) > 1032.0 * static_cast<double>(file.size())) {
    throw Error(ErrorCode::input_too_large, file.path().string(),
                fmt::format("its declared size of {} bytes exceeds what a file of {} bytes can "
                            "hold",
                            bytes, file.size()),
                "copy or export the image again");
  }
}

} // namespace lmc::image
