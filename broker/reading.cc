#include "broker/reading.h"

#include <algorithm>

#include "broker/core/calendar.h"
#include "broker/core/filter.h"
#include "broker/sealed_event.h"
#include "broker/wire/frames.h"

namespace moot {

namespace {

Status unreadable(Offset offset) {
  return Status(Code::kCorrupt, "the event at offset " + std::to_string(offset.value) + " cannot be read");
}

// Leaves of an event what a grade below content gives. Whatever is not named here goes: a field added to the language
// is not given away by being forgotten.
void strip(v1::StoredEvent& stored, Grade grade) {
  v1::StoredEvent left;
  const v1::Envelope& all = stored.envelope();
  v1::Envelope& envelope = *left.mutable_envelope();
  envelope.set_id(all.id());
  envelope.set_source(all.source());
  envelope.set_type(all.type());
  envelope.set_agency(all.agency());
  envelope.set_offset(all.offset());
  envelope.set_backfill(all.backfill());
  envelope.set_time_precision(all.time_precision());
  envelope.set_marking(all.marking());
  envelope.set_compartment(all.compartment());
  envelope.set_regime(all.regime());
  // Which record an event is a version of: else a correction would be counted as another event.
  envelope.set_record(all.record());
  envelope.set_revision(all.revision());
  *envelope.mutable_time() = all.time();
  *envelope.mutable_recorded_time() = all.recorded_time();
  if (all.has_known_time()) *envelope.mutable_known_time() = all.known_time();
  if (grade == Grade::kIdentity) left.mutable_people()->Swap(stored.mutable_people());
  stored = std::move(left);
}

// In records: what is skipped may be hundreds of heads of small blocks, or one of a large one.
std::size_t cost_of_skipping(Offset from, Offset to) {
  constexpr std::uint64_t kMost = 64;
  return static_cast<std::size_t>(std::min(kMost, to.value - from.value));
}

}  // namespace

// What is the same for every event of a portion, and the memory that each uses in its turn.
struct Reading::Look {
  const Recipient& reader;
  const v1::Filter& filter;
  const Date today;
  const bool all;         // the reader is entitled to everything
  const bool everything;  // and asks for it: no event needs to be looked into
  bool counting = false;  // nothing is opened
  bool given = false;     // the record in hand is for the reader
  StoredParts parts;
  v1::Envelope envelope;
  v1::Facts facts;
  std::string event;
};

std::string Reading::coverage_of(const Recipient& reader) const {
  const std::string coverage = parts_.agreements->coverage_of(reader, local_date(parts_.clock->now()));
  const bool erased = parts_.erasures != nullptr && !parts_.erasures->empty();
  return erased ? coverage + " erased " + std::to_string(parts_.erasures->erasures()) : coverage;
}

Reading::Look Reading::look_of(const Recipient& reader, const v1::Filter& filter) const {
  const bool all = parts_.agreements->reads_all(reader);
  const Date today = local_date(parts_.clock->now());
  return Look{reader, filter, today, all, all && wants_everything(filter), false, false, {}, {}, {}, {}};
}

Result<Reading::Portion> Reading::next(const Recipient& reader, const v1::Filter& filter, Offset from,
                                       const Most& most) const {
  Look look = look_of(reader, filter);
  const EventLog& log = *parts_.log;
  const v1::Filter ahead = parts_.agreements->looking_ahead(reader, filter);
  Portion portion;
  portion.through = from;
  for (std::size_t looks = 0; portion.considered < most.records && looks < kLooksMax; ++looks) {
    const Result<OffsetRange> range = log.candidates(portion.through, ahead);
    if (!range.ok()) return range.status();
    portion.considered += cost_of_skipping(portion.through, range->from);
    portion.through = range->from;
    const bool enough = portion.considered >= most.records || portion.bytes >= most.bytes;
    if (range->from >= log.end_offset() || enough) break;
    const std::uint64_t wanted = range->to.value - range->from.value;
    const Result<std::vector<StoredRecord>> records = log.read(
        range->from, std::min<std::size_t>(most.records - portion.considered, wanted), most.bytes - portion.bytes);
    if (!records.ok()) return records.status();
    portion.considered += records->size();
    for (const StoredRecord& record : *records) MOOT_RETURN_IF_ERROR(consider(record, look, portion));
  }
  return portion;
}

Status Reading::count(const Recipient& reader, const v1::Filter& filter, std::size_t& left, Unread& unread) const {
  Look look = look_of(reader, filter);
  look.counting = true;
  const EventLog& log = *parts_.log;
  const v1::Filter ahead = parts_.agreements->looking_ahead(reader, filter);
  constexpr std::size_t kBytesMax = 1024 * 1024;  // of one look
  while (left > 0) {
    const Result<OffsetRange> range = log.candidates(unread.through, ahead);
    if (!range.ok()) return range.status();
    left -= std::min(left, cost_of_skipping(unread.through, range->from));
    unread.through = range->from;
    if (range->from >= log.end_offset()) break;
    const std::size_t most = std::min<std::size_t>(left, range->to.value - range->from.value);
    const Result<std::vector<StoredRecord>> records = log.read(range->from, most, kBytesMax);
    if (!records.ok()) return records.status();
    left -= std::min(left, records->size());
    for (const StoredRecord& record : *records) {
      MOOT_RETURN_IF_ERROR(open(record, look));
      unread.through = Offset{record.offset.value + 1};
      if (!look.given) continue;
      ++unread.events;
      if (!unread.first) unread.first = record.offset;
    }
  }
  return {};
}

Status Reading::open(const StoredRecord& record, Look& look) const {
  if (!take_apart(record.bytes, look.parts)) return unreadable(record.offset);
  look.event.clear();
  look.given = false;
  return look.everything ? open_unseen(record, look) : open_entitled(record, look);
}

Status Reading::consider(const StoredRecord& record, Look& look, Portion& portion) const {
  MOOT_RETURN_IF_ERROR(open(record, look));
  portion.through = Offset{record.offset.value + 1};
  if (!look.given) return {};
  append_packed(portion.events, look.event);
  ++portion.count;
  portion.bytes += look.event.size();
  return {};
}

Status Reading::open_unseen(const StoredRecord& record, Look& look) const {
  if (look.filter.offset_to() != 0 && record.offset.value >= look.filter.offset_to()) return {};
  StoredPlace place;
  if (!read_place(look.parts.envelope, place)) return unreadable(record.offset);
  look.given = true;
  if (look.counting) return {};
  return append_opened(look.parts, place, *parts_.keys, parts_.erasures, look.event);
}

Status Reading::open_entitled(const StoredRecord& record, Look& look) const {
  const auto parse = [](google::protobuf::MessageLite& message, std::string_view bytes) {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  };
  // What it is about is asked only for those who do not get everything.
  if (!parse(look.envelope, look.parts.envelope) || (!look.all && !parse(look.facts, look.parts.facts)))
    return unreadable(record.offset);
  const v1::Envelope& envelope = look.envelope;
  const Grade grade =
      look.all ? Grade::kContent : parts_.agreements->grade_of(look.reader, envelope, look.facts, look.today);
  if (grade == Grade::kNone) return {};
  if (grade != Grade::kContent) return open_stripped(record, grade, look);
  if (!matches(look.filter, envelope)) return {};
  look.given = true;
  if (look.counting) return {};
  return append_opened(look.parts, {envelope.source(), envelope.id(), envelope.offset()}, *parts_.keys, parts_.erasures,
                       look.event);
}

// A filter must not tell of what the reader does not get: it is asked of what is left.
Status Reading::open_stripped(const StoredRecord& record, Grade grade, Look& look) const {
  v1::StoredEvent stored;
  if (!stored.ParseFromString(record.bytes)) return unreadable(record.offset);
  strip(stored, grade);
  if (!matches(look.filter, stored.envelope())) return {};
  look.given = true;
  if (look.counting) return {};
  Result<std::string> event = opened_event(stored, *parts_.keys, parts_.erasures);
  if (!event.ok()) return event.status();
  look.event = std::move(*event);
  return {};
}

}  // namespace moot
