// What of an agenda is one agency's own to do.
#include "consumers/agenda/own_actions.h"

#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::Agenda with_actions(const std::vector<v1::Event>& events) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), test_board(),
                                          AgendaQuery{{2021, 4, 13}, london("2021-04-13")});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

TEST(OwnActions, CountAnActionOfTwoPeopleOnce) {
  const v1::Agenda agenda = with_actions({action("a1", "set", "2021-03-09T10:00", "2021-03-09", "2021-05-01",
                                                 {Who("subject", "1"), Who("subject", "2")})});
  EXPECT_EQ(open_by_owner(agenda).at("north-homes").open, 1);
}

TEST(OwnActions, CountTwoThatTwoAgenciesGaveTheSameNumber) {
  const v1::Event one = action("a1", "set", "2021-03-09T10:00", "2021-03-09", "2021-05-01", {});
  v1::Event other = action("a1", "set", "2021-03-09T10:00", "2021-03-09", "2021-04-20", {});
  other.mutable_envelope()->set_agency("north-health");
  other.mutable_envelope()->set_source("/north-health/tasks");
  const v1::Agenda agenda = with_actions({one, other});
  const OwnActions own = open_by_owner(agenda).at("north-homes");
  EXPECT_EQ(own.open, 2);
  EXPECT_EQ(own.first_due, "2021-04-20");
  const std::string list = to_markdown(own_actions(agenda, "north-homes", "North Homes"), test_partnership());
  EXPECT_NE(list.find("previous-actions: 2 actions"), std::string::npos) << list;
}

}  // namespace
}  // namespace moot
