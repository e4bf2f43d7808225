// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lmc::model {

struct PickleValue;
/// Values point at each other within their `PickleDocument`, which owns them all.
using PickleRef = const PickleValue*;

/// List, tuple or set.
struct PickleSequence {
  std::vector<PickleRef> items;
};

/// dict or OrderedDict.
struct PickleDict {
  std::vector<std::pair<PickleRef, PickleRef>> items;
};

/// A class or function by name. It is never looked up and never called.
struct PickleGlobal {
  std::string module;
  std::string name;

  [[nodiscard]] std::string full_name() const { return module + "." + name; }
};

/// What Python would make by calling `callable` with `arguments`.
struct PickleCall {
  PickleRef callable = nullptr;
  PickleRef arguments = nullptr;
};

/// A reference to data outside the pickle.
struct PicklePersistent {
  PickleRef id = nullptr;
};

/// An integer beyond 64 bits, bytes: present but of no use here.
struct PickleOther {};

/// One value of a pickle.
struct PickleValue {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, PickleSequence, PickleDict,
               PickleGlobal, PickleCall, PicklePersistent, PickleOther>
      content;

  template <typename T> [[nodiscard]] const T* as() const { return std::get_if<T>(&content); }
};

} // namespace lmc::model
