// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/buffer.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

#include <sys/mman.h>

namespace lmc::engine::cpu {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{1} << 21;

} // namespace

Buffer Buffer::uninitialised(Index count) {
  Buffer buffer;
  buffer.size_ = count;
  const std::size_t wanted = static_cast<std::size_t>(count) * sizeof(float);
  const std::size_t alignment = wanted < huge_page ? cache_line : huge_page;
  const std::size_t bytes = (wanted + alignment - 1) / alignment * alignment;
  if (bytes == 0) {
    return buffer;
  }
  void* const memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) {
    throw std::bad_alloc{};
  }
  if (alignment == huge_page) {
    // A hint only: without huge pages the same program runs, with more misses of the page table.
    static_cast<void>(madvise(memory, bytes, MADV_HUGEPAGE));
  }
  buffer.data_.reset(static_cast<float*>(memory));
  return buffer;
}

Buffer::Buffer(Index count) : Buffer{uninitialised(count)} {
  std::fill_n(data_.get(), count, 0.0F);
}

void Buffer::reserve(Index count) {
  if (count > size_) {
    *this = Buffer{count};
  }
}

} // namespace lmc::engine::cpu
