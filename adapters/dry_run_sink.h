// Where records go when nothing is to be sent or kept: past the rules that the broker has, and into a report. Its
// counts are those of a broker that has nothing yet: what repeats a record of this run is told apart, what the real log
// may hold already is not known. Thread: one, the caller's.
//
// Memory: some 80 bytes for each record, of which kRecordsRememberedMax are remembered, and the first
// kRefusedRowsMax refused rows of a report.
#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "adapters/record_sink.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"

namespace moot {

struct DryRunOptions {
  std::optional<AgencyId> agency;  // who would publish; nothing = sources are not judged
  bool backfill = false;
  Instant now;
  Limits limits;
};

struct RefusedRow {
  v1::Origin origin;
  std::string column;  // empty where no single column is at fault
  Status why;
};

// What happened since the report before.
struct DryRunReport {
  std::vector<RefusedRow> refused;
  std::uint64_t refused_left_out = 0;          // of the list, not of the counts
  std::map<std::string, std::uint64_t> types;  // of the events that would be offered
};

class DryRunSink final : public RecordSink {
 public:
  static constexpr std::size_t kRecordsRememberedMax = 4'000'000;
  static constexpr std::size_t kRefusedRowsMax = 10'000;

  explicit DryRunSink(const DryRunOptions& options) : options_(options) {}

  void on_outcome(std::function<void(const Outcome&)> callback) override { callback_ = std::move(callback); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override;
  Status refuse(const v1::RefusedInput& refused) override;
  Status flush() override { return {}; }
  bool stores() const override { return false; }

  DryRunReport take_report();
  // False when there were so many records that some that repeat others count as accepted.
  bool remembers_all() const { return remembers_all_; }

 private:
  struct Seen {
    Digest content{};
    std::uint32_t file = 0;  // a position in files_
    std::uint64_t row = 0;
  };
  struct FirstBytes {  // a digest is as good as random already
    std::size_t operator()(const EventKey& key) const {
      std::size_t bytes = 0;
      std::memcpy(&bytes, key.data(), sizeof bytes);
      return bytes;
    }
  };

  Status judge(const v1::Event& event) const;
  Fate fate_of(const v1::Event& event, const v1::Origin& origin, Status& why);
  std::uint32_t file_of(const v1::Origin& origin);
  void tell(const v1::Origin& origin, const std::string& column, Fate fate, Status why);

  const DryRunOptions options_;
  std::function<void(const Outcome&)> callback_;
  DryRunReport report_;
  std::vector<std::string> files_;
  std::unordered_map<EventKey, Seen, FirstBytes> seen_;
  std::unordered_set<EventKey, FirstBytes> records_;
  bool remembers_all_ = true;
};

}  // namespace moot
