// SPDX-License-Identifier: Apache-2.0
#include "common/running/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <memory>

namespace lmc {

spdlog::logger& log() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>(
        "lmc", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made->set_pattern("%^%l%$: %v");
    return made;
  }();
  return *logger;
}

} // namespace lmc
