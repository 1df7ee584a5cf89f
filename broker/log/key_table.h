// A table of keys in memory: what the index remembers lately, and what a group brings that is not committed yet.
//
// Keys are digests; the salt, another in each process, keeps a publisher from choosing ids that all fall into one
// place. Thread: one owner.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <cstring>

#include "broker/core/ids.h"
#include "broker/log/event_log.h"

namespace moot {

struct SaltedHash {
  std::uint64_t salt = 0;
  std::size_t operator()(const EventKey& key) const {
    std::uint64_t halves[2];
    std::memcpy(halves, key.data(), sizeof halves);
    return (halves[0] ^ salt) * (halves[1] | 1);
  }
};

using KeyTable = boost::unordered_flat_map<EventKey, Known, SaltedHash>;

// With room for so many keys.
KeyTable make_key_table(std::size_t room);

}  // namespace moot
