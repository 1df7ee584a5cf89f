// The part of administration that tells how the broker is doing.
#include "broker/administration.h"

namespace moot {

namespace {

Result<std::string> recorded_at(const EventLog& log, Offset offset) {
  const Result<std::vector<StoredRecord>> record = log.read(offset, 1, 1);
  if (!record.ok()) return record.status();
  v1::StoredEvent stored;
  if (record->empty() || !stored.ParseFromString(record->front().bytes)) return std::string();
  return to_rfc3339(from_proto(stored.envelope().recorded_time()));
}

}  // namespace

Status Administration::tell_of(const Member& member, const BusFigures& figures, v1::BrokerStatus::Agency& row) const {
  const std::string& id = member.id.value();
  const Instant now = parts_.clock->now();
  row.set_id(id);
  const AgencyKey* key = member.current(now);
  row.set_revoked(key == nullptr);
  if (key != nullptr && key->last()) row.set_key_until(to_rfc3339(*key->last()));
  const AgencyTraffic& traffic = parts_.traffic->of(id);
  if (traffic.last_recorded) row.set_last_recorded(to_rfc3339(*traffic.last_recorded));
  row.set_events(traffic.events);
  row.set_bytes(traffic.bytes);
  const bool today = traffic.day == local_date(now);
  row.set_events_today(today ? traffic.events_today : 0);
  row.set_bytes_today(today ? traffic.bytes_today : 0);
  row.set_events_per_day(member.events_per_day);
  row.set_bytes_per_day(member.bytes_per_day);
  const auto rhythm = parts_.rhythm_days.find(id);
  if (rhythm != parts_.rhythm_days.end() && rhythm->second > 0) {
    row.set_rhythm_days(static_cast<std::uint32_t>(rhythm->second));
    const std::int64_t longest_us = rhythm->second * 24 * kHourUs;
    const Instant since = traffic.last_recorded.value_or(parts_.audit->begun());
    row.set_silent(now.us - since.us > longest_us);
  }
  const auto sessions = figures.sessions_of.find(id);
  if (sessions != figures.sessions_of.end()) row.set_sessions(sessions->second);
  const auto refused = parts_.refusals->by_agency.find(id);
  if (refused != parts_.refusals->by_agency.end()) row.set_refused(refused->second);
  const auto behind = figures.behind.find(id);
  if (behind == figures.behind.end() || behind->second.events == 0) return {};
  row.set_lag(behind->second.events);
  row.set_unread_by(behind->second.reader);
  const Result<std::string> since = recorded_at(*parts_.log, behind->second.first);
  if (!since.ok()) return since.status();
  row.set_unread_since(*since);
  return {};
}

Result<v1::BrokerStatus> Administration::status(const BusFigures& figures) const {
  v1::BrokerStatus status;
  status.set_end_offset(parts_.log->end_offset().value);
  status.set_started(to_rfc3339(started_));
  for (const Member& member : parts_.registry->members())
    if (member.id.value() != kCasebook && !member.member_of)
      MOOT_RETURN_IF_ERROR(tell_of(member, figures, *status.add_agencies()));
  for (const auto& [code, count] : parts_.refusals->by_code) {
    v1::BrokerStatus::Count& row = *status.add_refused();
    row.set_code(std::string(code_name(code)));
    row.set_count(count);
  }
  for (const auto& [who, count] : parts_.refusals->by_agency_and_code) {
    v1::BrokerStatus::Refused& row = *status.add_refused_by();
    row.set_agency(who.first);
    row.set_code(std::string(code_name(who.second)));
    row.set_count(count);
  }
  const LogFigures log = parts_.log->figures();
  status.set_disk_bytes(log.disk_bytes);
  status.set_fsync_us_p50(log.fsync_us_p50);
  status.set_fsync_us_p99(log.fsync_us_p99);
  status.set_torn_end(log.torn_end);
  status.set_group_events_p50(parts_.metrics->group_events(0.5));
  status.set_group_events_p99(parts_.metrics->group_events(0.99));
  status.set_inbox_items(parts_.inbox->size());
  status.set_audit_entries(parts_.audit->entries());
  status.set_sessions(figures.sessions);
  status.set_connections(figures.connections);
  status.set_outbox_messages(figures.outbox_messages);
  return status;
}

}  // namespace moot
