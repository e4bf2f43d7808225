// SPDX-License-Identifier: Apache-2.0
#include "common/files/hash.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <span>
#include <string>
#include <system_error>

// FIPS 180-2, appendix B: "abc" and one million times "a".
CATCH_TEST_CASE("SHA-256 of the standard's examples") {
  const std::string abc{"abc"};
  CATCH_CHECK(lmc::sha256_of(std::as_bytes(std::span{abc})) ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const lmc::test::TemporaryFolder folder;
  const auto file = folder.file("a", std::string(1'000'000, 'a'));
  CATCH_CHECK(lmc::sha256_of_file(file) ==
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

CATCH_TEST_CASE("a missing file has no hash") {
  CATCH_CHECK_THROWS_AS(lmc::sha256_of_file("/no/such/file"), std::system_error);
}

CATCH_TEST_CASE("a hash of parts is that of the whole") {
  lmc::Sha256 hash;
  for (const std::string part : {"a", "", "bc"}) {
    hash.add(std::as_bytes(std::span{part}));
  }
  const std::string whole = "abc";
  CATCH_CHECK(hash.finish() == lmc::sha256_of(std::as_bytes(std::span{whole})));
}
