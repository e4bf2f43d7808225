// SPDX-License-Identifier: Apache-2.0
// Small transforms on one thread: tests run side by side, and threads that wait for each other's
// cores made these 20 times slower.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

namespace {

struct OneThread : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo&) override { at::set_num_threads(1); }
};

} // namespace

CATCH_REGISTER_LISTENER(OneThread)
