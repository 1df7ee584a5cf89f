#include "deploy/linkage_bench_command.h"

#include <sys/resource.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <set>
#include <unordered_map>

#include "broker/core/whole_file.h"
#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/link_answer.h"
#include "consumers/linkage/model_epoch.h"
#include "consumers/linkage/partition_quality.h"
#include "deploy/command.h"
#include "deploy/linkage_stream_bench.h"

namespace moot {
namespace {

namespace json = boost::json;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What a run took and found.
struct Run {
  LinkageInput input;
  Estimate estimate;
  BlockingPlan plan;
  BatchLinkage linkage;
  double read_s = 0, estimate_s = 0, plan_s = 0, link_s = 0;
  std::uint64_t clusters = 0;
  PartitionQuality quality;
  double blocking_recall = 0;  // of the true pairs
  double calibration_error = 0;
  std::optional<StreamRun> stream;
  std::size_t possible = 0;  // links that a person should look at
  double to_review = 0;      // the share of the records that they are between

  std::size_t records() const { return input.records->size(); }
  // What is learnt of so few is mostly what was thought before.
  bool too_few_to_learn_from() const { return records() < kEpochRecordsMin; }
  // The plan knows only pairs that some column gives away; the clusters hold others too.
  double estimated_recall() const { return std::min(plan.recall, linkage.recall); }
  double all_s() const { return read_s + estimate_s + plan_s + link_s; }
  double candidates_for_a_record() const {
    return records() == 0 ? 0 : static_cast<double>(linkage.candidates) / static_cast<double>(records());
  }
  double pairs_a_second(double seconds) const {
    return static_cast<double>(linkage.candidates) / std::max(seconds, 1e-9);
  }
};

double measure_blocking(const Run& run, const CandidatePairs& candidates) {
  std::unordered_map<std::uint32_t, std::vector<RecordId>> entities;
  for (RecordId record = 0; record < run.records(); ++record) entities[run.input.truth[record]].push_back(record);
  std::uint64_t found = 0;
  for (const auto& [entity, records] : entities)
    for (std::size_t i = 0; i < records.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) found += candidates.are_candidates(records[i], records[j]);
  return run.quality.true_pairs == 0 ? 1 : static_cast<double>(found) / static_cast<double>(run.quality.true_pairs);
}

double measure_calibration(const Run& run, const CandidatePairs& candidates) {
  const RecordTable& records = *run.input.records;
  Calibration calibration;
  PairLevels levels(records);
  Levels found{};
  candidates.for_each([&](RecordId a, RecordId b) {
    levels.compare(records.values(a), records.values(b), found);
    const RivalWeight weight = weight_of(run.estimate.model, found, records.values(a), records.values(b));
    calibration.add(probability_of(weight.total), run.input.truth[a] == run.input.truth[b]);
  });
  return calibration.expected_error();
}

void count_possible(Run& run) {
  const std::vector<PossibleLink> links =
      possible_links(*run.input.records, run.linkage.cluster, run.linkage.pairs, {}, LinkageRule{});
  std::set<RecordId> records;
  for (const PossibleLink& link : links) records.insert({link.best.a, link.best.b});
  run.possible = links.size();
  run.to_review = run.records() == 0 ? 0 : static_cast<double>(records.size()) / static_cast<double>(run.records());
}

Result<Run> link_file(const LinkageBenchOrder& order) {
  Run run;
  double before = seconds_now();
  const auto lap = [&] {
    const double now = seconds_now();
    return now - std::exchange(before, now);
  };
  Result<LinkageInput> input = read_linkage_input(order.file, order.columns);
  if (!input.ok()) return input.status();
  run.input = std::move(*input);
  run.read_s = lap();
  run.estimate = estimate_model(*run.input.records);
  run.estimate_s = lap();
  run.plan = plan_blocking(*run.input.records, run.estimate);
  run.plan_s = lap();
  run.linkage = link_all(*run.input.records, run.estimate.model, run.plan, LinkageRule{});
  run.link_s = lap();
  for (RecordId record = 0; record < run.records(); ++record) run.clusters += run.linkage.cluster[record] == record;
  count_possible(run);
  if (!run.input.truth.empty()) {
    run.quality = compare_partitions(run.linkage.cluster, run.input.truth);
    const CandidatePairs candidates(*run.input.records, run.plan);
    run.blocking_recall = measure_blocking(run, candidates);
    run.calibration_error = measure_calibration(run, candidates);
  }
  if (order.stream)
    run.stream = stream_records(*run.input.records, run.estimate.model, run.plan, LinkageRule{}, run.linkage);
  return run;
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// A cluster is called by its first record in the file.
Status write_clusters(const Run& run, const std::filesystem::path& output) {
  std::vector<RecordId> first(run.records(), static_cast<RecordId>(run.records()));
  std::string text = "record_id,cluster_id\n";
  for (RecordId record = 0; record < run.records(); ++record) {
    RecordId& name = first[run.linkage.cluster[record]];
    name = std::min(name, record);
    text += quoted(run.input.ids[record]) + "," + quoted(run.input.ids[name]) + "\n";
  }
  return write_whole_file(output, text);
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

json::object quality_json(const Quality& quality) {
  return {{"precision", quality.precision}, {"recall", quality.recall}, {"f1", quality.f1()}};
}

void print_json(const Run& run) {
  json::object out = {{"records", run.records()},
                      {"rows_refused", run.input.rows_refused},
                      {"too_few_to_learn_from", run.too_few_to_learn_from()},
                      {"columns", json::value_from(run.input.columns)},
                      {"columns_left_out", json::value_from(run.input.left_out)},
                      {"clusters", run.clusters},
                      {"possible_links", run.possible},
                      {"share_to_review", run.to_review},
                      {"estimated_matches", run.estimate.model.matches},
                      {"candidates", run.linkage.candidates},
                      {"candidates_per_record", run.candidates_for_a_record()},
                      {"estimated_blocking_recall", run.estimated_recall()},
                      {"blocking", run.plan.words(*run.input.records)},
                      {"block_cap", run.plan.cap},
                      {"blocks_left_out", run.linkage.blocks_left_out},
                      {"largest_block", run.linkage.largest_block},
                      {"pairs_per_second", run.pairs_a_second(run.link_s)},
                      {"pairs_per_second_end_to_end", run.pairs_a_second(run.all_s())},
                      {"seconds", json::object{{"read", run.read_s},
                                               {"estimate", run.estimate_s},
                                               {"plan", run.plan_s},
                                               {"link", run.link_s},
                                               {"all", run.all_s()}}},
                      {"peak_memory_bytes", peak_memory_bytes()}};
  if (!run.input.truth.empty()) {
    out["pairs"] = quality_json(run.quality.pairs);
    out["b_cubed"] = quality_json(run.quality.b_cubed);
    out["true_pairs"] = run.quality.true_pairs;
    out["wrong_pairs"] = run.quality.found_pairs - run.quality.right_pairs;
    out["missed_pairs"] = run.quality.true_pairs - run.quality.right_pairs;
    out["blocking_recall"] = run.blocking_recall;
    out["calibration_error"] = run.calibration_error;
  }
  if (run.stream)
    out["stream"] = json::object{
        {"records_per_second", static_cast<double>(run.records()) / std::max(run.stream->seconds, 1e-9)},
        {"records_per_cpu_second", static_cast<double>(run.records()) / std::max(run.stream->cpu_seconds, 1e-9)},
        {"insert_us", json::object{{"p50", run.stream->insert_p50_us},
                                   {"p99", run.stream->insert_p99_us},
                                   {"p99_of_the_last_tenth", run.stream->late_insert_p99_us},
                                   {"most", run.stream->insert_most_us}}},
        {"withdraw_us", json::object{{"p99", run.stream->withdraw_p99_us}, {"records", run.stream->withdrawn}}},
        {"bytes_a_record", run.stream->bytes_of_record},
        {"same_people_as_at_once", run.stream->same_people}};
  std::cout << json::serialize(out) << "\n";
}

void print_words(const Run& run) {
  std::printf("%zu records, %llu people.\n", run.records(), static_cast<unsigned long long>(run.clusters));
  if (run.too_few_to_learn_from())
    std::printf(
        "Fewer than %zu records are too few to learn from: weights are those that are usual, and hardly depend on what "
        "stands here.\n",
        kEpochRecordsMin);
  std::printf("%zu possible links for a person to look at; they touch %.1f%% of the records.\n", run.possible,
              100 * run.to_review);
  std::printf(run.input.columns.empty() ? "No column to compare by.\n" : "Compared by:");
  for (const std::string& column : run.input.columns)
    std::printf(" %s%s", column.c_str(), &column == &run.input.columns.back() ? ".\n" : ";");
  for (const std::string& column : run.input.left_out)
    std::printf("Not looked at, too many columns: %s\n", column.c_str());
  if (run.input.rows_refused > 0)
    std::printf("%llu rows cannot be read and are left out.\n",
                static_cast<unsigned long long>(run.input.rows_refused));
  std::printf("Looked at where these are equal: %s.\n", run.plan.words(*run.input.records).c_str());
  std::printf("Candidates: %llu, %.1f a record; estimated to hold %.1f%% of the pairs of one person.\n",
              static_cast<unsigned long long>(run.linkage.candidates), run.candidates_for_a_record(),
              100 * run.estimated_recall());
  if (run.linkage.blocks_left_out > 0)
    std::printf(
        "%llu blocks of more than %u records were left out (the largest has %llu): what so many share tells nobody "
        "apart.\n",
        static_cast<unsigned long long>(run.linkage.blocks_left_out), run.plan.cap,
        static_cast<unsigned long long>(run.linkage.largest_block));
  if (!run.input.truth.empty()) {
    const auto line = [](const char* what, const Quality& quality) {
      std::printf("%-10s precision %.5f  recall %.5f  F1 %.5f\n", what, quality.precision, quality.recall,
                  quality.f1());
    };
    line("Pairs:", run.quality.pairs);
    line("B-cubed:", run.quality.b_cubed);
    std::printf("Of %llu true pairs %llu were missed; %llu are wrong. Candidates hold %.4f of them.\n",
                static_cast<unsigned long long>(run.quality.true_pairs),
                static_cast<unsigned long long>(run.quality.true_pairs - run.quality.right_pairs),
                static_cast<unsigned long long>(run.quality.found_pairs - run.quality.right_pairs),
                run.blocking_recall);
  }
  std::printf(
      "%.2f s: read %.2f, estimate %.2f, plan %.2f, link %.2f; %.1f million pairs a second while linking; %.0f MB at "
      "most.\n",
      run.all_s(), run.read_s, run.estimate_s, run.plan_s, run.link_s, run.pairs_a_second(run.link_s) / 1e6,
      static_cast<double>(peak_memory_bytes()) / 1e6);
}

void print_stream(const Run& run) {
  const StreamRun& stream = *run.stream;
  std::printf(
      "One after the other: %.0f records a second, %.0f by processor time; p50 %.0f us, p99 %.0f us, of the last tenth "
      "%.0f us.\n",
      static_cast<double>(run.records()) / std::max(stream.seconds, 1e-9),
      static_cast<double>(run.records()) / std::max(stream.cpu_seconds, 1e-9), stream.insert_p50_us,
      stream.insert_p99_us, stream.late_insert_p99_us);
  if (stream.bytes_of_record > 0)
    std::printf("Linking them so takes %.0f bytes of memory a record, beside the file.\n", stream.bytes_of_record);
  std::printf("%zu withdrawn and brought back: p99 %.0f us to withdraw. %s\n", stream.withdrawn, stream.withdraw_p99_us,
              stream.same_people ? "The same people as at once." : "NOT the same people as at once.");
}

}  // namespace

int linkage_bench_command(const Options& options, const LinkageBenchOrder& order) {
  const Result<Run> run = link_file(order);
  if (!run.ok()) return tell(run.status());
  if (!order.output.empty())
    if (const Status status = write_clusters(*run, order.output); !status.ok()) return tell(status);
  options.json ? print_json(*run) : print_words(*run);
  if (run->stream && !options.json) print_stream(*run);
  return run->stream && !run->stream->same_people ? kRefused : kDone;
}

void add_linkage_bench(CLI::App& group, const Options& options, LinkageBenchOrder& order, std::function<int()>& run) {
  CLI::App* command = group.add_subcommand("linkage", "Link the people of a CSV file, and say how right that is");
  command->add_option("file", order.file, "A CSV file with a header")->required();
  command->add_option("--id", order.columns.id, "The column with each record's own id (default: the row's number)");
  command->add_option("--ignore", order.columns.ignored, "Columns not to look at")->delimiter(',');
  command
      ->add_option(
          "--map", order.columns.mapped,
          "FIELD=COLUMN: given, family, name, middle, born, sex, address, number, postcode, town, phone, email, "
          "reference, code or text; other columns are told by their names and contents")
      ->delimiter(',');
  command->add_option("--cluster", order.columns.cluster, "The column with who each record truly is; only to score");
  command->add_flag("--stream", order.stream, "Link the records once more one after the other, and time each");
  command->add_option("--output", order.output, "Write record_id,cluster_id to this file");
  command->callback([&options, &order, &run] { run = [&] { return linkage_bench_command(options, order); }; });
}

}  // namespace moot
