// SPDX-License-Identifier: Apache-2.0
#include "dataset/scan.hpp"

#include "common/error.hpp"
#include "image/image_suffix.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lmc::dataset {

namespace fs = std::filesystem;

bool is_image_name(const fs::path& file) {
  const std::string name = file.filename().string();
  return !name.starts_with('.') && image::image_suffix(name);
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

std::vector<fs::path> images_below(const fs::path& folder, std::span<const fs::path> left_out) {
  std::vector<fs::path> images;
  try {
    for (auto entry = fs::recursive_directory_iterator{folder}; entry != fs::end(entry); ++entry) {
      if (entry->is_directory()) {
        if (std::ranges::any_of(left_out,
                                [&](const fs::path& out) { return is_same_folder(*entry, out); })) {
          entry.disable_recursion_pending();
        }
      } else if (is_image_name(*entry)) {
        images.push_back(entry->path().lexically_relative(folder));
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw Error{ErrorCode::input_missing,
                error.path1().empty() ? folder.string() : error.path1().string(),
                fmt::format("cannot be searched for images ({})", error.code().message()),
                "name a folder that exists, and check the permissions of what is in it"};
  }
  std::ranges::sort(images);
  return images;
}

} // namespace lmc::dataset
