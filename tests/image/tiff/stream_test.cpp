// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/stream.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace lmc::image;

namespace {

/// A descriptor that is closed at the end of the test.
struct Descriptor {
  int value;
  ~Descriptor() { ::close(value); }
};

} // namespace

CATCH_TEST_CASE("a stream reports the system's reason when writing fails") {
  const Descriptor full{::open("/dev/full", O_RDWR)};
  CATCH_REQUIRE(full.value >= 0);
  CATCH_CHECK_THROWS_WITH((TiffStream{full.value, "w4"}), "No space left on device");
}

CATCH_TEST_CASE("a stream reports libtiff's reason for what is no TIFF") {
  const Descriptor zeros{::open("/dev/zero", O_RDONLY)};
  CATCH_REQUIRE(zeros.value >= 0);
  CATCH_CHECK_THROWS_WITH((TiffStream{zeros.value, "r"}), Catch::Contains("Not a TIFF"));
}

CATCH_TEST_CASE("require says when there is no other reason") {
  const lmc::test::TemporaryFolder folder;
  const auto path = folder.file("out.tiff", "");
  const Descriptor file{::open(path.c_str(), O_RDWR)};
  CATCH_REQUIRE(file.value >= 0);
  const TiffStream stream{file.value, "w4"};
  CATCH_CHECK_NOTHROW(stream.require(true));
  CATCH_CHECK_THROWS_WITH(stream.require(false), "no reason given");
  CATCH_CHECK(stream.messages().system_error == 0);
}
