// SPDX-License-Identifier: Apache-2.0
#include "model/storage/file_mapping.hpp"

#include "common/error.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace lmc::model {

namespace {

/// Closes the descriptor; the mapping outlives it.
class Descriptor {
public:
  // Without O_NONBLOCK a pipe under this name would hang the program.
  explicit Descriptor(const std::filesystem::path& path)
      : value_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int value() const { return value_; }

private:
  int value_;
};

Error unreadable(const std::filesystem::path& path, const std::string& cause) {
  return Error{ErrorCode::model_missing, path.string(), cause,
               "check the path and the permissions of the model file"};
}

std::size_t size_of(const std::filesystem::path& path, int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    throw unreadable(path, std::string{"cannot be read ("} + std::strerror(errno) + ")");
  }
  if (!S_ISREG(status.st_mode)) {
    throw unreadable(path, "not a regular file");
  }
  if (status.st_size == 0) {
    throw Error{ErrorCode::model_corrupt, path.string(), "empty file",
                "download or copy the model again"};
  }
  return static_cast<std::size_t>(status.st_size);
}

} // namespace

FileMapping::FileMapping(const std::filesystem::path& path) {
  const Descriptor file{path};
  if (file.value() < 0) {
    throw unreadable(path, errno == ENOENT
                               ? "no such file"
                               : std::string{"cannot be opened ("} + std::strerror(errno) + ")");
  }
  const std::size_t size = size_of(path, file.value());
  // Read-only: a private writable mapping would count against RLIMIT_DATA.
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.value(), 0);
  if (address == MAP_FAILED) {
    throw unreadable(path, std::string{"cannot be mapped ("} + std::strerror(errno) + ")");
  }
  bytes_ = {static_cast<const std::byte*>(address), size};
}

FileMapping::~FileMapping() {
  if (!bytes_.empty()) {
    // munmap takes a pointer to non-const but does not write.
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
}

} // namespace lmc::model
