// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace lmc::model {

/// Files in a zip archive by name. PyTorch stores them uncompressed, so each is a part of the
/// archive's bytes. Check sums are not compared: PyTorch can be told to leave them out.
using ZipEntries = std::map<std::string, std::span<const std::byte>>;

/// Reads the directory of a zip or zip64 archive. LibTorch's own reader
/// (caffe2::serialize::PyTorchStreamReader, 2.11) refuses the same archives, but its constructor
/// then leaks its copy of the directory (LeakSanitizer, with the archives of the tests), throws
/// std::out_of_range for a long version number, and inflates compressed entries to whatever size
/// they declare.
/// @throws std::invalid_argument with a short cause: no directory (truncated), compressed or
/// encrypted entries, entries out of the file, duplicate names
[[nodiscard]] ZipEntries read_zip(std::span<const std::byte> archive);

} // namespace lmc::model
