// How well the casebook tells who is who, and so who calls most, in what several agencies say of a made-up district
// (tests/people/): by the model that Moot ships, nothing set or learnt for it, and by one estimated from the records
// themselves, over seeds that nothing was chosen by.
//
// MOOT_PEOPLE_SEED and MOOT_PEOPLE: another first seed, and so many people.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "consumers/callers/calls.h"
#include "consumers/linkage/link_answer.h"
#include "consumers/linkage/partition_quality.h"
#include "tests/consumers/case_events.h"
#include "tests/people/agencies.h"

namespace moot {
namespace {

v1::Event event_of(const people::Said& said) {
  const people::Day day = people::day_of(said.day);
  const Instant time =
      Zone::london().instant({Date{day.year, day.month, day.day}, said.minute / 60, said.minute % 60, 0});
  v1::Event event = make_event(said.is_call ? "uk.csp.contact.received.v1" : "uk.csp.incident.reported.v1", said.agency,
                               said.id, people::iso(day));
  *event.mutable_envelope()->mutable_time() = to_proto(time);
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(time);
  if (said.is_call) {
    event.mutable_facts()->mutable_contact()->set_channel("101");
    event.mutable_facts()->mutable_contact()->set_category("asb");
  }
  v1::Person& person = *event.mutable_personal()->add_people();
  person.set_role(said.role);
  person.set_reference(said.reference);
  if (!said.whole.empty()) person.add_names()->set_full(said.whole);
  if (!said.given.empty() || !said.family.empty()) {
    v1::Name& name = *person.add_names();
    name.set_given(said.given + (said.middle.empty() ? "" : " " + said.middle));
    name.set_family(said.family);
  }
  person.set_born(said.born);
  person.set_sex(said.sex);
  if (!said.lines.empty() || !said.postcode.empty() || !said.uprn.empty()) {
    v1::Address& address = *person.add_addresses();
    address.set_lines(said.lines);
    address.set_postcode(said.postcode);
    address.set_uprn(said.uprn);
  }
  if (!said.phone.empty()) person.add_phones(said.phone);
  if (!said.email.empty()) person.add_emails(said.email);
  return event;
}

struct Measured {
  std::uint64_t seed = 0;
  std::size_t records = 0;
  Quality pairs;
  double harmful = 0;  // share of the records that stand in a person made of two of one household
  int top_ten = 0;
  double calibration_error = 0;
  double to_review = 0;  // share of the records that a possible link is between
};

// What the agency of the callers gives as a reference: their number with it, or the number of the call.
enum class Reference : std::uint8_t { kOfPerson, kOfCall };

class MadeUpDistrict {
 public:
  MadeUpDistrict(std::uint64_t seed, std::size_t how_many, Reference reference = Reference::kOfPerson)
      : names_(people::load_names()) {
    district_ = people::make_district(names_, seed, how_many);
    said_ = people::what_agencies_say(district_, names_, seed);
    for (people::Said& said : said_.records)
      if (said.is_call && reference == Reference::kOfCall) said.reference = said.id;
    for (std::size_t i = 0; i < said_.records.size(); ++i) {
      events_.push_back(event_of(said_.records[i]));
      who_[said_.records[i].id] = said_.who[i];
    }
  }

  // As `moot linkage estimate` and `pin` do it.
  ModelEpoch estimated() const {
    const Casebook casebook = casebook_of(events_);
    Result<ModelEpoch> epoch = estimate_epoch(casebook.as_at(london("2030-01-01")).linkage().table(), test_secret());
    EXPECT_TRUE(epoch.ok()) << epoch.status().message();
    return std::move(*epoch);
  }

  Measured measure(const ModelEpoch& epoch) const {
    const Casebook casebook = casebook_of(events_);
    const CaseSet set = casebook.as_at(london("2030-01-01"), epoch);
    Measured found;
    found.records = set.records().size();
    std::vector<std::uint32_t> cluster(found.records), truth(found.records);
    for (std::size_t i = 0; i < found.records; ++i) {
      truth[i] = static_cast<std::uint32_t>(who(set, i));
      // Whom a record names who is nobody is alone.
      cluster[i] = static_cast<std::uint32_t>(set.person_at({i, 0}).value_or(set.persons().size() + i));
    }
    found.pairs = compare_partitions(cluster, truth).pairs;
    found.harmful = harmful_share(set);
    found.top_ten = top_ten_overlap(set);
    found.calibration_error = calibration_error(set, epoch);
    std::set<std::size_t> reviewed;
    for (const PossiblePerson& possible : set.possible())
      reviewed.insert({possible.a_record.record, possible.b_record.record});
    found.to_review = static_cast<double>(reviewed.size()) / static_cast<double>(found.records);
    return found;
  }

 private:
  std::size_t who(const CaseSet& set, std::size_t record) const {
    return who_.at(set.records()[record]->envelope().id());
  }

  double harmful_share(const CaseSet& set) const {
    std::size_t harmed = 0;
    for (const PersonCase& person : set.persons()) {
      std::map<std::size_t, std::set<std::size_t>> of_household;
      for (const Mention& mention : person.mentions) {
        const std::size_t someone = who(set, mention.record);
        of_household[district_.people[someone].household].insert(someone);
      }
      const bool harmful = std::any_of(of_household.begin(), of_household.end(),
                                       [](const auto& household) { return household.second.size() > 1; });
      harmed += harmful ? person.mentions.size() : 0;
    }
    return static_cast<double>(harmed) / static_cast<double>(set.records().size());
  }

  // Of the ten who truly have most episodes, and all tied with the tenth, how many of the list's first ten are among.
  int top_ten_overlap(const CaseSet& set) const {
    std::map<std::size_t, std::vector<const v1::Event*>> truly;
    for (const v1::Event& event : events_)
      if (event.facts().has_contact()) truly[who_.at(event.envelope().id())].push_back(&event);
    std::vector<std::pair<int, std::size_t>> order;
    for (auto& [someone, calls] : truly) {
      std::sort(calls.begin(), calls.end(),
                [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
      order.emplace_back(-count_episodes(calls, 24), someone);
    }
    std::sort(order.begin(), order.end());
    const int tenth = order.at(9).first;
    std::set<std::size_t> first;
    for (const auto& [episodes, someone] : order)
      if (episodes <= tenth) first.insert(someone);
    std::vector<std::pair<int, std::size_t>> listed;
    CallerRule rule;
    rule.channels = {"101"};
    rule.categories = {"asb"};
    rule.roles = {"caller"};
    const Instant ever{std::numeric_limits<std::int64_t>::min()}, end{std::numeric_limits<std::int64_t>::max()};
    const Calls calls = find_calls(set, rule, ever);
    calls.each_person([&](std::size_t person, std::span<const CountedCall> theirs) {
      listed.emplace_back(-count_within(theirs, {ever, end}, 24).episodes, person);
    });
    std::sort(listed.begin(), listed.end());
    int overlap = 0;
    for (std::size_t i = 0; i < 10 && i < listed.size(); ++i) {
      const std::vector<const v1::Event*> of_one = events_within(set, calls.of(listed[i].second), {ever, end});
      overlap += of_one.empty() ? 0 : static_cast<int>(first.contains(who_.at(of_one.front()->envelope().id())));
    }
    return overlap;
  }

  // Over the pairs that the model looks at, but for those that an agency's reference decides.
  double calibration_error(const CaseSet& set, const ModelEpoch& epoch) const {
    KnownNames names;
    RecordTable table(person_fields());
    std::vector<std::string> references;
    for (std::size_t i = 0; i < set.records().size(); ++i) {
      const PersonRecord record = person_record(*set.records()[i], 0, names);
      table.add(record.mention, record.values);
      references.push_back(record.reference.empty() ? "" : record.source + "\n" + record.reference);
    }
    const LinkModel model = model_for(epoch, test_secret(), table);
    Calibration calibration;
    PairLevels levels(table);
    Levels compared{};
    CandidatePairs(table, epoch.plan).for_each([&](RecordId a, RecordId b) {
      if (!references[a].empty() && references[a] == references[b]) return;
      levels.compare(table.values(a), table.values(b), compared);
      const RivalWeight weight = weight_of(model, compared, table.values(a), table.values(b));
      calibration.add(probability_of(weight.total), who(set, a) == who(set, b));
    });
    return calibration.expected_error();
  }

  const people::Names names_;
  people::District district_;
  people::AllSaid said_;
  std::vector<v1::Event> events_;
  std::map<std::string, std::size_t> who_;
};

std::uint64_t number_in_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Measured measure(const MadeUpDistrict& district, std::uint64_t seed, const char* model, const ModelEpoch& epoch) {
  Measured found = district.measure(epoch);
  found.seed = seed;
  std::printf(
      "seed %llu, %s model: %zu records; P %.5f R %.5f, harmful %.4f%%, top ten %d/10, calibration error %.4f, to "
      "review %.2f%%\n",
      static_cast<unsigned long long>(seed), model, found.records, found.pairs.precision, found.pairs.recall,
      100 * found.harmful, found.top_ten, found.calibration_error, 100 * found.to_review);
  EXPECT_LE(found.to_review, .05) << seed;
  return found;
}

// What is missed is names without anything beside them. What is harmful is nearly all fathers and sons of one name
// where a record without a birth date is all that there is of one of them; of 6,000 records six are .1%, and one such
// pair can be thirty. Aimed at are .998, .95, .001, nine and .05; what stands below must not get worse, in any district
// and on average.
struct Bounds {
  double recall, recall_on_average, harmful, harmful_on_average, calibration_error;
};

void expect(const std::vector<Measured>& districts, const Bounds& bounds) {
  double recall = 0;
  double harmful = 0;
  for (const Measured& found : districts) {
    const testing::ScopedTrace of_which(__FILE__, __LINE__, "seed " + std::to_string(found.seed));
    EXPECT_GE(found.pairs.precision, .998);
    EXPECT_GE(found.pairs.recall, bounds.recall);
    EXPECT_LE(found.harmful, bounds.harmful);
    EXPECT_GE(found.top_ten, 9);
    EXPECT_LE(found.calibration_error, bounds.calibration_error);
    recall += found.pairs.recall / static_cast<double>(districts.size());
    harmful += found.harmful / static_cast<double>(districts.size());
  }
  EXPECT_GE(recall, bounds.recall_on_average);
  EXPECT_LE(harmful, bounds.harmful_on_average);
}

TEST(DistrictLinkage, TellsWhoIsWhoAcrossAgencies) {
  const std::uint64_t first = number_in_environment("MOOT_PEOPLE_SEED", 20261);
  const std::size_t how_many = number_in_environment("MOOT_PEOPLE", 4000);
  std::vector<Measured> shipped, estimated;
  for (std::uint64_t seed = first; seed < first + 3; ++seed) {
    const MadeUpDistrict district(seed, how_many);
    shipped.push_back(measure(district, seed, "shipped", usual_epoch(test_secret())));
    estimated.push_back(measure(district, seed, "estimated", district.estimated()));
  }
  expect(shipped, {.94, .948, .001, .0008, .055});
  expect(estimated, {.945, .95, .003, .002, .03});
}

// A system that numbers calls, and gives the number as the caller's reference, does not say that each call is another
// person's.
TEST(DistrictLinkage, ANumberOfTheCallDoesNotBreakUpItsCallers) {
  const std::uint64_t first = number_in_environment("MOOT_PEOPLE_SEED", 20261);
  const std::size_t how_many = number_in_environment("MOOT_PEOPLE", 4000);
  std::vector<Measured> shipped, estimated;
  for (std::uint64_t seed = first; seed < first + 3; ++seed) {
    const MadeUpDistrict district(seed, how_many, Reference::kOfCall);
    shipped.push_back(measure(district, seed, "call shipped", usual_epoch(test_secret())));
    estimated.push_back(measure(district, seed, "call estimated", district.estimated()));
  }
  expect(shipped, {.93, .94, .002, .001, .06});
  expect(estimated, {.935, .945, .003, .002, .03});
}

}  // namespace
}  // namespace moot
