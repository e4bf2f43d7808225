// SPDX-License-Identifier: Apache-2.0
#include "app/batch_images.hpp"

#include "app/batch_outputs.hpp"
#include "app/image_job.hpp"
#include "app/memory_shares.hpp"
#include "app/prediction_preview.hpp"
#include "app/program.hpp"
#include "common/interrupt.hpp"
#include "common/log.hpp"
#include "common/output_folder.hpp"
#include "common/overlap.hpp"
#include "common/progress.hpp"
#include "common/resources.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace lmc::app {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
// What writing takes beside a plane's prediction: the rounded planes of four organelles, or those
// of a preview and what reading the last of them takes.
constexpr std::uint64_t writing_bytes_per_pixel = 16;

/// One image of the run.
struct ImageTask {
  ImageTask(const InputFile& input, std::size_t number_in_run, const JobSettings& job_settings)
      : file{input}, number{number_in_run}, settings{job_settings} {
    record.input = input.path;
  }

  const InputFile& file;
  std::size_t number; ///< in the run, from 0
  JobSettings settings;
  ImageRecord record;
  std::optional<ImageJob> job;     ///< none: left out, or not opened
  std::atomic<bool> ended = false; ///< its record is in the summary, no plane is wanted any more
};

/// One plane on its way, or an image that has none.
struct PlaneTask {
  std::shared_ptr<ImageTask> image;
  PlaneJob plane = {};
  std::optional<Error> error = {};

  [[nodiscard]] bool is_wanted() const { return image->job && !error && !image->ended; }

  /// Does something for the image. Only an interruption ends the run.
  template <class Action> void attempt(Action action) {
    try {
      action();
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& exception) {
      error = as_error(exception);
    }
  }
};

std::string outcome(const ImageRecord& record) {
  switch (record.status) {
  case Status::done:
    return fmt::format("done in {:.1f} s", record.seconds.total());
  case Status::skipped:
    return "skipped: its outputs exist";
  case Status::failed:
    break;
  }
  return record.error->what();
}

/// The steps of the run. Each is called from one thread at a time, different ones from several.
class BatchSteps {
public:
  BatchSteps(const BatchOptions& options, const std::vector<InputFile>& files, ModelSet& models,
             RunSummary& summary)
      : options_{options}, files_{files}, models_{models}, summary_{summary}, progress_{
                                                                                  files.size()} {}

  std::optional<PlaneTask> read() {
    if (current_ && !current_->ended && next_plane_ < current_->job->planes()) {
      return read_plane({.image = current_, .plane = {.index = next_plane_++}});
    }
    return next_file_ < files_.size() ? std::optional{open_next()} : std::nullopt;
  }

  bool may_overlap(PlaneTask& task) {
    prediction_limit_.reset();
    reading_limit_ = unlimited;
    bool together = !task.error;
    if (task.is_wanted()) {
      task.attempt([&] { together = task.plane.light && share_memory_for(*task.image); });
    }
    return together;
  }

  void compute(PlaneTask& task) {
    throw_if_interrupted();
    if (!task.is_wanted()) {
      return;
    }
    ImageTask& image = *task.image;
    const std::string name = image.file.path.string();
    task.attempt([&] {
      if (!task.plane.light) {
        image.job->read(task.plane);
      }
      image.job->predict(task.plane, models_,
                         {.memory_limit = prediction_limit_, .progress = [&](double fraction) {
                            progress_.update(image.number, name, fraction);
                          }});
    });
    writing_bytes_ = writing_bytes_per_pixel * image.record.height * image.record.width;
  }

  void write(PlaneTask& task) {
    ImageTask& image = *task.image;
    if (image.ended) {
      return;
    }
    if (image.job) {
      image.job->note(task.plane);
    }
    if (task.is_wanted()) {
      task.attempt([&] { write_plane(image, task.plane); });
    }
    if (task.error) {
      image.record.status = Status::failed;
      image.record.error = task.error;
    }
    // Until the last plane is written the status stays at failed.
    if (task.error || image.record.status != Status::failed) {
      end(image);
    }
  }

private:
  PlaneTask open_next() {
    current_.reset();
    const InputFile& file = files_[next_file_];
    PlaneTask task{.image = std::make_shared<ImageTask>(file, next_file_++, options_.settings)};
    ImageTask& image = *task.image;
    const OutputFiles outputs = output_files(options_, file);
    if (options_.resume) {
      if (all_exist(outputs, image.settings.organelles)) {
        image.record.status = Status::skipped;
        return task;
      }
      // What is there of an incomplete set is made again.
      image.settings.existing = Existing::replace;
    }
    task.attempt([&] {
      make_output_folder((options_.output / file.stem).parent_path());
      image.job.emplace(image.settings, models_, outputs, image.record);
    });
    if (!image.job) {
      return task;
    }
    current_ = task.image;
    next_plane_ = 1;
    return read_plane(std::move(task));
  }

  PlaneTask read_plane(PlaneTask task) {
    if (task.image->job->reading_bytes() <= reading_limit_) {
      task.attempt([&] { task.image->job->read(task.plane); });
    }
    if (task.error) {
      current_.reset();
    }
    return task;
  }

  bool share_memory_for(const ImageTask& image) {
    const std::uint64_t needed = image.job->predicting_bytes(models_);
    const auto shares = share_memory(available_memory(), needed, writing_bytes_);
    if (shares) {
      reading_limit_ = shares->reading;
      prediction_limit_ = shares->predicting;
    }
    return shares.has_value();
  }

  void write_plane(ImageTask& image, PlaneJob& plane) {
    image.job->write(plane);
    if (image.record.status == Status::done && !options_.previews.empty()) {
      const std::filesystem::path picture = preview_file(options_, image.file);
      make_output_folder(picture.parent_path());
      write_prediction_preview(image.settings.read, image.file.path, image.record.outputs, picture,
                               Existing::replace);
    }
  }

  void end(ImageTask& image) {
    if (image.job) {
      image.job->abandon();
    }
    const std::string name = image.file.path.string();
    for (const std::string& warning : image.record.warnings) {
      log().warn("{}: {}", printable(name), printable(warning));
    }
    progress_.finish(name, outcome(image.record));
    summary_.images.push_back(image.record);
    image.ended = true;
  }

  const BatchOptions& options_;
  const std::vector<InputFile>& files_;
  ModelSet& models_;
  RunSummary& summary_; ///< changed by `write` only
  Progress progress_;

  // Of `read`.
  std::size_t next_file_ = 0;
  std::shared_ptr<ImageTask> current_; ///< none when its planes are not wanted any more
  std::size_t next_plane_ = 0;

  // Set before the steps run that use them.
  std::uint64_t reading_limit_ = unlimited;
  std::optional<std::uint64_t> prediction_limit_;
  std::uint64_t writing_bytes_ = 0; ///< of the plane computed last
};

} // namespace

void predict_images(const BatchOptions& options, const std::vector<InputFile>& files,
                    ModelSet& models, RunSummary& summary) {
  BatchSteps steps{options, files, models, summary};
  overlap<PlaneTask>({.read = [&] { return steps.read(); },
                      .may_overlap = [&](PlaneTask& task) { return steps.may_overlap(task); },
                      .compute = [&](PlaneTask& task) { steps.compute(task); },
                      .write = [&](PlaneTask& task) { steps.write(task); }});
}

} // namespace lmc::app
