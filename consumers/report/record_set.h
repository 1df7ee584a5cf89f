// The records as at an instant, each with its versions: what figures are counted from.
//
// The current version of a record is its greatest by (revision, time, id); a record whose current version is withdrawn
// is not in the set. A pure function of the set of events. It owns its events, in one arena.
// Thread: a value that moves; read it from anywhere once made.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/runtime/dated_ahead.h"
#include "proto/event.pb.h"

namespace moot {

struct RecordState {
  std::vector<const v1::Event*> versions;  // current first

  const v1::Event& current() const { return *versions.front(); }
  // The state the record was in just before the instant, by what is known; nullptr where it was not there yet, or was
  // withdrawn then.
  const v1::Event* just_before(Instant instant) const;
  // Of each stage that the record has gone through, its latest version; to be withdrawn is none.
  std::vector<const v1::Event*> stages() const;
};

class RecordSet {
 public:
  RecordSet(Instant as_at, std::unique_ptr<google::protobuf::Arena> arena, std::vector<RecordState> records,
            int loaded_later, DatedAheadBy dated_ahead);

  Instant as_at() const { return as_at_; }
  const std::vector<RecordState>& records() const { return records_; }  // by source, then record
  // The record that a link means: by the id of any version, or by the record's own key.
  std::optional<std::size_t> find(const v1::Link& link) const;
  int loaded_later() const { return loaded_later_; }                // versions of a declared backfill
  const DatedAheadBy& dated_ahead() const { return dated_ahead_; }  // no part of the set; but for compartments

 private:
  Instant as_at_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  std::vector<RecordState> records_;
  std::unordered_map<std::string, std::size_t> by_id_;  // "<source>\n<id or record>"
  int loaded_later_ = 0;
  DatedAheadBy dated_ahead_;
};

}  // namespace moot
