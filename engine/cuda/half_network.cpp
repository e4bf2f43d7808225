// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_network.hpp"

#include "engine/cuda/half_generator.hpp"
#include "engine/cuda/half_unet.hpp"

#include <variant>

namespace lmc::engine::cuda {

namespace {

class HalfGenerator final : public HalfNetwork {
public:
  HalfGenerator(const model::GeneratorArchitecture& architecture, const model::StateDict& state,
                c10::Device device, bool transposed)
      : architecture_{architecture}, state_{state}, weights_{half_weights(architecture, state,
                                                                          device, transposed)} {}

  void steer(Modality modality) override {
    if (!architecture_.dynamic || modality == modality_) {
      return;
    }
    const std::array<at::Tensor, 3> steering = steering_for(architecture_, state_, modality);
    for (std::size_t i = 0; i < steering.size(); ++i) {
      weights_.steering.at(i).copy_(steering.at(i));
    }
    modality_ = modality;
  }

  [[nodiscard]] at::Tensor run(const at::Tensor& windows, Backend& backend) const override {
    return run_generator(weights_, windows, backend);
  }

  [[nodiscard]] std::uint64_t bytes(std::int64_t count, std::int64_t height,
                                    std::int64_t width) const override {
    // In filters x pixels: the first up-sampling of all decoders takes 2, a decoder's second one 1,
    // its input 1/2, the trunk 1/4; the rest is room for cuDNN: together 5, of two bytes.
    constexpr std::int64_t bytes_per_filter_and_pixel = 10;
    return static_cast<std::uint64_t>(count * height * width * architecture_.filters *
                                      bytes_per_filter_and_pixel);
  }

private:
  model::GeneratorArchitecture architecture_;
  model::StateDict state_; ///< aliases the weights; read by dynamic networks
  HalfWeights weights_;
  Modality modality_ = Modality::unknown; ///< that weights_.steering is for
};

class HalfUnet final : public HalfNetwork {
public:
  HalfUnet(const model::UnetPlusPlusArchitecture& architecture, const model::StateDict& state,
           c10::Device device)
      : architecture_{architecture}, state_{state}, weights_{half_unet_weights(architecture, state,
                                                                               device)} {}

  void steer(Modality modality) override {
    if (architecture_.dynamic && modality != modality_) {
      weights_.steering.copy_(unet_steering(architecture_, state_, modality));
      modality_ = modality;
    }
  }

  [[nodiscard]] at::Tensor run(const at::Tensor& windows, Backend& backend) const override {
    return run_unet(weights_, windows, backend);
  }

  [[nodiscard]] std::uint64_t bytes(std::int64_t count, std::int64_t height,
                                    std::int64_t width) const override {
    return unet_bytes(weights_, count, height, width);
  }

private:
  model::UnetPlusPlusArchitecture architecture_;
  model::StateDict state_; ///< aliases the weights; read by dynamic networks
  HalfUnetWeights weights_;
  Modality modality_ = Modality::unknown; ///< that weights_.steering is for
};

std::unique_ptr<HalfNetwork> network_of(const model::GeneratorArchitecture& a,
                                        const model::StateDict& state, c10::Device device,
                                        bool transposed) {
  return std::make_unique<HalfGenerator>(a, state, device, transposed);
}

std::unique_ptr<HalfNetwork> network_of(const model::UnetPlusPlusArchitecture& a,
                                        const model::StateDict& state, c10::Device device, bool) {
  return std::make_unique<HalfUnet>(a, state, device);
}

} // namespace

std::unique_ptr<HalfNetwork> make_half_network(const model::Weights& weights, c10::Device device,
                                               bool transposed) {
  return std::visit([&](const auto& a) { return network_of(a, weights.state, device, transposed); },
                    weights.architecture);
}

} // namespace lmc::engine::cuda
