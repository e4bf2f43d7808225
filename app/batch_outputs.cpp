// SPDX-License-Identifier: Apache-2.0
#include "app/batch_outputs.hpp"

#include "common/error.hpp"
#include "common/output_folder.hpp"
#include "common/temporary_file.hpp"
#include "dataset/file_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lmc::app {

namespace fs = std::filesystem;

OutputFiles output_files(const BatchOptions& options, const InputFile& file) {
  OutputFiles files;
  for (const Organelle organelle : all_organelles) {
    files.at(channel_of(organelle)) =
        options.output / file.stem.parent_path() /
        dataset::prediction_name(file.stem.filename().string(), organelle);
  }
  return files;
}

fs::path preview_file(const BatchOptions& options, const InputFile& file) {
  return options.previews / (file.stem.string() + ".png");
}

bool all_exist(const OutputFiles& files, const std::vector<Organelle>& organelles) {
  return std::all_of(organelles.begin(), organelles.end(), [&](Organelle organelle) {
    return fs::exists(fs::symlink_status(files.at(channel_of(organelle))));
  });
}

std::string summary_name(const Shard& shard, const char* suffix) {
  return shard.count == 1 ? fmt::format("summary{}", suffix)
                          : fmt::format("summary_{}_of_{}{}", shard.index, shard.count, suffix);
}

void check_outputs(const BatchOptions& options, const std::vector<InputFile>& files) {
  make_output_folder(options.output);
  if (!options.previews.empty()) {
    make_output_folder(options.previews);
  }
  const fs::path summary = options.output / summary_name(options.shard, ".json");
  const TemporaryFile probe{summary};
  if (options.resume || options.settings.existing == Existing::replace) {
    return;
  }
  const auto refuse_if_there = [](const fs::path& path) {
    if (fs::exists(fs::symlink_status(path))) {
      throw Error{
          ErrorCode::output_exists, path.string(), "the file exists",
          "pass --resume to keep what is done, --overwrite to replace it, or choose another "
          "folder"};
    }
  };
  for (const InputFile& file : files) {
    const OutputFiles outputs = output_files(options, file);
    for (const Organelle organelle : options.settings.organelles) {
      refuse_if_there(outputs.at(channel_of(organelle)));
    }
    if (!options.previews.empty()) {
      refuse_if_there(preview_file(options, file));
    }
  }
  refuse_if_there(summary);
}

} // namespace lmc::app
