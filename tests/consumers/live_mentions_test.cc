// Mentions that come and go: people are always those that linking all that are there at once finds, and whoever is
// somebody else than before is told of.
#include "consumers/linkage/live_mentions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/consumers/case_events.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

constexpr std::array<std::size_t, 6> kCells = {0, 1, 3, 5, 7, 8};  // of the made-up cells among person_fields()

class LiveMentionsTest : public testing::Test {
 protected:
  using Number = LiveMentions::Number;
  struct Said {
    Number a, b;
    bool linked;
  };

  LiveMentionsTest() {
    made_up_ = test::MadeUpPeople(47).records(40);
    for (int i = 0; i < 140; ++i) come_.push_back(arrival());
    for (const LiveMentions::Arrival& one : come_) there_[one.number] = one.record;
    come_.clear();
    begin();
  }

  // From those that are there, linked at once, with what is decided of them.
  void begin() {
    std::vector<Number> numbers;
    const std::vector<PersonRecord> all = records(numbers);
    const PeopleLinkage linkage(all, *usual_, test_secret(), decisions(numbers));
    live_.emplace(linkage, usual_, test_secret(), numbers, decisions({}),
                  LiveMentions::Reader{[this](Number number) {
                                         ++reads_;
                                         return there_.at(number);
                                       },
                                       [this](Number number) {
                                         ++reads_;
                                         return there_.at(number).mention;
                                       }});
    people_ = people_of(linkage, numbers);
  }

  // Some agencies give a reference, some of them a wrong one; some say what was said before in the same words.
  LiveMentions::Arrival arrival() {
    const std::size_t which = random_() % made_up_.size();
    const test::MadeUpRecord& made_up = made_up_[which];
    LiveMentions::Arrival come;
    come.number = next_++;
    PersonRecord& record = come.record;
    record.source = which % 2 == 0 ? "/north-police/cad" : "/river-homes/tenants";
    record.mention = record.source + "\nrecord\n" + std::to_string(random_() % 100000) + "-" + std::to_string(next_);
    if (which % 3 == 0) record.reference = std::to_string(made_up.person + (which % 60 == 0 ? 1 : 0));
    record.values.back() = source_reference(record);
    record.key = record.reference.empty() ? record.mention : record.source + "\nreference\n" + record.reference;
    for (std::size_t cell = 0; cell < kCells.size(); ++cell)
      record.values[kCells[cell]] = normal_value(person_fields()[kCells[cell]].first, made_up.cells[cell]);
    if (which % 20 == 3) {  // erased: nothing is left but who it was
      for (std::string& value : record.values) value.clear();
      record.source.clear();
      record.reference = "p-" + std::to_string(random_() % 3);
      record.key = record.mention;
    }
    if (which % 20 == 1)
      record.values[3] = record.values[5] = record.values[7] = record.values[8] = "";  // a name alone
    return come;
  }

  // Whoever it was gave the same name and nothing else.
  LiveMentions::Arrival namesake() {
    LiveMentions::Arrival come;
    come.number = next_++;
    come.record.source = "/north-police/cad";
    come.record.mention = come.record.key = "/north-police/cad\nrecord\nN-" + std::to_string(come.number);
    come.record.values[0] = "member";
    come.record.values[1] = "public";
    return come;
  }

  std::vector<PersonRecord> records(std::vector<Number>& numbers) const {
    std::vector<PersonRecord> all;
    for (const auto& [number, record] : there_) {
      numbers.push_back(number);
      all.push_back(record);
    }
    return all;
  }

  static std::map<Number, std::vector<Number>> people_of(const PeopleLinkage& linkage,
                                                         const std::vector<Number>& numbers) {
    std::map<Number, std::vector<Number>> people;
    for (const std::vector<std::size_t>& cluster : linkage.people()) {
      std::vector<Number> all;
      for (const std::size_t mention : cluster) all.push_back(numbers[mention]);
      for (const Number one : all) people[one] = all;
    }
    return people;
  }

  void change() {
    std::vector<Number> gone;
    for (const auto& [number, record] : there_)
      if (random_() % 12 == 0) gone.push_back(number);
    for (const Number number : gone) {
      if (random_() % 3 == 0) tell_again(there_.at(number));
      there_.erase(number);
    }
    for (std::size_t i = random_() % 20; i > 0; --i) come_.push_back(arrival());
    for (const LiveMentions::Arrival& one : come_) there_[one.number] = one.record;
    decide();
    const std::vector<Number> touched = live_->change(gone, come_, decisions({}));
    come_.clear();
    compare(touched);
  }

  // A version in the place of another, in the same words or not.
  void tell_again(PersonRecord record) {
    if (random_() % 2 == 0) record.values[kCells[random_() % kCells.size()]] = "";
    come_.push_back({next_++, std::move(record)});
  }

  void decide() {
    std::vector<Number> numbers;
    for (const auto& [number, record] : there_) numbers.push_back(number);
    if (!said_.empty() && random_() % 4 == 0) said_.erase(said_.begin());
    if (random_() % 2 != 0) return;
    const Number a = numbers[random_() % numbers.size()];
    Number b = numbers[random_() % numbers.size()];
    for (const auto& [number, record] : there_)  // some in the same words
      if (random_() % 2 == 0 && number != a &&
          row_words(test_secret(), record).said == row_words(test_secret(), there_.at(a)).said)
        b = number;
    said_.insert(said_.begin(), {a, b, random_() % 2 == 0});
  }

  // By number, or by position in `numbers` where there are any.
  std::vector<LinkDecision> decisions(const std::vector<Number>& numbers) const {
    const auto place = [&](Number number) {
      if (numbers.empty()) return static_cast<std::size_t>(number);
      return static_cast<std::size_t>(std::lower_bound(numbers.begin(), numbers.end(), number) - numbers.begin());
    };
    std::vector<LinkDecision> all;
    for (const Said& said : said_)
      if (there_.contains(said.a) && there_.contains(said.b) && said.a != said.b)
        all.push_back({said.linked, {place(said.a), place(said.b)}, 1});
    return all;
  }

  void compare(const std::vector<Number>& touched) {
    std::vector<Number> numbers;
    const std::vector<PersonRecord> all = records(numbers);
    const PeopleLinkage expected(all, *usual_, test_secret(), decisions(numbers));
    const std::map<Number, std::vector<Number>> people = people_of(expected, numbers);
    std::map<RecordId, std::vector<Number>> found;
    for (const Number number : numbers) found[live_->person_of(number)].push_back(number);
    for (const auto& [person, mentions] : found) ASSERT_EQ(mentions, people.at(mentions.front()));
    std::set<std::vector<Number>> told;
    std::set<Number> reached;  // by way of whom somebody was before
    for (const Number number : touched) {
      told.insert(people.at(number));
      if (!people_.contains(number)) continue;
      told.insert(people_.at(number));
      reached.insert(people_.at(number).begin(), people_.at(number).end());
    }
    for (const auto& [number, mentions] : people_)
      if (!there_.contains(number)) reached.insert(mentions.begin(), mentions.end());
    for (const auto& [number, mentions] : people) {
      const auto before = people_.find(number);
      if (before != people_.end() && before->second == mentions) continue;
      EXPECT_TRUE(told.contains(mentions)) << "nobody told of mention " << number;
      EXPECT_TRUE(before == people_.end() || reached.contains(number)) << "nor of whom it was " << number;
    }
    std::size_t possible = 0;
    for (const auto& [person, mentions] : found) {
      std::vector<PossiblePair> of_person;
      for (const PossiblePair& pair : expected.possible())
        if (std::binary_search(mentions.begin(), mentions.end(), numbers[pair.a]) ||
            std::binary_search(mentions.begin(), mentions.end(), numbers[pair.b]))
          of_person.push_back({numbers[pair.a], numbers[pair.b], pair.probability});
      const std::vector<PossiblePair> pairs = live_->possible_of(mentions);
      ASSERT_EQ(pairs.size(), of_person.size());
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        EXPECT_EQ(pairs[i].a, of_person[i].a);
        EXPECT_EQ(pairs[i].b, of_person[i].b);
        EXPECT_EQ(pairs[i].probability, of_person[i].probability);
      }
      possible += pairs.size();
    }
    possible_ += possible;
    untouched_ += found.size() > touched.size() ? 1 : 0;
    people_ = people;
  }

  std::shared_ptr<const ModelEpoch> usual_ = std::make_shared<const ModelEpoch>(usual_epoch(test_secret()));
  std::mt19937_64 random_{9};
  std::vector<test::MadeUpRecord> made_up_;
  Number next_ = 0;
  std::vector<LiveMentions::Arrival> come_;
  std::map<Number, PersonRecord> there_;
  std::vector<Said> said_;
  std::map<Number, std::vector<Number>> people_;  // by mention, as they were last found: all mentions of the person
  std::optional<LiveMentions> live_;
  std::size_t possible_ = 0;
  int untouched_ = 0;
  std::size_t reads_ = 0;  // of mentions that are there, by the object itself
};

TEST_F(LiveMentionsTest, AreThePeopleThatAreFoundAtOnce) {
  for (int round = 0; round < 80 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE(round);
    change();
  }
  EXPECT_GT(possible_, 25u);
}

// Whatever is decided by then: also of mentions that say the same, of one reference or of none.
TEST_F(LiveMentionsTest, GoesOnFromWhatWasLinkedAtOnceWithItsDecisions) {
  std::size_t apart_in_the_same_words = 0;
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE(round);
    for (const auto& [number, record] : there_)  // keep two or three apart that say the same
      for (const auto& [other, same] : there_)
        if (other > number && random_() % 5 == 0 &&
            row_words(test_secret(), record).said == row_words(test_secret(), same).said) {
          said_.insert(said_.begin(), {number, other, false});
          ++apart_in_the_same_words;
        }
    if (said_.size() > 8) said_.resize(8);
    begin();
    change();
    if (round % 3 == 0) said_.clear();  // all of it undone
    change();
  }
  EXPECT_GT(apart_in_the_same_words, 50u);
}

// A source that has a word for "nobody in particular" that is in no list has one such mention for every call.
TEST_F(LiveMentionsTest, HasNoMoreWorkWhereVeryManyShareOneBareName) {
  for (int i = 0; i < 20'000; ++i) come_.push_back(namesake());
  for (const LiveMentions::Arrival& one : come_) there_[one.number] = one.record;
  live_->change({}, std::exchange(come_, {}), {});
  for (int i = 0; i < 50; ++i) {
    reads_ = 0;
    const LiveMentions::Arrival one = namesake();
    there_[one.number] = one.record;
    std::vector<Number> touched = live_->change({}, {one}, {});
    EXPECT_LE(reads_, 10u);
    EXPECT_LE(touched.size(), 10u);
    const Number gone = one.number - 10'000;
    there_.erase(gone);
    reads_ = 0;
    touched = live_->change({gone}, {}, {});
    EXPECT_LE(reads_, 10u);
    EXPECT_LE(touched.size(), 10u);
  }
}

TEST_F(LiveMentionsTest, TellsThoseApartWhoShareABareName) {
  for (int round = 0; round < 20 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE(round);
    for (int i = 0; i < 1 + round % 3; ++i) come_.push_back(namesake());
    change();
  }
}

TEST_F(LiveMentionsTest, TellsOfFewWhenLittleChanges) {
  come_.push_back(arrival());
  there_[come_.back().number] = come_.back().record;
  const std::vector<Number> touched = live_->change({}, come_, {});
  EXPECT_GE(touched.size(), 1u);
  EXPECT_LT(touched.size(), there_.size() / 4);
}

}  // namespace
}  // namespace moot
