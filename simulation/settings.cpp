// SPDX-License-Identifier: Apache-2.0
#include "simulation/settings.hpp"

#include "common/error.hpp"
#include "simulation/settings_fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace lmc::simulation {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view setting, std::string cause, std::string remedy) {
  throw Error{ErrorCode::configuration, std::string{setting}, std::move(cause), std::move(remedy)};
}

/// Refuses numbers outside their range, NaN included.
struct RangeCheck {
  template <class Number>
  void operator()(std::string_view name, Number value, Number low, Number high) const {
    if (!(value >= low && value <= high)) {
      refuse(name, fmt::format("{}, allowed is {} to {}", value, low, high),
             "give a value in this range");
    }
  }
  void operator()(std::string_view, bool) const {}
};

struct Writer {
  json& object;
  template <class Value, class... Range>
  void operator()(const char* name, const Value& value, Range...) const {
    object[name] = value;
  }
};

/// Takes the keys that it knows; what is left over is unknown.
class Reader {
public:
  Reader(std::string_view what, const json& object) : what_{what}, object_{object} {
    if (!object.is_object()) {
      refuse(what, fmt::format("{}, an object is expected", object.type_name()),
             "see lmc simulate --print-config");
    }
  }

  /// The value of a key that may be absent.
  const json* find(std::string_view name) {
    known_.emplace(name);
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  void operator()(std::string_view name, double& field, double, double) {
    if (const json* value = find(name)) {
      expect(value->is_number(), name, *value, "a number");
      field = value->get<double>();
    }
  }
  void operator()(std::string_view name, int& field, int, int) {
    if (const json* value = find(name)) {
      // Compared as a double first: a number beyond int would wrap.
      expect(value->is_number_integer() && std::abs(value->get<double>()) <= 2147483647.0, name,
             *value, "a whole number");
      field = value->get<int>();
    }
  }
  void operator()(std::string_view name, bool& field) {
    if (const json* value = find(name)) {
      expect(value->is_boolean(), name, *value, "true or false");
      field = value->get<bool>();
    }
  }
  void operator()(std::string_view name, std::string& field) {
    if (const json* value = find(name)) {
      expect(value->is_string(), name, *value, "a text");
      field = value->get<std::string>();
    }
  }

  static void expect(bool right, std::string_view name, const json& value,
                     std::string_view wanted) {
    if (!right) {
      refuse(name, fmt::format("{}, {} is expected", value.dump().substr(0, 40), wanted),
             "see lmc simulate --print-config");
    }
  }

  void refuse_unknown() const {
    for (const auto& [key, value] : object_.items()) {
      if (!known_.contains(key)) {
        refuse(key, fmt::format("no such setting in {}", what_),
               fmt::format("the settings are {}", fmt::join(known_, ", ")));
      }
    }
  }

private:
  std::string what_;
  const json& object_;
  std::set<std::string, std::less<>> known_;
};

json names_of(const std::vector<Organelle>& organelles) {
  json names = json::array();
  for (const Organelle organelle : organelles) {
    names.push_back(name_of(organelle));
  }
  return names;
}

std::vector<Organelle> organelles_from(const json& value) {
  Reader::expect(value.is_array(), "labels", value, "a list of organelles");
  std::vector<Organelle> organelles;
  for (const json& entry : value) {
    const auto organelle =
        entry.is_string() ? organelle_from_name(entry.get<std::string>()) : std::nullopt;
    Reader::expect(organelle.has_value(), "labels", entry,
                   "mitochondria, nucleus, tubulin or actin");
    organelles.push_back(organelle.value());
  }
  return organelles;
}

Modality modality_from(const json& value) {
  const auto modality =
      value.is_string() ? modality_from_name(value.get<std::string>()) : std::nullopt;
  Reader::expect(modality.has_value(), "modality", value, "BF, PC or DIC");
  return *modality;
}

void check_optics(const OpticsSettings& optics) {
  visit_optics(optics, RangeCheck{});
  if (optics.source_points % 2 != 0) {
    refuse("source_points", fmt::format("{}, an even number is expected", optics.source_points),
           "the points come in opposite pairs");
  }
  if (!(optics.ring_na < optics.objective_na)) {
    refuse("ring_na",
           fmt::format("{}, allowed is less than objective_na, {}", optics.ring_na,
                       optics.objective_na),
           "the objective must let the annulus's light through");
  }
  if (!(optics.condenser_na <= optics.objective_na)) {
    refuse("condenser_na",
           fmt::format("{}, allowed is up to objective_na, {}", optics.condenser_na,
                       optics.objective_na),
           "light beyond it would be dark field");
  }
}

} // namespace

void StudySettings::validate() const {
  visit_cells(cells, RangeCheck{});
  check_optics(optics);
  visit_camera(camera, RangeCheck{});
}

void SimulationOptions::validate() const {
  visit_run(*this, RangeCheck{});
  if (modality != "all" && modality != "BF" && modality != "PC" && modality != "DIC") {
    refuse("modality", fmt::format("\"{}\", allowed are BF, PC, DIC and all", modality),
           "give one of these names");
  }
  std::for_each(studies.begin(), studies.end(), [](const StudySettings& s) { s.validate(); });
}

json to_json(const StudySettings& study) {
  json cells;
  json optics;
  json camera;
  visit_cells(study.cells, Writer{cells});
  visit_optics(study.optics, Writer{optics});
  visit_camera(study.camera, Writer{camera});
  return {{"modality", short_name_of(study.modality)},
          {"sample", study.sample},
          {"labels", names_of(study.labels)},
          {"cells", cells},
          {"optics", optics},
          {"camera", camera}};
}

json to_json(const SimulationOptions& options) {
  json object;
  visit_run(options, Writer{object});
  object["modality"] = options.modality;
  object["seed"] = options.seed;
  object["studies"] = json::array();
  for (const StudySettings& study : options.studies) {
    object["studies"].push_back(to_json(study));
  }
  return object;
}

StudySettings study_from_json(const json& object) {
  Reader reader{"a study", object};
  StudySettings study;
  if (const json* modality = reader.find("modality")) {
    study.modality = modality_from(*modality);
  }
  reader("sample", study.sample);
  if (const json* labels = reader.find("labels")) {
    study.labels = organelles_from(*labels);
  }
  const auto part = [&reader](const char* name, auto&& visit) {
    if (const json* value = reader.find(name)) {
      Reader inner{name, *value};
      visit(inner);
      inner.refuse_unknown();
    }
  };
  part("cells", [&](Reader& inner) { visit_cells(study.cells, inner); });
  part("optics", [&](Reader& inner) { visit_optics(study.optics, inner); });
  part("camera", [&](Reader& inner) { visit_camera(study.camera, inner); });
  reader.refuse_unknown();
  study.validate();
  return study;
}

SimulationOptions options_from_json(const json& object) {
  Reader reader{"the simulation", object};
  SimulationOptions options;
  visit_run(options, reader);
  reader("modality", options.modality);
  if (const json* seed = reader.find("seed")) {
    Reader::expect(seed->is_number_unsigned(), "seed", *seed, "a whole number from 0");
    options.seed = seed->get<std::uint64_t>();
  }
  if (const json* studies = reader.find("studies")) {
    Reader::expect(studies->is_array(), "studies", *studies, "a list of studies");
    for (const json& study : *studies) {
      options.studies.push_back(study_from_json(study));
    }
  }
  reader.refuse_unknown();
  options.validate();
  return options;
}

} // namespace lmc::simulation
