// SPDX-License-Identifier: Apache-2.0
#include "model/import/foreign_file.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace lmc::model {

namespace {

using namespace std::string_view_literals;

std::string_view text_of(std::span<const std::byte> file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

/// A zip's directory stands at its end and names its entries in clear.
bool is_torch_script(std::string_view file) {
  constexpr std::size_t searched = std::size_t{1} << 20U;
  const std::string_view end = file.substr(file.size() - std::min(file.size(), searched));
  return end.find("constants.pkl") != std::string_view::npos;
}

bool is_safetensors_like(std::string_view file) {
  // Eight bytes of length, then a JSON object.
  return file.size() >= 9 && file[8] == '{';
}

/// A pickle of protocol 2 or later: PROTO with the protocol, and no safetensors behind it.
bool is_pickle(std::string_view file) {
  return file.size() > 2 && file[0] == '\x80' && file[1] >= 2 && file[1] <= 5;
}

bool is_html(std::string_view file) {
  const std::string_view start = file.substr(0, 256);
  return start.starts_with('<') || start.find("<html"sv) != std::string_view::npos;
}

[[noreturn]] void refuse_foreign(const std::filesystem::path& path, std::string_view what) {
  std::filesystem::path converted = path.filename();
  converted.replace_extension(".safetensors");
  throw Error{
      ErrorCode::model_foreign, path.string(), fmt::format("is {}, not safetensors", what),
      fmt::format("convert it with: lmc convert '{}' -o '{}'", path.string(), converted.string())};
}

[[noreturn]] void refuse_other(const std::filesystem::path& path, std::string_view what) {
  throw Error{ErrorCode::model_foreign, path.string(), fmt::format("is {}, not safetensors", what),
              "export the network's state dict with PyTorch and convert that with: lmc convert "
              "checkpoint.pth -o model.safetensors"};
}

} // namespace

WeightsFormat format_of(std::span<const std::byte> bytes) {
  const std::string_view file = text_of(bytes);
  if (file.starts_with("PK\x03\x04"sv)) {
    return is_torch_script(file) ? WeightsFormat::torch_script : WeightsFormat::torch_zip;
  }
  if (is_safetensors_like(file)) {
    return WeightsFormat::safetensors;
  }
  if (is_pickle(file)) {
    return WeightsFormat::pickle;
  }
  if (file.starts_with("\x89HDF\r\n\x1a\n"sv)) {
    return WeightsFormat::hdf5;
  }
  if (file.starts_with("GGUF"sv)) {
    return WeightsFormat::gguf;
  }
  if (file.starts_with("\x08"sv) && file.substr(0, 64).find("\x12"sv) != std::string_view::npos) {
    return WeightsFormat::onnx;
  }
  if (file.starts_with("version https://git-lfs"sv)) {
    return WeightsFormat::text;
  }
  return is_html(file) ? WeightsFormat::html : WeightsFormat::unknown;
}

void require_safetensors(std::span<const std::byte> file, const std::filesystem::path& path) {
  switch (format_of(file)) {
  case WeightsFormat::safetensors:
  case WeightsFormat::unknown: // the safetensors reader says what is wrong with it
    return;
  case WeightsFormat::torch_zip:
    refuse_foreign(path, "a PyTorch checkpoint (pickle in a zip)");
  case WeightsFormat::pickle:
    refuse_foreign(path, "a Python pickle");
  case WeightsFormat::torch_script:
    refuse_other(path, "a TorchScript archive");
  case WeightsFormat::hdf5:
    refuse_other(path, "an HDF5 file (Keras)");
  case WeightsFormat::onnx:
    refuse_other(path, "an ONNX model");
  case WeightsFormat::gguf:
    refuse_other(path, "a GGUF file");
  case WeightsFormat::html:
    throw Error{ErrorCode::model_foreign, path.string(), "is a web page, not safetensors",
                "download the model file itself"};
  case WeightsFormat::text:
    throw Error{ErrorCode::model_foreign, path.string(), "is a Git LFS pointer, not safetensors",
                "fetch the file with: git lfs pull"};
  }
}

} // namespace lmc::model
