// SPDX-License-Identifier: Apache-2.0
#include "app/predict/predict_images.hpp"

#include "app/predict/memory_shares.hpp"
#include "app/program.hpp"
#include "common/files/output_folder.hpp"
#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"
#include "common/running/overlap.hpp"
#include "common/running/progress.hpp"
#include "common/running/resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace lmc::app {

namespace {

// What writing takes beside a plane's prediction: the transmitted light and the rounded planes of
// four organelles, and as much again for a preview and for compressing.
constexpr std::uint64_t writing_bytes_per_pixel = 16;

/// An image whose planes are on their way.
struct ImageJob {
  std::size_t number = 0; ///< in the run, from 0
  OpenImage image;
  std::optional<ImageOutputs> outputs; ///< used by the writing step alone
  std::atomic<bool> ended = false; ///< its record is in the summary: no plane is wanted any more
};

/// What a step makes: a plane of an image or why it failed, or the record of an image that has no
/// planes.
template <class Plane> struct Step {
  std::shared_ptr<ImageJob> job; ///< none: the image has no planes
  std::variant<Plane, Error, ImageRecord> result;
  PlaneNotes notes = {}; ///< of the plane, when it has been read
};
using ReadStep = Step<ReadPlane>;
using PredictedStep = Step<PredictedPlane>;

template <class Plane, class Make>
Step<Plane> step_of(const std::shared_ptr<ImageJob>& job, Make make) {
  std::optional<Plane> plane;
  if (const std::optional<Error> error = error_of([&] { plane = make(); })) {
    return {.job = job, .result = *error};
  }
  return {.job = job, .result = std::move(*plane)};
}

/// The planes of a run's images, in their order. The image of the next plane is open already.
class Reader {
public:
  Reader(const std::vector<ImageFiles>& images, const PredictSettings& settings, bool resume,
         const ModelSet& models)
      : images_{images}, settings_{settings}, resume_{resume}, models_{models} {
    open_next();
  }

  /// About the most memory that `next` takes, bytes.
  [[nodiscard]] std::uint64_t next_bytes() const {
    return job_ ? job_->image.file.reading_bytes() : 0;
  }

  /// Nothing after the last image.
  std::optional<ReadStep> next() {
    if (job_ && job_->ended) {
      open_next();
    }
    if (!job_) {
      std::optional<ImageRecord> ended = std::exchange(without_planes_, std::nullopt);
      if (!ended) {
        return std::nullopt;
      }
      open_next();
      return ReadStep{nullptr, std::move(*ended)};
    }
    ReadStep step =
        step_of<ReadPlane>(job_, [&] { return read_plane(job_->image, next_plane_++); });
    if (std::holds_alternative<Error>(step.result) || next_plane_ == job_->image.planes.size()) {
      open_next();
    }
    return step;
  }

private:
  void open_next() {
    job_.reset();
    next_plane_ = 0;
    if (next_image_ == images_.size()) {
      return;
    }
    const ImageFiles& files = images_[next_image_++];
    ImageRecord record;
    record.input = files.input;
    if (resume_ && are_done(files, settings_.organelles)) {
      record.status = Status::skipped;
    } else if ((record.error = error_of([&] { open(files, record); }))) {
      job_.reset();
    }
    if (!job_) {
      without_planes_ = std::move(record);
    }
  }

  /// @param record gets what is known of the image, if its outputs cannot be opened
  void open(const ImageFiles& files, ImageRecord& record) {
    for (const Organelle organelle : settings_.organelles) {
      make_output_folder(files.outputs[organelle].parent_path());
    }
    job_ = std::make_shared<ImageJob>(next_image_ - 1, open_image(files.input, settings_));
    record = job_->image.record;
    // With --resume, what is there of an incomplete set is made again.
    job_->outputs.emplace(settings_, job_->image, models_, files,
                          resume_ ? Existing::replace : settings_.existing);
  }

  const std::vector<ImageFiles>& images_;
  const PredictSettings& settings_;
  bool resume_;
  const ModelSet& models_;
  std::size_t next_image_ = 0;
  std::shared_ptr<ImageJob> job_; ///< of the next plane
  std::size_t next_plane_ = 0;
  std::optional<ImageRecord> without_planes_; ///< of the next image, if it has no planes
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

/// Predicting and writing. Each is called from one thread at a time.
class Steps {
public:
  Steps(const PredictSettings& settings, ModelSet& models, std::size_t images, RunSummary& summary)
      : settings_{settings}, models_{models}, progress_{images}, summary_{summary} {}

  [[nodiscard]] std::uint64_t predicting_bytes(const ImageJob& job) const {
    return app::predicting_bytes(job.image, settings_.windows, models_);
  }

  /// @param memory nothing: what the process may still allocate
  std::optional<PredictedStep> predict(ReadStep step, std::optional<std::uint64_t> memory) {
    throw_if_interrupted();
    if (!step.job) {
      return PredictedStep{nullptr, std::get<ImageRecord>(std::move(step.result))};
    }
    if (step.job->ended) {
      return std::nullopt;
    }
    if (const auto* const error = std::get_if<Error>(&step.result)) {
      return PredictedStep{step.job, *error};
    }
    ReadPlane& plane = std::get<ReadPlane>(step.result);
    const ImageJob& job = *step.job;
    const auto progress = [&, index = plane.index](Index done, Index total) {
      const double planes_done =
          static_cast<double>(index) + static_cast<double>(done) / static_cast<double>(total);
      progress_.update(job.number, job.image.record.input.string(),
                       planes_done / static_cast<double>(job.image.planes.size()));
    };
    PlaneNotes notes = notes_of(plane);
    PredictedStep predicted = step_of<PredictedPlane>(step.job, [&] {
      return predict_plane(
          job.image, std::move(plane), models_,
          {.windows = settings_.windows, .memory_limit = memory, .progress = progress});
    });
    predicted.notes = std::move(notes);
    return predicted;
  }

  void write(PredictedStep step) {
    if (!step.job) {
      end(std::get<ImageRecord>(std::move(step.result)));
      return;
    }
    ImageJob& job = *step.job;
    if (job.ended) {
      return;
    }
    job.outputs->note(step.notes);
    auto* const failure = std::get_if<Error>(&step.result);
    const std::optional<Error> error = failure != nullptr ? std::optional{*failure} : error_of([&] {
      job.outputs->write(std::get<PredictedPlane>(std::move(step.result)));
    });
    ImageRecord record = job.outputs->record();
    if (error || record.status == Status::done) {
      record.error = error;
      job.outputs.reset();
      job.ended = true;
      end(std::move(record));
    }
  }

private:
  void end(ImageRecord record) {
    const std::string name = record.input.string();
    for (const std::string& warning : record.warnings) {
      log().warn("{}: {}", printable(name), printable(warning));
    }
    progress_.finish(name, outcome(record));
    summary_.images.push_back(std::move(record));
  }

  const PredictSettings& settings_;
  ModelSet& models_;
  Progress progress_;
  RunSummary& summary_; ///< changed by `write` only
};

} // namespace

bool are_done(const ImageFiles& files, const std::vector<Organelle>& organelles) {
  return std::ranges::all_of(organelles, [&](Organelle organelle) {
    return std::filesystem::exists(std::filesystem::symlink_status(files.outputs[organelle]));
  });
}

void predict_images(const std::vector<ImageFiles>& images, const PredictSettings& settings,
                    bool resume, ModelSet& models, RunSummary& summary) {
  Reader reader{images, settings, resume, models};
  Steps steps{settings, models, images.size(), summary};
  std::uint64_t writing_bytes = 0; // of the plane predicted last
  const auto share = [&](const ReadStep& step) {
    std::optional<MemoryShares> shares;
    if (!std::holds_alternative<ReadPlane>(step.result)) {
      return shares; // nothing to predict: the next is read when the one before is written
    }
    // What goes wrong here goes wrong when the plane is predicted, and is told then.
    static_cast<void>(error_of([&] {
      shares = share_memory(available_memory(), steps.predicting_bytes(*step.job), writing_bytes);
    }));
    return shares && reader.next_bytes() <= shares->reading ? shares : std::nullopt;
  };
  overlap<ReadStep, PredictedStep, MemoryShares>(
      {.read = [&] { return reader.next(); },
       .share = share,
       .compute =
           [&](ReadStep step, const std::optional<MemoryShares>& shares) {
             if (step.job) {
               const ImageRecord& record = step.job->image.record;
               writing_bytes = writing_bytes_per_pixel *
                               static_cast<std::uint64_t>(record.height * record.width);
             }
             return steps.predict(std::move(step),
                                  shares ? std::optional{shares->predicting} : std::nullopt);
           },
       .write = [&](PredictedStep step) { steps.write(std::move(step)); }});
}

} // namespace lmc::app
