#include "broker/traffic.h"

#include <algorithm>

namespace moot {

namespace {

Status over(const Member& member, std::uint64_t limit, std::uint64_t today, std::uint64_t more, const char* what) {
  const std::string more_text = std::to_string(more);
  std::string why = "agency \"" + member.id.value() + "\" may publish " + std::to_string(limit) + " " + what +
                    " a day and has published " + std::to_string(today) + " today; these are " + more_text + " more, ";
  why += more > limit ? "and would be too many on any day: raise the limit (`moot agency limit`), or send fewer at once"
                      : "and it may again after midnight";
  return Status(Code::kQuota, why);
}

}  // namespace

void Traffic::heard(const std::string& agency, Instant recorded) {
  std::optional<Instant>& last = agencies_[agency].last_recorded;
  last = std::max(last.value_or(recorded), recorded);
}

AgencyTraffic& Traffic::on_day_of(const std::string& agency, Instant at) {
  AgencyTraffic& traffic = agencies_[agency];
  const Date day = local_date(at);
  if (traffic.day != day) traffic.events_today = traffic.bytes_today = 0;
  traffic.day = day;
  return traffic;
}

void Traffic::stored(const std::string& agency, std::uint64_t events, std::uint64_t bytes, Instant at) {
  heard(agency, at);
  AgencyTraffic& traffic = on_day_of(agency, at);
  traffic.events += events;
  traffic.bytes += bytes;
  traffic.events_today += events;
  traffic.bytes_today += bytes;
}

void Traffic::kept(const std::string& agency, std::uint64_t items, std::uint64_t bytes, Instant at) {
  AgencyTraffic& traffic = on_day_of(agency, at);
  traffic.events_today += items;
  traffic.bytes_today += bytes;
}

const AgencyTraffic& Traffic::of(const std::string& agency) const {
  static const AgencyTraffic kNone;
  const auto found = agencies_.find(agency);
  return found == agencies_.end() ? kNone : found->second;
}

Status Traffic::may_publish(const Member& member, const AgencyTraffic& pending, std::uint64_t events,
                            std::uint64_t bytes, Instant now) const {
  if (member.events_per_day == 0 && member.bytes_per_day == 0) return {};
  const AgencyTraffic& traffic = of(member.id.value());
  const bool counted = traffic.day == local_date(now);
  const std::uint64_t events_today = (counted ? traffic.events_today : 0) + pending.events;
  const std::uint64_t bytes_today = (counted ? traffic.bytes_today : 0) + pending.bytes;
  if (member.events_per_day > 0 && events_today + events > member.events_per_day)
    return over(member, member.events_per_day, events_today, events, "events");
  if (member.bytes_per_day > 0 && bytes_today + bytes > member.bytes_per_day)
    return over(member, member.bytes_per_day, bytes_today, bytes, "bytes");
  return {};
}

}  // namespace moot
