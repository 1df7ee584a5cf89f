// One set of mentions after the other: people are always those that linking the set all at once finds, whatever came,
// went, changed or was decided in between.
#include "consumers/linkage/live_people.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/consumers/case_events.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

constexpr std::array<std::size_t, 6> kPlaces = {0, 1, 3, 5, 7, 8};  // of the made-up cells among person_fields()

PersonRecord mention_of(const test::MadeUpRecord& made_up, std::size_t number) {
  PersonRecord record;
  record.mention = made_up.key;
  record.source = number % 2 == 0 ? "/north-police/cad" : "/river-homes/tenants";
  // Every third agency record has its agency's number of the person; some of them the wrong one.
  if (number % 3 == 0) record.reference = std::to_string(made_up.person + (number % 60 == 0 ? 1 : 0));
  record.key = record.reference.empty() ? record.mention : record.source + "\nreference\n" + record.reference;
  for (std::size_t cell = 0; cell < kPlaces.size(); ++cell)
    record.values[kPlaces[cell]] = normal_value(person_fields()[kPlaces[cell]].first, made_up.cells[cell]);
  return record;
}

class LivePeopleTest : public testing::Test {
 protected:
  LivePeopleTest() {
    const std::vector<test::MadeUpRecord> made_up = test::MadeUpPeople(31).records(150);
    for (std::size_t i = 0; i < made_up.size(); ++i) all_.push_back(mention_of(made_up[i], i));
    // Some are said twice in the same words.
    for (std::size_t i = 0; i < made_up.size(); i += 7) {
      all_.push_back(all_[i]);
      all_.back().mention += "/again";
      if (all_.back().reference.empty()) all_.back().key = all_.back().mention;
    }
  }

  // Mentions by their numbers in all_; decisions between numbers, of which only those hold whose two are there.
  void follow(const std::vector<std::size_t>& there,
              const std::vector<std::tuple<std::size_t, std::size_t, bool>>& said,
              std::shared_ptr<const ModelEpoch> epoch) {
    std::vector<PersonRecord> mentions;
    for (const std::size_t number : there) mentions.push_back(all_[number]);
    const auto place_of = [&](std::size_t number) {
      return static_cast<std::size_t>(std::find(there.begin(), there.end(), number) - there.begin());
    };
    std::vector<LinkDecision> decisions;
    for (const auto& [a, b, linked] : said)
      if (place_of(a) < there.size() && place_of(b) < there.size())
        decisions.push_back({linked, {place_of(a), place_of(b)}, 1});
    PeopleRows rows(*epoch, test_secret());
    for (const PersonRecord& mention : mentions) rows.add(*epoch, mention);
    rows.decide(decisions, [&](std::size_t mention) { return mentions[mention].mention; });
    const PeopleFound found = live_.find(std::move(rows), epoch);
    only_changes_ += found.linkage == nullptr ? 1 : 0;
    const PeopleLinkage expected(mentions, *epoch, test_secret(), decisions);
    ASSERT_EQ(found.people, expected.people());
    const std::vector<PossiblePair> possible = expected.possible();
    ASSERT_EQ(found.possible.size(), possible.size());
    for (std::size_t i = 0; i < possible.size(); ++i) {
      EXPECT_EQ(found.possible[i].a, possible[i].a);
      EXPECT_EQ(found.possible[i].b, possible[i].b);
      EXPECT_EQ(found.possible[i].probability, possible[i].probability);
    }
    possible_ += possible.size();
  }

  std::shared_ptr<const ModelEpoch> usual_ = std::make_shared<const ModelEpoch>(usual_epoch(test_secret()));
  std::vector<PersonRecord> all_;
  LivePeople live_{test_secret()};
  int only_changes_ = 0;
  std::size_t possible_ = 0;
};

TEST_F(LivePeopleTest, AreThoseOfEachSetWhateverChanged) {
  std::mt19937_64 random(5);
  std::vector<std::size_t> there;
  for (std::size_t number = 0; number < all_.size(); ++number)
    if (random() % 3 != 0) there.push_back(number);
  std::vector<std::tuple<std::size_t, std::size_t, bool>> said;
  for (int set = 0; set < 25; ++set) {
    SCOPED_TRACE(set);
    follow(there, said, usual_);
    for (int change = 0; change < 20; ++change) {
      const std::size_t number = random() % all_.size();
      const auto place = std::find(there.begin(), there.end(), number);
      place == there.end() ? there.push_back(number) : static_cast<void>(there.erase(place));
      if (change % 4 == 0) std::shuffle(there.begin(), there.end(), random);
    }
    // Another text under the same mention, and what people say of it: new, taken back, the other way round.
    const std::size_t changed = random() % all_.size();
    all_[changed].values = all_[random() % all_.size()].values;
    if (set % 3 == 2) said.erase(said.begin());
    said.insert(said.begin(), {random() % all_.size(), random() % all_.size(), random() % 2 == 0});
    const auto same_words = std::find_if(all_.begin(), all_.end(), [](const PersonRecord& record) {
      return record.mention.ends_with("/again") && record.reference.empty();
    });
    if (set == 8) said.insert(said.begin(), {static_cast<std::size_t>(same_words - all_.begin()), 7, false});
  }
  EXPECT_EQ(only_changes_, 24) << "all but the first";
  EXPECT_GT(possible_, 25u);
}

TEST_F(LivePeopleTest, AreLinkedAllAtOnceWhenMuchChangedOrAnotherModelTells) {
  std::vector<std::size_t> few, all;
  for (std::size_t number = 0; number < all_.size(); ++number) {
    all.push_back(number);
    if (number % 4 == 0) few.push_back(number);
  }
  follow(few, {}, usual_);
  follow(few, {}, usual_);
  EXPECT_EQ(only_changes_, 1);
  follow(all, {}, usual_);
  EXPECT_EQ(only_changes_, 1);
  auto other = std::make_shared<ModelEpoch>(usual_epoch(test_secret()));
  other->model.prior -= 6 * kBit;
  follow(all, {}, other);
  EXPECT_EQ(only_changes_, 1);
  follow(all, {}, other);
  follow({}, {}, other);
  follow(few, {}, other);
  EXPECT_EQ(only_changes_, 2);
}

}  // namespace
}  // namespace moot
