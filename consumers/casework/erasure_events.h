// What a person says, as events, when somebody is to be erased, or must not be: a hold, its release, and who the
// records named, written down before their words go. An event names 50 records at most, so there may be several.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/casebook/case_set.h"
#include "proto/bus.pb.h"

namespace moot {

// Who goes when somebody is erased. An agency's reference has one key for all that it names, so that whoever was told
// apart under it goes with them.
struct Erasing {
  std::vector<Mention> mentions;    // of all of them, but for those erased before
  std::vector<std::size_t> others;  // positions in persons()
};
Erasing erasing_of(const CaseSet& cases, std::size_t person);

// Identity events of the operator: these records named one person, by the id they have now. So links, counts and places
// in lists stay when nothing else of them does.
std::vector<v1::Event> remembered(const CaseSet& cases, const PersonCase& person, Instant now);

struct HoldWish {
  bool release = false;
  std::string reason;  // a code; of a hold
  std::string until;   // a date: the first day on which it holds no more; empty = until it is released
  Instant now;
};
std::vector<v1::Event> hold_events(const CaseSet& cases, const PersonCase& person, const HoldWish& wish);

// Without a reason the broker only tells what would be erased.
v1::Request erase_request(const CaseSet& cases, const std::vector<Mention>& mentions, const std::string& reason);

}  // namespace moot
