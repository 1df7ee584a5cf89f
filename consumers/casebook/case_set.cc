#include "consumers/casebook/case_set.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "consumers/linkage/exact_rules.h"
#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

std::string join_key(std::string_view source, std::string_view id) {
  std::string key(source);
  key.push_back('\n');
  key.append(id);
  return key;
}

bool is_somebody(const v1::Person& person) {
  if (!person.reference().empty()) return true;
  return std::any_of(person.names().begin(), person.names().end(),
                     [](const v1::Name& name) { return !names_nobody(name); });
}

PersonRecord person_record(const v1::Event& event, int index) {
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
    if (std::string normal = normal_name(name); !normal.empty()) record.names.push_back(std::move(normal));
  record.born = linking_birth_date(person.born(), record.seen);
  for (const v1::Address& address : person.addresses())
    if (std::string code = normal_postcode(address.postcode()); !code.empty()) record.postcodes.push_back(code);
  return record;
}

// A tie goes to the first by text; empty when there is nothing to choose from.
std::string most_frequent(const std::map<std::string, int>& counts) {
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string() : most->first;
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

CaseSet::CaseSet(Instant as_at, std::vector<v1::Event> current, std::unordered_map<std::string, std::string> versions,
                 const Key& secret)
    : as_at_(as_at), secret_(secret), records_(std::move(current)) {
  std::sort(records_.begin(), records_.end(), [](const v1::Event& a, const v1::Event& b) {
    return std::tie(a.envelope().source(), a.envelope().id()) < std::tie(b.envelope().source(), b.envelope().id());
  });
  index_records(versions);
  link_people();
}

void CaseSet::index_records(const std::unordered_map<std::string, std::string>& versions) {
  by_id_.reserve(records_.size() + versions.size());
  for (std::size_t i = 0; i < records_.size(); ++i)
    by_id_.emplace(join_key(records_[i].envelope().source(), records_[i].envelope().id()), i);
  for (const auto& [key, current_id] : versions) {
    const auto found = by_id_.find(join_key(std::string_view(key).substr(0, key.find('\n')), current_id));
    if (found != by_id_.end()) by_id_.try_emplace(key, found->second);
  }
  for (std::size_t i = 0; i < records_.size(); ++i)
    by_id_.try_emplace(join_key(records_[i].envelope().source(), record_of(records_[i].envelope())), i);
}

void CaseSet::link_people() {
  std::vector<PersonRecord> mentions;
  std::vector<Mention> places;
  person_of_.resize(records_.size());
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& people = records_[i].personal().people();
    person_of_[i].assign(static_cast<std::size_t>(people.size()), kNobody);
    for (int index = 0; index < people.size(); ++index) {
      if (!is_somebody(people[index])) continue;
      mentions.push_back(person_record(records_[i], index));
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
        if (!names_nobody(name)) ++spellings[printed_name(name)];
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
  const auto& named = records_[record].personal().people();
  for (int index = 0; index < named.size(); ++index) {
    const std::size_t person = person_of_[record][static_cast<std::size_t>(index)];
    if (person != kNobody && is_in(roles, named[index].role())) people.push_back(person);
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

const v1::Event* CaseSet::find(std::string_view source, std::string_view id) const {
  const auto found = by_id_.find(join_key(source, id));
  return found == by_id_.end() ? nullptr : &records_[found->second];
}

std::string CaseSet::case_of_record(std::size_t record) const {
  const v1::Envelope& envelope = records_[record].envelope();
  const Digest digest = keyed_digest(secret_, join_key(envelope.source(), record_of(envelope)));
  return "c-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

}  // namespace moot
