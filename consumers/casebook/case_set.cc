#include "consumers/casebook/case_set.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/casebook/said_of_person.h"
#include "consumers/linkage/known_names.h"
#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

std::string short_digest(const Key& secret, const std::string& text) {
  const Digest digest = keyed_digest(secret, text);
  return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

}  // namespace

Instant time_of(const v1::Event& event) { return from_proto(event.envelope().time()); }

bool is_in(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

v1::EventRef reference_to(const v1::Event& event) {
  v1::EventRef reference;
  reference.set_source(event.envelope().source());
  reference.set_id(event.envelope().id());
  return reference;
}

bool happened_before(const v1::Event& a, const v1::Event& b) {
  const Instant a_time = time_of(a);
  const Instant b_time = time_of(b);
  return std::tie(a_time, a.envelope().source(), a.envelope().id()) <
         std::tie(b_time, b.envelope().source(), b.envelope().id());
}

namespace {

// A time to come counts as when it was recorded: nobody decides ahead of everybody after.
Instant decided_at(const v1::Event& decision) {
  const v1::Envelope& envelope = decision.envelope();
  return envelope.has_recorded_time() ? std::min(time_of(decision), from_proto(envelope.recorded_time()))
                                      : time_of(decision);
}

}  // namespace

// By the linkage's number.
struct CaseSet::Said {
  KnownNames names;
  std::vector<PersonRecord> mentions;
  std::vector<std::vector<const NameForms*>> named;  // but for names of nobody
  std::vector<std::string> born;                     // full dates that can be somebody's
};

CaseSet::CaseSet(Instant as_at, CaseRecords records, const Key& secret, WhoIsWho who_is_who)
    : as_at_(as_at), secret_(secret), records_(std::move(records)) {
  link_people(who_is_who);
}

// The newest first.
std::vector<const v1::Event*> CaseSet::in_order(const std::vector<VersionStore::Number>& decisions) const {
  std::vector<const v1::Event*> events;
  for (const VersionStore::Number decision : decisions) events.push_back(records_.read(decision));
  std::sort(events.begin(), events.end(), [](const v1::Event* a, const v1::Event* b) {
    const Instant one = decided_at(*a), other = decided_at(*b);
    return one != other ? other < one : happened_before(*b, *a);
  });
  return events;
}

// Who somebody was, whose own words are gone, stands in a decision of the operator made as they were erased.
void CaseSet::find_erased(const std::vector<const v1::Event*>& decisions) {
  for (const v1::Event* event : decisions) {
    const v1::Identity& identity = event->facts().identity();
    if (identity.person().empty() || event->envelope().agency() != kOperator) continue;
    int place = 0;
    for (const v1::Link& link : event->envelope().links()) {
      if (link.rel() != "record") continue;
      const int index = place < identity.people_size() ? static_cast<int>(identity.people(place)) : 0;
      ++place;
      if (const std::optional<std::size_t> record = find_position(link.source(), link.id()))
        erased_.try_emplace({*record, index}, identity.person());
    }
  }
}

const std::string* CaseSet::erased_as(std::size_t record, int index) const {
  if (erased_.empty()) return nullptr;
  const auto found = erased_.find({record, index});
  const bool erased = found != erased_.end() && records_[record]->personal().people(index).erased();
  return erased ? &found->second : nullptr;
}

// Reads every record that names anybody, once, and keeps no more of it than tells people apart.
void CaseSet::read_mentions(Said& said) {
  v1::Event scratch;
  first_place_.reserve(records_.size());
  named_.resize(records_.size());
  for (std::size_t i = 0; i < records_.size(); ++i) {
    first_place_.push_back(static_cast<std::uint32_t>(linked_as_.size()));
    if (!records_.may_name_people(i)) continue;
    const v1::Event& event = records_.peek(i, scratch);
    const auto& people = event.personal().people();
    named_[i] = static_cast<std::uint32_t>(people.size());
    for (int index = 0; index < people.size(); ++index) {
      const std::string* erased = erased_as(i, index);
      const bool somebody = erased != nullptr || is_somebody(people[index], said.names);
      linked_as_.push_back(somebody ? static_cast<std::uint32_t>(mentioned_.size()) : kNobody);
      if (!somebody) continue;
      mentioned_.push_back(Mention{i, index});
      const PersonRecord& record = said.mentions.emplace_back(read_mention(event, {i, index}, said.names));
      auto& named = said.named.emplace_back();
      for (const v1::Name& name : people[index].names())
        if (const NameForms& forms = said.names.forms_of(name); !forms.nobody) named.push_back(&forms);
      said.born.push_back(linking_birth_date(people[index].born(), record.seen));
    }
  }
}

PersonRecord CaseSet::read_mention(const v1::Event& event, const Mention& mention, KnownNames& names) const {
  PersonRecord record = person_record(event, mention.index, names);
  if (const std::string* erased = erased_as(mention.record, mention.index)) be_one_with_all(*erased, record);
  return record;
}

void CaseSet::link_people(const WhoIsWho& who_is_who) {
  const std::vector<const v1::Event*> decided = in_order(who_is_who.decisions);
  find_erased(decided);
  Said said;
  read_mentions(said);
  epoch_ = who_is_who.epoch;
  decisions_ = decisions_on(decided);
  PeopleFound found;
  if (who_is_who.live != nullptr) {
    found = who_is_who.live->find(said.mentions, epoch_, decisions_);
    linkage_ = std::move(found.linkage);
  } else {
    linkage_ = std::make_shared<const PeopleLinkage>(said.mentions, *epoch_, secret_, decisions_);
    found.people = linkage_->people();
    found.possible = linkage_->possible();
  }
  name_people(said, found.people);
  for (const PossiblePair& pair : found.possible) possible_.push_back(possible_person(pair));
}

PossiblePerson CaseSet::possible_person(const PossiblePair& pair) const {
  PossiblePerson possible{*person_at(mentioned_[pair.a]), *person_at(mentioned_[pair.b]), mentioned_[pair.a],
                          mentioned_[pair.b], pair.probability};
  if (persons_[possible.b].id < persons_[possible.a].id) {
    std::swap(possible.a, possible.b);
    std::swap(possible.a_record, possible.b_record);
  }
  return possible;
}

const std::vector<PossiblePerson>& CaseSet::possible() const {
  MOOT_CHECK(living_ == nullptr);
  return possible_;
}

const PeopleLinkage& CaseSet::linkage() const {
  MOOT_CHECK(living_ == nullptr);
  if (linkage_) return *linkage_;
  KnownNames names;
  std::vector<PersonRecord> mentions;
  for (const Mention& mention : mentioned_) mentions.push_back(read_mention(record(mention), mention, names));
  linkage_ = std::make_shared<const PeopleLinkage>(mentions, *epoch_, secret_, decisions_);
  return *linkage_;
}

// Two that were told apart although their source has one reference for both: the earlier keeps the id that comes of the
// reference, the other has that of its earliest record.
std::vector<std::string> CaseSet::ids_of(const std::vector<PersonRecord>& mentions, const Partition& people) const {
  std::vector<std::size_t> earliest;
  std::unordered_map<std::string_view, std::size_t> first_by_key;  // the mention whose person has the key's id
  for (const std::vector<std::size_t>& cluster : people) {
    earliest.push_back(earliest_of(mentions, cluster));
    const auto [first, is_new] = first_by_key.try_emplace(mentions[earliest.back()].key, earliest.back());
    if (!is_new) first->second = earliest_of(mentions, {first->second, earliest.back()});
  }
  std::vector<std::string> ids;
  for (const std::size_t mention : earliest) {
    const bool first = first_by_key.at(mentions[mention].key) == mention;
    ids.push_back(person_id(secret_, first ? mentions[mention].key : mentions[mention].mention));
  }
  return ids;
}

void CaseSet::name_people(const Said& said, const Partition& people) {
  const std::vector<std::string> ids = ids_of(said.mentions, people);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::vector<std::size_t>& cluster = people[i];
    PersonCase person;
    person.id = ids[i];
    SaidOfPerson spoken;
    for (const std::size_t mention : cluster) {
      person.mentions.push_back(mentioned_[mention]);
      for (const NameForms* name : said.named[mention]) ++spoken.spellings[name->printed];
      if (!said.born[mention].empty()) ++spoken.birth_dates[said.born[mention]];
      const std::string* erased = erased_as(mentioned_[mention].record, mentioned_[mention].index);
      if (erased == nullptr) continue;
      person.id = *erased;
      ++spoken.gone;
    }
    spoken.name(person);
    persons_.push_back(std::move(person));
  }
  std::sort(persons_.begin(), persons_.end(), [](const PersonCase& a, const PersonCase& b) { return a.id < b.id; });
  person_of_ = linked_as_;
  for (std::size_t i = 0; i < persons_.size(); ++i)
    for (const Mention& mention : persons_[i].mentions) person_of_[place_of(mention)] = static_cast<std::uint32_t>(i);
}

// An agency decides of its own records, the operator of all. A record that is not in the set is passed over.
std::vector<LinkDecision> CaseSet::decisions_on(const std::vector<const v1::Event*>& events) const {
  std::vector<LinkDecision> decisions;
  for (const v1::Event* event : events) {
    const v1::Identity& identity = event->facts().identity();
    const std::string& agency = event->envelope().agency();
    LinkDecision decision{identity.stage() != v1::Identity::UNLINKED, {}, 0};
    const int sides_at = std::max(1, static_cast<int>(identity.one_side()));
    bool may = true;
    int place = 0;
    for (const v1::Link& link : event->envelope().links()) {
      if (link.rel() != "record") continue;
      const int index = place < identity.people_size() ? static_cast<int>(identity.people(place)) : 0;
      const bool of_one_side = place++ < sides_at;
      const std::optional<std::size_t> record = find_position(link.source(), link.id());
      if (!record) continue;
      may = may && (agency == kOperator || agency == records_[*record]->envelope().agency());
      const std::optional<std::size_t> number = linked_as({*record, index});
      if (!number) continue;
      decision.mentions.push_back(*number);
      decision.one_side += of_one_side ? 1 : 0;
    }
    const bool whole = decision.linked || (decision.one_side > 0 && decision.one_side < decision.mentions.size());
    if (may && whole && decision.mentions.size() > 1) decisions.push_back(std::move(decision));
  }
  return decisions;
}

std::optional<Mention> CaseSet::earliest_with_id(const std::string& id, const std::vector<Mention>& mentions) const {
  std::optional<Mention> earliest;
  v1::Event scratch;
  for (const Mention& mention : mentions) {
    const std::string* erased = erased_as(mention.record, mention.index);
    const v1::Event& event = records_.peek(mention.record, scratch);
    const bool has_id = erased != nullptr ? *erased == id
                                          : person_id(secret_, person_key(event, mention.index)) == id ||
                                                person_id(secret_, mention_key(event.envelope(), mention.index)) == id;
    if (!has_id) continue;
    if (!earliest || happened_before(event, record(*earliest))) earliest = mention;
  }
  return earliest;
}

// Whose id it is now, has it from a record of their own; only one of before is looked for everywhere.
std::optional<Mention> CaseSet::mention_of_id(const std::string& id) const {
  MOOT_CHECK(living_ == nullptr);  // people would not be by their ids, and mentions not all there
  const auto person =
      std::lower_bound(persons_.begin(), persons_.end(), id,
                       [](const PersonCase& one, const std::string& wanted) { return one.id < wanted; });
  if (person != persons_.end() && person->id == id)
    if (const std::optional<Mention> theirs = earliest_with_id(id, person->mentions)) return theirs;
  return earliest_with_id(id, mentioned_);
}

// Where the mention stands among all people that records name.
std::uint32_t CaseSet::place_of(const Mention& mention) const {
  const auto index = static_cast<std::uint32_t>(mention.index);
  return mention.index >= 0 && index < named_[mention.record] ? first_place_[mention.record] + index : kNobody;
}

std::optional<std::size_t> CaseSet::linked_as(const Mention& mention) const {
  const std::uint32_t place = place_of(mention);
  if (place == kNobody || linked_as_[place] == kNobody) return std::nullopt;
  return linked_as_[place];
}

std::optional<std::size_t> CaseSet::person_at(const Mention& mention) const {
  if (!linked_as(mention)) return std::nullopt;
  return person_of_[place_of(mention)];
}

std::vector<std::size_t> CaseSet::people_of(std::size_t record, const std::vector<std::string>& roles) const {
  std::vector<std::size_t> people;
  for (std::uint32_t index = 0; index < named_[record]; ++index) {
    const std::uint32_t person = person_of_[first_place_[record] + index];
    const auto has_role = [&] {  // most are asked for in any, and need not be read
      return roles.empty() || is_in(roles, records_[record]->personal().people(static_cast<int>(index)).role());
    };
    if (person != kNobody && has_role()) people.push_back(person);
  }
  std::sort(people.begin(), people.end(),
            [&](std::size_t a, std::size_t b) { return persons_[a].id < persons_[b].id; });
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

const v1::Event* CaseSet::find(std::string_view source, std::string_view id) const {
  const std::optional<std::size_t> position = find_position(source, id);
  return position ? records_[*position] : nullptr;
}

std::string CaseSet::case_of_record(std::size_t record) const {
  const v1::Envelope& envelope = records_[record]->envelope();
  return "c-" + short_digest(secret_, envelope.source() + "\n" + record_of(envelope));
}

std::string CaseSet::case_of_place(std::string_view place) const {
  return "l-" + short_digest(secret_, "place\n" + std::string(place));
}

}  // namespace moot
