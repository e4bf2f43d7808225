// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/augmentation.hpp"
#include "training/data/batch.hpp"
#include "training/data/field.hpp"
#include "training/data/plane_cache.hpp"
#include "training/data/sampler.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace lmc::training {

/// What labels look like to the network.
enum class LabelNormalization {
  none,       ///< v / 65535 * 2 - 1, the paper's
  percentile, ///< percentiles 2 and 99.8 of the plane become -1 and 1, clamped
};

/// What becomes of a missing label.
enum class MissingLabels {
  skip, ///< it takes no part: the paper's adaptive loss
  zero, ///< it counts as an image of zeros, for comparison
};

/// How crops become batches.
struct BatchOptions {
  AugmentationOptions augmentation;
  MaskBorders mask_borders = MaskBorders::exclusive;
  LabelNormalization label_normalization = LabelNormalization::none;
  MissingLabels missing_labels = MissingLabels::skip;
};

/// Makes batches of fields. Any number of threads may ask.
class BatchMaker {
public:
  /// @param fields, cache stay alive as long as this
  BatchMaker(const std::vector<Field>& fields, PlaneCache& cache, const BatchOptions& options)
      : fields_{fields}, cache_{cache}, options_{options} {}

  /// The batch of some places of the sampler. A plane that cannot be read is noted and replaced by
  /// another of its list.
  /// @param first_place, places the sampler's places
  /// @throws Error input_corrupt when 100 planes in a row cannot be read
  [[nodiscard]] Batch random_batch(Sampler& sampler, std::uint64_t first_place, std::size_t places);

  /// The middle of one plane, not turned or flipped. @throws Error input_*
  [[nodiscard]] Batch central_batch(const Field& field, std::size_t plane) const;

  /// Files found unusable so far.
  [[nodiscard]] std::vector<DataProblem> problems() const;

private:
  [[nodiscard]] Batch empty_batch(std::int64_t n) const;
  void add_random(Sampler& sampler, std::uint64_t place, Batch& batch, std::int64_t sample);
  void fill(const Field& field, std::size_t plane, std::uint64_t key, Batch& batch,
            std::int64_t sample) const;

  const std::vector<Field>& fields_;
  PlaneCache& cache_;
  BatchOptions options_;
  mutable std::mutex mutex_;
  std::vector<DataProblem> problems_;
};

} // namespace lmc::training
