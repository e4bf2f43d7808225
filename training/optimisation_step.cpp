// SPDX-License-Identifier: Apache-2.0
#include "training/optimisation_step.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace lmc::training {

namespace {

/// The labelled samples of one organelle and how much they count.
struct OrganelleShare {
  at::Tensor samples; ///< int64 indices in the batch, may be empty
  double share = 0;   ///< samples here / samples in all processes
  double weight = 0;  ///< of the organelle's mean in the reduction
};

using Shares = std::array<std::optional<OrganelleShare>, organelle_count>;
using Planes = std::array<at::Tensor, organelle_count>;

std::array<std::int64_t, organelle_count> samples_in_all(const Batch& batch,
                                                         GradientExchange* exchange) {
  std::array<std::int64_t, organelle_count> counts{};
  std::transform(batch.labelled.begin(), batch.labelled.end(), counts.begin(),
                 [](const auto& samples) { return static_cast<std::int64_t>(samples.size()); });
  if (exchange != nullptr) {
    const at::Tensor summed = at::tensor(counts, at::kLong).to(batch.light.device());
    exchange->sum(std::array{summed});
    const at::Tensor host = summed.cpu();
    std::copy_n(host.const_data_ptr<std::int64_t>(), counts.size(), counts.begin());
  }
  return counts;
}

/// Organelles that are labelled anywhere.
Shares shares_of(const Batch& batch, Reduction reduction, GradientExchange* exchange) {
  const auto counts = samples_in_all(batch, exchange);
  const std::int64_t planes = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  Shares shares;
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (counts[k] == 0) {
      continue;
    }
    shares[k] = OrganelleShare{
        .samples = at::tensor(batch.labelled[k], at::kLong).to(batch.light.device()),
        .share = static_cast<double>(batch.labelled[k].size()) / static_cast<double>(counts[k]),
        .weight = weight_of(reduction, counts[k], planes)};
  }
  return shares;
}

bool has_samples(const std::optional<OrganelleShare>& share) {
  return share.has_value() && share->samples.numel() > 0;
}

/// Predictions [samples, 1, h, w] of every organelle's labelled samples.
Planes predictions_of(const model::GeneratorArchitecture& a, const model::StateDict& state,
                      const Batch& batch, const Shares& shares, const model::LayerMode& mode) {
  const model::GeneratorRun run{.mode = mode, .codes = batch.codes};
  const at::Tensor trunk = model::generator_trunk(a, state, batch.light, run);
  Planes planes;
  for (const Organelle organelle : all_organelles) {
    const auto& share = shares[channel_of(organelle)];
    if (!has_samples(share)) {
      continue;
    }
    // Instance norms treat samples apart, so unlabelled ones need no decoding. Batch norms do not.
    planes[channel_of(organelle)] =
        a.norm == model::Norm::instance
            ? model::generator_decoder(a, state, trunk.index_select(0, share->samples), organelle,
                                       run)
            : model::generator_decoder(a, state, trunk, organelle, run)
                  .index_select(0, share->samples);
  }
  return planes;
}

/// Of networks whose organelles cannot be predicted apart.
template <class Architecture>
Planes predictions_of(const Architecture& a, const model::StateDict& state, const Batch& batch,
                      const Shares& shares, const model::LayerMode& mode) {
  const at::Tensor all = a.forward(state, batch.light, batch.codes, mode);
  Planes planes;
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (has_samples(shares[k])) {
      planes[k] =
          all.narrow(1, static_cast<std::int64_t>(k), 1).index_select(0, shares[k]->samples);
    }
  }
  return planes;
}

/// One channel of labels or masks for the labelled samples, [samples, 1, h, w].
at::Tensor channel_of_samples(const at::Tensor& planes, std::size_t channel,
                              const at::Tensor& samples) {
  return planes.narrow(1, static_cast<std::int64_t>(channel), 1).index_select(0, samples);
}

/// Sums gradients over the processes. Tensors of `skipped` prefixes have none anywhere.
void exchange_gradients(const Adam& adam, const std::vector<std::string>& skipped,
                        GradientExchange* exchange) {
  if (exchange == nullptr) {
    return;
  }
  std::vector<at::Tensor> gradients;
  for (std::size_t i = 0; i < adam.names().size(); ++i) {
    const bool skip = std::any_of(skipped.begin(), skipped.end(), [&](const std::string& prefix) {
      return adam.names()[i].starts_with(prefix);
    });
    if (skip) {
      continue;
    }
    at::Tensor parameter = adam.parameters()[i];
    if (!parameter.grad().defined()) {
      parameter.mutable_grad() = at::zeros_like(parameter);
    }
    gradients.push_back(parameter.grad());
  }
  exchange->sum(gradients);
}

/// The network's tensors without gradients, sharing their memory.
model::StateDict frozen(const model::StateDict& state) {
  model::StateDict result;
  for (const auto& [name, tensor] : state) {
    result.add(name, tensor.detach());
  }
  return result;
}

/// Scalars of one step, [4 organelles, 4 losses], times their shares.
using LossTable = std::array<std::array<double, 4>, organelle_count>;
enum LossColumn : std::size_t { l1_column, gan_column, fake_column, real_column };

class Step {
public:
  Step(Trainees& trainees, const Batch& batch, const StepOptions& options,
       GradientExchange* exchange)
      : trainees_{trainees}, batch_{batch}, options_{options}, exchange_{exchange},
        shares_{shares_of(batch, options.reduction, exchange)} {}

  StepLosses run() {
    if (std::none_of(shares_.begin(), shares_.end(),
                     [](const auto& share) { return share.has_value(); })) {
      return {};
    }
    predict();
    for (std::size_t k = 0; k < trainees_.discriminators.size(); ++k) {
      if (shares_[k]) {
        update_discriminator(k);
      }
    }
    update_predictor();
    trainees_.scale.update(finite_);
    return losses();
  }

private:
  void predict() {
    const AutocastScope autocast{options_.precision, batch_.light.device()};
    predictions_ = std::visit(
        [&](const auto& a) {
          return predictions_of(a, trainees_.predictor.state, batch_, shares_,
                                {.training = true, .dropout = options_.dropout});
        },
        trainees_.predictor.architecture);
    for (at::Tensor& planes : predictions_) {
      planes = planes.defined() ? widened(planes) : planes;
    }
  }

  [[nodiscard]] at::Tensor logits_of(const Discriminator& discriminator,
                                     const model::StateDict& state, const at::Tensor& light,
                                     const at::Tensor& plane) const {
    const AutocastScope autocast{options_.precision, light.device()};
    return widened(
        model::discriminate(discriminator.architecture, state, at::cat({light, plane}, 1)));
  }

  /// The optimiser's step, unless gradients are not finite.
  void step(Adam& adam, const std::vector<std::string>& skipped) {
    exchange_gradients(adam, skipped, exchange_);
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : adam.parameters()) {
      if (parameter.grad().defined()) {
        gradients.push_back(parameter.grad());
      }
    }
    const bool finite = trainees_.scale.unscale(std::move(gradients));
    finite_ = finite_ && finite;
    if (finite) {
      adam.step();
    }
  }

  [[nodiscard]] at::Tensor light_of(std::size_t k) const {
    return batch_.light.index_select(0, shares_[k]->samples);
  }

  void note(std::size_t k, LossColumn column, const at::Tensor& loss) {
    table_[k][column] = loss.item<double>() * shares_[k]->share;
  }

  void update_discriminator(std::size_t k) {
    Discriminator& discriminator = trainees_.discriminators[k];
    discriminator.adam.clear_gradients();
    if (has_samples(shares_[k])) {
      const at::Tensor light = light_of(k);
      const at::Tensor label = channel_of_samples(batch_.labels, k, shares_[k]->samples);
      const at::Tensor fake = gan_loss(
          logits_of(discriminator, discriminator.state, light, predictions_[k].detach()), false);
      const at::Tensor real =
          gan_loss(logits_of(discriminator, discriminator.state, light, label), true);
      note(k, fake_column, fake);
      note(k, real_column, real);
      fake.add(real).mul(0.5 * shares_[k]->share * trainees_.scale.multiplier()).backward();
    }
    step(discriminator.adam, {});
  }

  /// The organelle's part of the predictor's loss.
  at::Tensor predictor_loss(std::size_t k) {
    const OrganelleShare& share = *shares_[k];
    const at::Tensor label = channel_of_samples(batch_.labels, k, share.samples);
    const at::Tensor mask = channel_of_samples(batch_.masks, k, share.samples);
    const at::Tensor l1 = masked_l1(predictions_[k], label, mask, options_.l1_mask);
    note(k, l1_column, l1);
    at::Tensor loss = l1.mul(options_.l1_weight);
    if (!trainees_.discriminators.empty()) {
      const Discriminator& discriminator = trainees_.discriminators[k];
      const at::Tensor gan = gan_loss(
          logits_of(discriminator, frozen(discriminator.state), light_of(k), predictions_[k]),
          true);
      note(k, gan_column, gan);
      loss = loss.add(gan.mul(options_.gan_weight));
    }
    return loss.mul(share.share * share.weight);
  }

  void update_predictor() {
    trainees_.predictor.adam.clear_gradients();
    at::Tensor total;
    std::vector<std::string> unlabelled;
    for (std::size_t k = 0; k < organelle_count; ++k) {
      if (has_samples(shares_[k])) {
        const at::Tensor loss = predictor_loss(k);
        total = total.defined() ? total.add(loss) : loss;
      } else if (!shares_[k]) {
        unlabelled.push_back(fmt::format("decoder{}.", k + 1));
      }
    }
    if (total.defined()) {
      total.mul(trainees_.scale.multiplier()).backward();
    }
    step(trainees_.predictor.adam, unlabelled);
  }

  [[nodiscard]] StepLosses losses() {
    if (exchange_ != nullptr) {
      const at::Tensor table =
          at::tensor(at::ArrayRef<double>(table_.front().data(), 4 * organelle_count), at::kDouble)
              .to(batch_.light.device());
      exchange_->sum(std::array{table});
      const at::Tensor host = table.cpu();
      std::copy_n(host.const_data_ptr<double>(), host.numel(), table_.front().data());
    }
    StepLosses result;
    for (std::size_t k = 0; k < organelle_count; ++k) {
      if (shares_[k]) {
        const auto& row = table_[k];
        result.organelles[k] = OrganelleLosses{.l1 = row[l1_column],
                                               .gan = row[gan_column],
                                               .discriminator_fake = row[fake_column],
                                               .discriminator_real = row[real_column]};
        result.total += shares_[k]->weight * (options_.l1_weight * row[l1_column] +
                                              options_.gan_weight * row[gan_column]);
      }
    }
    return result;
  }

  Trainees& trainees_;
  const Batch& batch_;
  const StepOptions& options_;
  GradientExchange* exchange_;
  Shares shares_;
  Planes predictions_;
  LossTable table_{};
  bool finite_ = true;
};

} // namespace

StepLosses optimise(Trainees& trainees, const Batch& batch, const StepOptions& options,
                    GradientExchange* exchange) {
  return Step{trainees, batch, options, exchange}.run();
}

} // namespace lmc::training
