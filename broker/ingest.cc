#include "broker/ingest.h"

#include <functional>

#include "broker/access/entitlement.h"
#include "broker/core/event_rules.h"
#include "broker/event_content.h"
#include "broker/sealed_event.h"

namespace moot {

namespace {

// A file's clock may be ahead of ours by so much before "known" counts as known in the future.
constexpr std::int64_t kClockSkewUs = 5 * 60 * kSecondUs;

// A refused frame as the inbox keeps it.
v1::RefusedInput refused_event(std::string_view id, const Status& why, const v1::Origin& origin,
                               std::string_view frame) {
  v1::RefusedInput refused;
  *refused.mutable_origin() = origin;
  refused.set_code(static_cast<std::uint32_t>(why.code()));
  refused.set_reason(why.message());
  refused.set_input(std::string(frame));
  refused.set_format("event");
  // A conflict is for a person to judge: no later file settles it by itself.
  if (why.code() != Code::kConflict) refused.set_key(std::string(id));
  return refused;
}

}  // namespace

// What judging one frame found.
struct Ingest::Judged {
  Status refusal;              // ok = take it
  std::optional<Known> first;  // a duplicate of this
  bool superseding = false;
  bool parsed = false;  // as parsed_ has it; else it is plain
  std::string_view id;  // as far as it could be read
  std::string traceparent;
  EventKey key{};
  std::optional<EventKey> record;
  Digest content{};
};

namespace {

// The events looked at when a log is opened: so many, spread over all of it, and the last.
constexpr std::uint64_t kSpotChecks = 256;

Result<v1::StoredEvent> stored_at(const EventLog& log, Offset offset) {
  const Result<std::vector<StoredRecord>> record = log.read(offset, 1, 1);
  if (!record.ok()) return record.status();
  v1::StoredEvent stored;
  if (record->empty() || !stored.ParseFromString(record->front().bytes))
    return Status(Code::kCorrupt, "the event at offset " + std::to_string(offset.value) + " of the log cannot be read");
  return stored;
}

Status for_each_sample(const EventLog& log, const std::function<Status(Offset, const v1::StoredEvent&)>& take) {
  const std::uint64_t end = log.end_offset().value;
  const std::uint64_t step = std::max<std::uint64_t>(1, end / kSpotChecks);
  for (std::uint64_t from_end = 1; from_end <= end; from_end += step) {
    const Offset offset{end - from_end};
    const Result<v1::StoredEvent> stored = stored_at(log, offset);
    if (!stored.ok()) return stored.status();
    MOOT_RETURN_IF_ERROR(take(offset, *stored));
  }
  return {};
}

// An index that lost a part of itself would take events for new that are there: found out at start, by samples, since
// what is lost is lost by whole files.
Status check_index(const EventLog& log) {
  return for_each_sample(log, [&](Offset offset, const v1::StoredEvent& stored) {
    const Result<std::optional<Known>> known = log.find(event_key(stored.envelope().source(), stored.envelope().id()));
    if (!known.ok()) return known.status();
    if (known->has_value() && (*known)->value == offset.value) return Status();
    return Status(Code::kCorrupt, "the log's index has lost the event at offset " + std::to_string(offset.value));
  });
}

}  // namespace

Status Ingest::check_history(const EventLog& log, const KeyStore& keys, const Secrets& secrets) {
  if (log.end_offset() == Offset{0}) return {};
  // One is enough: that some keys are lost must not keep the log shut for ever.
  std::optional<v1::StoredEvent> stored;  // the last of them that anything of is sealed
  MOOT_RETURN_IF_ERROR(for_each_sample(log, [&](Offset, const v1::StoredEvent& sample) {
    if (!stored && has_sealed_part(sample)) stored = sample;
    return Status();
  }));
  if (!stored) return {};
  const Result<v1::Event> opened = open_event(*stored, keys);
  if (!opened.ok())
    return Status(Code::kMissing, "the key directory does not belong to this log: " + opened.status().message());
  const v1::Envelope& envelope = stored->envelope();
  const Result<std::optional<Known>> known = log.find(event_key(envelope.source(), envelope.id()));
  if (!known.ok()) return known.status();
  if (known->has_value() && !anything_erased(*opened) &&
      !ContentDigests(secrets.content).is_of((*known)->content, *opened))
    return Status(Code::kMissing, "the key directory does not belong to this log: its partnership.key is another");
  return {};
}

Result<std::unique_ptr<Ingest>> Ingest::create(const Parts& parts, const Limits& limits, const Secrets& secrets) {
  Instant last{0};
  std::uint64_t next_key = 0;
  MOOT_RETURN_IF_ERROR(check_history(*parts.log, *parts.keys, secrets));
  MOOT_RETURN_IF_ERROR(check_index(*parts.log));
  const Offset end = parts.log->end_offset();
  if (end.value > 0) {
    const Result<v1::StoredEvent> stored = stored_at(*parts.log, Offset{end.value - 1});
    if (!stored.ok()) return stored.status();
    last = from_proto(stored->envelope().recorded_time());
    // Logs of format 1 gave each event the key of its offset.
    next_key = std::max(stored->next_key(), stored->next_key() == 0 ? end.value : 0);
  }
  return std::unique_ptr<Ingest>(new Ingest(parts, limits, secrets, last, next_key));
}

Ingest::Ingest(const Parts& parts, const Limits& limits, const Secrets& secrets, Instant last_recorded,
               std::uint64_t next_key)
    : parts_(parts),
      limits_(limits),
      secrets_(secrets),
      contents_(secrets.content),
      last_recorded_(last_recorded),
      next_key_(next_key),
      staged_keys_(make_key_table(limits.message_events_max)) {}

Instant Ingest::now() {
  // The clock may be set back; what was recorded stays in order.
  last_recorded_ = std::max(last_recorded_, parts_.clock->now());
  return last_recorded_;
}

Result<std::optional<Known>> Ingest::find(const EventKey& key) const {
  const auto staged = staged_keys_.find(key);
  if (staged != staged_keys_.end()) return std::optional<Known>(staged->second);
  return parts_.log->find(key);
}

// The event as said_ has it, once it is known to keep every rule.
Status Ingest::read(const AgencyId& publisher, std::string_view frame, Judged& judged) {
  // A partnership's own limits are for what its agencies send, not for what its operator's commands write down: models,
  // erasures, holds. The operator can publish nothing else.
  const Limits limits = publisher.value() == kOperator ? Limits() : limits_;
  if (frame.size() > limits.event_bytes_max)
    return Status(Code::kTooLarge, "the event is over " + std::to_string(limits.event_bytes_max) + " bytes");
  judged.parsed = !said_.read(frame, limits);
  if (!judged.parsed) judged.id = said_.parts().id;
  if (judged.parsed) {
    const bool understood = parsed_.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
    judged.id = parsed_.envelope().id();
    if (!understood) return Status(Code::kNotAnEvent, "the frame is not a protobuf moot.v1.Event");
    MOOT_RETURN_IF_ERROR(validate(parsed_, limits));
    if (parsed_.facts().governance().stage() == v1::Governance::ERASURE)
      return Status(Code::kNotAllowed, "that somebody was erased is the broker's to say: moot person erase");
    judged.traceparent = parsed_.envelope().traceparent();
    said_.take(parsed_);
  }
  return may_publish(publisher, said_.parts().source, judged.parsed && parsed_.facts().has_governance());
}

Ingest::Judged Ingest::judge(const AgencyId& publisher, bool backfill, std::string_view frame) {
  Judged judged;
  judged.refusal = read(publisher, frame, judged);
  if (!judged.refusal.ok()) return judged;
  const PlainEvent& event = said_.parts();
  if (backfill && event.known_time.value_or(event.time).us > parts_.clock->now().us + kClockSkewUs) {
    judged.refusal = Status(Code::kInvalid, "history loaded later cannot have been known in the future");
    return judged;
  }
  judged.key = event_key(event.source, event.id);
  judged.content = contents_.of(said_);
  find_out_what_is_known(frame, judged);
  return judged;
}

void Ingest::find_out_what_is_known(std::string_view frame, Judged& judged) {
  const PlainEvent& event = said_.parts();
  const Result<std::optional<Known>> known = find(judged.key);
  if (!known.ok()) {
    judged.refusal = known.status();
    return;
  }
  if (known->has_value()) {
    judged.first = **known;
    if (judged.first->content == judged.content || judged.first->content == contents_.of_format_2(said_)) return;
    // Perhaps it is the digest of a format older still.
    if (!judged.parsed) MOOT_CHECK(parsed_.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
    if (!contents_.is_of(judged.first->content, parsed_))
      judged.refusal =
          Status(Code::kConflict, "the log already holds this source and id with different content, at offset " +
                                      std::to_string(judged.first->value));
    return;
  }
  if (event.record.empty()) return;
  judged.record = record_key(event.source, event.record);
  const Result<std::optional<Known>> version = find(*judged.record);
  // A first version may have come without a record: then its id was the record's key.
  const Result<std::optional<Known>> original = find(event_key(event.source, event.record));
  if (!version.ok() || !original.ok())
    judged.refusal = version.ok() ? original.status() : version.status();
  else
    judged.superseding = version->has_value() || original->has_value();
  if (judged.superseding && version->has_value()) judged.record.reset();  // indexed with its first version
}

SealedRecord& Ingest::next_record() {
  constexpr std::size_t kKeptBytes = 4096;  // of memory, for an event that comes later in its place
  if (staged_count_ == staged_.size()) staged_.emplace_back();
  SealedRecord& record = staged_[staged_count_++];
  record.bytes.clear();
  if (record.bytes.capacity() > kKeptBytes) record.bytes.shrink_to_fit();
  record.more.clear();
  return record;
}

void Ingest::stage(const AgencyId& publisher, bool backfill, const Judged& judged) {
  const Offset offset{parts_.log->end_offset().value + staged_count_};
  const PlainEvent& event = said_.parts();
  brokers_.set_agency(publisher.value());
  brokers_.set_backfill(backfill);
  brokers_.set_traceparent(judged.traceparent);
  brokers_.set_offset(offset.value);
  *brokers_.mutable_recorded_time() = to_proto(now());
  SealedRecord& record = next_record();
  record.key = judged.key;
  record.content = judged.content;
  record.tags.agency = publisher.value();
  record.tags.type = event.type;
  record.tags.body = event.body;
  record.tags.area = event.area;
  record.tags.subject = event.subject;
  record.tags.time_us = event.time.us;
  const Known known{offset.value, judged.content};
  staged_keys_[record.key] = known;
  if (judged.record) {
    record.more.push_back({*judged.record, known});
    staged_keys_[*judged.record] = known;
  }
  failure_ = choose_keys(record);
  if (!failure_.ok()) return;
  seal_event(said_, Sealing{&brokers_, &keys_, next_key_}, record.bytes);
  if (judged.parsed && parsed_.facts().has_governance()) {
    v1::Event& told = staged_governance_.emplace_back();
    *told.mutable_envelope() = parsed_.envelope();
    told.mutable_envelope()->MergeFrom(brokers_);
    *told.mutable_facts() = parsed_.facts();
    // Of an erasure the roles; whatever else governance says in its personal part is not asked for.
    if (parsed_.facts().governance().stage() == v1::Governance::ERASURE) *told.mutable_personal() = parsed_.personal();
  }
}

void Ingest::offer(const AgencyId& publisher, const v1::Publish& publish, std::span<const std::string_view> events) {
  const std::size_t count_before = staged_count_;
  const bool kept = is_kept(publisher, publish);
  v1::PublishAck ack;
  ack.set_first_offset(parts_.log->end_offset().value + staged_count_);
  for (std::size_t i = 0; i < events.size() && failure_.ok(); ++i) {
    const v1::Origin& origin =
        publish.origins_size() > 0 ? publish.origins(static_cast<int>(i)) : v1::Origin::default_instance();
    Judged judged = judge(publisher, publish.backfill(), events[i]);
    if (judged.refusal.code() == Code::kDisk || judged.refusal.code() == Code::kCorrupt) {
      failure_ = judged.refusal;  // not the publisher's fault: nothing is refused, everything stops
      break;
    }
    if (judged.refusal.ok() && !judged.first) resolve(publisher, origin);
    if (judged.refusal.ok() && !judged.first && !judged.superseding) {
      ack.set_stored(ack.stored() + 1);
      stage(publisher, publish.backfill(), judged);
      continue;
    }
    v1::Exception& told = *ack.add_exceptions();
    told.set_frame(static_cast<std::uint32_t>(i));
    if (!judged.refusal.ok()) {
      told.set_kind(v1::Exception::REFUSED);
      told.set_code(static_cast<std::uint32_t>(judged.refusal.code()));
      told.set_reason(judged.refusal.message());
      const bool keep = !kept && (!origin.file().empty() || judged.refusal.code() == Code::kConflict);
      refuse(publisher, refused_event(judged.id, judged.refusal, origin, events[i]), publish.backfill(), keep);
    } else if (judged.first) {
      told.set_kind(v1::Exception::DUPLICATE);
      told.set_offset(judged.first->value);
    } else {
      told.set_kind(v1::Exception::SUPERSEDING);
      ack.set_stored(ack.stored() + 1);
      stage(publisher, publish.backfill(), judged);
    }
  }
  if (staged_count_ > count_before) {
    AgencyTraffic& traffic = staged_traffic_[publisher.value()];
    traffic.events += staged_count_ - count_before;
    for (std::size_t i = count_before; i < staged_count_; ++i) traffic.bytes += staged_[i].bytes.size();
  }
  for (const v1::RefusedInput& refused : publish.refused()) refuse(publisher, refused, publish.backfill(), true);
  acks_.push_back(std::move(ack));
}

Status Ingest::append_staged() {
  if (!failure_.ok()) return failure_;
  if (staged_count_ > 0) {
    const Offset expected = parts_.log->end_offset();
    const Result<Offset> first = parts_.log->append(std::span(staged_).first(staged_count_));
    if (!first.ok()) return failure_ = first.status();
    MOOT_CHECK(*first == expected);  // the offsets promised while staging
    for (const auto& [agency, traffic] : staged_traffic_)
      parts_.traffic->stored(agency, traffic.events, traffic.bytes, last_recorded_);
    staged_traffic_.clear();
    staged_count_ = 0;
    staged_keys_.clear();
    for (const v1::Event& event : staged_governance_) {
      parts_.agreements->apply(event.envelope(), event.facts().governance());
      if (parts_.erasures != nullptr) parts_.erasures->apply(event);
      // In force from here on, whatever of it is still to be done: whoever is known by heart is looked up anew.
      if (event.facts().governance().stage() == v1::Governance::ERASURE) people_.forget();
    }
    staged_governance_.clear();
  }
  // After the log: an item must not be resolved by an event that did not get there. Before the acks: what was refused
  // is kept before its sender is told.
  return failure_ = settle_inbox();
}

Result<std::vector<v1::PublishAck>> Ingest::commit() {
  MOOT_RETURN_IF_ERROR(append_staged());
  std::vector<v1::PublishAck> acks;
  acks.swap(acks_);
  return acks;
}

Result<Offset> Ingest::append_own(std::vector<v1::Event> events) {
  MOOT_RETURN_IF_ERROR(append_staged());
  const Offset first = parts_.log->end_offset();
  for (v1::Event& event : events) {
    MOOT_RETURN_IF_ERROR(validate(event, Limits()));  // a partnership's own limits are for what others say
    parsed_ = std::move(event);
    said_.take(parsed_);
    Judged judged;
    judged.parsed = true;
    judged.key = event_key(said_.parts().source, said_.parts().id);
    judged.content = contents_.of(said_);
    stage(*AgencyId::parse(kOperator), false, judged);
  }
  MOOT_RETURN_IF_ERROR(append_staged());
  return first;
}

}  // namespace moot
