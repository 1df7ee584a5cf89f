// Boards that select everybody, events of another year, owners who are gone: what agendas make of them.
#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "consumers/document/html.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::Agenda agenda_of_april(const std::vector<v1::Event>& events, const Board& board) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          {Date{2021, 4, 13}, london("2021-04-13"), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

// An agency typed 2031, and Moot knew of it in March.
v1::Event typed_wrongly(v1::Event event) {
  *event.mutable_envelope()->mutable_time() = to_proto(london("2031-03-02T10:00"));
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-02T10:00"));
  return event;
}

TEST(EventsToCome, CountNowhereBeforeTheirDay) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  const std::vector<v1::Event> before = {incident("north-police", "i1", "2021-03-01", who),
                                         incident("north-police", "i2", "2021-03-05", who),
                                         call("c1", "2021-03-06", Who("caller", "", "Cal Invent", "1971-06-06"))};
  std::vector<v1::Event> events = before;
  events.push_back(typed_wrongly(incident("north-homes", "later", "2021-03-02", who)));
  events.push_back(typed_wrongly(call("later-call", "2021-03-02", Who("caller", "", "Cal Invent", "1971-06-06"))));
  const v1::Agenda agenda = agenda_of_april(events, test_board()), same = agenda_of_april(before, test_board());
  ASSERT_EQ(agenda.sections_size(), same.sections_size());
  for (int i = 0; i < agenda.sections_size(); ++i) {
    ASSERT_EQ(agenda.sections(i).items_size(), same.sections(i).items_size()) << i;
    for (int j = 0; j < agenda.sections(i).items_size(); ++j)
      EXPECT_EQ(agenda.sections(i).items(j).score(), same.sections(i).items(j).score()) << i;
  }
  for (const v1::Feed& feed : agenda.feeds()) EXPECT_FALSE(feed.last().starts_with("2031")) << feed.agency();
}

TEST(WholeBoards, ListEverybodyOnceAndSayWhereTheTimeEnds) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 60; ++i)
    events.push_back(incident("north-police", "i" + std::to_string(i), "2021-03-01",
                              Who("victim", "R" + std::to_string(i), "Person" + std::to_string(i) + " Invent",
                                  std::to_string(1930 + i) + "-01-0" + std::to_string(1 + i % 9))));
  const std::string everything = "[version.section.where]\ntype = [\"incident\", \"contact\", \"referral\"]\n";
  const Board board = board_of(kTwoHours, section_of("people", "roles = [\"victim\"]\n" + everything));
  const v1::Agenda agenda = agenda_of_april(events, board);
  EXPECT_EQ(agenda.sections(0).items_size(), 60);
  int discussed = 0;
  for (const v1::AgendaItem& item : agenda.sections(0).items()) discussed += item.listed_for() == "noting" ? 0 : 1;
  EXPECT_EQ(discussed, 16) << "100 minutes at 6 each";
  EXPECT_NE(to_markdown(agenda, test_partnership()).find("44 more cases are for noting"), std::string::npos);
}

TEST(OwnersWhoAreGone, AreNamedAsNoneOfThePartnership) {
  v1::Event asked = action("a1", "set", "2021-03-09T15:00", "2021-03-09", "2021-04-01", {}, 0, "Write to the owner");
  asked.mutable_facts()->mutable_action()->set_owner("closed-trust");
  const v1::Agenda agenda = agenda_of_april({asked}, test_board());
  for (const std::string& text : {to_markdown(agenda, test_partnership()), to_html(agenda, test_partnership())})
    EXPECT_NE(text.find("Closed Trust (none of the partnership’s agencies)"), std::string::npos);
}

}  // namespace
}  // namespace moot
