#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <thread>

#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "deploy/command.h"
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
          {"refused", totals.refused}};
}

void add(FileTotals& sum, const FileTotals& file) {
  sum.read += file.read;
  sum.accepted += file.accepted;
  sum.duplicate += file.duplicate;
  sum.superseding += file.superseding;
  sum.refused += file.refused;
  sum.unanswered += file.unanswered;
  if (!sum.first_offset || (file.first_offset && *file.first_offset < *sum.first_offset))
    sum.first_offset = file.first_offset ? file.first_offset : sum.first_offset;
  if (!sum.last_offset || (file.last_offset && *file.last_offset > *sum.last_offset))
    sum.last_offset = file.last_offset ? file.last_offset : sum.last_offset;
}

void print_json(const FileTotals& sum, const std::vector<FileTotals>& files, std::uint64_t recovered) {
  json::object out = counts(sum);
  out["recovered"] = recovered;  // of accepted: stored although the broker died before it could say so
  out["first_offset"] = offset_or_null(sum.first_offset);
  out["last_offset"] = offset_or_null(sum.last_offset);
  json::array rows;
  for (const FileTotals& totals : files) {
    json::object row = {{"file", totals.file}};
    for (auto& [key, value] : counts(totals)) row[key] = value;
    rows.push_back(std::move(row));
  }
  out["files"] = std::move(rows);
  std::cout << json::serialize(out) << "\n";
}

void print_words(const FileTotals& sum, const std::vector<FileTotals>& files, bool dry_run) {
  for (const FileTotals& totals : files) {
    std::cout << totals.file << ": " << totals.read << " read, " << totals.accepted
              << (dry_run ? " would be offered, " : " accepted, ") << totals.duplicate << " there already, "
              << totals.superseding << " superseding, " << totals.refused << " refused\n";
  }
  if (sum.refused > 0 && !dry_run) std::cout << "What was refused waits in the inbox: moot inbox list\n";
}

// Prints why a row was refused, the first few of each file; the rest is in the inbox.
class Refusals {
 public:
  void tell(const Outcome& outcome) {
    if (outcome.fate != Fate::kRefused) return;
    if (++told_ > kRefusalsShown) return;
    std::string where = outcome.origin.file();
    if (outcome.origin.row() > 0) where += ", row " + std::to_string(outcome.origin.row());
    std::fprintf(stderr, "moot: refused: %s: %s\n", where.c_str(), outcome.status.message().c_str());
  }
  ~Refusals() {
    if (told_ > kRefusalsShown) std::fprintf(stderr, "moot: and %d more refusals\n", told_ - kRefusalsShown);
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

int publish_files(const Options& options, const PublishOrder& order, const GivenMapping& mapping, FileFormat format,
                  const Publisher& publisher, RecordSink& sink) {
  FileTotals sum;
  std::vector<FileTotals> files;
  Refusals refusals;
  std::uint64_t recovered = 0;
  Status usage;  // of a file that was not tried
  PacedSink paced(sink, order.rate);
  for (const std::filesystem::path& file : order.files) {
    Progress progress(file.filename().string());
    FileOptions file_options;
    file_options.format = format;
    file_options.mapping = mapping.csv ? &*mapping.csv : nullptr;
    file_options.police_uk = mapping.police_uk ? &*mapping.police_uk : nullptr;
    file_options.publisher = publisher;
    file_options.mapping_file = order.mapping.empty() ? "" : std::filesystem::absolute(order.mapping).string();
    file_options.on_progress = [&](const FileProgress& at) {
      progress.show(at.done_bytes, at.total_bytes, at.records);
    };
    file_options.on_outcome = [&](const Outcome& outcome) {
      recovered += outcome.recovered ? 1 : 0;
      refusals.tell(outcome);
    };
    files.push_back(publish_file(file, file_options, paced));
    add(sum, files.back());
    const Status& status = files.back().status;
    if (status.code() == Code::kUsage) {
      usage = status;
      break;
    }
    if (files.back().unanswered > 0 || status.code() == Code::kUnavailable || status.code() == Code::kUnknownKey) {
      tell(status);
      break;
    }
  }
  if (options.json)
    print_json(sum, files, recovered);
  else
    print_words(sum, files, order.dry_run);
  if (!usage.ok()) return tell(usage);
  const bool all_answered = sum.unanswered == 0 && files.size() == order.files.size();
  return sum.refused == 0 && all_answered ? kDone : kRefused;
}

}  // namespace

int publish_command(const Options& options, const PublishOrder& order) {
  // A name mistyped is no input that was refused: nothing is published, nothing waits in the inbox.
  for (const std::filesystem::path& file : order.files) {
    std::error_code error;
    if (!std::filesystem::exists(file, error))
      return tell(Status(Code::kUsage, file.string() + ": there is no such file"));
  }
  const Result<FileFormat> format = parse_file_format(order.format);
  if (!format.ok()) return tell(format.status());
  const Result<GivenMapping> mapping = load_given_mapping(order.mapping);
  if (!mapping.ok()) return tell(mapping.status());
  if (order.dry_run) {
    // Nothing is kept, so no key is needed: any secret makes ids that are as good as the real ones.
    const Result<AgencyId> agency = AgencyId::parse(options.as.empty() ? kOperator : options.as);
    if (!agency.ok()) return tell(agency.status().with("--as"));
    return publish_files(options, order, *mapping, *format, {*agency, Key{}}, *sink_of_dry_run(Limits()));
  }
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return tell(key.status());
  ProducerOptions producer_options;
  producer_options.backfill = order.backfill;
  producer_options.timeout_ms = options.timeout_ms();
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) return tell(producer.status());
  return publish_files(options, order, *mapping, *format, publisher_of(*key), *sink_to_broker(**producer));
}

}  // namespace moot
