#include "consumers/casebook/case_set.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
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
  Said(const ModelEpoch& epoch, const Key& secret) : rows(epoch, secret) {}

  KnownNames names;
  std::set<std::string> dates;
  PeopleRows rows;
  std::vector<const NameForms*> named;  // the first but for names of nobody; nullptr = there is none
  std::unordered_map<std::size_t, std::vector<const NameForms*>> also_named;  // of those with several, the others
  std::vector<const std::string*> born;  // full dates that can be somebody's; nullptr = there is none
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
      const PersonRecord record = read_mention(event, {i, index}, said.names);
      said.rows.add(*epoch_, record);
      const NameForms*& named = said.named.emplace_back(nullptr);
      for (const v1::Name& name : people[index].names())
        if (const NameForms& forms = said.names.forms_of(name); forms.nobody)
          continue;
        else if (named == nullptr)
          named = &forms;
        else
          said.also_named[mentioned_.size()].push_back(&forms);
      const std::string born = linking_birth_date(people[index].born(), record.seen);
      said.born.push_back(born.empty() ? nullptr : &*said.dates.insert(born).first);
      mentioned_.push_back(Mention{i, index});
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
  epoch_ = who_is_who.epoch;
  Said said(*epoch_, secret_);
  read_mentions(said);
  decisions_ = decisions_on(decided);
  said.rows.decide(decisions_, [this](std::size_t number) { return mention_name(number); });
  PeopleFound found;
  if (who_is_who.live != nullptr) {
    found = who_is_who.live->find(std::move(said.rows), epoch_);
    linkage_ = std::move(found.linkage);
  } else {
    linkage_ = std::make_shared<PeopleLinkage>(std::move(said.rows), *epoch_);
    found.people = linkage_->people();
    found.possible = linkage_->possible();
  }
  name_people(said, found.people);
  for (const PossiblePair& pair : found.possible) possible_.push_back(possible_person(pair));
}

std::string CaseSet::mention_name(std::size_t number) const {
  const Mention& mention = mentioned_[number];
  return mention_key(records_.source(mention.record), records_.key(mention.record), mention.index);
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
  PeopleRows rows(*epoch_, secret_);
  KnownNames names;
  v1::Event scratch;
  for (const Mention& mention : mentioned_)
    rows.add(*epoch_, read_mention(records_.peek(mention.record, scratch), mention, names));
  rows.decide(decisions_, [this](std::size_t number) { return mention_name(number); });
  linkage_ = std::make_shared<PeopleLinkage>(std::move(rows), *epoch_);
  return *linkage_;
}

// By time, then by what it is called; most are told by the time alone.
std::uint32_t CaseSet::earliest_of(std::span<const std::uint32_t> mentions) const {
  std::optional<Instant> least;
  for (const std::uint32_t mention : mentions) {
    const Instant time = records_.time(mentioned_[mention].record);
    least = least ? std::min(*least, time) : time;
  }
  std::vector<std::uint32_t> earliest;
  for (const std::uint32_t mention : mentions)
    if (records_.time(mentioned_[mention].record) == *least) earliest.push_back(mention);
  if (earliest.size() == 1) return earliest.front();
  v1::Event scratch;
  const auto key_of = [&](std::uint32_t mention) {
    const v1::Event& event = records_.peek(mentioned_[mention].record, scratch);
    return std::pair(person_key(event, mentioned_[mention].index), mention_name(mention));
  };
  return *std::min_element(earliest.begin(), earliest.end(),
                           [&](std::uint32_t a, std::uint32_t b) { return key_of(a) < key_of(b); });
}

CaseSet::First CaseSet::first_of(std::span<const std::uint32_t> mentions) const {
  const std::uint32_t first = earliest_of(mentions);
  v1::Event scratch;
  const Mention& mention = mentioned_[first];
  return {person_id(secret_, person_key(records_.peek(mention.record, scratch), mention.index)), first};
}

void CaseSet::name_people(const Said& said, const Partition& people) {
  for (const std::vector<std::size_t>& cluster : people) {
    PersonCase person;
    SaidOfPerson spoken;
    const std::vector<std::uint32_t> mentions(cluster.begin(), cluster.end());
    for (const std::uint32_t mention : mentions) {
      person.mentions.push_back(mentioned_[mention]);
      if (said.named[mention] != nullptr) ++spoken.spellings[said.named[mention]->printed];
      if (const auto also = said.also_named.find(mention); also != said.also_named.end())
        for (const NameForms* name : also->second) ++spoken.spellings[name->printed];
      if (said.born[mention] != nullptr) ++spoken.birth_dates[*said.born[mention]];
      if (erased_as(mentioned_[mention].record, mentioned_[mention].index) != nullptr) ++spoken.gone;
    }
    spoken.name(person);
    persons_.push_back(std::move(person));
    firsts_.push_back(first_of(mentions));
  }
  tell_ids();
  person_of_ = linked_as_;
  for (std::size_t i = 0; i < persons_.size(); ++i)
    for (const Mention& mention : persons_[i].mentions) person_of_[place_of(mention)] = static_cast<std::uint32_t>(i);
}

// Two that were told apart although their source has one reference for both: the earlier keeps the id that comes of the
// reference, the other has that of its earliest record. Puts people in the order of their ids.
void CaseSet::tell_ids() {
  std::unordered_map<std::string_view, std::uint32_t> first_with;  // the mention whose person has the id
  for (const First& first : firsts_) {
    const auto [place, is_new] = first_with.try_emplace(first.id, first.mention);
    if (!is_new) place->second = earliest_of(std::array{place->second, first.mention});
  }
  std::vector<std::uint32_t> order(persons_.size());
  std::iota(order.begin(), order.end(), 0);
  for (const std::uint32_t i : order) {
    const First& first = firsts_[i];
    persons_[i].id =
        first_with.at(first.id) == first.mention ? first.id : person_id(secret_, mention_name(first.mention));
    for (const Mention& mention : erased_.empty() ? std::vector<Mention>() : persons_[i].mentions)
      if (const std::string* erased = erased_as(mention.record, mention.index)) persons_[i].id = *erased;
  }
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return persons_[a].id < persons_[b].id; });
  std::vector<PersonCase> persons;
  std::vector<First> firsts;
  persons.reserve(order.size());
  firsts.reserve(order.size());
  for (const std::uint32_t i : order) {
    persons.push_back(std::move(persons_[i]));
    firsts.push_back(std::move(firsts_[i]));
  }
  persons_ = std::move(persons);
  firsts_ = std::move(firsts);
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
  const std::uint32_t person = person_of_[place_of(mention)];
  if (looked_up_ != nullptr) looked_up_->push_back(digest_of_person(person));
  return person;
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

std::optional<std::size_t> CaseSet::find_position(std::string_view source, std::string_view id) const {
  if (looked_up_ != nullptr) looked_up_->push_back(digest_of_id(source, id));
  return records_.find(source, id);
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
