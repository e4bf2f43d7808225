// SPDX-License-Identifier: Apache-2.0
#include "app/predict/image_steps.hpp"

#include "common/files/hash.hpp"
#include "tests/app/samples.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

using namespace lmc;
using namespace lmc::app;
using namespace lmc::test;

namespace {

/// Bytes that this process has asked the system for so far.
std::uint64_t bytes_read() {
  std::ifstream io{"/proc/self/io"};
  std::string name;
  std::uint64_t value = 0;
  while (io >> name >> value) {
    if (name == "rchar:") {
      return value;
    }
  }
  CATCH_FAIL("/proc/self/io tells nothing");
  return 0;
}

} // namespace

CATCH_TEST_CASE("a large image is opened by its headers alone") {
  const TemporaryFolder folder;
  const std::string input = write_sample(folder.path() / "a.tif", {.z_planes = 2});
  std::filesystem::resize_file(input, std::uintmax_t{600} << 20); // the rest is a hole
  const std::uint64_t before = bytes_read();
  PredictSettings settings;
  settings.read.checksum = false;
  const OpenImage image = open_image(input, settings);
  CATCH_CHECK(bytes_read() - before < 1'000'000);
  CATCH_CHECK(image.planes.size() == 2);
  CATCH_CHECK(image.record.modality == Modality::phase_contrast);
  CATCH_CHECK(image.record.sha256.empty());
}

CATCH_TEST_CASE("an image is read once for its checksum, headers and pixels") {
  const TemporaryFolder folder;
  const std::string input = write_sample(folder.path() / "a.tif", {.height = 900, .width = 900});
  const auto size = std::filesystem::file_size(input);
  CATCH_REQUIRE(size > 500'000);
  const std::uint64_t before = bytes_read();
  const OpenImage image = open_image(input, {});
  const std::uint64_t opened = bytes_read() - before;
  std::filesystem::resize_file(input, 0); // nothing more is read of it
  CATCH_CHECK(opened >= size);
  CATCH_CHECK(image.record.sha256.size() == 64);
  CATCH_CHECK(read_plane(image, 0).light.pixels.size() == 900 * 900);
}

CATCH_TEST_CASE("an image is predicted with the checksum of its file in record and outputs") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  const std::string input = write_sample(folder.path() / "a.tif");
  ModelSet models = ModelSet::open(folder.path() / "model", {});
  ImageFiles files;
  files.input = input;
  files.outputs[Organelle::nucleus] = folder.path() / "n.tiff";
  PredictSettings settings;
  settings.windows.rotations = 1;
  settings.organelles = {Organelle::nucleus};
  const ImageRecord record = predict_image(settings, models, files);
  CATCH_CHECK(record.status == Status::done);
  CATCH_CHECK(record.sha256 == sha256_of_file(input));
  CATCH_CHECK(record.outputs[Organelle::nucleus] == files.outputs[Organelle::nucleus]);
  CATCH_CHECK_THAT(content_of(files.outputs[Organelle::nucleus]),
                   Catch::Matchers::Contains(record.sha256));
}

CATCH_TEST_CASE("the record of an image that fails says what was known of it") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  ModelSet models = ModelSet::open(folder.path() / "model", {});
  ImageFiles files;
  files.input = write_sample(folder.path() / "a.tif");
  for (auto& output : files.outputs) {
    output = folder.path() / "absent" / "n.tiff";
  }
  const ImageRecord record = predict_image({}, models, files);
  CATCH_CHECK(record.status == Status::failed);
  CATCH_REQUIRE(record.error);
  CATCH_CHECK(record.error->exit_code() == ExitCode::output);
  CATCH_CHECK(record.width == 40);
  CATCH_CHECK(record.modality == Modality::phase_contrast);
}
