// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lmc {

/// Exit codes of both programs. 130 and 143 (interrupted) come from the signal's number, see
/// `common/running/interrupt.hpp`.
enum class ExitCode : int {
  success = 0,
  internal = 1,
  usage = 2,
  input = 3,
  model = 4,
  memory = 5,
  output = 6,
  partial = 7,
};

/// Number printed as `error[E304]`. The hundreds digit is the exit code.
enum class ErrorCode : int {
  internal = 101,           ///< a broken invariant of ours
  not_a_number = 102,       ///< a network produced NaN or infinity even in fp32
  peer_lost = 103,          ///< another process of the same training ended or does not answer
  usage = 201,              ///< wrong option or argument
  configuration = 202,      ///< wrong value in a configuration file
  device = 203,             ///< the requested device cannot be used
  input_missing = 301,      ///< no such file, no permission, vanished, not a regular file
  input_empty = 302,        ///< zero bytes
  input_not_an_image = 303, ///< another kind of file
  input_corrupt = 304,      ///< truncated or inconsistent
  input_unsupported =
      305,                ///< valid, but a feature that is not read (codec, palette, sample format)
  input_too_large = 306,  ///< declared size beyond what the file can hold or beyond the pixel cap
  input_pixels = 307,     ///< pixel values that no plane can be made of (NaN, range)
  input_ambiguous = 308,  ///< no image, or more than one, where one is expected; no such channel
  input_elsewhere = 309,  ///< the wanted plane is in another file that is absent
  input_mismatch = 310,   ///< images that belong together differ in size or planes
  model_missing = 401,    ///< no weights file or manifest
  model_checksum = 402,   ///< SHA-256 differs from the manifest
  model_corrupt = 403,    ///< malformed or hostile weights file
  model_mismatch = 404,   ///< tensors missing, unexpected, misshaped; unknown architecture
  model_foreign = 405,    ///< a pickle or TorchScript where safetensors are expected
  model_not_finite = 406, ///< NaN or infinity among the weights
  memory = 501,           ///< out of memory after backing off
  output_unwritable = 601, ///< the folder is missing, read-only or no folder
  output_exists = 602,     ///< would overwrite
  output_failed = 603,     ///< writing failed (disk full, verification)
  partial = 701,           ///< some images of a batch failed
};

/// The one exception for what a user can mend: which file, what is wrong with it, what to do.
/// `what()` is one self-contained line: `error[E304] <subject>: <cause>; <remedy>`.
class Error : public std::runtime_error {
public:
  /// @param subject the file, option or device that is at fault
  /// @param cause what was found, with the value seen and the value allowed
  /// @param remedy what to try
  Error(ErrorCode code, std::string subject, std::string cause, std::string remedy);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] ExitCode exit_code() const noexcept;
  [[nodiscard]] const std::string& subject() const noexcept { return subject_; }
  [[nodiscard]] const std::string& cause() const noexcept { return cause_; }
  [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }

private:
  ErrorCode code_;
  std::string subject_;
  std::string cause_;
  std::string remedy_;
};

/// `text` on one line and printable: control characters become `\n`, `\t`, `\x1b` ...
/// File names and metadata may hold anything; what is printed must stay one line.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace lmc
