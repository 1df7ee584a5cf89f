// Boards that select everybody, events of another year, what is decided on history, owners who are gone: what agendas
// make of them.
#include <gtest/gtest.h>

#include "broker/core/event_rules.h"
#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/casework/link_decision.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

v1::Agenda agenda_of_april(const std::vector<v1::Event>& events, const Board& board) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          {Date{2021, 4, 13}, london("2021-04-13"), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

// Its sections: what is told of the agencies' feeds may differ.
std::string documents_on_april(const Casebook& casebook) {
  Result<v1::Agenda> agenda = make_agenda(casebook, test_partnership(), test_policy(), test_board(),
                                          {Date{2021, 4, 13}, london("2021-04-13"), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  agenda->clear_feeds();
  return to_json(*agenda);
}

// "north-homes 2 to 2031-03-02"
std::string told_ahead(const std::vector<v1::Event>& events) {
  std::string told;
  const v1::Agenda agenda = agenda_of_april(events, test_board());
  for (const v1::Feed& feed : agenda.feeds())
    if (feed.dated_ahead() > 0)
      told += (told.empty() ? "" : ", ") + feed.agency() + " " + std::to_string(feed.dated_ahead()) + " to " +
              feed.ahead_to();
  return told;
}

// An agency typed 2031, and Moot knew of it in March.
v1::Event typed_wrongly(v1::Event event) {
  *event.mutable_envelope()->mutable_time() = to_proto(london("2031-03-02T10:00"));
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-02T10:00"));
  return event;
}

// As adapters say that a source has a record no more: with the time of the record.
v1::Event withdrawn(v1::Event event) {
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_record(envelope.id());
  envelope.set_id(envelope.id() + "/2");
  envelope.set_revision(2);
  envelope.set_type(envelope.type().substr(0, envelope.type().rfind('.', envelope.type().size() - 4)) +
                    ".withdrawn.v1");
  MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *event.mutable_facts()));
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

Casebook casebook_with(std::vector<v1::Event> events, const v1::Event& more) {
  events.push_back(more);
  return casebook_of(events);
}

// What is there on the day and what is not: a case that was taken off, an action that was done, a word of an owner.
TEST(EventsToCome, DecideNothingBeforeTheirDay) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  const std::vector<v1::Event> before = {risk("r1", "2021-03-01", who, "high", 33),
                                         action("a1", "set", "2021-03-09T15:00", "2021-03-09", "2021-04-01", {who})};
  const std::string as_before = documents_on_april(casebook_of(before));
  v1::Event done = action("a1/2", "done", "2021-03-20", "2021-03-09", "2021-04-01", {who}), word = done;
  done.mutable_envelope()->set_record("a1");
  done.mutable_envelope()->set_revision(2);
  word.mutable_envelope()->set_agency("north-homes");
  word.mutable_envelope()->set_source("/north-homes/records");
  add_link(word, "outcome-of", before[1]);
  v1::Event lower = risk("r1/2", "2021-03-20", who, "standard", 10);
  lower.mutable_envelope()->set_record("r1");
  lower.mutable_envelope()->set_revision(2);
  for (const v1::Event& event : {of_meeting("m1", "removed", "2021-03-09", {who}), done, word, lower}) {
    EXPECT_NE(documents_on_april(casebook_with(before, event)), as_before) << event.envelope().type();
    EXPECT_EQ(documents_on_april(casebook_with(before, typed_wrongly(event))), as_before) << event.envelope().type();
    const Casebook casebook = casebook_with(before, typed_wrongly(event));
    EXPECT_EQ(casebook.as_at(Instant{london("2031-03-02T10:00").us - 1}).records().size(), 2u);
    EXPECT_NE(casebook.as_at(london("2031-03-02T10:00")).find(event.envelope().source(), event.envelope().id()),
              nullptr);
  }
}

TEST(EventsToCome, CountAtOnceWhereAClockOrATimeZoneExplainsThem) {
  v1::Event event = call("c1", "2021-03-02T10:00");
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01T10:00"));
  EXPECT_EQ(casebook_of({event}).as_at(london("2021-03-01T10:00")).records().size(), 1u) << "a day";
  event.mutable_envelope()->mutable_time()->set_nanos(1000);
  EXPECT_EQ(casebook_of({event}).as_at(london("2021-03-01T10:00")).records().size(), 0u);
  v1::Event scheduled = of_meeting("s", "scheduled", "2021-05-18");
  *scheduled.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01T10:00"));
  EXPECT_EQ(casebook_of({scheduled}).as_at(london("2021-03-01T10:00")).records().size(), 1u) << "as calendars have it";
}

// As a calendar says it that has a meeting no more: with the day on which it would have been.
TEST(EventsToCome, AreTakenBackAtOnce) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  v1::Event scheduled = of_meeting("s", "scheduled", "2021-05-18");
  v1::Event mistyped = typed_wrongly(incident("north-homes", "i1", "2021-03-02", who));
  std::vector<v1::Event> events = {scheduled, mistyped, withdrawn(scheduled), withdrawn(mistyped)};
  for (std::size_t i = 0; i < events.size(); ++i)
    *events[i].mutable_envelope()->mutable_recorded_time() = to_proto(london(i < 2 ? "2021-03-02" : "2021-03-10"));
  const Casebook casebook = casebook_of(events);
  const CaseSet before = casebook.as_at(Instant{london("2021-03-10").us - 1}),
                after = casebook.as_at(london("2021-03-10"));
  EXPECT_EQ(before.records().size(), 1u);
  EXPECT_EQ(before.dated_ahead.at("north-homes").events, 1);
  EXPECT_EQ(after.records().size(), 0u);
  EXPECT_TRUE(after.dated_ahead.empty());
  EXPECT_EQ(casebook.as_at(london("2032-01-01")).records().size(), 0u);
  const RecordBook book = book_of(events);
  EXPECT_EQ(book.as_at(Instant{london("2021-03-10").us - 1}).records().size(), 1u);
  EXPECT_EQ(book.as_at(london("2021-03-10")).records().size(), 0u);
  EXPECT_TRUE(book.as_at(london("2021-03-10")).dated_ahead().empty());
}

TEST(EventsToCome, AreToldOfByAgencyUntilTheyArePutRight) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  std::vector<v1::Event> events = {typed_wrongly(incident("north-homes", "i1", "2021-03-02", who)),
                                   typed_wrongly(incident("north-homes", "i2", "2021-03-02", who)),
                                   typed_wrongly(incident("gone-trust", "i3", "2021-03-02", who)),
                                   incident("north-police", "i4", "2021-03-02", who)};
  v1::Event closed = typed_wrongly(incident("north-police", "i5", "2021-03-02", who));
  closed.mutable_envelope()->set_compartment("channel");
  events.push_back(closed);
  EXPECT_EQ(told_ahead(events), "north-homes 2 to 2031-03-02, gone-trust 1 to 2031-03-02");
  v1::Event right = incident("north-homes", "i1/2", "2021-03-02", who);
  right.mutable_envelope()->set_record("i1");
  right.mutable_envelope()->set_revision(2);
  events.push_back(right);
  EXPECT_EQ(told_ahead(events), "north-homes 1 to 2031-03-02, gone-trust 1 to 2031-03-02");
  const v1::Agenda agenda = agenda_of_april(events, test_board());
  const std::string words =
      "1 event of North Homes is dated later than this is as at, on 2 March 2031. It counts from that date on";
  for (const std::string& text : {to_markdown(agenda, test_partnership()), to_html(agenda, test_partnership())})
    EXPECT_NE(text.find(words), std::string::npos) << text;
  const Result<v1::CallerList> callers = make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                                                          {Date{2021, 4, 13}, {}, {}, london("2021-04-13")});
  ASSERT_TRUE(callers.ok());
  EXPECT_NE(to_markdown(*callers, test_partnership()).find(words), std::string::npos);
  std::string saved;
  casebook_of(events).save(saved);
  Casebook loaded(test_secret());
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(loaded.as_at(london("2021-04-13")).dated_ahead.at("north-homes").events, 1) << "also after a start";
}

TEST(EventsToCome, AreToldOfInReportsAndCountInNone) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  std::vector<v1::Event> events = {referral("x1", "installed", "2020-05-01", who, "guardcam"),
                                   typed_wrongly(referral("x1/2", "removed", "2021-03-02", who, "guardcam"))};
  events.back().mutable_envelope()->set_record("x1");
  events.back().mutable_envelope()->set_revision(2);
  const auto report = [&] {
    return report_on(events, measure_of("m", "", "type = \"referral.installed\""), "2020-21", "2021-04-01");
  };
  EXPECT_EQ(line_of(report(), "m").figure.value, 1) << "what is removed in 2031";
  ASSERT_EQ(report().flags.size(), 1u);
  EXPECT_EQ(report().flags[0].text,
            "Dated later than this report is as at, and counted from that date on, not here: 1 event of North Homes "
            "(on 2 March 2031).");
  const Report withholding =
      report_on(events, "small_below = 5\n" + measure_of("m", "", "type = \"referral\""), "2020-21", "2021-04-01");
  EXPECT_EQ(withholding.flags.at(0).text,
            "Dated later than this report is as at, and counted from that date on, not here: events of North Homes.")
      << "how many can be a small number too";
  events.back().mutable_envelope()->set_compartment("channel");
  EXPECT_TRUE(report().flags.empty());
}

v1::Event loaded_later(v1::Event event) {
  event.mutable_envelope()->set_backfill(true);
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2024-06-01"));
  return event;
}

TEST(DecisionsOfToday, OnHistoryHoldInItsDocumentsAndAreNotToldAsDatedAhead) {
  Casebook casebook = casebook_of({loaded_later(call("c1", "2021-01-09T10:00", Who{"caller", "", "Casey Exampleton"})),
                                   loaded_later(call("c2", "2021-01-13T08:00", Who{"caller", "", "Robin Other"}))});
  const CaseSet now = casebook.as_at(london("2024-07-01"));
  const auto of = [](std::size_t record) { return std::vector<Mention>{{record, 0}}; };
  Result<Decided> decided = decide(now, {of(0), of(1), true, "operator", london("2024-07-01T09:00")});
  ASSERT_TRUE(decided.ok() && decided->backfill);
  decided->event.mutable_envelope()->set_agency("operator");
  casebook.apply(loaded_later(decided->event));
  EXPECT_EQ(casebook.as_at(Instant{london("2021-01-13T08:00").us - 1}).persons().size(), 1u) << "one call";
  EXPECT_EQ(casebook.as_at(london("2021-01-13T08:00")).records().size(), 2u);
  EXPECT_EQ(casebook.as_at(london("2021-01-13T08:00")).persons().size(), 1u) << "of one person";
  EXPECT_TRUE(casebook.as_at(london("2021-02-01")).dated_ahead.empty());
}

// As `moot linkage pin --from` says it: today, of history.
TEST(DecisionsOfToday, PinAModelForHistoryFromTheDateTheyName) {
  v1::Event pinned = make_event("uk.csp.governance.linkage-model-pinned.v1", "operator", "m", "2024-06-01");
  pinned.mutable_facts()->mutable_governance()->set_stage(v1::Governance::LINKAGE_MODEL_PINNED);
  v1::Text& part = *pinned.mutable_personal()->add_texts();
  part.set_field("linkage-model");
  part.set_text("moot-linkage 1\nprior 1\n");
  *pinned.mutable_envelope()->mutable_known_time() = to_proto(london("2021-03-01"));
  const Casebook casebook = casebook_of({loaded_later(pinned)});
  EXPECT_EQ(casebook.epoch_problem_at(Instant{london("2021-03-01").us - 1}), "");
  EXPECT_NE(casebook.epoch_problem_at(london("2021-03-01")), "") << "it is in force, though it cannot be read";
}

// An agency's word of next century does not stand above what the operator decides today.
TEST(DecisionsOfToday, CountFromWhenTheyWereRecordedAtTheLatest) {
  const v1::Event one = call("c1", "2021-01-09T10:00", Who{"caller", "", "Casey Exampleton"}),
                  other = call("c2", "2021-01-09T10:00", Who{"caller", "", "Robin Otherwise"});
  const auto decided = [&](const std::string& agency, const std::string& type, const std::string& time,
                           const std::string& recorded) {
    v1::Event event = make_event("uk.csp.identity." + type + ".v1", agency, "d-" + type, time, {});
    *event.mutable_envelope()->mutable_recorded_time() = to_proto(london(recorded));
    for (const v1::Event* record : {&one, &other}) {
      v1::Link& link = *event.mutable_envelope()->add_links();
      link.set_rel("record");
      link.set_source(record->envelope().source());
      link.set_id(record->envelope().id());
    }
    event.mutable_facts()->mutable_identity()->set_one_side(1);
    return event;
  };
  const std::string agency = one.envelope().agency();
  const v1::Event ahead = decided(agency, "unlinked", "2099-01-01T00:00", "2021-01-10");
  const v1::Event after = decided("operator", "linked", "2021-01-11T09:00", "2021-01-12");
  EXPECT_EQ(casebook_of({one, other, ahead}).as_at(london("2021-02-01")).persons().size(), 2u);
  EXPECT_EQ(casebook_of({one, other, ahead, after}).as_at(london("2021-02-01")).persons().size(), 1u);
}

TEST(WholeBoards, ListEverybodyOnceAndSayWhereTheTimeEnds) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 60; ++i)
    events.push_back(incident("north-police", "i" + std::to_string(i), "2021-03-01",
                              Who("victim", "R" + std::to_string(i), "Person" + std::to_string(i) + " Invent",
                                  std::to_string(1930 + i) + "-0" + std::to_string(1 + i % 7) + "-" +
                                      std::to_string(10 + i % 19))));
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
