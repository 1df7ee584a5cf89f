// Which key each part of an event is sealed under: a part of broker/ingest.h.
#include "broker/core/filler.h"
#include "broker/ingest.h"

namespace moot {

// Numbers of keys that were destroyed are passed over: a log put back from an older copy than its keys counts on from
// too low.
Result<std::uint64_t> Ingest::new_key() {
  Result<Key> made = parts_.keys->make(next_key_);
  while (made.status().code() == Code::kErased) made = parts_.keys->make(++next_key_);
  if (!made.ok()) return made.status();
  return next_key_++;
}

// A person whose reference is known keeps the key; everybody else gets a new one. kErased when theirs was destroyed.
Result<std::uint64_t> Ingest::key_of_person(std::string_view source, std::string_view reference, SealedRecord& record) {
  if (is_filler(reference)) return new_key();
  person_.assign(source).append("\n").append(reference);
  const EventKey key = keyed_digest(secrets_.person, person_);  // token_of_reference
  if (parts_.erasures != nullptr && parts_.erasures->knows(key)) return Status(Code::kErased, "");
  const auto met = people_.find(key);
  if (met != people_.end()) return met->second.value;
  const Result<std::optional<Known>> known = find(key);
  if (!known.ok()) return known.status();
  // Destroyed without a word in this log: it is older than its keys.
  if (known->has_value() && parts_.keys->find((*known)->value).status().code() == Code::kErased)
    return Status(Code::kErased, "");
  const Result<std::uint64_t> number = known->has_value() ? Result<std::uint64_t>((*known)->value) : new_key();
  if (!number.ok()) return number.status();
  if (people_.size() >= kPeopleMax) people_.clear();
  people_[key] = Known{*number, {}};
  if (known->has_value()) return number;
  // A group that is not committed ends the process: nothing is remembered that is not in the log.
  record.more.push_back({key, {*number, {}}});
  staged_keys_[key] = {*number, {}};
  return number;
}

// Named at this place of the record before, by an event whose person was erased.
bool Ingest::is_erased(std::size_t place) const {
  if (parts_.erasures == nullptr || parts_.erasures->empty()) return false;
  const PlainEvent& event = said_.parts();
  const std::string_view record = event.record.empty() ? event.id : event.record;
  return parts_.erasures->knows(token_of_place(secrets_.person, event.source, record, static_cast<int>(place)));
}

Status Ingest::number_person(std::size_t place, SealedRecord& record) {
  const PlainEvent& event = said_.parts();
  Result<std::uint64_t> number = Status(Code::kErased, "");
  if (!is_erased(place)) number = key_of_person(event.source, event.references[place], record);
  if (number.status().code() == Code::kErased) {
    numbers_.erased.resize(event.references.size());
    numbers_.erased[place] = true;
    number = new_key();
  }
  if (!number.ok()) return number.status();
  numbers_.people.push_back(*number);
  return {};
}

// Of the event in hand, into numbers_.
Status Ingest::number_keys(SealedRecord& record) {
  const PlainEvent& event = said_.parts();
  numbers_.people.clear();
  numbers_.erased.clear();
  for (std::size_t place = 0; place < event.references.size(); ++place)
    MOOT_RETURN_IF_ERROR(number_person(place, record));
  if (event.rest.empty()) return {};
  const Result<std::uint64_t> number = new_key();
  if (!number.ok()) return number.status();
  numbers_.rest = *number;
  return {};
}

}  // namespace moot
