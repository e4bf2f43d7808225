// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/stream.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace lmc::image {

/// What libtiff's callbacks work on.
struct TiffStream::State {
  int descriptor = -1;
  off_t offset = 0;
  TiffMessages messages;

  static State& of(void* handle) { return *static_cast<State*>(handle); }

  /// Repeats `step(done)`, a pread or pwrite of what is left, until `size` bytes, the end or an
  /// error.
  template <class Step> tmsize_t transfer(tmsize_t size, Step step) {
    tmsize_t done = 0;
    while (done < size) {
      const ssize_t moved = step(done);
      if (moved < 0 && errno == EINTR) {
        continue;
      }
      if (moved < 0 && messages.system_error == 0) {
        messages.system_error = errno;
      }
      if (moved <= 0) {
        break;
      }
      done += moved;
      offset += moved;
    }
    return done;
  }

  static tmsize_t read(thandle_t handle, void* buffer, tmsize_t size) {
    State& state = of(handle);
    if (state.offset < 0) { // where a hostile directory points
      return 0;
    }
    return state.transfer(size, [&](tmsize_t done) {
      return ::pread(state.descriptor, static_cast<char*>(buffer) + done,
                     static_cast<std::size_t>(size - done), state.offset);
    });
  }

  static tmsize_t write(thandle_t handle, void* buffer, tmsize_t size) {
    State& state = of(handle);
    return state.transfer(size, [&](tmsize_t done) {
      return ::pwrite(state.descriptor, static_cast<const char*>(buffer) + done,
                      static_cast<std::size_t>(size - done), state.offset);
    });
  }

  static toff_t file_size(thandle_t handle) {
    struct stat status {};
    return ::fstat(of(handle).descriptor, &status) == 0 ? static_cast<toff_t>(status.st_size) : 0;
  }

  static toff_t seek(thandle_t handle, toff_t distance, int whence) {
    State& state = of(handle);
    const off_t start = whence == SEEK_SET   ? 0
                        : whence == SEEK_CUR ? state.offset
                                             : static_cast<off_t>(file_size(handle));
    state.offset = start + static_cast<off_t>(distance);
    return static_cast<toff_t>(state.offset);
  }

  static int keep_open(thandle_t) { return 0; }

  /// @returns 1: handled, libtiff does not print it
  static int keep_first(std::string& kept, const char* format, va_list arguments) {
    if (kept.empty()) {
      std::array<char, 512> text{};
      std::vsnprintf(text.data(), text.size(), format, arguments);
      kept = text[0] != '\0' ? text.data() : "no reason given";
    }
    return 1;
  }
  static int keep_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    return keep_first(of(user).messages.error, format, arguments);
  }
  static int keep_warning(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    return keep_first(of(user).messages.warning, format, arguments);
  }
};

TiffStream::TiffStream(int descriptor, const char* mode, std::uint64_t largest_allocation)
    : state_{std::make_unique<State>()} {
  state_->descriptor = descriptor;
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options{TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree};
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), State::keep_error, state_.get());
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), State::keep_warning, state_.get());
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(largest_allocation));
  // Without the callbacks for a memory map: a file that shrinks under a map is a SIGBUS.
  handle_ = TIFFClientOpenExt("file", mode, state_.get(), State::read, State::write, State::seek,
                              State::keep_open, State::file_size, nullptr, nullptr, options.get());
  require(handle_ != nullptr);
}

TiffStream::~TiffStream() {
  if (handle_ != nullptr) {
    TIFFClose(handle_);
  }
}

TiffMessages& TiffStream::messages() const noexcept {
  return state_->messages;
}

void TiffStream::require(bool succeeded) const {
  if (!succeeded) {
    const bool known = messages().system_error != 0 || !messages().error.empty();
    throw std::runtime_error{known ? messages().text() : "no reason given"};
  }
}

void TiffStream::close() {
  TIFFClose(handle_);
  handle_ = nullptr;
  require(messages().system_error == 0);
}

std::string TiffMessages::text() const {
  return system_error != 0 ? std::strerror(system_error) : error.empty() ? warning : error;
}

} // namespace lmc::image
