// SPDX-License-Identifier: Apache-2.0
// Every option of `lmc predict`, through the program.
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

CATCH_TEST_CASE("predict: one image gives four predictions and two summaries") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("cell.ome.tiff"));
  const ProcessResult result = bench.done({"-i", input});
  CATCH_CHECK(files_below(bench.out()) ==
              std::vector<std::string>{"cell_actin.ome.tiff", "cell_mitochondria.ome.tiff",
                                       "cell_nucleus.ome.tiff", "cell_tubulin.ome.tiff",
                                       "summary.csv", "summary.json"});
  CATCH_CHECK_THAT(result.err, Contains("100% " + input + " done in "));
  const nlohmann::json image = bench.image();
  CATCH_CHECK(image.at("input") == input);
  CATCH_CHECK(image.at("status") == "done");
  CATCH_CHECK(image.at("modality") == "PC");
  CATCH_CHECK(image.at("pixel_size_um").at("y") == 0.1);
  CATCH_CHECK(image.at("outputs").at("tubulin").at("file") ==
              bench.out("cell_tubulin.ome.tiff").string());
  CATCH_CHECK(image.at("outputs").at("tubulin").at("model") == "phase_contrast.safetensors");
  const std::string csv = content_of(bench.out("summary.csv"));
  CATCH_CHECK_THAT(csv, StartsWith("input,status,modality,height,width,"));
  CATCH_CHECK_THAT(csv, Contains("\"" + input + "\",done,PC,24,40,1,1,16,0.1,0.1,"));
  // What an output says of its making.
  const auto output = lmc::image::read_transmitted_light(bench.out("cell_nucleus.ome.tiff"));
  CATCH_CHECK(output.pixels.height() == 24);
  CATCH_CHECK(output.pixels.width() == 40);
  CATCH_CHECK(output.pixel_um->x_um == 0.1);
  CATCH_CHECK(output.provenance.image_name == "sample");
  CATCH_CHECK_THAT(content_of(bench.out("cell_nucleus.ome.tiff")),
                   Contains("Channel ID=\"Channel:0:0\" Name=\"nucleus\"") &&
                       Contains(image.at("sha256").get<std::string>()));
}

CATCH_TEST_CASE("predict: stacks keep their Z and T axes") {
  const Workbench bench;
  const std::string input =
      write_sample(bench.in("stack.ome.tiff"), {.z_planes = 2, .t_planes = 2});
  bench.done({"-i", input, "--organelles", "nucleus"});
  const auto output = lmc::image::InputImage::open(bench.out("stack_nucleus.ome.tiff"), {});
  CATCH_CHECK(output.z_planes() == 2);
  CATCH_CHECK(output.t_planes() == 2);
  CATCH_CHECK(output.axes_known());
  CATCH_CHECK(bench.image().at("z_planes") == 2);
  CATCH_CHECK(bench.image().at("t_planes") == 2);
  const auto all = pixels_of(bench.out("stack_nucleus.ome.tiff"));

  bench.done({"-i", input, "--organelles", "nucleus", "--planes", "middle", "--overwrite"});
  const auto middle = pixels_of(bench.out("stack_nucleus.ome.tiff"));
  CATCH_CHECK(bench.image().at("z_planes") == 1);
  CATCH_CHECK_THAT(bench.image().at("warnings").dump(),
                   Contains("only the middle one (z 1 of 0..1)"));
  const std::size_t plane = 24 * 40;
  CATCH_CHECK(middle == std::vector<std::uint16_t>(all.begin() + plane, all.begin() + 2 * plane));
}

CATCH_TEST_CASE("predict: --organelles, --modality and --channel choose") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"), {.channel = "unnamed"});
  bench.done({"-i", input, "--organelles", "nucleus,actin"});
  CATCH_CHECK(files_below(bench.out()) == std::vector<std::string>{"a_actin.ome.tiff",
                                                                   "a_nucleus.ome.tiff",
                                                                   "summary.csv", "summary.json"});
  // Fault 34: an unknown modality is predicted by the unified network, with a warning.
  CATCH_CHECK(bench.image().at("modality") == "unknown");
  CATCH_CHECK(bench.image().at("outputs").at("nucleus").at("model") == "unified.safetensors");
  CATCH_CHECK_THAT(bench.image().at("warnings").dump(), Contains("the modality is unknown"));

  bench.done({"-i", input, "--modality", "BF", "--overwrite", "--channel", "unnamed"});
  CATCH_CHECK(bench.image().at("outputs").at("nucleus").at("model") == "bright_field.safetensors");
  const ProcessResult absent = bench.predict({"-i", input, "--channel", "DIC", "--overwrite"});
  CATCH_CHECK(absent.exit_code == 3);
  CATCH_CHECK_THAT(absent.last_error_line(), Contains("no channel \"DIC\""));
}

CATCH_TEST_CASE("predict: --float32 writes what uint16 rounds and clamps") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  bench.done({"-i", input, "--organelles", "tubulin"});
  const auto rounded = pixels_of(bench.out("a_tubulin.ome.tiff"));
  bench.done({"-i", input, "--organelles", "tubulin", "--float32", "--overwrite"});
  CATCH_CHECK_THAT(content_of(bench.out("a_tubulin.ome.tiff")), Contains("Type=\"float\""));
  const auto precise = pixels_of(bench.out("a_tubulin.ome.tiff"));
  CATCH_CHECK(precise == rounded);
}

CATCH_TEST_CASE(
    "predict: --preset, --batch and --threads are recorded; the batch changes nothing") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"), {.height = 530, .width = 600});
  CATCH_REQUIRE(
      bench.predict({"-i", input, "--organelles", "actin", "--preset", "balanced", "--batch", "1"})
          .exit_code == 0);
  CATCH_CHECK(bench.summary().at("preset") == "balanced");
  CATCH_CHECK(bench.summary().at("windows").at("rotations") == 2);
  CATCH_CHECK(bench.summary().at("windows").at("batch") == 1);
  const auto one = pixels_of(bench.out("a_actin.ome.tiff"));
  CATCH_REQUIRE(bench
                    .predict({"-i", input, "--organelles", "actin", "--preset", "balanced",
                              "--batch", "3", "--threads", "1", "--overwrite"})
                    .exit_code == 0);
  CATCH_CHECK(bench.summary().at("threads") == 1);
  const auto three = pixels_of(bench.out("a_actin.ome.tiff"));
  CATCH_REQUIRE(three.size() == one.size());
  int largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    largest = std::max(largest, std::abs(int{one[i]} - int{three[i]}));
  }
  CATCH_CHECK(largest <= 1);
}

CATCH_TEST_CASE("predict: --skip-near-duplicates saves windows and is recorded") {
  const Workbench bench;
  // Windows of the preset fast start at 0, 384 and 404.
  const std::string input = write_sample(bench.in("a.ome.tiff"), {.height = 60, .width = 916});
  const auto counted = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"-i", input, "--dry-run", "--preset", "fast"});
    return bench.predict(more).out;
  };
  CATCH_CHECK_THAT(counted({}), Contains(", 3 windows"));
  CATCH_CHECK_THAT(counted({"--skip-near-duplicates"}), Contains(", 2 windows"));
  const fs::path output = bench.out("a_actin.ome.tiff");
  const std::string note = ", without near-duplicate windows";
  bench.done({"-i", input, "--organelles", "actin"});
  CATCH_CHECK(bench.summary().at("windows").at("skip_near_duplicates") == false);
  CATCH_CHECK_THAT(content_of(output), !Contains(note));
  bench.done({"-i", input, "--organelles", "actin", "--skip-near-duplicates", "--overwrite"});
  CATCH_CHECK(bench.summary().at("windows").at("skip_near_duplicates") == true);
  CATCH_CHECK_THAT(content_of(output), Contains(note));
}

CATCH_TEST_CASE("predict: --model takes one weights file for everything") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  write_tiny_model(bench.folder() / "own.safetensors", 3);
  bench.done({"-i", input, "-m", (bench.folder() / "own.safetensors").string()});
  CATCH_CHECK(bench.summary().at("models").at(0).at("role") == "any");
  CATCH_CHECK(bench.image().at("outputs").at("actin").at("model") == "own.safetensors");
}

CATCH_TEST_CASE("predict: --dry-run says what would be done and writes nothing") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"), {.height = 530, .width = 600});
  const ProcessResult result = bench.predict({"-i", input, "--dry-run", "--preset", "paper"});
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK_THAT(result.out, Contains(input + ": 600 x 530 pixels, 1 plane(s), PC, ") &&
                                   Contains("-> " + bench.out("a_nucleus.ome.tiff").string()) &&
                                   Contains("nothing was written"));
  CATCH_CHECK_FALSE(fs::exists(bench.out()));

  std::ofstream{bench.in("b.ome.tiff")} << "no image";
  const ProcessResult bad = bench.predict({"-i", bench.in().string(), "--dry-run"});
  CATCH_CHECK(bad.exit_code == 7);
  CATCH_CHECK_THAT(bad.last_error_line(), Contains("1 of 2 images cannot be read"));
  const std::string broken = bench.in("b.ome.tiff").string();
  const ProcessResult alone = bench.predict({"-i", broken, "--dry-run"});
  CATCH_CHECK(alone.exit_code == 3);
  CATCH_CHECK_THAT(alone.last_error_line(), Contains(broken));
}

CATCH_TEST_CASE("predict: --previews draws one PNG per image, below the same folders") {
  const Workbench bench;
  write_sample(bench.in("a.ome.tiff"));
  write_sample(bench.in("plate 1/b.ome.tiff"));
  const std::string previews = (bench.folder() / "previews").string();
  bench.done({"-i", bench.in().string(), "--previews", previews, "--float32"});
  CATCH_CHECK(files_below(previews) == std::vector<std::string>{"a.png", "plate 1/b.png"});
  CATCH_CHECK_THAT(content_of(fs::path{previews} / "a.png"), StartsWith("\x89PNG"));
  // Drawn of what is in memory, it is the picture of the files.
  std::vector<std::string> words{"preview", bench.in("a.ome.tiff").string(), "-o",
                                 (bench.folder() / "a.png").string()};
  for (const char* const organelle : {"actin", "mitochondria", "nucleus", "tubulin"}) {
    words.push_back(bench.out(std::string{"a_"} + organelle + ".ome.tiff").string());
  }
  CATCH_CHECK(run("lmc", words).exit_code == 0);
  CATCH_CHECK(content_of(bench.folder() / "a.png") == content_of(fs::path{previews} / "a.png"));

  fs::remove_all(bench.out());
  const ProcessResult again =
      bench.predict({"-i", bench.in().string(), "--previews", previews, "--preset", "fast"});
  CATCH_CHECK(again.exit_code == 6);
  CATCH_CHECK_THAT(again.last_error_line(), StartsWith("error[E602] ") && Contains("a.png"));
}

CATCH_TEST_CASE("predict: folders and quoted patterns") {
  const Workbench bench;
  write_sample(bench.in("p1.ome.tiff"));
  write_sample(bench.in("p2.tif"));
  write_sample(bench.in("deep/p3.tiff"));
  const ProcessResult pattern =
      bench.done({"-i", bench.in("p?.*").string(), "--organelles", "actin"});
  CATCH_CHECK_THAT(pattern.err, Contains(" 50% ") && Contains("100% "));
  CATCH_CHECK(files_below(bench.out()) == std::vector<std::string>{"p1_actin.ome.tiff",
                                                                   "p2_actin.ome.tiff",
                                                                   "summary.csv", "summary.json"});
  bench.done({bench.in().string(), "--organelles", "actin", "--overwrite"});
  CATCH_CHECK(fs::exists(bench.out("deep/p3_actin.ome.tiff")));
  CATCH_CHECK(bench.summary().at("counts").at("done") == 3);
}

CATCH_TEST_CASE("predict: fault 42: outputs are kept, unless --overwrite or --resume") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  bench.done({"-i", input, "--organelles", "actin"});
  const std::string before = content_of(bench.out("a_actin.ome.tiff"));
  const std::vector<std::string> again{"-i", input, "--organelles", "actin", "--preset", "fast"};
  const ProcessResult refused = bench.predict(again);
  CATCH_CHECK(refused.exit_code == 6);
  CATCH_CHECK_THAT(refused.last_error_line(), StartsWith("error[E602] ") &&
                                                  Contains("a_actin.ome.tiff: the file exists") &&
                                                  Contains("--resume"));
  CATCH_CHECK(content_of(bench.out("a_actin.ome.tiff")) == before);
  bench.done({"-i", input, "--organelles", "actin", "--overwrite"});
  CATCH_CHECK(content_of(bench.out("a_actin.ome.tiff")) != before); // another UUID

  const ProcessResult both = bench.predict({"-i", input, "--overwrite", "--resume"});
  CATCH_CHECK(both.exit_code == 2);
}

CATCH_TEST_CASE("predict: --resume keeps what is done and makes what is missing") {
  const Workbench bench;
  write_sample(bench.in("a.ome.tiff"));
  write_sample(bench.in("b.ome.tiff"));
  bench.done({"-i", bench.in().string()});
  const std::string kept = content_of(bench.out("a_actin.ome.tiff"));
  fs::remove(bench.out("b_tubulin.ome.tiff"));
  const ProcessResult result = bench.done({"-i", bench.in().string(), "--resume"});
  CATCH_CHECK_THAT(result.err, Contains("a.ome.tiff skipped: its outputs exist"));
  CATCH_CHECK(content_of(bench.out("a_actin.ome.tiff")) == kept);
  CATCH_CHECK(fs::exists(bench.out("b_tubulin.ome.tiff")));
  // The summary still tells the whole story.
  CATCH_CHECK(bench.summary().at("images").at(0).at("outputs").size() == 4);
  CATCH_CHECK(bench.summary().at("counts").at("skipped") == 1);
}

CATCH_TEST_CASE("predict: shards by options and by the scheduler's variables cover everything") {
  const Workbench bench;
  for (const char* const name : {"a.tif", "b.tif", "c.tif"}) {
    write_sample(bench.in(name));
  }
  const std::vector<std::string> all{"-i",    bench.in().string(), "--organelles",
                                     "actin", "--preset",          "fast"};
  const auto shard = [&](std::vector<std::string> more, std::vector<std::string> environment) {
    more.insert(more.begin(), all.begin(), all.end());
    const ProcessResult result = bench.predict(more, {.environment = std::move(environment)});
    CATCH_INFO(result.err);
    CATCH_CHECK(result.exit_code == 0);
  };
  shard({"--num-shards", "2", "--shard-id", "0"}, {});
  CATCH_CHECK(files_below(bench.out()) ==
              std::vector<std::string>{"a_actin.ome.tiff", "c_actin.ome.tiff", "summary_0_of_2.csv",
                                       "summary_0_of_2.json"});
  shard({}, {"SLURM_ARRAY_TASK_ID=4", "SLURM_ARRAY_TASK_MIN=3", "SLURM_ARRAY_TASK_COUNT=2"});
  CATCH_CHECK(fs::exists(bench.out("b_actin.ome.tiff")));
  CATCH_CHECK(json_of(bench.out("summary_1_of_2.json")).at("counts").at("done") == 1);
  fs::remove_all(bench.out());
  shard({"--num-shards", "3"}, {"JOB_COMPLETION_INDEX=2"});
  CATCH_CHECK(fs::exists(bench.out("c_actin.ome.tiff")));
  CATCH_CHECK_FALSE(fs::exists(bench.out("a_actin.ome.tiff")));
}

CATCH_TEST_CASE("predict: options that mean nothing are refused with what is allowed") {
  const Workbench bench;
  const std::string input = write_sample(bench.in("a.ome.tiff"));
  const auto refused = [&](std::vector<std::string> more, const std::string& text) {
    more.insert(more.begin(), {"-i", input});
    const ProcessResult result = bench.predict(more);
    CATCH_CHECK(result.exit_code == 2);
    CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E2") && Contains(text));
  };
  refused({"--organelles", "nucleus,golgi"}, "\"golgi\" is not known");
  refused({"--modality", "fluorescence"}, "give BF, PC or DIC");
  refused({"--preset", "slow"}, "paper, balanced, fast");
  refused({"--planes", "first"}, "auto, all or middle");
  refused({"--batch", "-1"}, "allowed is 0 to 4096");
  refused({"--num-shards", "2", "--shard-id", "2"}, "shard 2 of 2 does not exist");
  refused({"--nonsense"}, "--nonsense");
  CATCH_CHECK_FALSE(fs::exists(bench.out()));
  const ProcessResult tpu =
      run("lmc", {"predict", "-i", input, "-o", bench.out().string(), "--device", "tpu"});
  CATCH_CHECK(tpu.exit_code == 2);
  CATCH_CHECK(run("lmc", {"predict"}).exit_code == 2);
}
