// An agenda is as long as somebody can read: what it does not list, and whom it does not name.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "consumers/agenda/agenda.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};
constexpr int kMany = 1000, kNamed = 500;

std::string number(int n) { return std::to_string(10'000 + n).substr(1); }

// So many people, each known by a reference alone, and in one event of January to March.
std::vector<v1::Event> of_people(int count, const std::function<v1::Event(const Who&, const std::string&)>& event) {
  std::vector<v1::Event> events;
  for (int i = 0; i < count; ++i) {
    const Who who("victim", "R-" + number(i), "", "");
    events.push_back(event(who, to_iso(plus_days(Date{2021, 1, 1}, i % 90)) + "T09:00"));
  }
  return events;
}

v1::Agenda agenda_on(const std::vector<v1::Event>& events, const std::string& sections) {
  Result<v1::Agenda> agenda =
      make_agenda(casebook_of(events), test_partnership(), test_policy(), board_of(kTwoHours, sections), {kOn, {}});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

TEST(AgendaBounds, ASectionListsAThousandWhereItsBoardDoesNotSay) {
  const auto events = of_people(kMany + 5, [](const Who& who, const std::string& time) {
    const int last = who.reference.back() - '0';
    return risk("r" + who.reference, time, who, last == 7 ? "medium" : "high");
  });
  const v1::Agenda agenda = agenda_on(events, section_of("high-risk"));
  EXPECT_EQ(agenda.sections(0).items_size(), kMany);
  ASSERT_EQ(agenda.not_listed_size(), 5);
  EXPECT_EQ(agenda.not_listed_more(), 0);
  for (const v1::NotListed& row : agenda.not_listed()) {
    EXPECT_EQ(row.reason(), "score 15; the section lists at most 1000 cases");
    EXPECT_EQ(row.events_size(), 1);
  }
}

TEST(AgendaBounds, ABoardHasFewerThan64Sections) {
  const auto board_of_sections = [](int count) {
    std::string toml = "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2019-04-01\n";
    for (int i = 0; i < count; ++i)
      toml += "[[version.section]]\nid = \"s" + std::to_string(i) + "\"\ntitle = \"High risk\"\nkind = \"high-risk\"\n";
    return Board::parse(toml, "jtm.toml");
  };
  const Result<Board> most = board_of_sections(63);
  ASSERT_TRUE(most.ok());
  const auto events =
      of_people(1, [](const Who& who, const std::string& time) { return risk("r", time, who, "high"); });
  const Result<v1::Agenda> agenda =
      make_agenda(casebook_of(events), test_partnership(), test_policy(), *most, {kOn, {}});
  ASSERT_TRUE(agenda.ok());
  EXPECT_EQ(agenda->sections(0).items_size(), 1);
  EXPECT_EQ(agenda->sections(62).also_size(), 1);
  const Status refused = board_of_sections(64).status();
  EXPECT_EQ(refused.code(), Code::kDefinition);
  EXPECT_NE(refused.message().find("expected fewer than 64 sections"), std::string::npos) << refused.message();
}

// Five are claimed and too low for the section; all others were reported once, a few of them each day.
TEST(AgendaBounds, NamesTheNearestOfThoseNotListedAndCountsTheRest) {
  auto events = of_people(kNamed + 200, [](const Who& who, const std::string& time) {
    return incident("north-homes", "i" + who.reference, time, who);
  });
  for (int i = 0; i < 5; ++i) {
    v1::Event again = events[static_cast<std::size_t>(90 * i)];  // of 1 January
    again.mutable_envelope()->set_id("again" + number(i));
    again.mutable_envelope()->mutable_time()->set_seconds(again.envelope().time().seconds() + 3600);
    events.push_back(again);
  }
  const v1::Agenda agenda = agenda_on(events, section_of("repeat-victims", "score_min = 40\n"));
  EXPECT_EQ(agenda.sections(0).items_size(), 0);
  ASSERT_EQ(agenda.not_listed_size(), kNamed);
  EXPECT_EQ(agenda.not_listed_more(), 200);
  ASSERT_FALSE(agenda.notes().empty());
  EXPECT_EQ(agenda.notes(0),
            "200 more cases that the sections looked at are neither listed nor named here; those named were nearest to "
            "being listed.");
  int claimed = 0, of_january = 0;
  for (int i = 0; i < agenda.not_listed_size(); ++i) {
    const v1::NotListed& row = agenda.not_listed(i);
    claimed += row.why(0).claimed() ? 1 : 0;
    of_january += !row.why(0).claimed() && row.events(0).id() == "iR-0000" ? 1 : 0;
    if (i > 0) {
      EXPECT_LT(agenda.not_listed(i - 1).case_(), row.case_());
    }
  }
  EXPECT_EQ(claimed, 5) << "whom the section claims is nearer than whoever it does not claim";
  EXPECT_EQ(of_january, 0);
}

// Of those that a section claims enough are named, and of who called nobody; they are counted all the same.
TEST(AgendaBounds, CountsWhoCalledBehindThoseThatASectionClaims) {
  auto events = of_people(2 * kNamed + 20, [](const Who& who, const std::string& time) {
    return risk("r" + who.reference, time, who, "high");
  });
  for (int i = 0; i < 30; ++i)
    events.push_back(call("c" + number(i), "2021-03-20T09:00", Who("caller", "C-" + number(i), "", "")));
  const v1::Agenda agenda =
      agenda_on(events, section_of("high-risk", "at_most = 5\n") + section_of("frequent-callers"));
  EXPECT_EQ(agenda.sections(0).items_size(), 5);
  const int callers = agenda.sections(1).items_size();
  EXPECT_EQ(agenda.not_listed_size(), kNamed);
  EXPECT_EQ(agenda.not_listed_more(), 2 * kNamed + 20 - 5 - kNamed + 30 - callers);
}

// Two sections look at the same records, and the last place is between the two rows of one of them.
TEST(AgendaBounds, NamesACaseForTheFirstOfTheSectionsThatLookAtIt) {
  const std::string of_reviews = "[version.section.where]\ntype = \"review\"\n";
  for (int more = 0; more < 20; ++more) {
    std::vector<v1::Event> events;
    for (int i = 0; i < 300 + more; ++i)
      events.push_back(make_event("uk.csp.review.applied.v1", "north-homes", "v" + number(i), "2021-03-20T09:00"));
    const v1::Agenda agenda = agenda_on(events, section_of("records", "at_most = 10\n" + of_reviews) +
                                                    "[[version.section]]\nid = \"again\"\ntitle = \"Again\"\n"
                                                    "kind = \"records\"\nat_most = 11\n" +
                                                    of_reviews);
    ASSERT_EQ(agenda.not_listed_size(), kNamed);
    std::set<std::string> first;
    for (const v1::NotListed& row : agenda.not_listed()) {
      if (row.why(0).section() != "again") first.insert(row.case_());
      EXPECT_TRUE(first.contains(row.case_())) << "named for the second section alone";
    }
  }
}

}  // namespace
}  // namespace moot
