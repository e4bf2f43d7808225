// SPDX-License-Identifier: Apache-2.0
#include "model/import/checkpoint_tensors.hpp"

#include "common/error.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

constexpr int max_nesting = 4;
constexpr std::size_t max_dimensions = 16;
constexpr std::size_t listed = 5;
// float16 doubles when it becomes float32; a few views of one storage are usual, endless repetition
// is not.
constexpr std::uint64_t max_growth = 16;
constexpr std::uint64_t free_bytes = std::uint64_t{1} << 20U;

std::vector<std::int64_t> counts_from(PickleRef value, const char* what) {
  std::vector<std::int64_t> counts;
  for (const PickleRef item : items_of(value, 0, what)) {
    counts.push_back(count_from(item, what));
  }
  if (counts.size() > max_dimensions) {
    throw std::invalid_argument{fmt::format("{} has {} dimensions", what, counts.size())};
  }
  return counts;
}

/// Name of the function whose call the value describes, empty for other values.
std::string called(PickleRef value) {
  const auto* call = value->as<PickleCall>();
  const auto* global = call == nullptr ? nullptr : call->callable->as<PickleGlobal>();
  return global == nullptr ? "" : global->full_name();
}

bool is_tensor(PickleRef value) {
  const std::string name = called(value);
  return name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor" ||
         name == "torch._utils._rebuild_parameter" ||
         name == "torch._utils._rebuild_parameter_with_state";
}

std::string kind_of(PickleRef value) {
  if (value->as<PickleCall>() != nullptr) {
    const std::string name = called(value);
    return name.empty() ? "a call" : fmt::format("a call of {}", printable(name));
  }
  return value->as<PickleGlobal>() != nullptr
             ? fmt::format("the class {}", printable(value->as<PickleGlobal>()->full_name()))
             : "no tensor";
}

/// Numbers of one storage with their type.
struct Storage {
  at::ScalarType type = at::kFloat;
  std::span<const std::byte> bytes;
  std::int64_t elements = 0;
};

Storage storage_from(PickleRef value, const Storages& storages) {
  const StorageId id = storage_id_from(value);
  const auto bytes = storages.find(id.key);
  if (bytes == storages.end()) {
    throw std::invalid_argument{fmt::format("the storage {} is missing", printable(id.key))};
  }
  const std::size_t held = bytes->second.size() / c10::elementSize(id.type);
  if (static_cast<std::uint64_t>(id.elements) > held) {
    throw std::invalid_argument{fmt::format("the storage {} has {} elements, {} are declared",
                                            printable(id.key), held, id.elements)};
  }
  return {.type = id.type, .bytes = bytes->second, .elements = id.elements};
}

/// A view of a storage.
struct View {
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;

  [[nodiscard]] std::int64_t elements() const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
      if (__builtin_mul_overflow(count, size, &count)) {
        throw std::invalid_argument{"a tensor's shape overflows"};
      }
    }
    return count;
  }

  /// Elements of the storage from its start to behind the last one that is read.
  [[nodiscard]] std::int64_t reach() const {
    std::int64_t last = offset;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      std::int64_t step = 0;
      if (__builtin_mul_overflow(shape[i] - 1, strides[i], &step) ||
          __builtin_add_overflow(last, step, &last)) {
        throw std::invalid_argument{"a tensor's strides overflow"};
      }
    }
    std::int64_t end = 0;
    if (__builtin_add_overflow(last, std::int64_t{1}, &end)) {
      throw std::invalid_argument{"a tensor's strides overflow"};
    }
    return end;
  }
};

/// Copies tensors out of storages within a byte budget.
class TensorReader {
public:
  TensorReader(const Storages& storages, std::size_t file_bytes)
      : storages_{storages}, budget_{max_growth * file_bytes + free_bytes} {}

  at::Tensor read(PickleRef value) {
    for (int depth = 0; depth < max_nesting; ++depth) {
      const std::string name = called(value);
      const auto& arguments = items_of(value->as<PickleCall>()->arguments, 1, "a tensor");
      if (name.starts_with("torch._utils._rebuild_tensor")) {
        return read_view(arguments);
      }
      value = arguments[0]; // a parameter wraps a tensor
      if (!is_tensor(value)) {
        break;
      }
    }
    throw std::invalid_argument{"a parameter holds no tensor"};
  }

private:
  at::Tensor read_view(const std::vector<PickleRef>& arguments) {
    if (arguments.size() < 4) {
      throw std::invalid_argument{"a tensor is not described as PyTorch does"};
    }
    const Storage storage = storage_from(arguments[0], storages_);
    const View view{count_from(arguments[1], "a tensor's offset"),
                    counts_from(arguments[2], "a tensor's shape"),
                    counts_from(arguments[3], "a tensor's strides")};
    if (view.shape.size() != view.strides.size()) {
      throw std::invalid_argument{"a tensor has not as many strides as dimensions"};
    }
    const std::int64_t elements = view.elements();
    spend(elements);
    const at::ScalarType kept = c10::isFloatingType(storage.type) ? at::kFloat : storage.type;
    if (elements == 0) {
      return at::empty(view.shape, kept);
    }
    if (view.reach() > storage.elements) {
      throw std::invalid_argument{fmt::format("a tensor reads {} elements of a storage that has {}",
                                              view.reach(), storage.elements)};
    }
    return copy(storage, view, kept);
  }

  static at::Tensor copy(const Storage& storage, const View& view, at::ScalarType kept) {
    // The file need not align a storage to its element type.
    at::Tensor aligned = at::empty({storage.elements}, storage.type);
    std::memcpy(aligned.mutable_data_ptr(), storage.bytes.data(), aligned.nbytes());
    return aligned.as_strided(view.shape, view.strides, view.offset)
        .to(kept, false, true)
        .contiguous();
  }

  void spend(std::int64_t elements) {
    constexpr std::uint64_t largest_element = 8;
    const auto count = static_cast<std::uint64_t>(elements);
    if (count > budget_ / largest_element) {
      throw std::invalid_argument{"the tensors are far larger than the file"};
    }
    budget_ -= count * largest_element;
  }

  const Storages& storages_;
  std::uint64_t budget_;
};

/// Dictionaries that hold tensors, by the path of keys that leads to them.
using Candidates = std::vector<std::pair<std::string, const PickleDict*>>;

bool holds_tensors(const PickleDict& dict) {
  return std::any_of(dict.items.begin(), dict.items.end(),
                     [](const auto& item) { return is_tensor(item.second); });
}

void collect(const PickleDict& dict, const std::string& path, int depth, Candidates& found) {
  if (holds_tensors(dict)) {
    found.emplace_back(path, &dict);
    return;
  }
  if (depth == max_nesting || found.size() > listed) {
    return;
  }
  for (const auto& [key, value] : dict.items) {
    const auto* name = key->as<std::string>();
    const auto* inner = value->as<PickleDict>();
    if (name != nullptr && inner != nullptr) {
      collect(*inner, path.empty() ? *name : path + "/" + *name, depth + 1, found);
    }
  }
}

const PickleDict& state_dict_of(PickleRef root) {
  const auto* dict = root->as<PickleDict>();
  if (dict == nullptr) {
    throw std::invalid_argument{
        fmt::format("it holds {} instead of a state dict; save model.state_dict()", kind_of(root))};
  }
  Candidates found;
  collect(*dict, "", 0, found);
  if (found.empty()) {
    throw std::invalid_argument{"it holds no dictionary of tensors"};
  }
  constexpr std::array usual{"state_dict", "model_state_dict", "model", "net", "netG", "generator"};
  for (const char* name : usual) {
    for (const auto& [path, candidate] : found) {
      if (path == name) {
        return *candidate;
      }
    }
  }
  if (found.size() > 1) {
    throw std::invalid_argument{
        fmt::format("it holds several dictionaries of tensors (\"{}\", \"{}\", ...)",
                    printable(found[0].first), printable(found[1].first))};
  }
  return *found.front().second;
}

/// Refuses everything that is no tensor, so that nobody converts a file that would run code in
/// Python unawares.
void check_entries(const PickleDict& dict) {
  std::vector<std::string> faults;
  for (const auto& [key, value] : dict.items) {
    const auto* name = key->as<std::string>();
    if (name == nullptr) {
      throw std::invalid_argument{"a tensor's name is not text"};
    }
    if (!is_tensor(value)) {
      faults.push_back(fmt::format("\"{}\" is {}", printable(*name), kind_of(value)));
    }
  }
  if (!faults.empty()) {
    const std::size_t shown = std::min(listed, faults.size());
    throw std::invalid_argument{fmt::format(
        "{} of {} entries are no tensors and were not executed: {}{}", faults.size(),
        dict.items.size(),
        fmt::join(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < faults.size() ? ", ..." : "")};
  }
}

/// `module.` when every name begins with it (torch.nn.DataParallel).
std::string_view common_prefix(const PickleDict& dict) {
  constexpr std::string_view prefix = "module.";
  const bool common = std::all_of(dict.items.begin(), dict.items.end(), [&](const auto& item) {
    return item.first->template as<std::string>()->starts_with(prefix);
  });
  return common ? prefix : std::string_view{};
}

} // namespace

StateDict state_dict_from(PickleRef root, const Storages& storages, std::size_t file_bytes) {
  const PickleDict& dict = state_dict_of(root);
  check_entries(dict);
  const std::size_t prefix = common_prefix(dict).size();
  TensorReader reader{storages, file_bytes};
  StateDict state;
  for (const auto& [key, value] : dict.items) {
    const std::string& name = *key->as<std::string>();
    try {
      state.add(name.substr(prefix), reader.read(value));
    } catch (const std::invalid_argument& cause) {
      throw std::invalid_argument{fmt::format("tensor \"{}\": {}", printable(name), cause.what())};
    }
  }
  return state;
}

} // namespace lmc::model
