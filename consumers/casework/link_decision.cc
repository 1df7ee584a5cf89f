#include "consumers/casework/link_decision.h"

#include <algorithm>
#include <set>

#include "broker/core/event_rules.h"

namespace moot {
namespace {

constexpr std::size_t kRecordsOfSide = 20;  // an event has at most 50 links

// One record of each row, the first as it was given, then the earliest.
std::vector<Mention> some_of(const CaseSet& cases, const std::vector<Mention>& mentions) {
  std::vector<std::size_t> numbers;
  for (const Mention& mention : mentions) numbers.push_back(*cases.linked_as(mention));
  std::sort(numbers.begin() + 1, numbers.end(), [&](std::size_t a, std::size_t b) {
    return happened_before(cases.record(cases.linked_mention(a)), cases.record(cases.linked_mention(b)));
  });
  numbers = cases.linkage().one_of_each_row(numbers);
  numbers.resize(std::min(numbers.size(), kRecordsOfSide));
  std::vector<Mention> some;
  for (const std::size_t number : numbers) some.push_back(cases.linked_mention(number));
  return some;
}

std::string name_of(const CaseSet& cases, const Mention& mention) {
  const v1::Envelope& envelope = cases.record(mention).envelope();
  return envelope.source() + "\n" + record_of(envelope) + "\n" + std::to_string(mention.index);
}

std::string digest_of_two(const CaseSet& cases, const Mention& a, const Mention& b) {
  std::string one = name_of(cases, a);
  std::string two = name_of(cases, b);
  if (two < one) std::swap(one, two);
  const Digest digest = keyed_digest(Key{}, one + "\n" + two);
  return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

Instant known_by(const v1::Envelope& envelope) {
  if (!envelope.backfill()) return from_proto(envelope.recorded_time());
  return std::max(from_proto(envelope.time()),
                  envelope.has_known_time() ? from_proto(envelope.known_time()) : Instant{});
}

void add_record(const CaseSet& cases, const Mention& mention, v1::Event& event) {
  const v1::Envelope& envelope = cases.record(mention).envelope();
  v1::Link& link = *event.mutable_envelope()->add_links();
  link.set_rel("record");
  link.set_source(envelope.source());
  link.set_id(envelope.id());
  event.mutable_facts()->mutable_identity()->add_people(static_cast<std::uint32_t>(mention.index));
}

}  // namespace

Result<Decided> decide(const CaseSet& cases, const LinkWish& wish) {
  const std::vector<Mention> a = some_of(cases, wish.a);
  const std::vector<Mention> b = some_of(cases, wish.b);
  if (name_of(cases, a[0]) == name_of(cases, b[0]))
    return Status(Code::kUsage, wish.linked
                                    ? "the two are one person already: they are the same record"
                                    : "the two are the same record: name two records that are to be kept apart");
  Decided decided;
  v1::Envelope& envelope = *decided.event.mutable_envelope();
  const std::string two = digest_of_two(cases, a[0], b[0]);
  envelope.set_source("/" + wish.agency + "/casework");
  envelope.set_record("identity/" + two);
  envelope.set_id("identity/" + two + "/" + std::to_string(wish.now.us));
  *envelope.mutable_time() = to_proto(wish.now);
  v1::Identity& identity = *decided.event.mutable_facts()->mutable_identity();
  identity.set_stage(wish.linked ? v1::Identity::LINKED : v1::Identity::UNLINKED);
  identity.set_one_side(static_cast<std::uint32_t>(a.size()));
  envelope.set_type(type_of(decided.event.facts()));
  Instant known;
  for (const std::vector<Mention>* side : {&a, &b})
    for (const Mention& mention : *side) {
      const v1::Envelope& record = cases.record(mention).envelope();
      add_record(cases, mention, decided.event);
      decided.backfill = decided.backfill || record.backfill();
      known = std::max(known, known_by(record));
    }
  if (decided.backfill) *envelope.mutable_known_time() = to_proto(std::min(known, wish.now));
  return decided;
}

DecisionOutcome outcome_of(const CaseSet& cases, const v1::Event& decision) {
  const v1::Identity& identity = decision.facts().identity();
  std::set<std::size_t> sides[2];
  for (int i = 0; i < decision.envelope().links_size(); ++i) {
    const v1::Link& link = decision.envelope().links(i);
    const std::optional<std::size_t> record = cases.find_position(link.source(), link.id());
    if (!record) continue;
    if (const auto person = cases.person_at({*record, static_cast<int>(identity.people(i))}))
      sides[i < static_cast<int>(identity.one_side()) ? 0 : 1].insert(*person);
  }
  DecisionOutcome outcome;
  std::set<std::size_t> both = sides[0];
  both.insert(sides[1].begin(), sides[1].end());
  for (const std::size_t person : both) outcome.people.push_back(cases.persons()[person].id);
  const bool meet =
      std::any_of(sides[0].begin(), sides[0].end(), [&](std::size_t one) { return sides[1].contains(one); });
  outcome.holds = identity.stage() == v1::Identity::LINKED ? both.size() == 1 : !meet && both.size() > 1;
  return outcome;
}

}  // namespace moot
