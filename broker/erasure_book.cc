#include "broker/erasure_book.h"

#include "broker/log_walk.h"
#include "broker/sealed_event.h"

namespace moot {

namespace {

std::optional<EventKey> token_in(std::string_view hex) {
  EventKey token{};
  if (hex.size() != 2 * token.size()) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char c = hex[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    token[i / 2] = static_cast<std::uint8_t>(token[i / 2] * 16 + digit);
  }
  return token;
}

// Which of the people in the record that the link of this place among links to records names.
int person_at(const v1::Governance& governance, int place) {
  return place < governance.people_size() ? static_cast<int>(governance.people(place)) : 0;
}

}  // namespace

EventKey token_of_reference(const Key& secret, std::string_view source, std::string_view reference) {
  return keyed_digest(secret, std::string(source).append("\n").append(reference));
}

EventKey token_of_place(const Key& secret, std::string_view source, std::string_view record, int index) {
  // No reference holds a line feed: it is never another's.
  return keyed_digest(
      secret, std::string(source).append("\nrecord\n").append(record).append("\n").append(std::to_string(index)));
}

std::string token_text(const EventKey& token) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(token.data()), token.size()));
}

void ErasureBook::apply(const v1::Event& event) {
  const v1::Governance& governance = event.facts().governance();
  if (event.envelope().agency() != kOperator) return;  // ingest lets nobody else say it
  if (governance.stage() == v1::Governance::HOLD || governance.stage() == v1::Governance::RELEASE) return hold(event);
  if (governance.stage() != v1::Governance::ERASURE) return;
  ++erasures_;
  for (const std::string& text : governance.tokens())
    if (const std::optional<EventKey> token = token_in(text)) tokens_.insert(*token);
  keys_.insert(keys_.end(), governance.keys().begin(), governance.keys().end());
  int place = 0;
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != "record") continue;
    events_.emplace(link.source(), link.id());
    const Mentioned mentioned{event_key(link.source(), link.id()), person_at(governance, place)};
    roles_[mentioned] = place < event.personal().people_size() ? event.personal().people(place).role() : "";
    ++place;
  }
}

void ErasureBook::hold(const v1::Event& event) {
  const v1::Governance& governance = event.facts().governance();
  int place = 0;
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != "record") continue;
    const Mentioned mentioned{event_key(link.source(), link.id()), person_at(governance, place++)};
    if (governance.stage() == v1::Governance::RELEASE)
      holds_.erase(mentioned);
    else
      holds_[mentioned] = Hold{from_proto(event.envelope().recorded_time()), governance.reason(), governance.ends()};
  }
}

std::optional<std::string> ErasureBook::role_of(const EventKey& event, int index) const {
  const auto found = roles_.find({event, index});
  return found == roles_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Hold> ErasureBook::hold_on(const EventKey& event, int index, Date today) const {
  const auto found = holds_.find({event, index});
  if (found == holds_.end()) return std::nullopt;
  const std::string& until = found->second.until;  // dates of this form compare as texts
  return until.empty() || to_iso(today) < until ? std::optional(found->second) : std::nullopt;
}

Status read_erasures(const EventLog& log, const KeyStore& keys, ErasureBook& book) {
  v1::Filter filter;
  filter.add_types("governance");
  return walk_log(log, filter, [&](const v1::StoredEvent& stored) {
    const v1::Governance::Stage stage = stored.facts().governance().stage();
    if (stage != v1::Governance::ERASURE && stage != v1::Governance::HOLD && stage != v1::Governance::RELEASE)
      return Status();
    const Result<v1::Event> event = open_event(stored, keys);
    if (!event.ok()) return event.status();
    book.apply(*event);
    return Status();
  });
}

}  // namespace moot
