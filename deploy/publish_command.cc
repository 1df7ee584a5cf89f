#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <thread>

#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "deploy/command.h"
#include "deploy/dry_run_report.h"
#include "deploy/log_line.h"
#include "deploy/pace.h"
#include "deploy/progress.h"
#include "deploy/reach.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr int kRefusalsShown = 20;

json::value offset_or_null(const std::optional<Offset>& offset) {
  return offset ? json::value(std::to_string(offset->value)) : json::value(nullptr);
}

json::object counts(const FileTotals& totals) {
  return {{"read", totals.read},
          {"accepted", totals.accepted},
          {"duplicate", totals.duplicate},
          {"superseding", totals.superseding},
          {"refused", totals.refused},
          {"withdrawn", totals.withdrawn},
          {"unanswered", totals.unanswered}};
}

// What became of one file; a report only of a dry run.
struct PublishedFile {
  FileTotals totals;
  std::optional<DryRunReport> report;
};

// What all files share.
struct Work {
  const Options& options;
  const PublishOrder& order;
  const GivenMapping& mapping;
  FileFormat format;
  Publisher publisher;
  DryRunSink* dry_run = nullptr;  // the sink, when it is one
  OwnEvents own_events = {};      // none in a dry run
  Limits limits = {};
};

void add(FileTotals& sum, const FileTotals& file) {
  sum.read += file.read;
  sum.accepted += file.accepted;
  sum.duplicate += file.duplicate;
  sum.superseding += file.superseding;
  sum.refused += file.refused;
  sum.unanswered += file.unanswered;
  sum.withdrawn += file.withdrawn;
  sum.notes.insert(sum.notes.end(), file.notes.begin(), file.notes.end());
  if (!sum.first_offset || (file.first_offset && *file.first_offset < *sum.first_offset))
    sum.first_offset = file.first_offset ? file.first_offset : sum.first_offset;
  if (!sum.last_offset || (file.last_offset && *file.last_offset > *sum.last_offset))
    sum.last_offset = file.last_offset ? file.last_offset : sum.last_offset;
}

void print_json(const FileTotals& sum, const std::vector<PublishedFile>& files, std::uint64_t recovered) {
  json::object out = counts(sum);
  out["recovered"] = recovered;  // of accepted: stored although the broker died before it could say so
  out["first_offset"] = offset_or_null(sum.first_offset);
  out["last_offset"] = offset_or_null(sum.last_offset);
  json::array rows;
  for (const PublishedFile& file : files) {
    json::object row = {{"file", file.totals.file}};
    for (auto& [key, value] : counts(file.totals)) row[key] = value;
    row["footer_rows"] = file.totals.footer_rows;
    row["notes"] = json::array(file.totals.notes.begin(), file.totals.notes.end());
    if (file.report) add_dry_run(row, file.totals, *file.report);
    if (file.report) out["compared_with"] = "these-files";  // not with what is stored already
    rows.push_back(std::move(row));
  }
  out["files"] = std::move(rows);
  std::cout << json::serialize(out) << "\n";
}

void print_words(const FileTotals& sum, const std::vector<PublishedFile>& files, const Work& work) {
  const bool dry = work.dry_run != nullptr;
  for (const PublishedFile& file : files) {
    const FileTotals& totals = file.totals;
    std::cout << totals.file << ": " << totals.read << " read, " << totals.accepted
              << (dry ? " would be accepted, " : " accepted, ") << totals.duplicate
              << (dry ? " the same as another, " : " there already, ") << totals.superseding << " superseding, "
              << totals.refused << " refused";
    if (totals.footer_rows > 0)
      std::cout << "; " << totals.footer_rows << (totals.footer_rows == 1 ? " footer row" : " footer rows")
                << " left out";
    if (totals.withdrawn > 0) std::cout << "; " << totals.withdrawn << " no longer in it, withdrawn";
    std::cout << "\n";
    for (const std::string& note : totals.notes) std::cout << totals.file << ": " << note << "\n";
    if (file.report) std::cout << dry_run_words(totals, *file.report);
  }
  if (sum.refused > 0 && !dry) std::cout << "What was refused waits in the inbox: moot inbox list\n";
  if (dry) {
    std::cout << "Nothing was published. The rows were compared with each other; which of them Moot holds already is "
                 "known when they are published.\n";
    if (!work.dry_run->remembers_all()) std::cout << "There were too many rows to compare all of them.\n";
  }
}

// Prints why a row was refused, the first few of each file; the rest is in the inbox.
class Refusals {
 public:
  void tell(const Outcome& outcome) {
    if (outcome.fate != Fate::kRefused) return;
    if (++told_ > kRefusalsShown) return;
    std::string where = outcome.origin.file();
    if (outcome.origin.row() > 0) where += ", row " + std::to_string(outcome.origin.row());
    warn("publish", "refused: " + where + ": " + outcome.status.message());
  }
  ~Refusals() {
    if (told_ > kRefusalsShown) warn("publish", "and " + std::to_string(told_ - kRefusalsShown) + " more refusals");
  }

 private:
  int told_ = 0;
};

// A sink that keeps to a pace.
class PacedSink final : public RecordSink {
 public:
  PacedSink(RecordSink& sink, double rate) : sink_(sink), pace_(rate) {}
  void on_outcome(std::function<void(const Outcome&)> callback) override { sink_.on_outcome(std::move(callback)); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override {
    const std::chrono::nanoseconds left = pace_.left();
    if (left.count() > 0) {
      // Whoever asked for a pace wants the events there at that pace, not a full message now and then.
      const Status flushed = sink_.flush();
      if (!flushed.ok()) return flushed;
      std::this_thread::sleep_for(left);
    }
    return sink_.publish(event, origin);
  }
  Status refuse(const v1::RefusedInput& refused) override { return sink_.refuse(refused); }
  Status flush() override { return sink_.flush(); }
  bool stores() const override { return sink_.stores(); }

 private:
  RecordSink& sink_;
  Pace pace_;
};

// Adds to `recovered` what a broker that died had stored without saying so.
PublishedFile publish_one(const Work& work, const std::filesystem::path& file, RecordSink& sink, Refusals& refusals,
                          std::uint64_t& recovered) {
  Progress progress(file.filename().string());
  FileOptions file_options;
  file_options.format = work.format;
  file_options.limits = work.limits;
  file_options.mapping = work.mapping.csv ? &*work.mapping.csv : nullptr;
  file_options.police_uk = work.mapping.police_uk ? &*work.mapping.police_uk : nullptr;
  file_options.publisher = work.publisher;
  file_options.own_events = work.own_events;
  file_options.mapping_file = work.order.mapping.empty() ? "" : std::filesystem::absolute(work.order.mapping).string();
  file_options.on_progress = [&](const FileProgress& at) { progress.show(at.done_bytes, at.total_bytes, at.records); };
  file_options.on_outcome = [&](const Outcome& outcome) {
    recovered += outcome.recovered ? 1 : 0;
    // A dry run lists them below the columns.
    if (outcome.fate != Fate::kRefused || work.dry_run != nullptr) return;
    progress.make_room();
    refusals.tell(outcome);
  };
  PublishedFile published{publish_file(file, file_options, sink), std::nullopt};
  progress.make_room();
  for (const std::string& warning : published.totals.warnings)
    warn("publish", published.totals.file + ": taken all the same: " + warning);
  if (work.dry_run != nullptr) published.report = work.dry_run->take_report();
  return published;
}

int publish_files(const Work& work, RecordSink& sink) {
  FileTotals sum;
  std::vector<PublishedFile> files;
  Refusals refusals;
  std::uint64_t recovered = 0;
  Status usage;  // of a file that was not tried
  PacedSink paced(sink, work.order.rate);
  for (const std::filesystem::path& file : work.order.files) {
    files.push_back(publish_one(work, file, paced, refusals, recovered));
    const FileTotals& totals = files.back().totals;
    add(sum, totals);
    if (totals.status.code() == Code::kUsage) {
      usage = totals.status;
      break;
    }
    if (totals.unanswered > 0 || totals.status.code() == Code::kUnavailable ||
        totals.status.code() == Code::kUnknownKey) {
      tell(totals.status);
      break;
    }
  }
  if (work.options.json)
    print_json(sum, files, recovered);
  else
    print_words(sum, files, work);
  if (!usage.ok()) return tell(usage);
  const bool all_answered = sum.unanswered == 0 && files.size() == work.order.files.size();
  return sum.refused == 0 && sum.notes.empty() && all_answered ? kDone : kRefused;
}

// Nothing is kept and nobody is asked, so no key is needed: any secret makes ids that are as good as the real ones.
int try_files(const Options& options, const PublishOrder& order, const GivenMapping& mapping, FileFormat format,
              const Limits& limits) {
  DryRunOptions dry_options;
  dry_options.limits = limits;
  dry_options.backfill = order.backfill;
  dry_options.now = SystemClock().now();
  if (!options.key.empty()) {
    const Result<KeyFile> key = read_key_file(options.key);
    if (!key.ok()) return tell(key.status());
    dry_options.agency = key->agency;
  } else if (!options.as.empty()) {
    const Result<AgencyId> agency = AgencyId::parse(options.as);
    if (!agency.ok()) return tell(agency.status().with("--as"));
    dry_options.agency = *agency;
  }
  const AgencyId publisher = dry_options.agency.value_or(AgencyId::parse(kOperator).value());
  DryRunSink sink(dry_options);
  return publish_files({options, order, mapping, format, {publisher, Key{}}, &sink, {}, limits}, sink);
}

// A name mistyped is no input that was refused: nothing is published, nothing waits in the inbox.
Status check_files_are_there(const PublishOrder& order) {
  for (const std::filesystem::path& file : order.files) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return Status(Code::kUsage, file.string() + ": there is no such file");
    if (std::filesystem::is_directory(file, error))
      return Status(Code::kUsage, file.string() + ": is a folder; name the files in it");
  }
  return {};
}

}  // namespace

int publish_command(const Options& options, const PublishOrder& order) {
  const Status there = check_files_are_there(order);
  if (!there.ok()) return tell(there);
  const Result<FileFormat> format = parse_file_format(order.format);
  if (!format.ok()) return tell(format.status());
  // A dry run keeps nothing, not even which configuration was used.
  const Result<PartnershipFolder> folder =
      order.dry_run && !options.config.empty() ? load_partnership_folder(options.config) : partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<GivenMapping> mapping =
      load_given_mapping(order.mapping, std::make_shared<const AreaTable>(folder->partnership.areas));
  if (!mapping.ok()) return tell(mapping.status());
  if (order.dry_run) return try_files(options, order, *mapping, *format, folder->limits);
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return tell(key.status());
  ProducerOptions producer_options;
  producer_options.backfill = order.backfill;
  producer_options.limits = folder->limits;
  producer_options.timeout_ms = options.timeout_ms();
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) return tell(producer.status());
  return publish_files({options, order, *mapping, *format, publisher_of(*key), nullptr,
                        own_events_of(*key, options.timeout_ms()), folder->limits},
                       *sink_to_broker(**producer));
}

}  // namespace moot
