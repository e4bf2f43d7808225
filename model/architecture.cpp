// SPDX-License-Identifier: Apache-2.0
#include "model/architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace lmc::model {

namespace {

using nlohmann::json;

// Far above every published network, low enough that no size below overflows.
constexpr std::int64_t max_channels = 4096;
constexpr std::int64_t max_blocks = 256;

void check_range(std::string_view field, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) {
    throw std::invalid_argument{
        fmt::format("architecture: \"{}\" is {}, allowed {} to {}", field, value, low, high)};
  }
}

void check(const GeneratorArchitecture& a) {
  check_range("filters", a.filters, 1, max_channels);
  check_range("blocks", a.blocks, 1, max_blocks);
  if (a.dynamic && a.norm == Norm::batch) {
    throw std::invalid_argument{
        "architecture: \"dynamic\" steers instance norms, \"norm\" is batch; allowed instance"};
  }
}

void check(const UnetPlusPlusArchitecture& a) {
  for (const std::int64_t layers : a.layers) {
    check_range("layers", layers, 1, max_blocks);
  }
  for (const std::int64_t channels : a.decoder_channels) {
    check_range("decoder_channels", channels, 1, max_channels);
  }
  check_range("groups", a.groups, 1, max_channels);
  check_range("width_per_group", a.width_per_group, 1, max_channels);
  check_range("stem_channels", a.stem_channels, 1, max_channels);
  if (a.stem_channels * a.width_per_group % 64 != 0) {
    throw std::invalid_argument{
        fmt::format("architecture: \"stem_channels\" times \"width_per_group\" is {}, allowed "
                    "multiples of 64",
                    a.stem_channels * a.width_per_group)};
  }
}

void check(const DiscriminatorArchitecture& a) {
  check_range("filters", a.filters, 1, max_channels);
  check_range("layers", a.layers, 1, 8);
  check_range("input_channels", a.input_channels, 1, 64);
}

json fields(const GeneratorArchitecture& a) {
  return {{"filters", a.filters},
          {"blocks", a.blocks},
          {"norm", a.norm == Norm::batch ? "batch" : "instance"},
          {"dropout_layer", a.dropout_layer},
          {"dynamic", a.dynamic}};
}

json fields(const UnetPlusPlusArchitecture& a) {
  return {{"layers", a.layers},
          {"groups", a.groups},
          {"width_per_group", a.width_per_group},
          {"stem_channels", a.stem_channels},
          {"decoder_channels", a.decoder_channels},
          {"dynamic", a.dynamic}};
}

json fields(const DiscriminatorArchitecture& a) {
  return {{"filters", a.filters}, {"layers", a.layers}, {"input_channels", a.input_channels}};
}

[[noreturn]] void wrong_type(const std::string& key, const json& value, std::string_view wanted) {
  throw std::invalid_argument{
      fmt::format("architecture: \"{}\" is a {}, allowed {}", key, value.type_name(), wanted)};
}

void read(const std::string& key, const json& value, std::int64_t& field) {
  // Unsigned values beyond int64 would wrap into a small or negative number.
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1} << 62)) {
    wrong_type(key, value, "an integer");
  }
  field = value.get<std::int64_t>();
}

void read(const std::string& key, const json& value, bool& field) {
  if (!value.is_boolean()) {
    wrong_type(key, value, "true or false");
  }
  field = value.get<bool>();
}

void read(const std::string& key, const json& value, Norm& field) {
  if (value == "instance") {
    field = Norm::instance;
  } else if (value == "batch") {
    field = Norm::batch;
  } else {
    throw std::invalid_argument{
        fmt::format("architecture: \"{}\" is not one of instance, batch", key)};
  }
}

void read(const std::string& key, const json& value, std::span<std::int64_t> field) {
  if (!value.is_array() || value.size() != field.size()) {
    wrong_type(key, value, fmt::format("{} integers", field.size()));
  }
  for (std::size_t i = 0; i < field.size(); ++i) {
    read(key, value[i], field[i]);
  }
}

bool read_field(const std::string& key, const json& value, GeneratorArchitecture& a) {
  if (key == "filters") {
    read(key, value, a.filters);
  } else if (key == "blocks") {
    read(key, value, a.blocks);
  } else if (key == "norm") {
    read(key, value, a.norm);
  } else if (key == "dropout_layer") {
    read(key, value, a.dropout_layer);
  } else if (key == "dynamic") {
    read(key, value, a.dynamic);
  } else {
    return false;
  }
  return true;
}

bool read_field(const std::string& key, const json& value, UnetPlusPlusArchitecture& a) {
  if (key == "layers") {
    read(key, value, std::span<std::int64_t>{a.layers});
  } else if (key == "groups") {
    read(key, value, a.groups);
  } else if (key == "width_per_group") {
    read(key, value, a.width_per_group);
  } else if (key == "stem_channels") {
    read(key, value, a.stem_channels);
  } else if (key == "decoder_channels") {
    read(key, value, std::span<std::int64_t>{a.decoder_channels});
  } else if (key == "dynamic") {
    read(key, value, a.dynamic);
  } else {
    return false;
  }
  return true;
}

bool read_field(const std::string& key, const json& value, DiscriminatorArchitecture& a) {
  if (key == "filters") {
    read(key, value, a.filters);
  } else if (key == "layers") {
    read(key, value, a.layers);
  } else if (key == "input_channels") {
    read(key, value, a.input_channels);
  } else {
    return false;
  }
  return true;
}

const json& network_of(const json& record) {
  if (!record.is_object() || !record.contains("network")) {
    throw std::invalid_argument{"architecture: \"network\" is missing"};
  }
  return record.at("network");
}

Architecture default_of(const json& network) {
  if (network == "generator") {
    return GeneratorArchitecture{};
  }
  if (network == "unet++") {
    return UnetPlusPlusArchitecture{};
  }
  throw std::invalid_argument{"architecture: \"network\" is not one of generator, unet++"};
}

template <typename A> void read_fields(const json& record, A& architecture) {
  for (const auto& [key, value] : record.items()) {
    if (!read_field(key, value, architecture) && key != "network") {
      throw std::invalid_argument{fmt::format("architecture: unknown key \"{}\"", key)};
    }
  }
  check(architecture);
}

std::string details(const GeneratorArchitecture& a) {
  return fmt::format("{} filters, {} blocks, {} norm{}", a.filters, a.blocks,
                     a.norm == Norm::batch ? "batch" : "instance", a.dynamic ? ", dynamic" : "");
}

std::string details(const UnetPlusPlusArchitecture& a) {
  return fmt::format("layers {}, {} groups of width {}, stem {}, decoder {}{}",
                     fmt::join(a.layers, "-"), a.groups, a.width_per_group, a.stem_channels,
                     fmt::join(a.decoder_channels, "-"), a.dynamic ? ", dynamic" : "");
}

std::string details(const DiscriminatorArchitecture& a) {
  return fmt::format("{} filters, {} layers, {} inputs", a.filters, a.layers, a.input_channels);
}

} // namespace

std::string network_name(const Architecture& architecture) {
  constexpr std::array names{"generator", "unet++"};
  return names.at(architecture.index());
}

std::string describe(const Architecture& architecture) {
  return network_name(architecture) + " (" +
         std::visit([](const auto& a) { return details(a); }, architecture) + ")";
}

std::string describe(const DiscriminatorArchitecture& architecture) {
  return "discriminator (" + details(architecture) + ")";
}

void validate(const Architecture& architecture) {
  std::visit([](const auto& a) { check(a); }, architecture);
}

json to_json(const Architecture& architecture) {
  json record = std::visit([](const auto& a) { return fields(a); }, architecture);
  record["network"] = network_name(architecture);
  return record;
}

json to_json(const DiscriminatorArchitecture& architecture) {
  json record = fields(architecture);
  record["network"] = "discriminator";
  return record;
}

Architecture architecture_from_json(const json& record) {
  Architecture architecture = default_of(network_of(record));
  std::visit([&record](auto& a) { read_fields(record, a); }, architecture);
  return architecture;
}

DiscriminatorArchitecture discriminator_from_json(const json& record) {
  if (network_of(record) != "discriminator") {
    throw std::invalid_argument{"architecture: \"network\" is not discriminator"};
  }
  DiscriminatorArchitecture architecture;
  read_fields(record, architecture);
  return architecture;
}

} // namespace lmc::model
