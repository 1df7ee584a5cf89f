#include "adapters/dry_run_sink.h"

#include <utility>

#include "broker/core/event_rules.h"

namespace moot {

namespace {

// As much as the broker allows for clocks that differ (broker/ingest.cc).
constexpr std::int64_t kClockSkewUs = 5 * 60 * kSecondUs;

}  // namespace

// The broker's rules on one event, in the broker's order.
Status DryRunSink::judge(const v1::Event& event) const {
  if (event.ByteSizeLong() > options_.limits.event_bytes_max)
    return Status(Code::kTooLarge, "the event is over " + std::to_string(options_.limits.event_bytes_max) + " bytes");
  MOOT_RETURN_IF_ERROR(validate(event, options_.limits));
  const v1::Envelope& envelope = event.envelope();
  if (options_.agency && agency_of_source(envelope.source()) != options_.agency->value())
    return Status(Code::kWrongAgency, "agency \"" + options_.agency->value() +
                                          "\" may publish only sources that start with /" + options_.agency->value() +
                                          "/");
  const Instant known = from_proto(envelope.has_known_time() ? envelope.known_time() : envelope.time());
  if (options_.backfill && known.us > options_.now.us + kClockSkewUs)
    return Status(Code::kInvalid, "history loaded later cannot have been known in the future");
  return {};
}

std::uint32_t DryRunSink::file_of(const v1::Origin& origin) {
  if (files_.empty() || files_.back() != origin.file()) files_.push_back(origin.file());
  return static_cast<std::uint32_t>(files_.size() - 1);
}

Fate DryRunSink::fate_of(const v1::Event& event, const v1::Origin& origin, Status& why) {
  const v1::Envelope& envelope = event.envelope();
  const EventKey key = event_key(envelope.source(), envelope.id());
  // The same rows through the same reader give the same bytes.
  const Digest content = keyed_digest(Key{}, event.SerializeAsString());
  if (const auto there = seen_.find(key); there != seen_.end()) {
    if (there->second.content == content) return Fate::kDuplicate;
    why = Status(Code::kConflict, "row " + std::to_string(there->second.row) + " of " + files_[there->second.file] +
                                      " has the same source and id with different content");
    return Fate::kRefused;
  }
  bool superseding = false;
  const bool room = seen_.size() < kRecordsRememberedMax;
  if (!envelope.record().empty()) {
    const EventKey record = record_key(envelope.source(), envelope.record());
    superseding = records_.contains(record) || seen_.contains(event_key(envelope.source(), envelope.record()));
    if (room) records_.insert(record);
  }
  if (room)
    seen_.emplace(key, Seen{content, file_of(origin), origin.row()});
  else
    remembers_all_ = false;
  return superseding ? Fate::kSuperseding : Fate::kAccepted;
}

Status DryRunSink::publish(const v1::Event& event, const v1::Origin& origin) {
  Status why = judge(event);
  const Fate fate = why.ok() ? fate_of(event, origin, why) : Fate::kRefused;
  if (fate != Fate::kRefused) ++report_.types[event.envelope().type()];
  tell(origin, "", fate, std::move(why));
  return {};
}

Status DryRunSink::refuse(const v1::RefusedInput& refused) {
  tell(refused.origin(), refused.column(), Fate::kRefused, Status(static_cast<Code>(refused.code()), refused.reason()));
  return {};
}

void DryRunSink::tell(const v1::Origin& origin, const std::string& column, Fate fate, Status why) {
  if (fate == Fate::kRefused && report_.refused.size() < kRefusedRowsMax)
    report_.refused.push_back({origin, column, why});
  else if (fate == Fate::kRefused)
    ++report_.refused_left_out;
  Outcome outcome;
  outcome.origin = origin;
  outcome.fate = fate;
  outcome.status = std::move(why);
  if (callback_) callback_(outcome);
}

DryRunReport DryRunSink::take_report() { return std::exchange(report_, {}); }

}  // namespace moot
