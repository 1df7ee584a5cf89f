// A set of cases that follows its casebook: case_set.h.
#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "consumers/casebook/case_set.h"
#include "consumers/casebook/said_of_person.h"
#include "consumers/linkage/normal_name.h"

namespace moot {

// Mentions have the numbers of their places.
struct CaseSet::Living {
  KnownNames names;
  std::unordered_map<std::string, std::vector<std::uint32_t>> of_key;  // earliest mentions, by First::id
  std::optional<LiveMentions> people;
  std::size_t first_places = 0;  // when it began to follow
};

void CaseSet::go_live() {
  living_ = std::make_shared<Living>();
  std::vector<LiveMentions::Number> numbers;
  for (const Mention& mention : mentioned_) numbers.push_back(place_of(mention));
  for (LinkDecision& decision : decisions_)
    for (std::size_t& mention : decision.mentions) mention = numbers[mention];
  const std::shared_ptr<PeopleLinkage> linkage = std::move(linkage_);
  mentioned_.resize(linked_as_.size());
  for (std::size_t i = numbers.size(); i > 0; --i) mentioned_[numbers[i - 1]] = mentioned_[i - 1];
  for (const std::uint32_t place : numbers) linked_as_[place] = place;
  const auto record = [this, scratch = v1::Event()](LiveMentions::Number number) mutable {
    const Mention& mention = mentioned_[number];
    return read_mention(records_.peek(mention.record, scratch), mention, living_->names);
  };
  const auto mention = [this](LiveMentions::Number number) { return mention_name(number); };
  living_->first_places = places();
  living_->people.emplace(linkage.use_count() == 1 ? std::move(*linkage) : PeopleLinkage(*linkage), epoch_, secret_,
                          numbers, decisions_, LiveMentions::Reader{record, mention});
  for (First& first : firsts_) {
    first.mention = numbers[first.mention];
    living_->of_key[first.id].push_back(first.mention);
  }
}

bool CaseSet::follow(Instant as_at, const std::vector<CaseRecords::Change>& changes,
                     const std::vector<VersionStore::Number>& decisions) {
  if (changes.size() > records_.count() / 2) return false;
  if (living_ == nullptr) go_live();
  if (living_->people->is_worn() || places() > 2 * living_->first_places + 1000) return false;
  SetChange told;
  std::optional<std::vector<std::uint32_t>> positions = records_.change(changes, told);
  if (!positions) return false;
  as_at_ = as_at;
  first_place_.resize(records_.size());
  named_.resize(records_.size());
  const std::vector<const v1::Event*> decided = in_order(decisions);
  std::vector<LiveMentions::Number> gone;
  std::vector<LiveMentions::Arrival> come;
  for (const std::uint32_t position : find_changed(std::move(*positions), decided, told))
    name_again(position, gone, come);
  decisions_ = decisions_on(decided);
  std::vector<LiveMentions::Number> touched = living_->people->change(gone, come, decisions_);
  for (const LiveMentions::Arrival& arrival : come) touched.push_back(arrival.number);
  gather_again(gone, touched, told);
  tell_kept(told);
  return true;
}

// With the records of which another person was erased, or known to be, than before: of those it is told here.
std::vector<std::uint32_t> CaseSet::find_changed(std::vector<std::uint32_t> positions,
                                                 const std::vector<const v1::Event*>& decided, SetChange& told) {
  const auto before = std::exchange(erased_, {});
  find_erased(decided);
  const auto compare = [&](const auto& some, const auto& others) {
    for (const auto& [mention, person] : some) {
      if (const auto other = others.find(mention); other != others.end() && other->second == person) continue;
      const auto position = static_cast<std::uint32_t>(mention.first);
      positions.push_back(position);
      if (records_.is_there(position)) records_.tell(position, told);
    }
  };
  compare(before, erased_);
  compare(erased_, before);
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  std::erase(positions, CaseRecords::kNowhere);
  return positions;
}

// Whom the record names now stand in new places.
void CaseSet::name_again(std::uint32_t position, std::vector<LiveMentions::Number>& gone,
                         std::vector<LiveMentions::Arrival>& come) {
  for (std::uint32_t index = 0; index < named_[position]; ++index)
    if (const std::uint32_t place = first_place_[position] + index; linked_as_[place] != kNobody) {
      gone.push_back(place);
      linked_as_[place] = kNobody;
    }
  named_[position] = 0;
  if (!records_.is_there(position) || !records_.may_name_people(position)) return;
  v1::Event scratch;
  const v1::Event& event = records_.peek(position, scratch);
  const auto& people = event.personal().people();
  first_place_[position] = static_cast<std::uint32_t>(linked_as_.size());
  named_[position] = static_cast<std::uint32_t>(people.size());
  for (int index = 0; index < people.size(); ++index) {
    const auto place = static_cast<std::uint32_t>(linked_as_.size());
    const bool somebody = erased_as(position, index) != nullptr || is_somebody(people[index], living_->names);
    linked_as_.push_back(somebody ? place : kNobody);
    person_of_.push_back(kNobody);
    mentioned_.push_back({position, index});
    if (somebody) come.push_back({place, read_mention(event, {position, index}, living_->names)});
  }
}

// Makes anew everybody whom the change may have touched, and no others: who is a part of them now, and who was.
void CaseSet::gather_again(const std::vector<LiveMentions::Number>& gone,
                           const std::vector<LiveMentions::Number>& touched, SetChange& change) {
  std::unordered_set<std::uint32_t> seen, dissolved;
  std::vector<std::uint32_t> waiting;
  std::map<RecordId, std::vector<std::uint32_t>> people;
  const auto visit = [&](std::uint32_t place) {
    if (seen.insert(place).second) waiting.push_back(place);
  };
  const auto dissolve = [&](std::uint32_t person) {
    if (person == kNobody || !dissolved.insert(person).second) return;
    for (const Mention& mention : persons_[person].mentions)
      if (const std::uint32_t place = place_of(mention); place != kNobody && linked_as_[place] != kNobody) visit(place);
  };
  for (const std::uint32_t place : gone) dissolve(person_of_[place]);
  for (const std::uint32_t place : touched) visit(place);
  while (!waiting.empty()) {
    const std::uint32_t place = waiting.back();
    waiting.pop_back();
    people[living_->people->person_of(place)].push_back(place);
    dissolve(person_of_[place]);
  }
  for (const std::uint32_t place : gone) person_of_[place] = kNobody;
  std::vector<std::string> keys;  // of which somebody else may be the first
  for (const std::uint32_t person : dissolved) {
    const First& first = firsts_[person];
    keys.push_back(first.id);
    std::erase(living_->of_key[first.id], first.mention);
  }
  std::vector<std::uint32_t> slots(dissolved.begin(), dissolved.end());
  std::sort(slots.rbegin(), slots.rend());
  for (auto& [person, places] : people) {
    PersonCase made = person_of_places(places);
    std::size_t slot = persons_.size();
    if (slots.empty()) {
      persons_.emplace_back();
      firsts_.emplace_back();
    } else {
      slot = slots.back();
      slots.pop_back();
    }
    put_person(slot, std::move(made), places, keys);
    change.people.push_back(static_cast<std::uint32_t>(slot));
  }
  for (const std::uint32_t slot : slots) drop_person(slot, change);  // the last first
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::string& key : keys) tell_ids(key, change);
}

// Without an id. Puts the places in the order of mentions.
PersonCase CaseSet::person_of_places(std::vector<std::uint32_t>& places) {
  std::sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Mention &one = mentioned_[a], &other = mentioned_[b];
    if (one.record == other.record) return one.index < other.index;
    return records_.before(static_cast<std::uint32_t>(one.record), static_cast<std::uint32_t>(other.record));
  });
  PersonCase person;
  SaidOfPerson spoken;
  v1::Event scratch;
  for (const std::uint32_t place : places) {
    const Mention& mention = mentioned_[place];
    person.mentions.push_back(mention);
    if (erased_as(mention.record, mention.index) != nullptr) ++spoken.gone;
    const v1::Person& said = records_.peek(mention.record, scratch).personal().people(mention.index);
    for (const v1::Name& name : said.names())
      if (const NameForms& forms = living_->names.forms_of(name); !forms.nobody) ++spoken.spellings[forms.printed];
    if (const std::string born = linking_birth_date(said.born(), records_.time(mention.record)); !born.empty())
      ++spoken.birth_dates[born];
  }
  spoken.name(person);
  return person;
}

void CaseSet::put_person(std::size_t slot, PersonCase person, const std::vector<std::uint32_t>& places,
                         std::vector<std::string>& keys) {
  firsts_[slot] = first_of(places);
  living_->of_key[firsts_[slot].id].push_back(firsts_[slot].mention);
  keys.push_back(firsts_[slot].id);
  persons_[slot] = std::move(person);
  for (const std::uint32_t place : places) person_of_[place] = static_cast<std::uint32_t>(slot);
}

// The last takes its place.
void CaseSet::drop_person(std::size_t slot, SetChange& change) {
  const std::size_t last = persons_.size() - 1;
  for (const std::size_t position : {slot, last}) change.people.push_back(static_cast<std::uint32_t>(position));
  if (slot + 1 < persons_.size()) {
    persons_[slot] = std::move(persons_.back());
    firsts_[slot] = std::move(firsts_.back());
    for (const Mention& mention : persons_[slot].mentions)
      person_of_[place_of(mention)] = static_cast<std::uint32_t>(slot);
  }
  persons_.pop_back();
  firsts_.pop_back();
}

// As tell_ids() does for all.
void CaseSet::tell_ids(const std::string& key, SetChange& change) {
  const auto sharing = living_->of_key.find(key);
  if (sharing->second.empty()) {
    living_->of_key.erase(sharing);
    return;
  }
  const std::uint32_t first = earliest_of(sharing->second);
  for (const std::uint32_t place : sharing->second) {
    PersonCase& person = persons_[person_of_[place]];
    const std::string before = std::move(person.id);
    person.id = place == first ? key : person_id(secret_, mention_name(place));
    for (const Mention& one : erased_.empty() ? std::vector<Mention>() : person.mentions)
      if (const std::string* erased = erased_as(one.record, one.index)) person.id = *erased;
    if (person.id != before) change.people.push_back(person_of_[place]);
  }
}

std::vector<PossiblePerson> CaseSet::possible_of(std::size_t person) const {
  std::vector<PossiblePerson> found;
  if (living_ == nullptr) {
    for (const PossiblePerson& possible : possible_)
      if (possible.a == person || possible.b == person) found.push_back(possible);
    return found;
  }
  std::vector<LiveMentions::Number> places;
  for (const Mention& mention : persons_[person].mentions) places.push_back(place_of(mention));
  for (const PossiblePair& pair : living_->people->possible_of(places)) found.push_back(possible_person(pair));
  return found;
}

std::shared_ptr<Kept> CaseSet::find_kept(const std::string& by) const {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.by == by; });
  if (found == kept_.end()) return nullptr;
  std::rotate(found, found + 1, kept_.end());
  kept_.back().told = 0;
  return kept_.back().what;
}

// What nobody asks for any more, yesterday's documents, would go on noting what has to be looked at again.
void CaseSet::tell_kept(const SetChange& change) {
  for (KeptBy& one : kept_) one.told += change.records.size() + change.people.size();
  std::erase_if(kept_, [](const KeptBy& one) { return one.told > kToldMost; });
  for (const KeptBy& one : kept_) one.what->changed(change);
}

void CaseSet::keep(const std::string& by, std::shared_ptr<Kept> kept) const {
  constexpr std::size_t kMostBytes = std::size_t{256} << 20;
  std::size_t bytes = 0;
  for (const KeptBy& one : kept_) bytes += one.what->bytes();
  while (bytes > kMostBytes) {
    bytes -= kept_.front().what->bytes();
    kept_.erase(kept_.begin());
  }
  kept_.push_back({by, std::move(kept)});
}

void CaseSet::note_links_to(std::size_t record) const {
  if (looked_up_ == nullptr) return;
  const std::vector<std::uint64_t> digests = records_.digests_of_links_to(record);
  looked_up_->insert(looked_up_->end(), digests.begin(), digests.end());
}

}  // namespace moot
