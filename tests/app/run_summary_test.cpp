// SPDX-License-Identifier: Apache-2.0
#include "app/predict/summary.hpp"

#include "common/records/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <clocale>
#include <string>

using lmc::Error;
using lmc::ErrorCode;
using lmc::app::ImageRecord;
using lmc::app::RunSummary;
using lmc::app::Status;

namespace {

RunSummary two_images() {
  RunSummary summary;
  summary.program = "lmc predict";
  ImageRecord done;
  done.input = "a \"b\",c.tif";
  done.status = Status::done;
  done.modality = lmc::Modality::dic;
  done.height = 3;
  done.width = 5;
  done.pixel_um = lmc::image::PixelSize{0.25, 0.5};
  done.outputs[lmc::Organelle::nucleus] = "out/a_nucleus.ome.tiff";
  done.models[lmc::Organelle::nucleus] = "dic.safetensors";
  done.seconds = {.read = 0.25, .predict = 1, .write = 0.25};
  done.warnings = {"first", "second"};
  ImageRecord failed;
  failed.input = "bad\xb5.tif";
  failed.error = Error{ErrorCode::input_empty, "bad.tif", "the file is empty", "copy it again"};
  summary.images = {done, failed};
  return summary;
}

} // namespace

CATCH_TEST_CASE("a summary tells what became of each image") {
  const auto json = lmc::parse_json(lmc::to_text(lmc::app::to_json(two_images())));
  CATCH_CHECK(json.at("status") == "failed");
  CATCH_CHECK(json.at("counts") == nlohmann::json{{"done", 1}, {"skipped", 0}, {"failed", 1}});
  const auto& done = json.at("images").at(0);
  CATCH_CHECK(done.at("modality") == "DIC");
  CATCH_CHECK(done.at("pixel_size_known") == true);
  CATCH_CHECK(done.at("pixel_size_um").at("y") == 0.5);
  CATCH_CHECK(done.at("outputs").size() == 1);
  CATCH_CHECK(done.at("outputs").at("nucleus").at("model") == "dic.safetensors");
  CATCH_CHECK(done.at("seconds") == 1.5);
  CATCH_CHECK(done.at("seconds_of") ==
              nlohmann::json{{"read", 0.25}, {"predict", 1.0}, {"write", 0.25}});
  const auto& failed = json.at("images").at(1);
  CATCH_CHECK(failed.at("pixel_size_known") == false);
  CATCH_CHECK(failed.at("error").at("code") == "E302");
}

CATCH_TEST_CASE("the CSV quotes names and uses a decimal point") {
  const std::string csv = lmc::app::to_csv(two_images());
  CATCH_CHECK_THAT(csv,
                   Catch::Matchers::Contains(
                       "\"a \"\"b\"\",c.tif\",done,DIC,3,5,0,0,0,0.25,0.5,\"\","
                       "\"out/a_nucleus.ome.tiff\",\"\",\"\",0,1.500,\"first; second\",\"\"\n"));
}
