// SPDX-License-Identifier: Apache-2.0
#include "training/data/split.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace lmc;
using namespace lmc::training;

namespace {

std::vector<Field> fields(int bright, int dic) {
  std::vector<Field> result;
  for (int i = 0; i < bright + dic; ++i) {
    Field field;
    field.name = std::to_string(i);
    field.modality = i < bright ? Modality::bright_field : Modality::dic;
    result.push_back(field);
  }
  return result;
}

std::set<std::string> names(const std::vector<Field>& of) {
  std::set<std::string> result;
  for (const Field& field : of) {
    result.insert(field.name);
  }
  return result;
}

long of_modality(const std::vector<Field>& of, Modality modality) {
  return std::count_if(of.begin(), of.end(),
                       [&](const Field& field) { return field.modality == modality; });
}

} // namespace

CATCH_TEST_CASE("every field is on one side, with the fraction held in each modality") {
  const Split split = split_fields(fields(50, 20), 0.1, 1);
  CATCH_CHECK(of_modality(split.validation, Modality::bright_field) == 5);
  CATCH_CHECK(of_modality(split.validation, Modality::dic) == 2);
  std::set<std::string> all = names(split.training);
  CATCH_CHECK(all.size() == 63);
  all.merge(names(split.validation));
  CATCH_CHECK(all.size() == 70);
}

CATCH_TEST_CASE("the split is a function of names and seed, not of the order") {
  std::vector<Field> shuffled = fields(30, 30);
  std::reverse(shuffled.begin(), shuffled.end());
  const auto validation = names(split_fields(fields(30, 30), 0.2, 5).validation);
  CATCH_CHECK(validation == names(split_fields(shuffled, 0.2, 5).validation));
  CATCH_CHECK(validation != names(split_fields(fields(30, 30), 0.2, 6).validation));
}

CATCH_TEST_CASE("small sets keep one of three, two are all learnt from, and zero means none") {
  CATCH_CHECK(split_fields(fields(3, 0), 0.1, 1).validation.size() == 1);
  CATCH_CHECK(split_fields(fields(2, 0), 0.1, 1).validation.empty());
  CATCH_CHECK(split_fields(fields(50, 50), 0, 1).validation.empty());
}
