// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/serial_worker.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using lmc::app::SerialWorker;

CATCH_TEST_CASE("every task of a worker runs on the same other thread") {
  SerialWorker worker;
  std::thread::id first;
  std::thread::id second;
  CATCH_CHECK(worker.try_run([&] { first = std::this_thread::get_id(); }));
  CATCH_CHECK(worker.try_run([&] { second = std::this_thread::get_id(); }));
  CATCH_CHECK(first == second);
  CATCH_CHECK(first != std::this_thread::get_id());
}

CATCH_TEST_CASE("what a task throws reaches its caller, and the worker goes on") {
  SerialWorker worker;
  CATCH_CHECK_THROWS_WITH(worker.try_run([] { throw std::runtime_error{"broken"}; }), "broken");
  bool ran = false;
  CATCH_CHECK(worker.try_run([&] { ran = true; }));
  CATCH_CHECK(ran);
}

CATCH_TEST_CASE("a second task is refused while one runs") {
  SerialWorker worker;
  bool second_ran = false;
  bool second_taken = true;
  CATCH_CHECK(worker.try_run([&] {
    second_taken = std::async(std::launch::async, [&] {
                     return worker.try_run([&] { second_ran = true; });
                   }).get();
  }));
  CATCH_CHECK_FALSE(second_taken);
  CATCH_CHECK_FALSE(second_ran);
}
