// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"

#include <cstdlib>
#include <memory>

namespace lmc::engine::cpu {

/// Floats at the start of a cache line. Large buffers ask for huge pages.
class Buffer {
public:
  Buffer() = default;
  /// Zeros.
  /// @throws std::bad_alloc
  explicit Buffer(Index count);

  /// Without values, for whoever writes all of them: the threads that do so take the memory's pages
  /// from the system at the same time.
  /// @throws std::bad_alloc
  [[nodiscard]] static Buffer uninitialised(Index count);

  [[nodiscard]] float* data() { return data_.get(); }
  [[nodiscard]] const float* data() const { return data_.get(); }
  [[nodiscard]] Index size() const { return size_; }

  /// Makes room for `count` floats; what was in it is lost when it has to grow.
  void reserve(Index count);

private:
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> data_;
  Index size_ = 0;
};

} // namespace lmc::engine::cpu
