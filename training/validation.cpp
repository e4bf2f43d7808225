// SPDX-License-Identifier: Apache-2.0
#include "training/validation.hpp"

#include "common/running/interrupt.hpp"
#include "model/networks.hpp"

#include <ATen/core/grad_mode.h>
#include <nlohmann/json.hpp>

#include <string>

namespace lmc::training {

namespace {

PlaneView<const float> view_of(const at::Tensor& plane) {
  return {plane.const_data_ptr<float>(), plane.size(0), plane.size(1)};
}

/// Sums over crops; SSIM is undefined where both planes are constant.
struct Sums {
  OrganelleScore total;
  double ssim = 0;
  std::int64_t with_ssim = 0;

  void add(double l1, const evaluation::Metrics& metrics) {
    ++total.crops;
    total.l1 += l1;
    total.pcc += metrics.pcc.value_or(0);
    if (metrics.ssim) {
      ssim += *metrics.ssim;
      ++with_ssim;
    }
  }

  [[nodiscard]] OrganelleScore mean() const {
    const auto n = static_cast<double>(total.crops);
    OrganelleScore score{
        .l1 = total.l1 / n, .ssim = {}, .pcc = total.pcc / n, .crops = total.crops};
    if (with_ssim > 0) {
      score.ssim = ssim / static_cast<double>(with_ssim);
    }
    return score;
  }
};

} // namespace

std::optional<double> ValidationResult::score() const {
  double sum = 0;
  int count = 0;
  for (const auto& organelle : organelles) {
    if (organelle) {
      sum += organelle->pcc;
      ++count;
    }
  }
  return count == 0 ? std::nullopt : std::optional{sum / count};
}

ValidationResult validate(const Predictor& predictor, const std::vector<Field>& fields,
                          const BatchMaker& maker, const StepOptions& options,
                          std::size_t samples) {
  const at::NoGradGuard no_gradients;
  const c10::Device device = predictor.state.begin()->second.device();
  std::array<Sums, organelle_count> sums;
  ValidationResult result;
  for (const Field& field : fields) {
    throw_if_interrupted();
    const Batch batch = maker.central_batch(field, field.planes.size() / 2);
    const at::Tensor predictions = model::forward(predictor.architecture, predictor.state,
                                                  batch.light.to(device), batch.codes.to(device))
                                       .to(c10::Device{c10::DeviceType::CPU})
                                       .contiguous();
    const AdaptiveL1 l1 = adaptive_l1(predictions, batch, options);
    for (const Organelle organelle : all_organelles) {
      const std::size_t k = channel_of(organelle);
      if (!batch.labelled[k].empty()) {
        const auto channel = static_cast<std::int64_t>(k);
        sums[k].add(*l1.organelles[k],
                    evaluation::compute(view_of(predictions[0][channel]),
                                        view_of(batch.labels[0][channel]), organelle));
      }
    }
    if (result.samples.size() < samples) {
      result.samples.push_back({batch, predictions});
    }
  }
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (sums[k].total.crops > 0) {
      result.organelles[k] = sums[k].mean();
    }
  }
  return result;
}

nlohmann::json to_json(const ValidationResult& result) {
  nlohmann::json record = nlohmann::json::object();
  for (const Organelle organelle : all_organelles) {
    if (const auto& score = result.organelles[channel_of(organelle)]) {
      nlohmann::json& entry = record[std::string{name_of(organelle)}];
      entry = {{"l1", score->l1}, {"pcc", score->pcc}, {"crops", score->crops}};
      entry["ssim"] = score->ssim ? nlohmann::json(*score->ssim) : nlohmann::json(nullptr);
    }
  }
  return record;
}

} // namespace lmc::training
