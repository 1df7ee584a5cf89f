// What the broker holds of one source by now, as its publisher may know it: for exports that repeat their records when
// they change without numbering the versions, and for those that hold all records there are, so that one that is not
// there any more is withdrawn.
//
// The state is the log: it is read over the bus with the agency's own key, as far as it goes, before a file is
// published. Nothing is kept beside it, so there is nothing that could be lost or disagree.
//
//   the first version of a record    id = its key
//   its n-th change                  id = <key>/<n>, record = <key>, revision = n
//   what it said before, again       another change (A, B, A is three versions)
//   the same as its latest version   that version again: a duplicate
//   gone from a complete export      <key>/<n>, of the stage "withdrawn", known at the time of the export's reading
//
// Memory: about 150 bytes a record. Two programs that publish one source at the same time may both make version n; the
// second is a conflict then, refused and not lost.
//
// Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "broker/client/consumer.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// Reads what an agency published itself: the next events, empty at the end.
using OwnEvents = std::function<Result<std::vector<v1::Event>>()>;
OwnEvents own_events_of(const KeyFile& key, std::int64_t timeout_ms);

class SourceState {
 public:
  static Result<SourceState> read(const std::string& source, const OwnEvents& events);

  // Of an event that has its record's key as its id: makes it the version that it is.
  void number(v1::Event& event);
  // A row of this record is there, though it was refused.
  void seen(const std::string& key);
  // The records that are not withdrawn, and those of them that no row of the file was of.
  std::size_t live() const;
  std::size_t gone() const;
  // These, as events that withdraw them.
  std::vector<v1::Event> withdrawals(Instant now);

 private:
  struct Version {
    std::uint64_t number = 0;
    std::string id;
    Digest said{};
    bool withdrawn = false;
    bool seen = false;
    std::string body, area;
    std::int64_t time_us = 0;
    // Of a version of which something was erased since: what of it is not to be compared.
    std::vector<bool> erased_people;
    bool erased_rest = false;
  };
  explicit SourceState(std::string source) : source_(std::move(source)) {}
  void take(const v1::Event& event);

  const std::string source_;
  std::map<std::string, Version> records_;  // by key
};

}  // namespace moot
