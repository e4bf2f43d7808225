// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_handle.hpp"

#include "common/error.hpp"
#include "image/file_kind.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <array>
#include <cstdarg>
#include <cstdio>

namespace lmc::image {
namespace {

/// Keeps the first message of a kind; the ones that follow are its consequences.
int keep_first(std::string& kept, const char* format, std::va_list arguments) {
  if (kept.empty()) {
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    kept = text[0] != '\0' ? text.data() : "no reason given";
  }
  return 1; // handled: libtiff does not print it
}

int on_error(TIFF* /*file*/, void* user, const char* /*module*/, const char* format,
             std::va_list arguments) {
  return keep_first(static_cast<TiffHandle::Messages*>(user)->error, format, arguments);
}

int on_warning(TIFF* /*file*/, void* user, const char* /*module*/, const char* format,
               std::va_list arguments) {
  return keep_first(static_cast<TiffHandle::Messages*>(user)->warning, format, arguments);
}

struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const noexcept { TIFFOpenOptionsFree(options); }
};

/// Directories and raw strips never need more than a few times the file; a header's promise must
/// not make libtiff allocate more.
tmsize_t allocation_limit(const std::filesystem::path& path) {
  constexpr std::uintmax_t base = std::uintmax_t{64} << 20;
  return static_cast<tmsize_t>(base + 4 * size_of_file(path));
}

} // namespace

void TiffHandle::Close::operator()(::tiff* file) const noexcept {
  TIFFClose(file);
}

TiffHandle::TiffHandle(const std::filesystem::path& path)
    : path_{path}, messages_{std::make_unique<Messages>()} {
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options{TIFFOpenOptionsAlloc()};
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, messages_.get());
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, messages_.get());
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), allocation_limit(path));
  // m: no memory map, because a file that shrinks under a map is a SIGBUS.
  tiff_.reset(TIFFOpenExt(path.c_str(), "rm", options.get()));
  if (!tiff_) {
    throw Error(ErrorCode::input_corrupt, path_.string(),
                fmt::format("its first page cannot be read ({})", message()),
                "copy or export the image again");
  }
}

void TiffHandle::select_page(std::uint64_t offset) {
  clear_messages();
  if (TIFFCurrentDirOffset(tiff_.get()) == offset) {
    return;
  }
  if (TIFFSetSubDirectory(tiff_.get(), offset) == 0) {
    throw Error(ErrorCode::input_corrupt, path_.string(),
                fmt::format("the page at byte {} cannot be read ({})", offset, message()),
                "copy or export the image again");
  }
}

std::string TiffHandle::message() const {
  return has_error() ? messages_->error : messages_->warning;
}

} // namespace lmc::image
