// SPDX-License-Identifier: Apache-2.0
#include "inference/sliding_window.hpp"

#include "common/running/interrupt.hpp"
#include "fixture.hpp"
#include "stub_networks.hpp"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace lmc;
using namespace lmc::inference;
using namespace lmc::inference::test;

namespace {

constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

const compute::HostWindows host{c10::Device{c10::DeviceType::CPU}};

at::Tensor slide(const at::Tensor& image, const WindowOptions& options, const StubNetwork& network,
                 std::span<const Organelle> organelles = std::span(all_organelles),
                 std::int64_t quarter_turns = 0) {
  BatchRunner runner({.network = &network}, Modality::bright_field, options.window, options.batch,
                     plenty);
  const TablePlane plane{image};
  return slide_windows(host, host.turn(host.place(plane.view()), quarter_turns), options,
                       organelles, runner);
}

at::Tensor slide_reference_stub(const std::string& image, const WindowOptions& options) {
  return slide(fixture("sliding_window", "image_" + image), options,
               StubNetwork(position_dependent));
}

const std::array sizes{"50x90", "64x64", "65x64", "100x131", "200x150"};

} // namespace

CATCH_TEST_CASE("blended images equal MONAI's") {
  struct Version {
    Blending blending;
    const char* suffix;
  };
  for (const std::string size : sizes) {
    for (const double overlap : {0.25, 0.5, 0.8}) {
      for (const Version& version :
           {Version{Blending::monai_0_9, "gaussian_0.9.0"},
            Version{Blending::monai_1, "gaussian_1.x"}, Version{Blending::constant, "constant"}}) {
        const std::string name = fmt::format("{}_overlap{}_{}", size, overlap, version.suffix);
        CATCH_INFO(name);
        const at::Tensor expected = fixture("sliding_window", name);
        const at::Tensor blended = slide_reference_stub(
            size, {.window = 64, .overlap = overlap, .blending = version.blending});
        CATCH_CHECK(largest_difference(strided_like(blended, expected), expected) < 2e-6);
      }
    }
  }
}

CATCH_TEST_CASE("every single rotation equals the reference") {
  const StubNetwork network(position_dependent);
  const at::Tensor image = fixture("sliding_window", "image_50x90");
  for (const std::int64_t quarter_turns : {0, 1, 2, 3}) {
    CATCH_INFO(quarter_turns);
    const at::Tensor turned =
        slide(image, {.window = 64}, network, std::span(all_organelles), quarter_turns);
    CATCH_CHECK(
        turned.equal(slide(at::rot90(image, quarter_turns, {-2, -1}), {.window = 64}, network)));
    const at::Tensor blended = at::rot90(turned, -quarter_turns, {-2, -1});
    const at::Tensor expected = fixture("tta", fmt::format("rotation{}_50x90", quarter_turns));
    CATCH_CHECK(largest_difference(blended, expected) < 2e-6);
  }
}

CATCH_TEST_CASE("the identity network returns the image, whatever its size") {
  const StubNetwork network(identity);
  struct Size {
    std::int64_t height, width;
  };
  for (const Blending blending : {Blending::monai_0_9, Blending::monai_1, Blending::constant}) {
    for (const Size& size : {Size{1, 1},
                             {7, 33},
                             {31, 32},
                             {32, 32},
                             {33, 32},
                             {32, 33},
                             {5, 200},
                             {100, 61},
                             {251, 257}}) {
      CATCH_INFO(name_of(blending) << ", " << size.height << " x " << size.width);
      const at::Tensor image = noise_image(size.height, size.width);
      const at::Tensor blended =
          slide(image, {.window = 32, .overlap = 0.6, .blending = blending}, network);
      const at::Tensor expected = image.expand({4, size.height, size.width});
      CATCH_CHECK(largest_difference(blended, expected) < 1e-6);
    }
  }
}

CATCH_TEST_CASE("the weights of every pixel sum to one") {
  const StubNetwork ones([](const at::Tensor& windows) {
    return at::ones({windows.size(0), 4, windows.size(2), windows.size(3)});
  });
  for (const double overlap : {0.0, 0.3, 0.8, 0.97}) {
    const at::Tensor blended = slide(noise_image(70, 95), {.window = 32, .overlap = overlap}, ones);
    CATCH_CHECK(largest_difference(blended, at::ones({4, 70, 95})) < 1e-6);
  }
}

CATCH_TEST_CASE("without near duplicates the blend is the same where nothing is near, else close") {
  const auto with = [](std::int64_t width, bool skip) {
    const StubNetwork network(position_dependent);
    const at::Tensor blended =
        slide(noise_image(32, width), {.window = 32, .overlap = 0.5, .skip_near_duplicates = skip},
              network);
    return std::pair{blended, network.batches};
  };
  // Starts 0, 16, 32 and 0, 16, 32, 34.
  CATCH_CHECK(with(64, true).first.equal(with(64, false).first));
  const auto [all, all_batches] = with(66, false);
  const auto [fewer, fewer_batches] = with(66, true);
  CATCH_CHECK(all_batches == std::vector<std::int64_t>{4});
  CATCH_CHECK(fewer_batches == std::vector<std::int64_t>{3});
  // Pixels that the window left out does not reach are the same.
  CATCH_CHECK(fewer.narrow(2, 0, 32).equal(all.narrow(2, 0, 32)));
  CATCH_CHECK_FALSE(fewer.equal(all));
  const StubNetwork same(identity);
  const at::Tensor image = noise_image(41, 66);
  const at::Tensor blended =
      slide(image, {.window = 32, .overlap = 0.5, .skip_near_duplicates = true}, same);
  CATCH_CHECK(largest_difference(blended, image.expand({4, 41, 66})) < 1e-6);
}

CATCH_TEST_CASE("padding is the scaled zero, split evenly around the image") {
  at::Tensor seen;
  const StubNetwork network([&](const at::Tensor& windows) {
    seen = windows.clone();
    return identity(windows);
  });
  static_cast<void>(slide(at::ones({3, 8}), {.window = 8}, network));
  CATCH_REQUIRE(seen.sizes() == at::IntArrayRef({1, 1, 8, 8}));
  at::Tensor expected = -at::ones({8, 8});
  expected.narrow(0, 2, 3).fill_(1);
  CATCH_CHECK(seen[0][0].equal(expected));
}

CATCH_TEST_CASE("the batch size does not change the result, nor does running twice") {
  const StubNetwork network(position_dependent);
  const at::Tensor image = noise_image(100, 77);
  const at::Tensor one = slide(image, {.window = 32, .batch = 1}, network);
  CATCH_CHECK(slide(image, {.window = 32, .batch = 1}, network).equal(one));
  for (const std::int64_t batch : {2, 3, 7, 1000}) {
    CATCH_INFO(batch);
    CATCH_CHECK(largest_difference(slide(image, {.window = 32, .batch = batch}, network), one) <
                1e-6);
  }
}

CATCH_TEST_CASE("every window is predicted once") {
  StubNetwork network(identity);
  network.largest_batch = 5;
  static_cast<void>(
      slide(noise_image(100, 131), {.window = 64, .overlap = 0.5, .batch = 8}, network));
  std::int64_t windows = 0;
  for (const std::int64_t batch : network.batches) {
    windows += batch;
  }
  CATCH_CHECK(windows == 12);
}

CATCH_TEST_CASE("kept organelles are the same as in a run that keeps all") {
  const StubNetwork network(position_dependent);
  const at::Tensor image = noise_image(50, 70);
  const at::Tensor all = slide(image, {.window = 32}, network);
  const std::array some{Organelle::actin, Organelle::nucleus};
  const at::Tensor kept = slide(image, {.window = 32}, network, some);
  CATCH_REQUIRE(kept.size(0) == 2);
  CATCH_CHECK(kept[0].equal(all[3]));
  CATCH_CHECK(kept[1].equal(all[1]));
}

CATCH_TEST_CASE("progress counts every window") {
  const StubNetwork network(identity);
  BatchRunner runner({.network = &network}, Modality::dic, 32, 5, plenty);
  std::vector<std::int64_t> counts;
  const TablePlane plane{noise_image(64, 96)};
  static_cast<void>(slide_windows(host, host.place(plane.view()), {.window = 32, .overlap = 0.5},
                                  std::span(all_organelles), runner,
                                  [&](std::int64_t windows) { counts.push_back(windows); }));
  CATCH_CHECK(counts == std::vector<std::int64_t>{5, 5, 5});
}

namespace {

// Exit code of a run whose network sends SIGTERM to its own process; 0 when the run is not stopped.
int run_with_signal() {
  install_interrupt_handlers();
  const StubNetwork network([](const at::Tensor& windows) {
    std::raise(SIGTERM);
    return identity(windows);
  });
  try {
    static_cast<void>(slide(noise_image(64, 96), {.window = 32, .batch = 1}, network));
  } catch (const Interrupted& interrupted) {
    return network.batches.size() == 1 ? interrupted.exit_code() : 1;
  }
  return 0;
}

} // namespace

// In a process of its own, because a received signal is never forgotten.
CATCH_TEST_CASE("a signal stops the run between two batches") {
  const pid_t child = fork();
  CATCH_REQUIRE(child >= 0);
  if (child == 0) {
    at::set_num_threads(1); // threads do not survive fork
    _exit(run_with_signal());
  }
  int status = 0;
  CATCH_REQUIRE(waitpid(child, &status, 0) == child);
  CATCH_REQUIRE(WIFEXITED(status));
  CATCH_CHECK(WEXITSTATUS(status) == 143);
}

CATCH_TEST_CASE("metamorphic: adding a constant and scaling the image do the same to the result") {
  const StubNetwork network(identity);
  const at::Tensor image = noise_image(60, 81);
  const WindowOptions options{.window = 32};
  const at::Tensor plain = slide(image, options, network);
  CATCH_CHECK(largest_difference(slide(image * 0.5 + 0.25, options, network), plain * 0.5 + 0.25) <
              1e-6);
}
