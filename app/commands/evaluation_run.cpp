// SPDX-License-Identifier: Apache-2.0
#include "app/commands/evaluation_run.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/records/json.hpp"
#include "common/running/log.hpp"
#include "common/running/progress.hpp"
#include "common/running/resources.hpp"
#include "evaluation/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 3> report_files{"report.json", "report.csv", "report.html"};

std::string outcome(const std::vector<evaluation::Evaluation>& of_pair) {
  const evaluation::Evaluation& first = of_pair.front();
  if (first.error) {
    return first.error->what();
  }
  return of_pair.size() == 1 ? fmt::format("PCC {:.4f}", first.metrics.pcc.value_or(0))
                             : fmt::format("{} planes", of_pair.size());
}

std::vector<evaluation::Evaluation> compare(const EvaluationRun& run,
                                            const std::vector<dataset::Pair>& pairs) {
  Progress progress{pairs.size()};
  const int threads = run.threads > 0 ? run.threads : available_threads();
  return evaluation::evaluate_pairs(
      pairs, std::min(threads, static_cast<int>(std::min<std::size_t>(pairs.size(), 1024))),
      [&](const std::vector<evaluation::Evaluation>& of_pair) {
        const std::string name = of_pair.front().pair.prediction.string();
        for (const std::string& warning : of_pair.front().warnings) {
          log().warn("{}: {}", printable(name), printable(warning));
        }
        progress.finish(name, outcome(of_pair));
      });
}

void write_report(const EvaluationRun& run, const evaluation::Report& report) {
  write_file(run.report / "report.json", to_text(to_json(report)), run.existing);
  write_file(run.report / "report.csv", to_csv(report), run.existing);
  write_file(run.report / "report.html", to_html(report), run.existing);
}

void print_means(const evaluation::Report& report) {
  fmt::print("{:<14}{:>8}", "organelle", "images");
  for (const evaluation::MetricField& field : evaluation::metric_fields) {
    fmt::print("{:>12}", field.name);
  }
  fmt::print("\n");
  for (const evaluation::Group& group : report.summary.by_organelle) {
    fmt::print("{:<14}{:>8}", name_of(*group.key.organelle), group.images);
    for (const auto& statistics : group.metrics) {
      fmt::print("{:>12}", statistics ? fmt::format("{:.4f}", statistics->mean) : "-");
    }
    fmt::print("\n");
  }
  fmt::print("{} prediction(s) without a truth, {} truth(s) without a prediction\n",
             report.skipped.size(), report.unused_truths.size());
}

int conclude(const EvaluationRun& run, const evaluation::Report& report) {
  const std::size_t failed = failures_in(report);
  if (failed == 0) {
    return static_cast<int>(ExitCode::success);
  }
  if (report.evaluations.size() == 1) {
    throw Error{*report.evaluations.front().error};
  }
  throw Error{ErrorCode::partial, run.report.string(),
              fmt::format("{} of {} comparisons failed, the others are done", failed,
                          report.evaluations.size()),
              "see report.json for each cause"};
}

} // namespace

void check_report(const EvaluationRun& run) {
  make_output_folder(run.report);
  const TemporaryFile probe{run.report / report_files.front()};
  for (const char* const file : report_files) {
    check_output(run.report / file, run.existing);
  }
}

int run_evaluation(const EvaluationRun& run, dataset::PairList pairs) {
  if (pairs.pairs.empty()) {
    throw Error{ErrorCode::input_ambiguous, "lmc evaluate",
                fmt::format("there is nothing to compare: {} prediction(s) without a truth, {} "
                            "truth(s) without a prediction",
                            pairs.skipped.size(), pairs.unused_truths.size()),
                "name files <image>_<organelle>.ome.tiff in both folders, or list the pairs in a "
                "CSV table (--pairs)"};
  }
  evaluation::Report report;
  report.evaluations = compare(run, pairs.pairs);
  report.skipped = std::move(pairs.skipped);
  report.unused_truths = std::move(pairs.unused_truths);
  report.summary = evaluation::summarise(report.evaluations);
  write_report(run, report);
  print_means(report);
  return conclude(run, report);
}

int print_metrics(const dataset::Pair& pair) {
  const std::vector<evaluation::Evaluation> planes = evaluation::evaluate_pair(pair);
  if (planes.size() != 1) {
    throw Error{ErrorCode::input_ambiguous, pair.prediction.string(),
                fmt::format("it has {} planes, one is wanted", planes.size()),
                "use --pairs or -i and -g, which compare every plane of a stack"};
  }
  for (const std::string& warning : planes.front().warnings) {
    log().warn("{}: {}", printable(pair.prediction.string()), printable(warning));
  }
  fmt::print("{}\n", to_json(planes.front().metrics).dump());
  return static_cast<int>(ExitCode::success);
}

} // namespace lmc::app
