// SPDX-License-Identifier: Apache-2.0
#include "evaluation/evaluate.hpp"

#include "images.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <limits>
#include <string>

using namespace lmc;
using namespace lmc::evaluation;
using Catch::Contains;
using evaluation::test::noise;
using evaluation::test::write_image;

namespace {

dataset::Pair pair_of(const std::filesystem::path& prediction, const std::filesystem::path& truth) {
  dataset::Pair pair;
  pair.prediction = prediction;
  pair.truth = truth;
  pair.organelle = Organelle::nucleus;
  return pair;
}

/// A MetaImage of doubles: a prediction of another tool.
std::filesystem::path write_doubles(const lmc::test::TemporaryFolder& folder, const char* name,
                                    const std::vector<double>& values, std::size_t width) {
  std::string file = "ObjectType = Image\nNDims = 2\nBinaryData = True\n"
                     "BinaryDataByteOrderMSB = False\nDimSize = " +
                     std::to_string(width) + " " + std::to_string(values.size() / width) +
                     "\nElementType = MET_DOUBLE\nElementDataFile = LOCAL\n";
  const std::size_t header = file.size();
  file.resize(header + values.size() * sizeof(double));
  std::memcpy(file.data() + header, values.data(), values.size() * sizeof(double));
  return folder.file(name, file);
}

} // namespace

CATCH_TEST_CASE("tiled integers and doubles are compared as they are") {
  const lmc::test::TemporaryFolder folder;
  const auto truth = noise(20 * 30, 1);
  const auto guess = noise(20 * 30, 2);
  write_image(folder.path() / "t.ome.tiff", truth, 20, 30);
  // A hundredth of a grey value: rounding to integers would leave three values only.
  std::vector<double> small;
  for (const auto value : guess) {
    small.push_back(value * 1e-4 - 2);
  }
  const auto prediction = write_doubles(folder, "p.mha", small, 30);
  const auto result = evaluate_pair(pair_of(prediction, folder.path() / "t.ome.tiff"));
  CATCH_REQUIRE(result.size() == 1);
  const Metrics expected =
      compute(PlaneView<const std::uint16_t>{guess.data(), 20, 30},
              PlaneView<const std::uint16_t>{truth.data(), 20, 30}, Organelle::nucleus);
  CATCH_CHECK(*result[0].metrics.pcc == Approx(*expected.pcc).epsilon(1e-9));
  CATCH_CHECK(*result[0].metrics.ssim == Approx(*expected.ssim).epsilon(1e-9));
  CATCH_CHECK(*result[0].metrics.mae == Approx(*expected.mae).epsilon(1e-9));
  CATCH_CHECK(result[0].height == 20);
  CATCH_CHECK(result[0].width == 30);
}

CATCH_TEST_CASE("pairs fail one by one, in order, whatever the number of threads") {
  const lmc::test::TemporaryFolder folder;
  const auto good = folder.path() / "good.ome.tiff";
  const auto wide = folder.path() / "wide.ome.tiff";
  write_image(good, noise(20 * 30, 1), 20, 30);
  write_image(wide, noise(20 * 31, 1), 20, 31);
  std::vector<double> broken(600, 1);
  broken[7] = std::numeric_limits<double>::quiet_NaN();
  const std::array pairs{pair_of(wide, good), pair_of(good, good),
                         pair_of(folder.file("page.tiff", "<html>"), good),
                         pair_of(write_doubles(folder, "nan.mha", broken, 30), good),
                         pair_of(good, folder.path() / "gone.tiff")};
  for (const int threads : {1, 3}) {
    std::size_t told = 0;
    const auto results = evaluate_pairs(pairs, threads, [&](const auto&) { ++told; });
    CATCH_CHECK(told == 5);
    CATCH_REQUIRE(results.size() == 5);
    CATCH_CHECK_THAT(results[0].error->what(),
                     Contains("E310") && Contains("31 x 20 pixels are not the 30 x 20"));
    CATCH_CHECK_FALSE(results[1].error.has_value());
    CATCH_CHECK(*results[1].metrics.pcc == Approx(1));
    CATCH_CHECK(results[2].error->code() == ErrorCode::input_not_an_image);
    CATCH_CHECK(results[3].error->code() == ErrorCode::input_pixels);
    CATCH_CHECK(results[4].error->code() == ErrorCode::input_missing);
  }
}

CATCH_TEST_CASE("a constant truth has metrics, two constants have no SSIM and a warning") {
  const lmc::test::TemporaryFolder folder;
  const auto flat = folder.path() / "flat.ome.tiff";
  const auto other = folder.path() / "other.ome.tiff";
  write_image(flat, std::vector<std::uint16_t>(400, 7), 20, 20);
  write_image(other, noise(400, 1), 20, 20);
  const auto constant_truth = evaluate_pair(pair_of(other, flat)).front();
  CATCH_CHECK(constant_truth.metrics.pcc == 0.0);
  CATCH_CHECK(constant_truth.metrics.ssim.has_value());
  const auto both = evaluate_pair(pair_of(flat, flat)).front();
  CATCH_CHECK_FALSE(both.metrics.ssim.has_value());
  CATCH_CHECK_THAT(both.warnings.at(0), Contains("SSIM is undefined"));
}

CATCH_TEST_CASE("every plane of a stack is compared with the one truth, at its deviation") {
  const lmc::test::TemporaryFolder folder;
  const auto truth = noise(400, 2);
  std::vector<std::uint16_t> stack = noise(1200, 3);
  std::copy(truth.begin(), truth.end(), stack.begin() + 400);
  write_image(folder.path() / "p.ome.tiff", stack, 20, 20, 3);
  write_image(folder.path() / "t.ome.tiff", truth, 20, 20);
  const auto pair = pair_of(folder.path() / "p.ome.tiff", folder.path() / "t.ome.tiff");
  const auto planes = evaluate_pair(pair);
  CATCH_REQUIRE(planes.size() == 3);
  CATCH_CHECK(planes[0].pair.focus_deviation == 1.0);
  CATCH_CHECK(planes[1].pair.focus_deviation == 0.0);
  CATCH_CHECK(*planes[1].metrics.pcc == Approx(1));
  CATCH_CHECK(*planes[0].metrics.pcc < 0.5);
  CATCH_CHECK(planes[2].z == 2);
  const auto against_stack = pair_of(pair.truth, pair.prediction);
  CATCH_CHECK_THROWS_WITH(evaluate_pair(against_stack), Contains("E310"));
}
