#include "consumers/casebook/case_set.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/linkage/known_names.h"
#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);  // no position of a person or a record

std::string join_key(std::string_view source, std::string_view id) {
  std::string key(source);
  key.push_back('\n');
  key.append(id);
  return key;
}

std::string short_digest(const Key& secret, const std::string& text) {
  const Digest digest = keyed_digest(secret, text);
  return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

// Printed in the place of a name that was destroyed.
constexpr const char* kErasedName = "erased";

// All records that name somebody erased are one person, as a source's records with one reference are.
void be_one_with_all(const std::string& person, PersonRecord& record) {
  record.source.clear();
  record.reference = person;
}

bool is_somebody(const v1::Person& person, KnownNames& names) {
  if (!person.reference().empty()) return true;
  return std::any_of(person.names().begin(), person.names().end(),
                     [&](const v1::Name& name) { return !names.forms_of(name).nobody; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The most frequent text whatever its capitals, and of its spellings the one with the fewest, if it has any: one agency
// writes "EXAMPLETON" where another writes "Exampleton". Of equals the first by text. Empty when there is nothing.
std::string most_frequent(const std::map<std::string, int>& counts) {
  struct Spelled {
    int count = 0;
    std::string text;
    std::ptrdiff_t capitals = 0;
  };
  std::map<std::string, Spelled> spelled;  // by the text in small letters
  for (const auto& [text, count] : counts) {
    std::string small = text;
    std::transform(small.begin(), small.end(), small.begin(), lower);
    auto capitals = std::count_if(text.begin(), text.end(), [](char c) { return lower(c) != c; });
    if (capitals == 0) capitals = static_cast<std::ptrdiff_t>(text.size());
    Spelled& choice = spelled[small];
    choice.count += count;
    if (!choice.text.empty() && choice.capitals <= capitals) continue;
    choice.text = text;
    choice.capitals = capitals;
  }
  const auto most = std::max_element(spelled.begin(), spelled.end(),
                                     [](const auto& a, const auto& b) { return a.second.count < b.second.count; });
  return most == spelled.end() ? std::string() : most->second.text;
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

CaseSet::CaseSet(Instant as_at, std::unique_ptr<google::protobuf::Arena> arena, std::vector<const v1::Event*> current,
                 const std::unordered_map<std::string, std::string>& versions, const Key& secret, WhoIsWho who_is_who)
    : as_at_(as_at), secret_(secret), arena_(std::move(arena)), records_(std::move(current)) {
  std::sort(records_.begin(), records_.end(), [](const v1::Event* a, const v1::Event* b) {
    return std::tie(a->envelope().source(), a->envelope().id()) < std::tie(b->envelope().source(), b->envelope().id());
  });
  index_records(versions);
  link_people(who_is_who);
}

std::size_t CaseSet::position_of(std::string_view source, std::string_view id) const {
  const auto place = std::lower_bound(
      records_.begin(), records_.end(), std::pair(source, id),
      [](const v1::Event* event, const std::pair<std::string_view, std::string_view>& key) {
        return std::pair<std::string_view, std::string_view>(event->envelope().source(), event->envelope().id()) < key;
      });
  const bool found =
      place != records_.end() && (*place)->envelope().source() == source && (*place)->envelope().id() == id;
  return found ? static_cast<std::size_t>(place - records_.begin()) : kNobody;
}

void CaseSet::index_records(const std::unordered_map<std::string, std::string>& versions) {
  for (const auto& [key, current_id] : versions) {
    const std::size_t current = position_of(std::string_view(key).substr(0, key.find('\n')), current_id);
    if (current != kNobody) other_ids_.try_emplace(key, current);
  }
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const v1::Envelope& envelope = records_[i]->envelope();
    if (!envelope.record().empty()) other_ids_.try_emplace(join_key(envelope.source(), envelope.record()), i);
  }
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
  const auto found = erased_.find({record, index});
  const bool erased = found != erased_.end() && records_[record]->personal().people(index).erased();
  return erased ? &found->second : nullptr;
}

void CaseSet::link_people(const WhoIsWho& who_is_who) {
  KnownNames names;
  linked_as_.resize(records_.size());
  find_erased(who_is_who.decisions);
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& people = records_[i]->personal().people();
    linked_as_[i].assign(static_cast<std::size_t>(people.size()), kNobody);
    for (int index = 0; index < people.size(); ++index) {
      const std::string* erased = erased_as(i, index);
      if (erased == nullptr && !is_somebody(people[index], names)) continue;
      linked_as_[i][static_cast<std::size_t>(index)] = mentioned_.size();
      mentioned_.push_back(Mention{i, index});
    }
  }
  const std::vector<PersonRecord> mentions = this->mentions(names);
  for (const PersonRecord& mention : mentions) mention_keys_.push_back(mention.key);
  epoch_ = who_is_who.epoch;
  decisions_ = decisions_on(who_is_who.decisions);
  PeopleFound found;
  if (who_is_who.live != nullptr) {
    found = who_is_who.live->find(mentions, epoch_, decisions_);
    linkage_ = std::move(found.linkage);
  } else {
    linkage_ = std::make_shared<const PeopleLinkage>(mentions, *epoch_, secret_, decisions_);
    found.people = linkage_->people();
    found.possible = linkage_->possible();
  }
  name_people(mentions, found.people, names);
  for (const PossiblePair& pair : found.possible) {
    PossiblePerson possible{*person_at(mentioned_[pair.a]), *person_at(mentioned_[pair.b]), mentioned_[pair.a],
                            mentioned_[pair.b], pair.probability};
    if (possible.b < possible.a) {
      std::swap(possible.a, possible.b);
      std::swap(possible.a_record, possible.b_record);
    }
    possible_.push_back(possible);
  }
}

std::vector<PersonRecord> CaseSet::mentions(KnownNames& names) const {
  std::vector<PersonRecord> mentions;
  mentions.reserve(mentioned_.size());
  for (const Mention& mention : mentioned_) {
    mentions.push_back(person_record(record(mention), mention.index, names));
    if (const std::string* erased = erased_as(mention.record, mention.index)) be_one_with_all(*erased, mentions.back());
  }
  return mentions;
}

const PeopleLinkage& CaseSet::linkage() const {
  if (linkage_) return *linkage_;
  KnownNames names;
  linkage_ = std::make_shared<const PeopleLinkage>(mentions(names), *epoch_, secret_, decisions_);
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

void CaseSet::name_people(const std::vector<PersonRecord>& mentions, const Partition& people, KnownNames& names) {
  const std::vector<std::string> ids = ids_of(mentions, people);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::vector<std::size_t>& cluster = people[i];
    PersonCase person;
    person.id = ids[i];
    std::size_t gone = 0;
    for (const std::size_t mention : cluster) {
      const std::string* erased = erased_as(mentioned_[mention].record, mentioned_[mention].index);
      if (erased == nullptr) continue;
      person.id = *erased;
      ++gone;
    }
    person.erased = gone == cluster.size();
    std::map<std::string, int> spellings;
    std::map<std::string, int> birth_dates;
    for (const std::size_t mention : cluster) {
      const v1::Person& said = this->person(mentioned_[mention]);
      person.mentions.push_back(mentioned_[mention]);
      for (const v1::Name& name : said.names())
        if (const NameForms& forms = names.forms_of(name); !forms.nobody) ++spellings[forms.printed];
      if (std::string born = linking_birth_date(said.born(), mentions[mention].seen); !born.empty())
        ++birth_dates[born];
    }
    person.name = person.erased ? kErasedName : most_frequent(spellings);
    person.born = most_frequent(birth_dates);
    persons_.push_back(std::move(person));
  }
  std::sort(persons_.begin(), persons_.end(), [](const PersonCase& a, const PersonCase& b) { return a.id < b.id; });
  person_of_ = linked_as_;
  for (std::size_t i = 0; i < persons_.size(); ++i)
    for (const Mention& mention : persons_[i].mentions)
      person_of_[mention.record][static_cast<std::size_t>(mention.index)] = i;
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

std::optional<Mention> CaseSet::mention_of_id(const std::string& id) const {
  std::optional<Mention> earliest;
  for (std::size_t i = 0; i < mentioned_.size(); ++i) {
    const std::string* erased = erased_as(mentioned_[i].record, mentioned_[i].index);
    const bool has_id =
        erased != nullptr
            ? *erased == id
            : person_id(secret_, mention_keys_[i]) == id ||
                  person_id(secret_, mention_key(record(mentioned_[i]).envelope(), mentioned_[i].index)) == id;
    if (!has_id) continue;
    if (!earliest || happened_before(record(mentioned_[i]), record(*earliest))) earliest = mentioned_[i];
  }
  return earliest;
}

std::optional<std::size_t> CaseSet::linked_as(const Mention& mention) const {
  const std::vector<std::size_t>& numbers = linked_as_[mention.record];
  if (mention.index < 0 || static_cast<std::size_t>(mention.index) >= numbers.size()) return std::nullopt;
  const std::size_t number = numbers[static_cast<std::size_t>(mention.index)];
  return number == kNobody ? std::nullopt : std::optional(number);
}

std::optional<std::size_t> CaseSet::person_at(const Mention& mention) const {
  if (!linked_as(mention)) return std::nullopt;
  return person_of_[mention.record][static_cast<std::size_t>(mention.index)];
}

std::vector<std::size_t> CaseSet::people_of(std::size_t record, const std::vector<std::string>& roles) const {
  std::vector<std::size_t> people;
  const auto& named = records_[record]->personal().people();
  for (int index = 0; index < named.size(); ++index) {
    const std::size_t person = person_of_[record][static_cast<std::size_t>(index)];
    if (person != kNobody && is_in(roles, named[index].role())) people.push_back(person);
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

std::optional<std::size_t> CaseSet::find_position(std::string_view source, std::string_view id) const {
  if (const std::size_t position = position_of(source, id); position != kNobody) return position;
  const auto found = other_ids_.find(join_key(source, id));
  return found == other_ids_.end() ? std::nullopt : std::optional(found->second);
}

const v1::Event* CaseSet::find(std::string_view source, std::string_view id) const {
  const std::optional<std::size_t> position = find_position(source, id);
  return position ? records_[*position] : nullptr;
}

std::vector<const v1::Event*> CaseSet::versions_of(std::size_t record) const {
  std::vector<const v1::Event*> versions = {records_[record]};
  if (const auto found = earlier_versions.find(records_[record]); found != earlier_versions.end())
    versions.insert(versions.end(), found->second.begin(), found->second.end());
  return versions;
}

std::string CaseSet::case_of_record(std::size_t record) const {
  const v1::Envelope& envelope = records_[record]->envelope();
  return "c-" + short_digest(secret_, join_key(envelope.source(), record_of(envelope)));
}

std::string CaseSet::case_of_place(std::string_view place) const {
  return "l-" + short_digest(secret_, "place\n" + std::string(place));
}

}  // namespace moot
