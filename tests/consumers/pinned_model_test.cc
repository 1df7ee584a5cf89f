// Which linkage model is in force, of those that were pinned.
#include <gtest/gtest.h>

#include "consumers/casebook/casebook.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

// A model pinned by another version is not one to go by, and is not passed over in silence either; nor is it lost.
TEST(PinnedModel, OneThatCannotBeReadLeavesTheOneInForceAndIsSaid) {
  const auto pinned = [](const std::string& id, const std::string& when, const std::string& text) {
    v1::Event event = make_event("uk.csp.governance.linkage-model-pinned.v1", "operator", id, when);
    event.mutable_facts()->mutable_governance()->set_stage(v1::Governance::LINKAGE_MODEL_PINNED);
    v1::Text& part = *event.mutable_personal()->add_texts();
    part.set_field("linkage-model");
    part.set_text(text);
    return event;
  };
  Casebook casebook = casebook_of({pinned("m1", "2021-03-01", "moot-linkage 1\nprior 1\n")});
  const Instant before = london("2021-02-01");
  const Instant after = london("2021-03-05");
  EXPECT_EQ(casebook.epoch_problem_at(before), "");
  EXPECT_NE(casebook.epoch_problem_at(after).find("estimate one anew"), std::string::npos);
  EXPECT_EQ(casebook.epoch_at(after).version, "usual");
  std::string saved;
  casebook.save(saved);
  Casebook again(test_secret());
  ASSERT_TRUE(again.load(saved).ok());
  EXPECT_EQ(again.epoch_problem_at(after), casebook.epoch_problem_at(after));
  EXPECT_EQ(again.cases_at(after, {})->epoch().get(), &again.epoch_at(after)) << "what was in force goes on";
  again.apply(pinned("m2", "2021-03-04", epoch_text(usual_epoch(test_secret()))));
  EXPECT_EQ(again.epoch_problem_at(after), "") << "another was pinned since";
  EXPECT_EQ(again.cases_at(after, {})->epoch().get(), &again.epoch_at(after)) << "also for what was there before";
}

}  // namespace
}  // namespace moot
