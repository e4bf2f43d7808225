// SPDX-License-Identifier: Apache-2.0
#include "image/open_file.hpp"

#include "common/error.hpp"
#include "common/files/hash.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace lmc::image {
namespace {

Error missing(const std::filesystem::path& path, std::string cause, const char* remedy) {
  return Error{ErrorCode::input_missing, path.string(), std::move(cause), remedy};
}

Error not_opened(const std::filesystem::path& path, int error) {
  const bool absent = error == ENOENT || error == ENOTDIR;
  return missing(
      path, absent ? "no such file" : fmt::format("cannot be opened ({})", std::strerror(error)),
      absent ? "check the path" : "check the file's permissions");
}

} // namespace

class OpenFile::Descriptor {
public:
  explicit Descriptor(int number) : number_{number} {}
  // Without O_NONBLOCK a named pipe would wait here for its writer.
  explicit Descriptor(const std::filesystem::path& path)
      : number_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const noexcept { return number_; }

private:
  int number_;
};

OpenFile::OpenFile(std::filesystem::path path)
    : path_{std::move(path)}, descriptor_{std::make_shared<Descriptor>(path_)} {
  struct stat status {};
  if (descriptor() < 0 || ::fstat(descriptor(), &status) != 0) {
    throw not_opened(path_, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw missing(path_,
                  S_ISDIR(status.st_mode) ? "is a directory, not an image file"
                                          : "is not a regular file",
                  "give the path of an image file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

int OpenFile::descriptor() const noexcept {
  return descriptor_->number();
}

std::size_t OpenFile::read(std::uint64_t offset, std::span<std::byte> target) const {
  std::size_t done = 0;
  while (done < target.size()) {
    const ssize_t got = ::pread(descriptor(), target.data() + done, target.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      throw missing(path_, fmt::format("cannot be read ({})", std::strerror(errno)),
                    "check that the file is still there and its permissions");
    }
    if (got == 0) {
      break;
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string OpenFile::hash_and_keep() {
  // A few images are open at a time, and no estimate of memory counts these copies.
  constexpr std::uint64_t largest_kept = std::uint64_t{16} << 20;
  const bool small = size_ <= largest_kept;
  const auto memory =
      std::make_shared<const Descriptor>(small ? ::memfd_create("image", MFD_CLOEXEC) : -1);
  Sha256 hash;
  std::vector<std::byte> block(std::size_t{1} << 20);
  std::uint64_t offset = 0;
  bool kept = memory->number() >= 0;
  while (const std::size_t got = read(offset, block)) {
    hash.add(std::span{block}.first(got));
    kept = kept && ::pwrite(memory->number(), block.data(), got, static_cast<off_t>(offset)) ==
                       static_cast<ssize_t>(got);
    offset += got;
  }
  if (kept) {
    descriptor_ = memory;
  }
  return hash.finish();
}

} // namespace lmc::image
