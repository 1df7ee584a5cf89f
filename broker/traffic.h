// How much each agency published: since the broker started, and on this day, for its daily limits; and when it was last
// heard from. Counts are of what is stored: of a day also what was refused and waits in the inbox. What was there
// already, or was refused and is not kept, costs an agency nothing.
//
// A day is one of Europe/London; what was stored before the broker started is not counted in it.
// Thread: one owner, the broker's bus thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "broker/access/registry.h"
#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

struct AgencyTraffic {
  std::uint64_t events = 0;  // since the broker started
  std::uint64_t bytes = 0;   // of them, as stored
  std::optional<Instant> last_recorded;
  Date day;  // of what follows
  std::uint64_t events_today = 0;
  std::uint64_t bytes_today = 0;
};

class Traffic {
 public:
  // Of the history: when the agency's last event was recorded.
  void heard(const std::string& agency, Instant recorded);
  void stored(const std::string& agency, std::uint64_t events, std::uint64_t bytes, Instant at);
  // What was refused, and is kept for a person.
  void kept(const std::string& agency, std::uint64_t items, std::uint64_t bytes, Instant at);
  const AgencyTraffic& of(const std::string& agency) const;
  // May it publish so much more today? `pending`: what of it is on its way to the log already. kQuota, saying which
  // limit, what was published and when it may again.
  Status may_publish(const Member& member, const AgencyTraffic& pending, std::uint64_t events, std::uint64_t bytes,
                     Instant now) const;

 private:
  AgencyTraffic& on_day_of(const std::string& agency, Instant at);
  std::map<std::string, AgencyTraffic> agencies_;
};

}  // namespace moot
