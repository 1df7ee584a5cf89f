#include "consumers/casebook/case_set.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "consumers/linkage/exact_rules.h"
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

bool is_somebody(const v1::Person& person, KnownNames& names) {
  if (!person.reference().empty()) return true;
  return std::any_of(person.names().begin(), person.names().end(),
                     [&](const v1::Name& name) { return !names.forms_of(name).nobody; });
}

PersonRecord person_record(const v1::Event& event, int index, KnownNames& names) {
  const v1::Person& person = event.personal().people(index);
  PersonRecord record;
  record.seen = time_of(event);
  record.agency = event.envelope().agency();
  record.reference = person.reference();
  record.key =
      person.reference().empty()
          ? join_key(event.envelope().source(), "record\n" + record_of(event.envelope())) + "\n" + std::to_string(index)
          : join_key(event.envelope().source(), "reference\n" + person.reference());
  for (const v1::Name& name : person.names())
    if (const std::string& normal = names.forms_of(name).normal; !normal.empty()) record.names.push_back(normal);
  record.born = linking_birth_date(person.born(), record.seen);
  for (const v1::Address& address : person.addresses())
    if (std::string code = normal_postcode(address.postcode()); !code.empty()) record.postcodes.push_back(code);
  return record;
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
                 const std::unordered_map<std::string, std::string>& versions, const Key& secret)
    : as_at_(as_at), secret_(secret), arena_(std::move(arena)), records_(std::move(current)) {
  std::sort(records_.begin(), records_.end(), [](const v1::Event* a, const v1::Event* b) {
    return std::tie(a->envelope().source(), a->envelope().id()) < std::tie(b->envelope().source(), b->envelope().id());
  });
  index_records(versions);
  link_people();
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

void CaseSet::link_people() {
  KnownNames names;
  std::vector<PersonRecord> mentions;
  std::vector<Mention> places;
  person_of_.resize(records_.size());
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& people = records_[i]->personal().people();
    person_of_[i].assign(static_cast<std::size_t>(people.size()), kNobody);
    for (int index = 0; index < people.size(); ++index) {
      if (!is_somebody(people[index], names)) continue;
      mentions.push_back(person_record(*records_[i], index, names));
      places.push_back(Mention{i, index});
    }
  }
  for (const std::vector<std::size_t>& cluster : link_by_exact_rules(mentions)) {
    PersonCase person;
    person.id = person_id(secret_, mentions, cluster);
    std::map<std::string, int> spellings;
    std::map<std::string, int> birth_dates;
    for (const std::size_t mention : cluster) {
      person.mentions.push_back(places[mention]);
      for (const v1::Name& name : this->person(places[mention]).names())
        if (const NameForms& forms = names.forms_of(name); !forms.nobody) ++spellings[forms.printed];
      if (!mentions[mention].born.empty()) ++birth_dates[mentions[mention].born];
    }
    person.name = most_frequent(spellings);
    person.born = most_frequent(birth_dates);
    persons_.push_back(std::move(person));
  }
  std::sort(persons_.begin(), persons_.end(), [](const PersonCase& a, const PersonCase& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < persons_.size(); ++i)
    for (const Mention& mention : persons_[i].mentions)
      person_of_[mention.record][static_cast<std::size_t>(mention.index)] = i;
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

const v1::Event* CaseSet::find(std::string_view source, std::string_view id) const {
  if (const std::size_t position = position_of(source, id); position != kNobody) return records_[position];
  const auto found = other_ids_.find(join_key(source, id));
  return found == other_ids_.end() ? nullptr : records_[found->second];
}

std::string CaseSet::case_of_record(std::size_t record) const {
  const v1::Envelope& envelope = records_[record]->envelope();
  return "c-" + short_digest(secret_, join_key(envelope.source(), record_of(envelope)));
}

std::string CaseSet::case_of_place(std::string_view place) const {
  return "l-" + short_digest(secret_, "place\n" + std::string(place));
}

}  // namespace moot
