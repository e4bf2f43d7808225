// SPDX-License-Identifier: Apache-2.0
#include "image/ome/channel_choice.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace lmc::image {
namespace {

std::string name_of(const std::vector<OmeChannel>& channels, std::size_t index) {
  return index < channels.size() ? channels[index].name : "";
}

std::string list_channels(const std::vector<OmeChannel>& channels,
                          const std::vector<std::size_t>& present) {
  constexpr std::size_t most = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(present.size(), most); ++i) {
    list += fmt::format("{}{} \"{}\"", list.empty() ? "" : ", ", present[i],
                        name_of(channels, present[i]));
  }
  return present.size() > most ? list + " ..." : list;
}

[[noreturn]] void ambiguous(const std::filesystem::path& path, std::string cause) {
  throw Error(ErrorCode::input_ambiguous, path.string(), std::move(cause),
              "name the transmitted-light channel with --channel");
}

std::optional<std::size_t> find_channel(const std::vector<OmeChannel>& channels,
                                        const std::vector<std::size_t>& present,
                                        const std::string& wanted) {
  const auto by_name = std::ranges::find(present, lower_case(wanted), [&](std::size_t index) {
    return lower_case(name_of(channels, index));
  });
  if (by_name != present.end()) {
    return *by_name;
  }
  const auto number = number_from<std::size_t>(wanted);
  if (!number) {
    return std::nullopt;
  }
  const auto by_index = std::ranges::find(present, *number);
  return by_index != present.end() ? std::optional{*by_index} : std::nullopt;
}

} // namespace

Modality modality_of(const OmeChannel& channel) {
  return modality_from_name(channel.name)
      .value_or(modality_from_name(channel.fluor).value_or(Modality::unknown));
}

std::size_t choose_channel(const std::vector<OmeChannel>& channels,
                           const std::vector<std::size_t>& present,
                           const std::optional<std::string>& wanted,
                           const std::filesystem::path& path) {
  if (wanted) {
    const auto index = find_channel(channels, present, *wanted);
    if (!index) {
      ambiguous(path, fmt::format("it has no channel \"{}\"; its channels are {}", *wanted,
                                  list_channels(channels, present)));
    }
    return *index;
  }
  if (present.size() == 1) {
    return present.front();
  }
  std::vector<std::size_t> transmitted;
  std::ranges::copy_if(present, std::back_inserter(transmitted), [&](std::size_t index) {
    return index < channels.size() && modality_of(channels[index]) != Modality::unknown;
  });
  if (transmitted.size() != 1) {
    ambiguous(path,
              fmt::format("it has {} channels ({}), {} of them named as transmitted light",
                          present.size(), list_channels(channels, present), transmitted.size()));
  }
  return transmitted.front();
}

} // namespace lmc::image
