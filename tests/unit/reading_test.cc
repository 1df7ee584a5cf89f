// What leaves the log: by sharing agreements, in three grades.
#include "broker/reading.h"

#include <gtest/gtest.h>

#include <functional>

#include "broker/core/event_rules.h"
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

// A clause by which `reader` reads of Soha as far as the grade goes, from 1 March 2021 on. The clock stands at 10
// March.
v1::Event clause(const std::string& reader, const std::string& grade, const std::string& version = "1") {
  v1::Event event = example_event("core/" + version + "/1", "/operator/agreements");
  event.clear_personal();
  event.mutable_envelope()->set_type("uk.csp.governance.agreement-signed.v1");
  v1::Governance& clause = *event.mutable_facts()->mutable_governance();
  clause.set_stage(v1::Governance::AGREEMENT_SIGNED);
  clause.set_definition("core");
  clause.set_version(version);
  clause.set_clause(1);
  clause.set_clauses(1);
  clause.add_readers(reader);
  clause.add_providers("soha");
  clause.set_grade(grade);
  clause.set_starts("2021-03-01");
  return event;
}

// The end of that version of the same agreement.
v1::Event ended(const std::string& day, const std::string& version = "1") {
  v1::Event event = clause("council", "content", version);
  event.mutable_envelope()->set_id("core/" + version + "/ended/" + day);
  event.mutable_envelope()->set_type("uk.csp.governance.agreement-ended.v1");
  v1::Governance& governance = *event.mutable_facts()->mutable_governance();
  governance.Clear();
  governance.set_stage(v1::Governance::AGREEMENT_ENDED);
  governance.set_definition("core");
  governance.set_version(version);
  governance.set_ends(day);
  return event;
}

class ReadingTest : public IngestTest {
 protected:
  ReadingTest() {
    v1::Event event = example_event("1", "/soha/cases");
    event.mutable_envelope()->set_area("didcot");
    event.mutable_envelope()->set_subject("CASE-1");
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text("Shouting in the stairwell");
    publish({event}, {}, "soha");
  }
  // What the reader gets of the first event.
  v1::Event read_by(const std::string& reader, const v1::Filter& filter = {}, const std::string& purpose = "meetings") {
    const Reading reading({&log_, &keys_, &agreements_, &clock_});
    const auto portion = reading.next({*AgencyId::parse(reader), purpose}, filter, Offset{0}, {1000, 1'000'000});
    MOOT_CHECK_OK(portion.status());
    v1::Events events;
    v1::Event event;
    MOOT_CHECK(events.ParseFromString(portion->events) && events.event_size() == static_cast<int>(portion->count));
    if (events.event_size() > 0) MOOT_CHECK(event.ParseFromString(events.event(0)));
    return event.envelope().agency() == "soha" ? event : v1::Event();
  }
  void sign(const v1::Event& event) { EXPECT_EQ(publish({event}, {}, "operator").stored(), 1u); }
};

TEST_F(ReadingTest, WithoutAClauseNothingIsRead) {
  EXPECT_FALSE(read_by("council").has_envelope());
  sign(clause("north-police", "content"));
  EXPECT_FALSE(read_by("council").has_envelope());
}

TEST_F(ReadingTest, ExistenceSaysThatThereIsAnEventAndNothingOfIt) {
  sign(clause("council", "existence"));
  const v1::Event event = read_by("council");
  EXPECT_EQ(event.envelope().id(), "1");
  EXPECT_EQ(event.envelope().type(), "uk.csp.contact.received.v1");
  EXPECT_TRUE(event.envelope().has_time());
  EXPECT_EQ(event.envelope().area() + event.envelope().subject(), "");
  EXPECT_FALSE(event.has_personal() && event.personal().ByteSizeLong() > 0);
  EXPECT_EQ(event.facts().body_case(), v1::Facts::BODY_NOT_SET);
}

TEST_F(ReadingTest, IdentitySaysWhoAsWell) {
  sign(clause("council", "identity"));
  const v1::Event event = read_by("council");
  ASSERT_EQ(event.personal().people_size(), 1);
  EXPECT_EQ(event.personal().people(0).names(0).full(), "Avery Inventedname");
  EXPECT_EQ(event.personal().texts_size(), 0);
  EXPECT_EQ(event.facts().body_case(), v1::Facts::BODY_NOT_SET);
}

TEST_F(ReadingTest, ContentIsAllOfIt) {
  sign(clause("council", "content"));
  const v1::Event event = read_by("council");
  EXPECT_EQ(event.personal().texts(0).text(), "Shouting in the stairwell");
  EXPECT_EQ(event.facts().contact().channel(), "101");
}

TEST_F(ReadingTest, AFilterTellsNothingOfWhatTheReaderDoesNotGet) {
  sign(clause("council", "existence"));
  v1::Filter filter;
  filter.add_areas("didcot");
  EXPECT_FALSE(read_by("council", filter).has_envelope()) << "else the area could be found out by asking";
}

TEST_F(ReadingTest, PurposeBodyCategoryCompartmentAndDatesAreKept) {
  const auto with = [&](const std::string& version, const std::function<void(v1::Governance&)>& change) {
    v1::Event event = clause("council", "content", version);
    change(*event.mutable_facts()->mutable_governance());
    sign(event);
    return read_by("council").has_envelope();
  };
  EXPECT_TRUE(with("all", [](v1::Governance&) {}));
  EXPECT_FALSE(with("purpose", [](v1::Governance& c) { c.add_purposes("safeguarding"); }));
  EXPECT_TRUE(read_by("council", {}, "safeguarding").has_envelope());
  EXPECT_FALSE(with("body", [](v1::Governance& c) { c.add_bodies("risk"); }));
  EXPECT_TRUE(with("bodies", [](v1::Governance& c) { c.add_bodies("contact"); }));
  EXPECT_FALSE(with("category", [](v1::Governance& c) { c.add_categories("burglary"); }));
  EXPECT_TRUE(with("categories", [](v1::Governance& c) { c.add_categories("asb"); }));
  EXPECT_FALSE(with("compartment", [](v1::Governance& c) { c.add_compartments("prevent"); })) << "that one only";
  EXPECT_FALSE(with("later", [](v1::Governance& c) { c.set_starts("2021-03-11"); }));
  EXPECT_TRUE(with("today", [](v1::Governance& c) { c.set_starts("2021-03-10"); }));
  EXPECT_FALSE(with("over", [](v1::Governance& c) { c.set_ends("2021-03-10"); }));
  EXPECT_TRUE(with("last-day", [](v1::Governance& c) { c.set_ends("2021-03-11"); }));
}

TEST_F(ReadingTest, WhatIsInACompartmentIsReadByThoseWhoseClauseNamesItOnly) {
  v1::Event event = example_event("2", "/soha/prevent");
  event.mutable_envelope()->set_compartment("prevent");
  publish({event}, {}, "soha");
  sign(clause("council", "content"));
  const auto count = [&] {
    const Reading reading({&log_, &keys_, &agreements_, &clock_});
    return reading.next({*AgencyId::parse("council"), ""}, {}, Offset{0}, {1000, 1'000'000})->count;
  };
  EXPECT_EQ(count(), 1u);
  v1::Event named = clause("council", "content", "2");
  named.mutable_facts()->mutable_governance()->add_compartments("prevent");
  sign(named);
  EXPECT_EQ(count(), 1u) << "this one now, and not the other";
}

TEST_F(ReadingTest, TheCasebookReadsAllUntilTheFirstAgreementAndUnderItsOwnThenOn) {
  EXPECT_TRUE(read_by("casebook").has_envelope());
  sign(clause("council", "content"));
  EXPECT_FALSE(read_by("casebook").has_envelope());
  sign(clause("casebook", "content", "2"));
  EXPECT_TRUE(read_by("casebook").has_envelope());
  EXPECT_FALSE(read_by("council").has_envelope()) << "the new version takes the place of the old";
}

TEST_F(ReadingTest, AnAgreementThatIsEndedOpensNothingFromItsDayOnAndItsCoverageIsAnother) {
  sign(clause("council", "content"));
  const Reading reading({&log_, &keys_, &agreements_, &clock_});
  const Recipient council{*AgencyId::parse("council"), "meetings"};
  const std::string before = reading.coverage_of(council);
  sign(ended("2021-03-10"));
  EXPECT_FALSE(read_by("council").has_envelope());
  EXPECT_NE(reading.coverage_of(council), before);
  EXPECT_FALSE(read_by("casebook").has_envelope()) << "ending the last one opens nothing either";
}

// To the microsecond, by the clock on the wall: also where summer time begins or ends in the night before or after.
TEST_F(ReadingTest, ADayBeginsAndEndsAtLocalMidnightInTheNightsWhenTheClocksChangeToo) {
  struct Night {
    const char* day;     // a clause holds on this day alone
    const char* after;   // until before this one
    const char* begins;  // the first instant of the day
    const char* ends;    // and of the next
  };
  int version = 0;
  for (const Night& night : {Night{"2021-03-28", "2021-03-29", "2021-03-28T00:00:00Z", "2021-03-28T23:00:00Z"},
                             Night{"2021-03-27", "2021-03-28", "2021-03-27T00:00:00Z", "2021-03-28T00:00:00Z"},
                             Night{"2021-10-31", "2021-11-01", "2021-10-30T23:00:00Z", "2021-11-01T00:00:00Z"},
                             Night{"2021-06-10", "2021-06-11", "2021-06-09T23:00:00Z", "2021-06-10T23:00:00Z"}}) {
    v1::Event event = clause("council", "content", std::to_string(++version));
    event.mutable_facts()->mutable_governance()->set_starts(night.day);
    event.mutable_facts()->mutable_governance()->set_ends(night.after);
    sign(event);
    const auto read_at = [&](const char* instant, std::int64_t us) {
      clock_.set(to_rfc3339(Instant{parse_rfc3339(instant)->us + us}));
      return read_by("council").has_envelope();
    };
    EXPECT_FALSE(read_at(night.begins, -1)) << night.day;
    EXPECT_TRUE(read_at(night.begins, 0)) << night.day;
    EXPECT_TRUE(read_at(night.ends, -1)) << night.day;
    EXPECT_FALSE(read_at(night.ends, 0)) << night.day;
  }
}

// Else acks would wait while a reader of one rare thing is led over all the rest.
TEST_F(ReadingTest, SkippingWhatNobodyWantsIsWorkToo) {
  for (int i = 0; i < 100; ++i) publish({example_event("other-" + std::to_string(i))});
  v1::Event wanted = example_event("wanted");
  wanted.mutable_envelope()->set_area("abingdon");
  publish({wanted});
  const Reading reading({&log_, &keys_, &agreements_, &clock_});
  const Recipient reader{*AgencyId::parse(kOperator), "operations"};
  v1::Filter filter;
  filter.add_areas("abingdon");
  const Result<Reading::Portion> skipped = reading.next(reader, filter, Offset{0}, {64, 1'000'000});
  EXPECT_EQ(skipped->count, 0u);
  EXPECT_EQ(skipped->considered, 64u);
  EXPECT_EQ(skipped->through, Offset{101}) << "it goes on from there";
  EXPECT_EQ(reading.next(reader, filter, skipped->through, {64, 1'000'000})->count, 1u);
  Reading::Unread unread;
  std::size_t left = 1000;
  ASSERT_TRUE(reading.count(reader, filter, left, unread).ok());
  EXPECT_EQ(unread.events, 1u);
  EXPECT_EQ(left, 1000u - 64 - 1);
}

// What the operator decided of an agency's own records is the agency's to read; of anybody else's too it is not.
TEST_F(ReadingTest, AnAgencyReadsWhoIsWhoAmongItsOwnRecords) {
  const auto identities = [&](const std::string& reader) {
    const Reading reading({&log_, &keys_, &agreements_, &clock_});
    v1::Filter filter;
    filter.add_types("identity");
    return reading.next({*AgencyId::parse(reader), "meetings"}, filter, Offset{0}, {1000, 1'000'000})->count;
  };
  const auto decide = [&](const std::string& id, const std::vector<std::string>& sources) {
    v1::Event event;
    v1::Envelope& envelope = *event.mutable_envelope();
    envelope.set_source("/operator/casework");
    envelope.set_id(id);
    *envelope.mutable_time() = to_proto(clock_.now());
    for (const std::string& source : sources) {
      v1::Link& link = *envelope.add_links();
      link.set_rel("record");
      link.set_source(source);
      link.set_id("1");
    }
    event.mutable_facts()->mutable_identity()->set_stage(v1::Identity::UNLINKED);
    envelope.set_type(type_of(event.facts()));
    sign(event);
  };
  decide("d-1", {"/soha/cases", "/soha/repairs"});
  EXPECT_EQ(identities("soha"), 1u);
  EXPECT_EQ(identities("council"), 0u);
  decide("d-2", {"/soha/cases", "/council/cases"});
  EXPECT_EQ(identities("soha"), 1u) << "that the council has a record is the council's to tell";
  EXPECT_EQ(identities("casebook"), 2u);
}

// How far an answer goes, and how many looks it takes, must not tell what others' events hold.
TEST_F(ReadingTest, WhatAFilterAsksForDoesNotShowInHowFarTheAnswerGoes) {
  const Agreements none;
  v1::Filter asks;
  asks.add_subjects("CASE-1");
  asks.add_areas("didcot");
  asks.set_offset_to(7);
  Agreements some;
  const v1::Event signed_now = clause("council", "content");
  v1::Envelope envelope = signed_now.envelope();
  envelope.set_agency("operator");
  some.apply(envelope, signed_now.facts().governance());
  for (const char* reader : {"north-police", "council", "casebook"}) {
    const v1::Filter ahead = some.looking_ahead({*AgencyId::parse(reader), "meetings"}, asks);
    EXPECT_EQ(ahead.subjects_size() + ahead.areas_size() + ahead.types_size() + ahead.agencies_size(), 0) << reader;
    EXPECT_EQ(ahead.offset_to(), 7u);
  }
  EXPECT_EQ(some.looking_ahead({*AgencyId::parse("operator"), ""}, asks).subjects_size(), 1);
  EXPECT_EQ(none.looking_ahead({*AgencyId::parse("casebook"), ""}, asks).subjects_size(), 1) << "it reads all";
}

TEST_F(ReadingTest, AVersionHoldsOnceAllItsClausesAreThereAndIsNotAddedTo) {
  const auto of_version = [](const std::string& version, std::uint32_t number, std::uint32_t clauses) {
    v1::Event event = clause("council", "content", version);
    event.mutable_envelope()->set_id("core/" + version + "/" + std::to_string(number));
    v1::Governance& governance = *event.mutable_facts()->mutable_governance();
    governance.set_clause(number);
    governance.set_clauses(clauses);
    if (number == 2) governance.set_readers(0, "health");
    return event;
  };
  sign(of_version("1", 1, 2));
  EXPECT_FALSE(read_by("council").has_envelope()) << "half a version";
  sign(of_version("1", 2, 2));
  EXPECT_TRUE(read_by("council").has_envelope());
  EXPECT_TRUE(read_by("health").has_envelope());
  sign(of_version("2", 1, 1));
  EXPECT_FALSE(read_by("health").has_envelope());
  v1::Event late = of_version("1", 3, 3);
  late.mutable_facts()->mutable_governance()->set_readers(0, "probation");
  sign(late);
  EXPECT_FALSE(read_by("probation").has_envelope()) << "no clause is added to a version that is whole";
  EXPECT_TRUE(read_by("council").has_envelope()) << "nor does it bring the replaced version back";
  EXPECT_FALSE(read_by("health").has_envelope());
}

TEST_F(ReadingTest, AnEndIsNeverMovedOutwards) {
  sign(clause("council", "content"));
  for (const char* day : {"2021-03-09", "2030-01-01"}) {
    sign(ended(day));
    EXPECT_FALSE(read_by("council").has_envelope()) << day;
  }
}

TEST_F(ReadingTest, AClauseThatSaysTooLittleIsRefused) {
  for (const std::function<void(v1::Governance&)>& spoil : std::initializer_list<std::function<void(v1::Governance&)>>{
           [](v1::Governance& c) { c.clear_readers(); }, [](v1::Governance& c) { c.set_grade("everything"); },
           [](v1::Governance& c) { c.clear_starts(); }, [](v1::Governance& c) { c.set_ends("2021-03-01"); },
           [](v1::Governance& c) { c.add_bodies("gossip"); }, [](v1::Governance& c) { c.clear_definition(); },
           [](v1::Governance& c) { c.clear_version(); }, [](v1::Governance& c) { c.set_clause(0); }}) {
    v1::Event event = clause("council", "content");
    spoil(*event.mutable_facts()->mutable_governance());
    const v1::PublishAck ack = publish({event}, {}, "operator");
    EXPECT_EQ(ack.stored(), 0u) << event.ShortDebugString();
  }
}

}  // namespace
}  // namespace moot
