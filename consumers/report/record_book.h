// The record book keeps every event as a version of a record, without what it says of people, so that figures can be
// counted as at any instant. Of the people it keeps the role and, where it is a code, the sex; of the places the
// outward part of the postcode.
//
// Memory: what the events take serialised, without their personal parts, and about 150 bytes each beside.
// Thread: that of its View; as_at() may be called from there only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/report/record_set.h"
#include "consumers/runtime/projection.h"

namespace moot {

// A record of which a version counts from an instant of a stretch of time.
struct ChangedRecord {
  std::vector<v1::Event> versions;  // all that count by the end of it, without people; the current one first
  std::vector<bool> is_new;         // which of them count from within it
};

class RecordBook final : public Projection {
 public:
  std::string_view name() const override { return "record-book"; }
  void apply(const v1::Event& event) override;
  void save(std::string& out) const override;
  Status load(std::string_view saved) override;
  void clear() override;

  // Borrows from here, until the next event.
  RecordSet as_at(Instant instant) const;
  // What changed from just after `from` until `through`, by source and record.
  std::vector<ChangedRecord> recorded_between(Instant from, Instant through) const;
  // When the last event but governance was recorded; 0 when there is none.
  Instant last_instant() const { return last_instant_; }
  // Whether as_at(instant) rests on any event at all.
  bool anything_by(Instant instant) const;
  bool empty() const { return records_.empty(); }

 private:
  struct Version {
    Instant known_from;
    Instant counts_from;
    std::uint64_t revision = 0;
    Instant time;
    std::string id;
    std::string bytes;      // serialised: a parsed one takes several times as much
    std::uint8_t body = 0;  // v1::Facts::BodyCase
    bool backfill = false;
    bool withdrawn = false;

    bool supersedes(const Version& other) const {
      return std::tie(revision, time, id) > std::tie(other.revision, other.time, other.id);
    }
  };

  std::map<std::string, std::vector<Version>> records_;  // by "<source>\n<record>"
  Instant last_instant_;
};

}  // namespace moot
