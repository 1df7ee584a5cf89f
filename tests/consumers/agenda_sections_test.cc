// The kinds of sections: whom each lists, what it says of those it considered, and that a board alone sets it up.
#include <gtest/gtest.h>

#include <algorithm>

#include "consumers/agenda/agenda.h"
#include "consumers/agenda/section.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

Result<Board> board_with(const std::string& section, const std::string& version = "") {
  return Board::parse("id = \"jtm\"\ntitle = \"Meeting\"\n[[version]]\nvalid_from = 2019-04-01\n" + version +
                          "[[version.section]]\nid = \"s\"\ntitle = \"S\"\n" + section,
                      "b.toml");
}

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const std::string& section,
                     const std::string& version = "") {
  const Result<Board> board = board_with(section, version);
  MOOT_CHECK_OK(board.status());
  Partnership partnership = test_partnership();
  partnership.areas = {Area{"north-end", "North End", {}}};
  Result<v1::Agenda> agenda =
      make_agenda(casebook_of(events), partnership, test_policy(), *board, AgendaQuery{kOn, london("2021-04-13")});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

std::vector<std::string> titles(const v1::Agenda& agenda) {
  std::vector<std::string> titles;
  for (const v1::AgendaItem& item : agenda.sections(0).items()) titles.push_back(item.title());
  return titles;
}

using Texts = std::vector<std::string>;

// The same name and postcode are the same person in everybody's records.
Who named(const std::string& name, const std::string& role = "subject") {
  return Who(role, "", "Casey " + name, "", "OX14 3HX");
}

v1::Event incident_of(const std::string& id, const std::string& day, const Who& who,
                      const std::string& category = "asb", const std::string& agency = "north-police") {
  v1::Event event = incident(agency, id, day, who);
  event.mutable_facts()->mutable_incident()->set_category(category);
  return event;
}

v1::Event at_place(v1::Event event, const std::string& lines, const std::string& postcode = "") {
  add_place(event, lines, postcode);
  return event;
}

TEST(PreviousActions, TellOfThoseThatAreDatedAsSetAtALaterMeeting) {
  const v1::Agenda agenda =
      agenda_of({action("m", "set", "2021-03-09", "2031-03-09", "", {})}, "kind = \"previous-actions\"\n");
  EXPECT_EQ(agenda.sections(0).items_size(), 0);
  const Texts notes(agenda.sections(0).notes().begin(), agenda.sections(0).notes().end());
  EXPECT_NE(std::find(notes.begin(), notes.end(),
                      "1 action is dated as set at a meeting after this one, and not listed until then: m (9 March "
                      "2031, North Police). A wrong date is put right by a later version of the record."),
            notes.end())
      << notes.back();
}

TEST(PreviousActions, NameTenOfThoseAheadAndCountTheRest) {
  const auto note = [](int count) {
    std::vector<v1::Event> events;
    for (int i = 10; i < 10 + count; ++i)
      events.push_back(action("m" + std::to_string(i), "set", "2021-03-09", "2031-03-09", "", {}));
    const v1::Agenda agenda = agenda_of(events, "kind = \"previous-actions\"\n");
    for (const std::string& note : agenda.sections(0).notes())
      if (note.find(" dated as set ") != std::string::npos) return note;
    return std::string();
  };
  const std::string one = " (9 March 2031, North Police)";
  EXPECT_NE(note(10).find("m18" + one + " and m19" + one + ". A wrong"), std::string::npos) << note(10);
  EXPECT_EQ(note(12).find("12 actions are dated"), 0u) << note(12);
  EXPECT_NE(note(12).find("m19" + one + " and 2 more. A wrong"), std::string::npos) << note(12);
}

// The points know high and medium alone.
TEST(HighRisk, SaysWhyWhereItsBandGivesNoPoints) {
  const v1::Agenda agenda =
      agenda_of({risk("r", "2021-03-01", named("Kept"), "red", 25)}, "kind = \"high-risk\"\nbands = [\"red\"]\n");
  ASSERT_EQ(agenda.sections(0).items_size(), 1);
  const v1::AgendaItem& item = agenda.sections(0).items(0);
  ASSERT_GE(item.reasons_size(), 1);
  EXPECT_EQ(item.reasons(0).text(), "Risk assessed red on 1 March 2021.");
  EXPECT_EQ(item.reasons(0).events(0).id(), "r");
}

TEST(KnownTo, IsEveryAgencyThatKeepsARecordOfThePerson) {
  const auto answer = [](const std::string& type) {
    const v1::Agenda agenda = agenda_of({risk("r", "2021-03-01", named("Kept"), "high", 30),
                                         make_event(type, "north-police", "k", "2021-03-30", {named("Kept")})},
                                        "kind = \"high-risk\"\n");
    for (const v1::KnownTo& known : agenda.sections(0).items(0).known_to())
      if (known.agency() == "north-police") return known.answer();
    return std::string("none");
  };
  for (const char* kept :
       {"contact.received", "closure.case-closed", "order.issued", "review.applied", "register.joined"})
    EXPECT_EQ(answer("uk.csp." + std::string(kept) + ".v1"), "yes") << kept;
  for (const char* said :
       {"meeting.discussed", "action.set", "activity.delivered", "notification.nrm", "notification.prevent"})
    EXPECT_EQ(answer("uk.csp." + std::string(said) + ".v1"), "not asked") << said;
}

TEST(SectionKinds, EachStandsOnABoardWithItsOwnKeysAlone) {
  for (const SectionKind* kind : section_kinds()) {
    std::string text = "kind = \"" + std::string(kind->name) + "\"\n";
    if (kind == &kClocks) text += "clocks = [\"c\"]\n";
    if (kind == &kPeople || kind == &kRecords) text += "where = { type = \"incident\" }\n";
    EXPECT_TRUE(board_with(text, "factors = [\"cuckooing\"]\n").ok()) << kind->name;
    EXPECT_FALSE(board_with(text + "colour = \"red\"\n", "factors = [\"cuckooing\"]\n").ok()) << kind->name;
    EXPECT_NE(kind->judge == nullptr, kind->fill == nullptr) << kind->name;
  }
  EXPECT_EQ(section_kinds().size(), 14u);
  EXPECT_NE(board_with("kind = \"hotspots\"\n").status().message().find("complex-needs"), std::string::npos);
  EXPECT_FALSE(board_with("kind = \"vulnerable-people\"\n").ok()) << "no factors anywhere";
  EXPECT_FALSE(board_with("kind = \"places\"\nby = \"street\"\n").ok());
  EXPECT_FALSE(board_with("kind = \"new-referrals\"\nbands = [\"high\"]\n").ok());
  EXPECT_FALSE(board_with("kind = \"high-risk\"\n", "successes = [\"incident.reported\"]\n").ok());
  EXPECT_TRUE(board_with("kind = \"high-risk\"\n", "successes = [\"action.done\"]\n").ok());
}

TEST(DomesticAbuse, ListsMarkedIncidentsAndReferralsAndNobodyElse) {
  v1::Event marked = incident_of("i1", "2021-03-01", named("Alpha", "victim"));
  marked.mutable_facts()->mutable_incident()->set_domestic_abuse(true);
  v1::Event suspect = incident_of("i2", "2021-03-02", named("Bravo", "suspect"));
  suspect.mutable_facts()->mutable_incident()->set_domestic_abuse(true);
  v1::Event flagged = referral("r2", "made", "2021-03-04", named("Delta"), "locks");
  flagged.mutable_facts()->mutable_referral()->set_domestic_abuse(true);
  v1::Event by_reason = referral("r3", "made", "2021-03-05", named("Echo"), "locks");
  by_reason.mutable_facts()->mutable_referral()->set_reason("domestic-abuse");
  const v1::Agenda agenda =
      agenda_of({marked, suspect, flagged, by_reason, referral("r1", "made", "2021-03-03", named("Charlie"), "idva"),
                 referral("r4", "made", "2021-03-03", named("Foxtrot"), "mediation"),
                 incident_of("i3", "2021-03-06", named("Golf", "victim"))},
                "kind = \"domestic-abuse\"\nschemes = [\"idva\"]\n");
  Texts found = titles(agenda);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Texts{"Casey Alpha", "Casey Charlie", "Casey Delta", "Casey Echo"}));
  for (const v1::AgendaItem& item : agenda.sections(0).items()) {
    if (item.title() != "Casey Charlie") continue;
    EXPECT_EQ(item.reasons(0).text(),
              "1 domestic abuse referral event (the latest: referral to IDVA made on 3 March 2021) in 12 months.");
    EXPECT_EQ(item.reasons(0).events(0).id(), "r1");
  }
}

TEST(ProlificOffenders, CountsIncidentsInWhichThePersonIsASuspectAndScoresThem) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 4; ++i) {
    const std::string day = "2021-0" + std::to_string(i % 2 + 1) + "-1" + std::to_string(i);
    events.push_back(incident_of("s" + std::to_string(i), day, named("Alpha", i == 0 ? "perpetrator" : "suspect")));
    events.push_back(incident_of("v" + std::to_string(i), day, named("Bravo", "victim")));
  }
  events.push_back(incident_of("s9", "2021-03-01", named("Charlie", "suspect")));
  const v1::Agenda agenda = agenda_of(events, "kind = \"prolific-offenders\"\n");
  ASSERT_EQ(titles(agenda), (Texts{"Casey Alpha"}));
  const v1::AgendaItem& item = agenda.sections(0).items(0);
  EXPECT_EQ(item.reasons(0).text(), "Named as suspect or perpetrator in 4 incidents in 12 months.");
  EXPECT_EQ(item.reasons(1).text(),
            "4 incidents as suspect or perpetrator in the 12 months before 13 April 2021 (North Police 4): 3 after the "
            "first, 4 points each.");
  EXPECT_EQ(item.score(), 12);
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_EQ(agenda.not_listed(0).title(), "Casey Charlie");
  EXPECT_EQ(agenda.not_listed(0).reason(),
            "named as suspect or perpetrator in 1 incident in 12 months; the section needs 3");
}

TEST(VulnerablePeople, ListsWhoeverHasAFactorOfTheBoardInACategoryASchemeOrAReason) {
  v1::Event by_reason = referral("r2", "made", "2021-03-05", named("Charlie"), "outreach");
  by_reason.mutable_facts()->mutable_referral()->set_reason("cuckooing");
  const v1::Agenda agenda = agenda_of(
      {incident_of("i1", "2021-03-01", named("Alpha"), "rough-sleeping"),
       referral("r1", "made", "2021-03-02", named("Bravo"), "cuckooing"), by_reason,
       incident_of("i2", "2021-03-01", named("Delta")), incident_of("i3", "2020-04-01", named("Echo"), "cuckooing")},
      "kind = \"vulnerable-people\"\n", "factors = [\"rough-sleeping\", \"cuckooing\"]\n");
  Texts found = titles(agenda);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Texts{"Casey Alpha", "Casey Bravo", "Casey Charlie"}));
  const v1::AgendaItem& item = agenda.sections(0).items(0);
  EXPECT_EQ(item.reasons(0).points(), 0);
  EXPECT_EQ(item.reasons(1).points(), 6) << item.reasons(1).text();
}

// A referral says why somebody is vulnerable by its scheme and by its reason, and of nobody else whom it names.
TEST(VulnerablePeople, HaveEveryFactorThatAReferralOfTheirsNames) {
  const auto listed = [](const std::string& reason, const std::vector<Who>& people) {
    v1::Event event = make_event("uk.csp.referral.made.v1", "north-homes", "r", "2021-03-02", people);
    event.mutable_facts()->mutable_referral()->set_scheme("rough-sleeping");
    event.mutable_facts()->mutable_referral()->set_reason(reason);
    return agenda_of({event}, "kind = \"vulnerable-people\"\n", "factors = [\"rough-sleeping\", \"cuckooing\"]\n");
  };
  const v1::Agenda both = listed("cuckooing", {named("Alpha", "victim"), named("Bravo", "subject")});
  ASSERT_EQ(titles(both), (Texts{"Casey Alpha"})) << "the household next door is not vulnerable by it";
  const v1::AgendaItem& item = both.sections(0).items(0);
  EXPECT_EQ(item.reasons(0).text(), "Cuckooing (1 record) and rough sleeping (1 record) in 12 months.");
  EXPECT_EQ(item.reasons(1).points(), 12) << item.reasons(1).text();
  const v1::Agenda once = listed("rough-sleeping", {named("Alpha", "victim")});
  EXPECT_EQ(once.sections(0).items(0).reasons(1).points(), 6);
}

TEST(ComplexNeeds, ListsThoseManyAgenciesKnowUnlessTheRiskIsAboveTheThreshold) {
  std::vector<v1::Event> events;
  for (const std::string name : {"Alpha", "Bravo", "Charlie"}) {
    events.push_back(incident_of(name + "1", "2021-03-01", named(name, "victim")));
    events.push_back(incident_of(name + "2", "2021-03-02", named(name, "tenant"), "asb", "north-homes"));
    if (name != "Charlie")
      events.push_back(make_event("uk.csp.knowledge.yes.v1", "north-health", name + "3", "2021-03-03", {named(name)}));
  }
  events.push_back(risk("r", "2021-03-04", named("Bravo"), "high"));
  const v1::Agenda agenda = agenda_of(events, "kind = \"complex-needs\"\n");
  ASSERT_EQ(titles(agenda), (Texts{"Casey Alpha"}));
  EXPECT_EQ(agenda.sections(0).items(0).reasons(0).text(),
            "Known to 3 agencies in 12 months: North Health Trust, North Homes and North Police; no risk assessment is "
            "supplied.");
  Texts reasons;
  for (const v1::NotListed& row : agenda.not_listed()) reasons.push_back(row.title() + ": " + row.reason());
  std::sort(reasons.begin(), reasons.end());
  EXPECT_EQ(reasons, (Texts{"Casey Bravo: known to 3 agencies in 12 months: North Health Trust, North Homes and North "
                            "Police; at risk high, which is above this section's threshold",
                            "Casey Charlie: known to 2 agencies; the section needs 3"}));
}

TEST(Places, AreOneHoweverAgenciesWriteThem) {
  const std::string section = "kind = \"places\"\nincidents_min = 3\nmonths = 3\n";
  std::vector<v1::Event> events = {
      at_place(incident_of("i1", "2021-03-01", named("Alpha")), "12 High Street", "OX14 3HX"),
      at_place(incident_of("i2", "2021-03-02", named("Bravo"), "asb", "north-homes"), "12, HIGH STREET", "ox143hx"),
      at_place(incident_of("i3", "2021-03-03", named("Charlie")), "12 High Street, OX14 3HX", "OX14 3HX"),
      at_place(incident_of("i4", "2021-03-03", named("Delta")), "14 High Street", "OX14 3HX"),
      at_place(incident_of("i5", "2021-03-04", named("Delta")), "14 High Street", "OX14 3HX"),
      at_place(incident_of("old", "2021-01-12", named("Delta")), "14 High Street", "OX14 3HX")};
  const v1::Agenda agenda = agenda_of(events, section, "[version.points]\nnobody_acts = 12\n");
  ASSERT_EQ(agenda.sections(0).items_size(), 1);
  const v1::AgendaItem& item = agenda.sections(0).items(0);
  EXPECT_EQ(item.title(), "12 High Street, OX14 3HX");
  EXPECT_EQ(item.kind(), "place");
  EXPECT_EQ(item.case_().substr(0, 2), "l-");
  EXPECT_EQ(item.reasons(0).text(), "3 incidents at this place in 3 months.");
  // Two after the first, two agencies; more than 28 days ago. That nobody acts cannot be said of a place.
  EXPECT_EQ(item.score(), 2 * 4 + 8);
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_EQ(agenda.not_listed(0).title(), "14 High Street, OX14 3HX");
  EXPECT_EQ(agenda.not_listed(0).reason(), "2 incidents at this place in 3 months; the section needs 3");
  // The same case with more known of it; a linked report of the same incident does not count.
  events.push_back(at_place(incident_of("i6", "2021-03-03", named("Echo")), "12 High Street", "OX14 3HX"));
  add_link(events.back(), "about", events[2]);
  const v1::Agenda again = agenda_of(events, section);
  EXPECT_EQ(again.sections(0).items(0).case_(), item.case_());
  EXPECT_EQ(again.sections(0).items(0).reasons(0).text(), "3 incidents at this place in 3 months.");
  EXPECT_EQ(agenda_of(events, "kind = \"places\"\nby = \"postcode\"\n").sections(0).items(0).title(), "OX14 3HX");
}

TEST(Places, CanBeAreas) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 3; ++i) {
    events.push_back(incident_of("i" + std::to_string(i), "2021-03-0" + std::to_string(i + 1), named("Alpha")));
    events.back().mutable_envelope()->set_area("north-end");
  }
  const v1::Agenda agenda = agenda_of(events, "kind = \"places\"\nby = \"area\"\n");
  EXPECT_EQ(titles(agenda), (Texts{"North End"}));
  EXPECT_TRUE(agenda_of(events, "kind = \"places\"\n").sections(0).items().empty()) << "nobody gave an address";
}

TEST(NewReferrals, AreThoseMadeSinceTheLastMeetingThatNobodyAnswered) {
  const v1::Event held = of_meeting("m", "held", "2021-03-09");
  v1::Event revised = referral("r5/2", "declined", "2021-03-22", named("Echo"), "amht");
  revised.mutable_envelope()->set_record("r5");
  revised.mutable_envelope()->set_revision(2);
  v1::Event first = referral("r5/1", "made", "2021-03-20", named("Echo"), "amht");
  first.mutable_envelope()->set_record("r5");
  first.mutable_envelope()->set_revision(1);
  const std::vector<v1::Event> events = {held,
                                         referral("r1", "made", "2021-03-09T16:00", named("Alpha"), "idva"),
                                         referral("r2", "made", "2021-03-20", named("Bravo"), "idva"),
                                         referral("r3", "accepted", "2021-03-22", named("Bravo"), "idva"),
                                         referral("r4", "made", "2021-03-01", named("Charlie"), "idva"),
                                         referral("r6", "accepted", "2021-03-22", named("Delta"), "idva"),
                                         first,
                                         revised};
  const v1::Agenda agenda = agenda_of(events, "kind = \"new-referrals\"\n");
  EXPECT_EQ(agenda.last_meeting(), "2021-03-09");
  ASSERT_EQ(titles(agenda), (Texts{"Casey Alpha"}));
  EXPECT_EQ(agenda.sections(0).items(0).reasons(0).text(),
            "Referral to IDVA made on 9 March 2021 (North Homes), not yet accepted or declined.");
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_EQ(agenda.not_listed(0).title(), "Casey Charlie");
  EXPECT_TRUE(agenda_of(events, "kind = \"new-referrals\"\nschemes = [\"amht\"]\n").sections(0).items().empty());
}

}  // namespace
}  // namespace moot
