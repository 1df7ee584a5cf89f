// What the log says of erasing and of holds, as a fold of its Governance events: who may not come back, which role each
// erased person had, which keys had to go, and who is kept for a legal hold meanwhile.
//
// A person is known again by tokens, digests keyed with the partnership's secret, of the agency's reference and of the
// place in the record; nothing else of them is left. Thread: one owner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "broker/log/key_store.h"
#include "broker/log/key_table.h"
#include "proto/event.pb.h"

namespace moot {

// Also the key under which the log's index has the number of that person's key.
EventKey token_of_reference(const Key& person_secret, std::string_view source, std::string_view reference);
EventKey token_of_place(const Key& person_secret, std::string_view source, std::string_view record, int index);

struct Hold {
  Instant since;
  std::string reason;  // a code
  std::string until;   // a date: the first day on which it holds no more; empty = until it is released
};

class ErasureBook {
 public:
  // Takes a Governance event of the log, with its personal part; other events change nothing.
  void apply(const v1::Event& event);

  bool empty() const { return erasures_ == 0; }
  std::uint64_t erasures() const {
    return erasures_;
  }  // events that say so: what readers may have kept changes with it
  bool knows(const EventKey& token) const { return tokens_.contains(token); }
  // Of whom the event names at `index`; nothing when they are not erased.
  std::optional<std::string> role_of(const EventKey& event, int index) const;
  const std::vector<std::uint64_t>& keys() const { return keys_; }
  const std::set<std::pair<std::string, std::string>>& events() const { return events_; }  // (source, id)

  // Of whom that version of a record names at `index`, on that day.
  std::optional<Hold> hold_on(const EventKey& event, int index, Date today) const;

 private:
  using Mentioned = std::pair<EventKey, int>;
  void hold(const v1::Event& event);

  std::uint64_t erasures_ = 0;
  std::unordered_set<EventKey, SaltedHash> tokens_;
  std::map<Mentioned, std::string> roles_;
  std::vector<std::uint64_t> keys_;
  std::set<std::pair<std::string, std::string>> events_;
  std::map<Mentioned, Hold> holds_;
};

// Read when the broker starts; later ones are told by ingest. Costs what the blocks with Governance events cost to
// read.
Status read_erasures(const EventLog& log, const KeyStore& keys, ErasureBook& book);

std::string token_text(const EventKey& token);  // as an event holds it

}  // namespace moot
