// Linked, possible or not, and the reasons.
#include <gtest/gtest.h>

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/link_explanation.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

class LinkAnswers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    records_ = test::table_of(test::MadeUpPeople(31).records(150)).release();
    estimate_ = new Estimate(estimate_model(*records_));
    linkage_ = new BatchLinkage(link_all(*records_, estimate_->model, plan_blocking(*records_, *estimate_), rule_));
  }
  static void TearDownTestSuite() {
    delete linkage_;
    delete estimate_;
    delete records_;
  }
  static LinkExplanation explain(RecordId a, RecordId b, std::span<const DecidedPair> decided = {}) {
    return explain_link(*records_, estimate_->model, linkage_->cluster, linkage_->pairs, decided, rule_, a, b);
  }

  static inline const RecordTable* records_ = nullptr;
  static inline const Estimate* estimate_ = nullptr;
  static inline const BatchLinkage* linkage_ = nullptr;
  static inline const LinkageRule rule_;
};

TEST_F(LinkAnswers, BarsAndPriorAreTheWeight) {
  for (std::size_t i = 0; i < linkage_->pairs.size(); i += 7) {
    const LinkExplanation why = explain(linkage_->pairs[i].a, linkage_->pairs[i].b);
    std::int64_t sum = why.prior;
    for (const ExplainedField& field : why.fields) sum += field.weight;
    EXPECT_EQ(sum, why.weight);
    EXPECT_NEAR(why.probability, probability_of(why.weight), 1e-12);
  }
}

TEST_F(LinkAnswers, APathLeadsFromOneRecordToTheOtherThroughItsPerson) {
  std::size_t paths = 0;
  for (RecordId record = 0; record < records_->size(); ++record) {
    const RecordId first = linkage_->cluster[record];
    if (first == record) continue;
    const LinkExplanation why = explain(record, first);
    EXPECT_EQ(why.answer, LinkAnswer::kLinked);
    ASSERT_GE(why.path.size(), 2U);
    EXPECT_EQ(why.path.front(), record);
    EXPECT_EQ(why.path.back(), first);
    for (const RecordId step : why.path) EXPECT_EQ(linkage_->cluster[step], first);
    EXPECT_TRUE(why.apart.empty());
    ++paths;
  }
  EXPECT_GT(paths, 100U);
}

TEST_F(LinkAnswers, WhatIsNotLinkedSaysWhatKeptItApart) {
  std::size_t apart = 0;
  for (const WeighedPair& pair : linkage_->pairs) {
    if (linkage_->cluster[pair.a] == linkage_->cluster[pair.b]) continue;
    const LinkExplanation why = explain(pair.a, pair.b);
    EXPECT_NE(why.answer, LinkAnswer::kLinked);
    EXPECT_FALSE(why.apart.empty());
    EXPECT_TRUE(why.path.empty());
    ++apart;
  }
  EXPECT_GT(apart, 0U);
}

TEST_F(LinkAnswers, TheTextNamesNoValue) {
  for (std::size_t i = 0; i < linkage_->pairs.size(); i += 50) {
    const WeighedPair& pair = linkage_->pairs[i];
    const LinkExplanation why = explain(pair.a, pair.b);
    const std::string text = explanation_text(why, {}) + explanation_svg(why);
    for (int f = 0; f < 6; ++f)
      for (const RecordId record : {pair.a, pair.b}) {
        const std::string& value = records_->table(f).text(records_->values(record)[f]);
        EXPECT_TRUE(value.size() <= 4 || text.find(value) == std::string::npos);
      }
  }
}

TEST_F(LinkAnswers, PossibleLinksAreBetweenPeopleStrongestFirstAndNotThoseDecided) {
  std::vector<WeighedPair> pairs = linkage_->pairs;
  std::vector<RecordId> apart(records_->size());
  for (RecordId record = 0; record < apart.size(); ++record) apart[record] = record;
  const std::vector<PossibleLink> all = possible_links(*records_, apart, pairs, {}, rule_);
  ASSERT_GT(all.size(), 10U);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i - 1].best.weight, all[i].best.weight);
  for (const PossibleLink& link : all) EXPECT_GE(probability_of(link.best.weight), .949);
  const DecidedPair decided[] = {{all[0].a, all[0].b, false}};
  EXPECT_EQ(possible_links(*records_, apart, pairs, decided, rule_).size(), all.size() - 1);
  for (const PossibleLink& link : possible_links(*records_, linkage_->cluster, pairs, {}, rule_))
    EXPECT_NE(linkage_->cluster[link.best.a], linkage_->cluster[link.best.b]);
}

TEST_F(LinkAnswers, ADecisionIsSaid) {
  const WeighedPair pair = linkage_->pairs.front();
  const DecidedPair decided[] = {{pair.a, pair.b, false}};
  EXPECT_EQ(explain(pair.a, pair.b, decided).decided, false);
  EXPECT_NE(explanation_text(explain(pair.b, pair.a, decided), {}).find("as a person decided"),
            std::string::npos);
}

TEST(LinkCalibration, IsTheGapBetweenPromisedAndKept) {
  Calibration calibration;
  for (int i = 0; i < 10; ++i) calibration.add(.85, i < 6);
  for (int i = 0; i < 10; ++i) calibration.add(.05, false);
  EXPECT_NEAR(calibration.expected_error(), (2.5 + .5) / 20, 1e-9);
}

}  // namespace
}  // namespace moot
