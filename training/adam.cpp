// SPDX-License-Identifier: Apache-2.0
#include "training/adam.hpp"

#include <torch/optim/adam.h>

#include <utility>

namespace lmc::training {

namespace {

bool is_trainable(model::Fill fill) {
  return fill != model::Fill::bn_mean && fill != model::Fill::bn_var &&
         fill != model::Fill::bn_count;
}

} // namespace

struct Adam::Optimiser {
  std::vector<std::string> names;
  std::vector<at::Tensor> parameters;
  std::unique_ptr<torch::optim::Adam> adam;
};

Adam::Adam(const model::TensorSpecs& specs, const model::StateDict& state,
           const AdamOptions& options)
    : optimiser_{std::make_unique<Optimiser>()} {
  for (const model::TensorSpec& spec : specs) {
    if (is_trainable(spec.fill)) {
      optimiser_->names.push_back(spec.name);
      optimiser_->parameters.push_back(state.at(spec.name));
      optimiser_->parameters.back().requires_grad_(true);
    }
  }
  optimiser_->adam = std::make_unique<torch::optim::Adam>(
      optimiser_->parameters, torch::optim::AdamOptions{options.learning_rate}
                                  .betas({options.beta1, options.beta2})
                                  .eps(options.epsilon));
}

Adam::~Adam() = default;
Adam::Adam(Adam&&) noexcept = default;
Adam& Adam::operator=(Adam&&) noexcept = default;

void Adam::step() {
  optimiser_->adam->step();
}

void Adam::clear_gradients() {
  optimiser_->adam->zero_grad(true);
}

void Adam::set_learning_rate(double rate) {
  optimiser_->adam->param_groups().front().options().set_lr(rate);
}

const std::vector<at::Tensor>& Adam::parameters() const {
  return optimiser_->parameters;
}

const std::vector<std::string>& Adam::names() const {
  return optimiser_->names;
}

model::StateDict Adam::moments() const {
  model::StateDict result;
  const auto& states = optimiser_->adam->state();
  for (std::size_t i = 0; i < optimiser_->names.size(); ++i) {
    const auto found = states.find(optimiser_->parameters[i].unsafeGetTensorImpl());
    if (found == states.end()) {
      continue;
    }
    const auto& moments = static_cast<const torch::optim::AdamParamState&>(*found->second);
    result.add(optimiser_->names[i] + ".step", torch::full({}, moments.step(), torch::kLong));
    result.add(optimiser_->names[i] + ".mean", moments.exp_avg());
    result.add(optimiser_->names[i] + ".square", moments.exp_avg_sq());
  }
  return result;
}

void Adam::restore(const model::StateDict& moments) {
  auto& states = optimiser_->adam->state();
  states.clear();
  for (std::size_t i = 0; i < optimiser_->names.size(); ++i) {
    const std::string& name = optimiser_->names[i];
    if (!moments.contains(name + ".step")) {
      continue;
    }
    const at::Tensor& parameter = optimiser_->parameters[i];
    auto state = std::make_unique<torch::optim::AdamParamState>();
    state->step(moments.at(name + ".step").item<std::int64_t>());
    state->exp_avg(moments.at(name + ".mean").to(parameter.device(), false, true));
    state->exp_avg_sq(moments.at(name + ".square").to(parameter.device(), false, true));
    states[parameter.unsafeGetTensorImpl()] = std::move(state);
  }
}

} // namespace lmc::training
