// SPDX-License-Identifier: Apache-2.0
// Faults that `lmc predict` meets, through the program. The numbers are those of tests/FAULTS.md.
#include "tests/app/workbench.hpp"

#include "image/input_image.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

CATCH_TEST_CASE("predict: fault 37: unusual names work") {
  const Workbench bench;
  const std::vector<std::string> stems{"-x", "a b", "new\nline", "zell\xc3\xa9 \xc2\xb5",
                                       "latin\xb5"};
  for (const std::string& stem : stems) {
    write_sample(bench.in(stem + ".tif"));
  }
  // The outputs of a link are named after it and stay in the output folder, wherever it points.
  write_sample(bench.folder() / "elsewhere" / "real.tif");
  fs::create_symlink(bench.folder() / "elsewhere" / "real.tif", bench.in("link.tif"));
  fs::create_directory(bench.in("x.tiff"));
  write_sample(bench.in("x.tiff/inside.tif"));
  const ProcessResult result = bench.done({"-i", bench.in().string(), "--organelles", "actin"});
  for (const std::string& stem : stems) {
    CATCH_CHECK(fs::exists(bench.out(stem + "_actin.ome.tiff")));
  }
  CATCH_CHECK(fs::exists(bench.out("link_actin.ome.tiff")));
  CATCH_CHECK(fs::exists(bench.out("x.tiff/inside_actin.ome.tiff")));
  CATCH_CHECK_THAT(result.err, Contains("new\\nline.tif done"));
  // json_of refuses invalid UTF-8: the name in Latin-1 was repaired.
  CATCH_CHECK(bench.summary().at("images").size() == stems.size() + 2);

  fs::remove_all(bench.out());
  const ProcessResult dash =
      bench.predict({"--organelles", "actin", "--preset", "fast", "--", "-x.tif"},
                    {.working_folder = bench.in()});
  CATCH_CHECK(dash.exit_code == 0);
  CATCH_CHECK(fs::exists(bench.out("-x_actin.ome.tiff")));
}

CATCH_TEST_CASE("predict: fault 38: inputs that cannot be reached are named") {
  const Workbench bench;
  const auto last_line = [&](const fs::path& input, int code) {
    const ProcessResult result = bench.predict({"-i", input.string(), "--preset", "fast"});
    CATCH_CHECK(result.exit_code == code);
    return result.last_error_line();
  };
  CATCH_CHECK_THAT(last_line(bench.in("gone.tif"), 3),
                   StartsWith("error[E301] ") && Contains("no such file"));
  CATCH_CHECK_THAT(last_line(bench.folder() / (std::string(300, 'a') + ".tif"), 3),
                   StartsWith("error[E301] "));
  write_sample(bench.in("closed/a.tif"));
  fs::permissions(bench.in("closed"), fs::perms::none);
  CATCH_CHECK_THAT(last_line(bench.in("closed/a.tif"), 3),
                   StartsWith("error[E301] ") && Contains("Permission denied"));
  CATCH_CHECK_THAT(last_line(bench.in(), 3),
                   StartsWith("error[E301] ") && Contains("Permission denied"));
  fs::permissions(bench.in("closed"), fs::perms::owner_all);
}

CATCH_TEST_CASE("predict: fault 39: an output folder that cannot be written ends with 6") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  fs::create_directories(bench.out());
  fs::permissions(bench.out(), fs::perms::owner_read | fs::perms::owner_exec);
  const ProcessResult closed = bench.predict({"-i", input});
  fs::permissions(bench.out(), fs::perms::owner_all);
  CATCH_CHECK(closed.exit_code == 6);
  CATCH_CHECK_THAT(closed.last_error_line(), StartsWith("error[E601] "));
  fs::remove_all(bench.out());
  std::ofstream{bench.out()} << "a file";
  CATCH_CHECK(bench.predict({"-i", input}).exit_code == 6);
}

CATCH_TEST_CASE("predict: fault 43: missing models end with 4 before any image is read") {
  const Workbench bench;
  std::ofstream{bench.folder() / "bad.tif"} << "no image";
  const ProcessResult result = bench.predict(
      {"-i", (bench.folder() / "bad.tif").string(), "-m", (bench.folder() / "absent").string()});
  CATCH_CHECK(result.exit_code == 4);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E401] "));
}

CATCH_TEST_CASE("predict: fault 47: a CUDA device that is not there is an error when asked for") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  const ProcessResult result = bench.predict({"-i", input, "--device", "cuda:63"});
  CATCH_CHECK(result.exit_code == 2);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E203] "));
}

CATCH_TEST_CASE("predict: fault 54: the same run twice gives the same pixels") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"), {.height = 90, .width = 130});
  const fs::path output = bench.out("a_actin.ome.tiff");
  const ProcessSettings all_processors{.one_processor = false};
  bench.done({"-i", input}, all_processors);
  const std::string first = content_without_uuid(output);
  bench.done({"-i", input, "--overwrite"}, all_processors);
  CATCH_CHECK(content_without_uuid(output) == first);
}
