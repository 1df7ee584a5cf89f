#include "broker/erasure.h"

#include <algorithm>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/core/filler.h"
#include "broker/core/whole_file.h"
#include "broker/log_walk.h"
#include "broker/sealed_event.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

Result<v1::StoredEvent> stored_at(const EventLog& log, Offset offset) {
  const Result<std::vector<StoredRecord>> record = log.read(offset, 1, 1);
  if (!record.ok()) return record.status();
  v1::StoredEvent stored;
  if (record->empty() || !stored.ParseFromString(record->front().bytes))
    return Status(Code::kCorrupt, "the event at offset " + std::to_string(offset.value) + " cannot be read");
  return stored;
}

// The record that an id names: of the version with that id, or the record's own key.
Result<std::string> record_named(const EventLog& log, const std::string& source, const std::string& id) {
  const Result<std::optional<Known>> known = log.find(event_key(source, id));
  if (!known.ok()) return known.status();
  if (!known->has_value()) return id;
  const Result<v1::StoredEvent> stored = stored_at(log, Offset{(*known)->value});
  if (!stored.ok()) return stored.status();
  return record_of(stored->envelope());
}

std::set<std::uint64_t> all_keys(const v1::StoredEvent& stored) {
  std::set<std::uint64_t> keys;
  for (const v1::SealedPart& part : stored.people()) keys.insert(part.key_number());
  if (!stored.sealed_personal().empty()) keys.insert(stored.key_number());
  return keys;
}

}  // namespace

Result<Erasure::Places> Erasure::places_in(const v1::Erase& order) const {
  Places places;
  for (int i = 0; i < order.records_size(); ++i) {
    const v1::Link& link = order.records(i);
    const Result<std::string> record = record_named(*parts_.log, link.source(), link.id());
    if (!record.ok()) return record.status();
    places[{link.source(), *record}].insert(i < order.people_size() ? static_cast<int>(order.people(i)) : 0);
  }
  if (places.empty()) return Status(Code::kInvalid, "erasing needs at least one record that names the person");
  return places;
}

// Of the people at these places, whichever version of the record it is.
Status Erasure::find_keys(const Places& places, const v1::Filter& filter, std::set<std::uint64_t>& keys) const {
  return walk_log(*parts_.log, filter, [&](const v1::StoredEvent& stored) {
    const auto place = places.find({stored.envelope().source(), record_of(stored.envelope())});
    if (place == places.end()) return Status();
    for (const int index : place->second)
      if (index < stored.people_size()) keys.insert(stored.people(index).key_number());
    if (!stored.sealed_personal().empty()) keys.insert(stored.key_number());
    return Status();
  });
}

Status Erasure::look_at(const v1::StoredEvent& stored, const std::set<std::uint64_t>& keys,
                        std::vector<Mentioned>& found) const {
  const Result<v1::Event> event = open_event(stored, *parts_.keys);
  if (!event.ok()) return event.status();
  const bool whole = !stored.sealed_personal().empty();  // of format 1: everything under one key
  for (int i = 0; i < event->personal().people_size(); ++i) {
    const std::uint64_t key = whole ? stored.key_number() : stored.people(i).key_number();
    const v1::Person& person = event->personal().people(i);
    if (!keys.contains(key) || person.erased()) continue;
    Mentioned& mentioned = found.emplace_back();
    mentioned.source = stored.envelope().source();
    mentioned.id = stored.envelope().id();
    mentioned.record = record_of(stored.envelope());
    mentioned.index = i;
    mentioned.of = event->personal().people_size();
    mentioned.role = person.role();
    mentioned.reference = person.reference();
    mentioned.keys.push_back(key);
    if (stored.has_rest() && !event->personal().erased()) mentioned.keys.push_back(stored.rest().key_number());
  }
  return {};
}

Status Erasure::find_mentions(const std::set<std::uint64_t>& keys, const v1::Filter& filter,
                              std::vector<Mentioned>& found) const {
  return walk_log(*parts_.log, filter, [&](const v1::StoredEvent& stored) {
    const std::set<std::uint64_t> held = all_keys(stored);
    const bool concerned = std::any_of(held.begin(), held.end(), [&](std::uint64_t key) { return keys.contains(key); });
    return concerned ? look_at(stored, keys, found) : Status();
  });
}

namespace {

std::string since_and_why(const Hold& hold) {
  const Result<Date> until = parse_date(hold.until);
  return "on hold since " + to_words(local_date(hold.since)) + " (" + hold.reason + "), " +
         (until.ok() ? "until " + to_words(*until) : "until the hold is released");
}

}  // namespace

// The rest of an event goes with any of its people: whoever else is in it must not be on hold either.
Status Erasure::check_holds(const std::vector<Mentioned>& found) const {
  const Date today = local_date(parts_.clock->now());
  for (const Mentioned& one : found)
    for (int index = 0; index < one.of; ++index)
      for (const std::string& id : {one.id, one.record}) {
        const std::optional<Hold> hold = parts_.book->hold_on(event_key(one.source, id), index, today);
        if (!hold) continue;
        return Status(Code::kOnHold, index == one.index
                                         ? "the person is " + since_and_why(*hold) + ", and is not erased before"
                                         : "the record " + one.source + "#" + one.id +
                                               " also names somebody else who is " + since_and_why(*hold) +
                                               ", and its text is kept for that");
      }
  return {};
}

// An event holds so many tokens at most (Limits::values_max), two of each person at most.
std::vector<v1::Event> Erasure::on_record(const std::vector<Mentioned>& found, const std::string& reason) const {
  constexpr int kOfEvent = 10;
  const Key& secret = parts_.ingest->person_secret();
  const Instant now = parts_.clock->now();
  std::vector<v1::Event> events;
  std::set<std::string> tokens;  // of all of them
  for (const Mentioned& one : found) {
    if (events.empty() || events.back().personal().people_size() == kOfEvent) {
      v1::Event& event = events.emplace_back();
      event.mutable_envelope()->set_source("/operator/erasure");
      event.mutable_envelope()->set_id("erasure/" + std::to_string(parts_.log->end_offset().value) + "/" +
                                       std::to_string(events.size()));
      *event.mutable_envelope()->mutable_time() = to_proto(now);
      event.mutable_facts()->mutable_governance()->set_stage(v1::Governance::ERASURE);
      event.mutable_facts()->mutable_governance()->set_reason(reason);
      event.mutable_envelope()->set_type(type_of(event.facts()));
    }
    v1::Event& event = events.back();
    v1::Governance& governance = *event.mutable_facts()->mutable_governance();
    v1::Link& link = *event.mutable_envelope()->add_links();
    link.set_rel("record");
    link.set_source(one.source);
    link.set_id(one.id);
    governance.add_people(static_cast<std::uint32_t>(one.index));
    event.mutable_personal()->add_people()->set_role(one.role);
    governance.mutable_keys()->Add(one.keys.begin(), one.keys.end());
    std::vector<EventKey> of_person = {token_of_place(secret, one.source, one.record, one.index)};
    if (!is_filler(one.reference)) of_person.push_back(token_of_reference(secret, one.source, one.reference));
    for (const EventKey& token : of_person)
      if (tokens.insert(token_text(token)).second) governance.add_tokens(token_text(token));
  }
  return events;
}

Status Erasure::erase(const v1::Erase& order, v1::Erased& done) {
  if (!order.reason().empty()) MOOT_RETURN_IF_ERROR(check_code("reason", order.reason()));
  const Result<Places> places = places_in(order);
  if (!places.ok()) return places.status();
  v1::Filter filter;
  std::set<std::string> agencies;
  for (const auto& [place, people] : *places) agencies.insert(std::string(agency_of_source(place.first)));
  for (const std::string& agency : agencies) filter.add_agencies(agency);
  std::set<std::uint64_t> wanted;
  MOOT_RETURN_IF_ERROR(find_keys(*places, filter, wanted));
  if (wanted.empty()) return Status(Code::kNotFound, "none of these records is in the log and names such a person");
  std::vector<Mentioned> found;
  MOOT_RETURN_IF_ERROR(find_mentions(wanted, filter, found));
  if (found.empty()) return Status(Code::kErased, "the person was erased already");
  MOOT_RETURN_IF_ERROR(check_holds(found));
  std::set<std::uint64_t> keys;
  std::set<std::pair<std::string, std::string>> events;
  for (const Mentioned& one : found) {
    keys.insert(one.keys.begin(), one.keys.end());
    events.emplace(one.source, one.id);
  }
  done.set_people(found.size());
  done.set_keys(keys.size());
  if (order.reason().empty()) return {};
  const Result<Offset> first = parts_.ingest->append_own(on_record(found, order.reason()));
  if (!first.ok()) return first.status();
  done.set_offset(first->value);
  return give_up(events, {keys.begin(), keys.end()}).status();
}

Result<std::uint64_t> Erasure::give_up(const std::set<std::pair<std::string, std::string>>& events,
                                       const std::vector<std::uint64_t>& keys) {
  // The keys last: as long as one is there, a start finishes all of it.
  MOOT_RETURN_IF_ERROR(forget_inputs(events));
  MOOT_RETURN_IF_ERROR(forget_views());
  parts_.ingest->forget_keys();
  return parts_.keys->destroy(keys, parts_.folder->epoch_file());
}

Status Erasure::finish() {
  if (parts_.book->empty()) return {};
  for (const std::uint64_t key : parts_.book->keys()) {
    const Status there = parts_.keys->find(key).status();
    if (there.code() == Code::kErased || there.code() == Code::kMissing) continue;
    MOOT_RETURN_IF_ERROR(there);
    return give_up(parts_.book->events(), parts_.book->keys()).status();
  }
  return parts_.keys->destroy({}, parts_.folder->epoch_file()).status();  // what was left over
}

namespace {

bool is_of(const v1::InboxItem& item, const std::set<std::pair<std::string, std::string>>& records) {
  v1::Event event;
  if (item.format() == "event" && event.ParseFromString(item.input()))
    return records.contains({event.envelope().source(), record_of(event.envelope())});
  return std::any_of(records.begin(), records.end(), [&](const auto& record) {
    return agency_of_source(record.first) == item.agency() && record.second == item.key();
  });
}

}  // namespace

Status Erasure::forget_inputs(const std::set<std::pair<std::string, std::string>>& events) {
  std::set<std::pair<std::string, std::string>> records = events;  // an item's key may be either
  for (const auto& [source, id] : events) {
    const Result<std::string> record = record_named(*parts_.log, source, id);
    if (!record.ok()) return record.status();
    records.emplace(source, *record);
  }
  Result<std::vector<v1::InboxItem>> items = parts_.inbox->all();
  if (!items.ok()) return items.status();
  std::vector<v1::InboxItem> forgotten;
  for (v1::InboxItem& item : *items) {
    if (!is_of(item, records)) continue;
    item.clear_input();
    item.clear_header();
    item.clear_original_input();
    if (item.state() == v1::InboxItem::WAITING) item.set_state(v1::InboxItem::DROPPED);
    item.set_note("the person was erased");
    forgotten.push_back(std::move(item));
  }
  return parts_.inbox->replace(forgotten);
}

// Whatever readers kept beside the log: their keys first. They begin again, for what they are entitled to has changed.
Status Erasure::forget_views() const {
  const std::pair<fs::path, std::string> kept[] = {{parts_.folder->log_keys() / "views", ".key"},
                                                   {parts_.folder->data() / "views", ".snapshot"}};
  for (const auto& [folder, kind] : kept) {
    std::error_code failed;
    std::vector<fs::path> files;
    std::set<fs::path> folders;
    for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
      if (entry->path().extension() == kind) files.push_back(entry->path());
    if (failed == std::errc::no_such_file_or_directory) continue;
    for (const fs::path& file : files) {
      if (!failed) fs::remove(file, failed);
      folders.insert(file.parent_path());
    }
    if (failed) return Status(Code::kDisk, folder.string() + ": cannot be cleared: " + failed.message());
    for (const fs::path& changed : folders) MOOT_RETURN_IF_ERROR(sync_folder(changed));
  }
  return {};
}

}  // namespace moot
