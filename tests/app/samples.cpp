// SPDX-License-Identifier: Apache-2.0
#include "tests/app/samples.hpp"

#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "image/input_image.hpp"
#include "image/tiff/writer.hpp"
#include "model/storage/role.hpp"
#include "model/storage/weights.hpp"
#include "tests/support/formula_weights.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>

namespace lmc::test {

namespace fs = std::filesystem;

namespace {

std::vector<std::uint16_t> plane_of(const SampleImage& sample, std::size_t number) {
  std::vector<std::uint16_t> pixels(sample.height * sample.width);
  std::uint32_t state = sample.seed * 7919 + static_cast<std::uint32_t>(number);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    state = state * 1664525 + 1013904223;
    pixels[i] = static_cast<std::uint16_t>(10'000 + 40 * (i % sample.width) + (state >> 20));
  }
  return pixels;
}

model::Weights tiny_weights(std::int64_t filters) {
  model::Weights weights;
  weights.architecture = model::GeneratorArchitecture{.filters = filters, .blocks = 1};
  weights.state = lmc::test::formula_weights(weights.architecture);
  return weights;
}

} // namespace

std::string write_sample(const fs::path& path, const SampleImage& sample) {
  fs::create_directories(path.parent_path());
  image::OmeTiffDescription description;
  description.height = sample.height;
  description.width = sample.width;
  description.z_planes = sample.z_planes;
  description.t_planes = sample.t_planes;
  description.pixel_um = sample.pixel_um;
  description.channel_name = sample.channel;
  description.input.image_name = "sample";
  image::OmeTiffWriter writer{path, description};
  for (std::size_t plane = 0; plane < sample.z_planes * sample.t_planes; ++plane) {
    writer.write_plane(plane_of(sample, plane));
  }
  writer.commit(Existing::refuse);
  return path.string();
}

std::vector<std::uint16_t> pixels_of(const fs::path& path) {
  const image::InputImage image = image::InputImage::open(path, {});
  std::vector<std::uint16_t> pixels;
  for (std::size_t t = 0; t < image.t_planes(); ++t) {
    for (std::size_t z = 0; z < image.z_planes(); ++z) {
      const auto plane = image.read_plane(t, z).pixels.pixels();
      pixels.insert(pixels.end(), plane.begin(), plane.end());
    }
  }
  return pixels;
}

std::string content_without_uuid(const fs::path& path) {
  std::string content = content_of(path);
  return content.erase(content.find("urn:uuid:") + 9, 36);
}

void write_tiny_models(const fs::path& folder) {
  fs::create_directories(folder);
  nlohmann::json models;
  std::int64_t filters = 1;
  for (const model::Role role : model::all_roles) {
    const model::Weights weights = tiny_weights(filters++);
    const std::string file = std::string{model::name_of(role)} + ".safetensors";
    const std::string sha256 = model::save_weights(folder / file, weights, Existing::refuse);
    models[std::string{model::name_of(role)}] = {{"file", file},
                                                 {"sha256", sha256},
                                                 {"trained", false},
                                                 {"architecture", fields_of(weights.architecture)}};
  }
  write_file(folder / "manifest.json", to_text({{"format", 1}, {"models", models}}),
             Existing::refuse);
}

void write_tiny_model(const fs::path& file, std::int64_t filters) {
  model::save_weights(file, tiny_weights(filters), Existing::refuse);
}

nlohmann::json json_of(const fs::path& path) {
  return read_json_file(path);
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_directory()) {
      names.push_back(fs::relative(entry.path(), folder).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace lmc::test
