#include "broker/core/filler.h"

#include <gtest/gtest.h>

#include "tests/unit/example_event.h"
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

TEST(Filler, IsWhatSystemsWriteWhereThereIsNoReference) {
  for (const char* filler :
       {"", "N/A", "n.a.", "unknown", "UNKNOWN", "None", "null", "-", "0", "000", "Not known", "x"})
    EXPECT_TRUE(is_filler(filler)) << filler;
  for (const char* reference : {"C-77", "10", "007", "NA1", "ref/0/1", "Кот", "X1"})
    EXPECT_FALSE(is_filler(reference)) << reference;
}

// Else whoever is erased would take everybody with them of whom the system had no reference either.
TEST_F(IngestTest, PeopleWithoutAReferenceOfTheirOwnDoNotShareAKey) {
  v1::Event one = example_event("1"), other = example_event("2");
  for (v1::Event* event : {&one, &other}) event->mutable_personal()->mutable_people(0)->set_reference("N/A");
  publish({one, other});
  EXPECT_NE(stored(0).people(0).key_number(), stored(1).people(0).key_number());
  for (v1::Event* event : {&one, &other}) {
    event->mutable_envelope()->set_id(event->envelope().id() + "b");
    event->mutable_personal()->mutable_people(0)->set_reference("C-1");
  }
  publish({one, other});
  EXPECT_EQ(stored(2).people(0).key_number(), stored(3).people(0).key_number());
}

}  // namespace
}  // namespace moot
