#include "consumers/casework/erasure_events.h"

#include <set>
#include <utility>

#include "broker/core/event_rules.h"
#include "broker/core/filler.h"
#include "broker/core/ids.h"

namespace moot {
namespace {

constexpr int kLinksOfEvent = 50;

// So many events as the person's records need: `start` fills the body of each, `add` tells it of one record more.
template <typename Start, typename Add>
std::vector<v1::Event> in_events(const PersonCase& person, const std::string& name, Instant now, const Start& start,
                                 const Add& add) {
  std::vector<v1::Event> events;
  for (const Mention& mention : person.mentions) {
    if (events.empty() || events.back().envelope().links_size() == kLinksOfEvent) {
      v1::Event& event = events.emplace_back();
      v1::Envelope& envelope = *event.mutable_envelope();
      envelope.set_source("/" + std::string(kOperator) + "/casework");
      envelope.set_id(name + "/" + person.id + "/" + std::to_string(now.us) + "/" + std::to_string(events.size()));
      *envelope.mutable_time() = to_proto(now);
      start(event);
      envelope.set_type(type_of(event.facts()));
    }
    add(events.back(), mention);
  }
  return events;
}

void add_link(const v1::Envelope& record, const std::string& id, v1::Event& event) {
  v1::Link& link = *event.mutable_envelope()->add_links();
  link.set_rel("record");
  link.set_source(record.source());
  link.set_id(id);
}

}  // namespace

Erasing erasing_of(const CaseSet& cases, std::size_t person) {
  const auto reference_of = [&](const Mention& mention) {
    return std::pair(cases.record(mention).envelope().source(), cases.person(mention).reference());
  };
  Erasing erasing;
  std::set<std::pair<std::string, std::string>> references;
  for (const Mention& mention : cases.persons()[person].mentions) {
    if (cases.person(mention).erased()) continue;
    erasing.mentions.push_back(mention);
    if (!is_filler(cases.person(mention).reference())) references.insert(reference_of(mention));
  }
  for (std::size_t other = 0; other < cases.persons().size() && !references.empty(); ++other) {
    if (other == person) continue;
    const std::size_t before = erasing.mentions.size();
    for (const Mention& mention : cases.persons()[other].mentions)
      if (references.contains(reference_of(mention))) erasing.mentions.push_back(mention);
    if (erasing.mentions.size() > before) erasing.others.push_back(other);
  }
  return erasing;
}

std::vector<v1::Event> remembered(const CaseSet& cases, const PersonCase& person, Instant now) {
  return in_events(
      person, "erased", now,
      [&](v1::Event& event) {
        event.mutable_facts()->mutable_identity()->set_stage(v1::Identity::LINKED);
        event.mutable_facts()->mutable_identity()->set_person(person.id);
      },
      [&](v1::Event& event, const Mention& mention) {
        const v1::Envelope& envelope = cases.record(mention).envelope();
        add_link(envelope, record_of(envelope), event);  // whichever version a document knows
        event.mutable_facts()->mutable_identity()->add_people(static_cast<std::uint32_t>(mention.index));
      });
}

std::vector<v1::Event> hold_events(const CaseSet& cases, const PersonCase& person, const HoldWish& wish) {
  return in_events(
      person, wish.release ? "release" : "hold", wish.now,
      [&](v1::Event& event) {
        v1::Governance& governance = *event.mutable_facts()->mutable_governance();
        governance.set_stage(wish.release ? v1::Governance::RELEASE : v1::Governance::HOLD);
        governance.set_reason(wish.reason);
        governance.set_ends(wish.until);
      },
      [&](v1::Event& event, const Mention& mention) {
        const v1::Envelope& envelope = cases.record(mention).envelope();
        add_link(envelope, envelope.id(), event);
        event.mutable_facts()->mutable_governance()->add_people(static_cast<std::uint32_t>(mention.index));
      });
}

v1::Request erase_request(const CaseSet& cases, const std::vector<Mention>& mentions, const std::string& reason) {
  v1::Request request;
  v1::Erase& erase = *request.mutable_erase();
  erase.set_reason(reason);
  for (const Mention& mention : mentions) {
    const v1::Envelope& envelope = cases.record(mention).envelope();
    v1::Link& record = *erase.add_records();
    record.set_rel("record");
    record.set_source(envelope.source());
    record.set_id(envelope.id());
    erase.add_people(static_cast<std::uint32_t>(mention.index));
  }
  return request;
}

}  // namespace moot
