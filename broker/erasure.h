// Erases people: destroys the keys that what was said of them is sealed under (promise G11).
//
// In this order: what is erased is put on record (Governance events, durable), refused inputs of these records and the
// snapshots of views are given up, then the keys are destroyed. Killed in between, the next start finds the record and
// finishes; so does the first start on an older copy of the keys.
//
// Of each event that names the person, their own part and the rest (places and free text, which may tell of them) are
// erased. Everybody whom a source calls by one reference has one key, so that all events with the reference go,
// whichever of them were asked for. Costs two walks through the blocks of the log that hold anything of the agencies
// concerned, during which the bus waits, and every reader begins again.
//
// Thread: bus.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "broker/data_folder.h"
#include "broker/erasure_book.h"
#include "broker/ingest.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "proto/bus.pb.h"

namespace moot {

class Erasure {
 public:
  struct Parts {  // all outlive it
    const DataFolder* folder;
    const EventLog* log;
    KeyStore* keys;
    Inbox* inbox;
    Ingest* ingest;
    const ErasureBook* book;
    const Clock* clock;
  };
  explicit Erasure(const Parts& parts) : parts_(parts) {}

  // Without a reason it only tells what would be erased. kOnHold, kErased, kNotFound, kInvalid; nothing is done then.
  Status erase(const v1::Erase& order, v1::Erased& done);
  // What is on record and not done. At start.
  Status finish();

 private:
  struct Mentioned {  // a person whom an event names, to be erased
    std::string source, id, record;
    int index = 0;  // its place among the people of the event
    int of = 0;     // how many there are
    std::string role, reference;
    std::vector<std::uint64_t> keys;  // of the person's part and of the rest
  };
  using Places = std::map<std::pair<std::string, std::string>, std::set<int>>;  // by source and record

  Result<Places> places_in(const v1::Erase& order) const;
  Status find_keys(const Places& places, const v1::Filter& filter, std::set<std::uint64_t>& keys) const;
  Status find_mentions(const std::set<std::uint64_t>& keys, const v1::Filter& filter,
                       std::vector<Mentioned>& found) const;
  Status look_at(const v1::StoredEvent& stored, const std::set<std::uint64_t>& keys,
                 std::vector<Mentioned>& found) const;
  Status check_holds(const std::vector<Mentioned>& found) const;
  std::vector<v1::Event> on_record(const std::vector<Mentioned>& found, const std::string& reason) const;
  Result<std::uint64_t> give_up(const std::set<std::pair<std::string, std::string>>& events,
                                const std::vector<std::uint64_t>& keys);
  Status forget_inputs(const std::set<std::pair<std::string, std::string>>& events);
  Status forget_views() const;

  const Parts parts_;
};

}  // namespace moot
