// SPDX-License-Identifier: Apache-2.0
#include "model/import/checkpoint.hpp"

#include "common/error.hpp"
#include "model/import/checkpoint_tensors.hpp"
#include "model/import/foreign_file.hpp"
#include "model/import/pickle.hpp"
#include "model/import/zip_archive.hpp"
#include "model/storage/tensor_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lmc::model {

namespace {

using Bytes = std::span<const std::byte>;

/// The folder within the archive that holds `data.pkl`.
std::string folder_of(const ZipEntries& entries) {
  constexpr std::string_view pickle_name = "/data.pkl";
  for (const auto& [name, bytes] : entries) {
    if (name.ends_with(pickle_name)) {
      return name.substr(0, name.size() - pickle_name.size());
    }
  }
  throw std::invalid_argument{"the zip holds no data.pkl, so PyTorch did not write it"};
}

void check_byte_order(const ZipEntries& entries, const std::string& folder) {
  const auto order = entries.find(folder + "/byteorder");
  if (order != entries.end() && std::memcmp(order->second.data(), "big",
                                            std::min<std::size_t>(3, order->second.size())) == 0) {
    throw std::invalid_argument{"its numbers are big-endian; save it again on a PC"};
  }
}

StateDict read_zip_checkpoint(Bytes file) {
  const ZipEntries entries = read_zip(file);
  const std::string folder = folder_of(entries);
  check_byte_order(entries, folder);
  const std::string data = folder + "/data/";
  Storages storages;
  for (auto entry = entries.lower_bound(data);
       entry != entries.end() && entry->first.starts_with(data); ++entry) {
    storages[entry->first.substr(data.size())] = entry->second;
  }
  const PickleDocument pickle = read_pickle(entries.at(folder + "/data.pkl"));
  return state_dict_from(pickle.root, storages, file.size());
}

/// Reads the pickle at the front and moves behind it.
PickleDocument take_pickle(Bytes& file) {
  PickleDocument document = read_pickle(file);
  file = file.subspan(document.size);
  return document;
}

Bytes take(Bytes& file, std::uint64_t count) {
  if (count > file.size()) {
    throw std::invalid_argument{"the file ends within its numbers: it is truncated"};
  }
  const Bytes taken = file.first(count);
  file = file.subspan(count);
  return taken;
}

/// Every storage that the pickle refers to.
std::map<std::string, StorageId> storage_ids_of(const PickleDocument& document) {
  std::map<std::string, StorageId> ids;
  for (const PickleValue& value : document.values) {
    if (value.as<PicklePersistent>() != nullptr) {
      const StorageId id = storage_id_from(&value);
      ids[id.key] = id;
    }
  }
  return ids;
}

/// The raw numbers behind the pickles: for each key an element count and the elements.
Storages take_storages(Bytes& file, PickleRef keys, const std::map<std::string, StorageId>& ids) {
  Storages storages;
  for (const PickleRef item : items_of(keys, 0, "the list of storages")) {
    const auto* key = item->as<std::string>();
    const auto id = key == nullptr ? ids.end() : ids.find(*key);
    if (id == ids.end()) {
      throw std::invalid_argument{"a storage belongs to no tensor"};
    }
    std::uint64_t elements = 0;
    std::memcpy(&elements, take(file, sizeof(elements)).data(), sizeof(elements));
    if (elements > file.size()) {
      throw std::invalid_argument{"the file ends within its numbers: it is truncated"};
    }
    storages[*key] = take(file, elements * c10::elementSize(id->second.type));
  }
  return storages;
}

/// torch.save before PyTorch 1.6: five pickles (magic number, protocol, system, object, storage
/// keys), then the numbers.
StateDict read_legacy_checkpoint(Bytes file) {
  constexpr std::string_view magic{"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13};
  const std::size_t file_bytes = file.size();
  if (file.size() < magic.size() + 2 ||
      std::memcmp(file.data() + 2, magic.data(), magic.size()) != 0) {
    throw std::invalid_argument{
        "it is a bare pickle without PyTorch's magic number; it was not executed"};
  }
  for (int header = 0; header < 3; ++header) {
    take_pickle(file);
  }
  const PickleDocument object = take_pickle(file);
  const PickleDocument keys = take_pickle(file);
  const Storages storages = take_storages(file, keys.root, storage_ids_of(object));
  return state_dict_from(object.root, storages, file_bytes);
}

StateDict read_by_format(const std::shared_ptr<const FileMapping>& mapping,
                         const std::filesystem::path& path) {
  switch (format_of(mapping->bytes())) {
  case WeightsFormat::torch_zip:
    return read_zip_checkpoint(mapping->bytes());
  case WeightsFormat::pickle:
    return read_legacy_checkpoint(mapping->bytes());
  case WeightsFormat::safetensors:
    return tensors_from(mapping, path).tensors;
  default:
    throw Error{ErrorCode::model_foreign, path.string(),
                "is neither a PyTorch checkpoint nor a safetensors file",
                "save the network's state dict with torch.save(model.state_dict(), 'model.pth')"};
  }
}

} // namespace

StateDict read_checkpoint(const std::filesystem::path& path) {
  const auto mapping = std::make_shared<const FileMapping>(path);
  try {
    return read_by_format(mapping, path);
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_corrupt, path.string(),
                fmt::format("cannot be read as a checkpoint: {}", cause.what()),
                "save the network's state dict again with torch.save(model.state_dict(), "
                "'model.pth')"};
  }
}

} // namespace lmc::model
