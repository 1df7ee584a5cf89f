// The records as at an instant, each with its versions: what figures are counted from.
//
// The current version of a record is its greatest by (revision, time, id); a record whose current version is withdrawn
// is not in the set. A pure function of the set of events. What figures ask for first, the body and the time, is known
// without reading an event; an event is read when it is first looked at, and kept: most figures are of one body and a
// year, and most events of others.
// Borrows the record book it was made of, which must not change meanwhile. Thread: a value that moves; one thread.
#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/runtime/dated_ahead.h"
#include "proto/event.pb.h"

namespace moot {

// A version as the record book keeps it.
struct KeptVersion {
  std::string_view bytes;  // serialised
  std::string_view id;
  Instant time;
  std::uint8_t body = 0;  // v1::Facts::BodyCase
  bool withdrawn = false;
  mutable const v1::Event* event = nullptr;  // once it was read
};

class RecordState {
 public:
  // `key`: "<source>\n<record>". All outlive it.
  RecordState(std::string_view key, std::span<const KeptVersion> versions, google::protobuf::Arena* arena)
      : key_(key), versions_(versions), arena_(arena) {}

  std::string_view key() const { return key_; }
  std::span<const KeptVersion> versions() const { return versions_; }  // current first
  const v1::Event& read(const KeptVersion& version) const;             // one of those
  const v1::Event& current() const { return read(versions_.front()); }
  // The state the record was in just before the instant, by what is known; nullptr where it was not there yet, or was
  // withdrawn then.
  const KeptVersion* just_before(Instant instant) const;
  // The same for who counts records in the state that a year left them in: what the record moved on to after `end` is
  // passed over. A version of the same stage right before such a one is none of another time, but what that put right.
  const KeptVersion* state_by(Instant end) const;
  // Of each stage that the record has gone through, its latest version; to be withdrawn is none.
  std::vector<const v1::Event*> stages() const;

 private:
  std::string_view key_;
  std::span<const KeptVersion> versions_;
  google::protobuf::Arena* arena_;
};

class RecordSet {
 public:
  // Of each record how many of the versions are its own, one record after the other.
  struct Counted {
    std::string_view key;
    std::size_t versions = 0;
  };
  RecordSet(Instant as_at, std::vector<KeptVersion> versions, const std::vector<Counted>& records, int loaded_later,
            DatedAheadBy dated_ahead);

  Instant as_at() const { return as_at_; }
  const std::vector<RecordState>& records() const { return records_; }  // by source, then record
  // Positions in records() of those of which any version has one of the bodies; no body = all.
  std::vector<std::uint32_t> of_bodies(const std::vector<v1::Facts::BodyCase>& bodies) const;
  // The record that a link means: by the id of any version, or by the record's own key.
  std::optional<std::size_t> find(const v1::Link& link) const;
  int loaded_later() const { return loaded_later_; }                // versions of a declared backfill
  const DatedAheadBy& dated_ahead() const { return dated_ahead_; }  // no part of the set; but for compartments

 private:
  static constexpr std::size_t kBodies = 32;  // above the number of any body in Facts

  Instant as_at_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  std::vector<KeptVersion> versions_;
  std::vector<RecordState> records_;
  std::array<std::vector<std::uint32_t>, kBodies> of_body_;
  mutable std::unordered_map<std::string, std::size_t> by_id_;  // "<source>\n<id or record>", once one was asked for
  int loaded_later_ = 0;
  DatedAheadBy dated_ahead_;
};

}  // namespace moot
