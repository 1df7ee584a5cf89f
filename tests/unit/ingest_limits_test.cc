// Whom a partnership's own limits are for.
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

using IngestLimits = IngestTest;

// A partnership's own limits are for what its agencies send. What its operator's commands write down is Moot's own:
// models, erasures, holds. With the least limits there are, it is taken as ever.
TEST_F(IngestLimits, LowerLimitsAreForAgenciesAndNotForTheOperatorsCommands) {
  Limits least;
  least.event_bytes_max = 8192;
  least.field_characters_max = 200;
  least.people_max = 1;
  ingest_ = make(least);
  v1::Event pinned = example_event("model/1", "/operator/linkage");
  pinned.clear_personal();
  pinned.mutable_envelope()->set_type("uk.csp.governance.linkage-model-pinned.v1");
  v1::Governance& governance = *pinned.mutable_facts()->mutable_governance();
  governance.set_stage(v1::Governance::LINKAGE_MODEL_PINNED);
  governance.set_definition("linkage-model");
  governance.set_version("1");
  for (int i = 0; i < 3; ++i) {
    v1::Text& text = *pinned.mutable_personal()->add_texts();
    text.set_field("linkage-model");
    text.set_text(std::string(3900, 'x'));
  }
  ASSERT_GT(pinned.ByteSizeLong(), least.event_bytes_max);
  const v1::PublishAck taken = publish({pinned}, {}, "operator");
  EXPECT_EQ(taken.stored(), 1u) << taken.ShortDebugString();
  // Whoever else says as much is refused, and so is the operator beyond Moot's own limits.
  v1::Event long_text = example_event("1");
  v1::Text& text = *long_text.mutable_personal()->add_texts();
  text.set_field("description");
  text.set_text(std::string(201, 'x'));
  v1::Event too_large = pinned;
  too_large.mutable_envelope()->set_id("model/2");
  too_large.mutable_personal()->mutable_texts(0)->set_text(std::string(4001, 'x'));
  EXPECT_EQ(publish({long_text}).exceptions(0).code(), static_cast<std::uint32_t>(Code::kTooLarge));
  EXPECT_EQ(publish({too_large}, {}, "operator").exceptions(0).code(), static_cast<std::uint32_t>(Code::kTooLarge));
  offer({std::string(least.event_bytes_max + 1, 'x'), std::string(Limits().event_bytes_max + 1, 'x')}, {});
  const auto acks = ingest_->commit();
  ASSERT_TRUE(acks.ok());
  for (const v1::Exception& refused : acks->back().exceptions())
    EXPECT_EQ(refused.code(), static_cast<std::uint32_t>(Code::kTooLarge));
}

}  // namespace
}  // namespace moot
