// Which key each part of an event is sealed under: a part of broker/ingest.h.
#include <cstring>

#include "broker/core/filler.h"
#include "broker/ingest.h"

namespace moot {

// Numbers of keys that were destroyed are passed over: a log put back from an older copy than its keys counts on from
// too low.
Result<SealingKey> Ingest::new_key() {
  Result<Key> key = parts_.keys->find(next_key_);
  while (key.status().code() == Code::kErased) key = parts_.keys->find(++next_key_);
  if (!key.ok()) return key.status();
  return SealingKey{next_key_++, *key};
}

// A person whose reference is known keeps the key; everybody else gets a new one. kErased when theirs was destroyed.
Result<SealingKey> Ingest::key_of_person(std::string_view source, std::string_view reference, SealedRecord& record) {
  if (is_filler(reference)) return new_key();
  person_.assign(source).append("\n").append(reference);
  // Whoever was erased since has no key under that number any more, and is not among those met either.
  const EventKey quick = quick_digest(people_secret_, person_);
  if (const std::optional<std::uint64_t> met = people_.key_number_of(quick)) return key_before(*met);
  const EventKey key = keyed_digest(secrets_.person, person_);  // token_of_reference
  if (parts_.erasures != nullptr && parts_.erasures->knows(key)) return Status(Code::kErased, "");
  const Result<std::optional<Known>> known = find(key);
  if (!known.ok()) return known.status();
  const Result<SealingKey> theirs = known->has_value() ? key_before((*known)->value) : new_key();
  if (!theirs.ok()) return theirs.status();
  people_.remember(quick, theirs->number);
  if (known->has_value()) return theirs;
  // A group that is not committed ends the process: nothing is remembered that is not in the log.
  record.more.push_back({key, {theirs->number, {}}});
  staged_keys_[key] = {theirs->number, {}};
  return theirs;
}

// kErased where it was destroyed without a word in this log: it is older than its keys.
Result<SealingKey> Ingest::key_before(std::uint64_t number) const {
  const Result<Key> key = parts_.keys->find(number);
  if (!key.ok()) return key.status();
  return SealingKey{number, *key};
}

// Named at this place of the record before, by an event whose person was erased.
bool Ingest::is_erased(std::size_t place) const {
  if (parts_.erasures == nullptr || parts_.erasures->empty()) return false;
  const PlainEvent& event = said_.parts();
  const std::string_view record = event.record.empty() ? event.id : event.record;
  return parts_.erasures->knows(token_of_place(secrets_.person, event.source, record, static_cast<int>(place)));
}

Status Ingest::choose_key(std::size_t place, SealedRecord& record) {
  const PlainEvent& event = said_.parts();
  Result<SealingKey> key = Status(Code::kErased, "");
  if (!is_erased(place)) key = key_of_person(event.source, event.references[place], record);
  if (key.status().code() == Code::kErased) {
    keys_.erased.resize(event.references.size());
    keys_.erased[place] = true;
    key = new_key();
  }
  if (!key.ok()) return key.status();
  keys_.people.push_back(*key);
  return {};
}

namespace {

// Before it is cleared: what was cleared cannot be reached any more, and is in memory all the same.
void wipe(EventKeys& keys) {
  for (SealingKey& key : keys.people) explicit_bzero(key.key.data(), key.key.size());
  explicit_bzero(keys.rest.key.data(), keys.rest.key.size());
}

}  // namespace

// Wiped, as the key store wipes what it remembers: a key that is destroyed is to be nowhere.
void Ingest::forget_keys() {
  wipe(keys_);
  people_.forget();
}

// Of the event in hand, into keys_.
Status Ingest::choose_keys(SealedRecord& record) {
  const PlainEvent& event = said_.parts();
  wipe(keys_);
  keys_.people.clear();
  // Else it would grow as it fills, and leave what it held where it was.
  keys_.people.reserve(event.references.size());
  keys_.erased.clear();
  for (std::size_t place = 0; place < event.references.size(); ++place) MOOT_RETURN_IF_ERROR(choose_key(place, record));
  if (event.rest.empty()) return {};
  const Result<SealingKey> key = new_key();
  if (!key.ok()) return key.status();
  keys_.rest = *key;
  return {};
}

}  // namespace moot
