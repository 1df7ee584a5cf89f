// What sessions leave behind: entries of the audit log, and how far readers are.
#include "tests/unit/sessions_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;

// What stands in a Consume is written into the audit log: a name must not.
TEST_F(SessionsTest, NoNameGetsIntoTheAuditLogByAFilterOrAPurpose) {
  v1::Filter subject, area, agency, type;
  subject.add_subjects("Ada Pretendlow");
  area.add_areas("12 Pier Road");
  agency.add_agencies("Soha");
  type.add_types("a b");
  for (const v1::Filter& filter : {subject, area, agency, type}) {
    read('a', "soha", 1000, filter);
    EXPECT_EQ(code(bus_.answer('a')), Code::kBadRequest) << filter.ShortDebugString();
  }
  v1::Request request;
  request.mutable_consume()->set_purpose("about Ada Pretendlow");
  bus_.say('a', "soha", request);
  EXPECT_EQ(code(bus_.answer('a')), Code::kBadRequest);
}

TEST_F(SessionsTest, AFloodOfReadingsDoesNotFillTheAuditLog) {
  bus_.hello('a', "operator");
  for (int i = 0; i < kReadingsMax; ++i) consume('a', "operator", 0);
  bus_.turn();
  for (const BrokerInMemory::Got& got : bus_.got('a')) EXPECT_FALSE(got.reply.has_refusal());
  consume('a', "operator", 0);
  EXPECT_EQ(code(bus_.answer('a')), Code::kQuota);
  read('b', "council", 0);
  bus_.turn();
  for (const BrokerInMemory::Got& got : bus_.got('b')) EXPECT_FALSE(got.reply.has_refusal()) << "somebody else";
  bus_.turn(milliseconds(60'000));
  bus_.hello('a', "operator");
  (void)bus_.answer('a');
  consume('a', "operator", 1000);
  EXPECT_FALSE(bus_.answer('a').reply.has_refusal()) << "a minute later";
}

// Acts that are refused, and what a command tells of itself, are audited too.
TEST_F(SessionsTest, AFloodOfActsDoesNotFillTheAuditLog) {
  v1::Request add, note;
  add.mutable_agency_add()->set_id("mine");
  note.mutable_audit_note()->mutable_entry()->set_act("person-find");
  note.mutable_audit_note()->mutable_entry()->set_purpose("meetings");
  bus_.hello('a', "soha");
  for (int i = 0; i < kActsMax / 2; ++i) {
    bus_.say('a', "soha", add);
    bus_.say('a', "soha", note);
    if (i % 100 == 0) bus_.turn();
  }
  EXPECT_EQ(bus_.answer('a').reply.kind_case(), v1::Reply::kAuditEntries);
  bus_.say('a', "soha", note);
  EXPECT_EQ(code(bus_.answer('a')), Code::kQuota);
  const std::uint64_t entries = bus_.audit().entries();
  bus_.say('a', "soha", add);
  EXPECT_EQ(code(bus_.answer('a')), Code::kQuota);
  EXPECT_EQ(bus_.audit().entries(), entries);
  bus_.hello('o', "operator");
  bus_.say('o', "operator", note);
  EXPECT_FALSE(bus_.answer('o').reply.has_refusal()) << "somebody else";
  bus_.turn(milliseconds(60'000));
  bus_.hello('a', "soha");
  bus_.say('a', "soha", note);
  EXPECT_FALSE(bus_.answer('a').reply.has_refusal()) << "a minute later";
}

// What is refused, or there already, costs the broker nothing to keep, and time all the same.
TEST_F(SessionsTest, AnAgreementSignedAndEndedIsAudited) {
  sign();
  end_agreement();
  bus_.turn();
  v1::AuditQuery query;
  query.set_act("agreement-signed");
  const auto signed_ = bus_.audit().search(query);
  ASSERT_EQ(signed_->entries_size(), 1);
  EXPECT_EQ(signed_->entries(0).actor() + " " + signed_->entries(0).what(), "operator core");
  query.set_act("agreement-ended");
  EXPECT_EQ(bus_.audit().search(query)->entries_size(), 1);
  bus_.publish('o', "operator", example_event("1", "/operator/x"));
  end_agreement();
  bus_.turn();
  EXPECT_EQ(bus_.audit().search(query)->entries_size(), 1) << "said twice is one event";
}

// What it may not read, or did not ask for, it is not behind with.
TEST_F(SessionsTest, AReaderIsBehindWithWhatItMayReadAlone) {
  sign();
  v1::Filter filter;
  filter.add_types("contact");
  read('c', "council", 0, filter);
  bus_.hello('p', "north-police");
  bus_.hello('s', "soha");
  bus_.turn();
  const auto behind = [&] { return bus_.sessions->figures().behind.at("council"); };
  EXPECT_EQ(behind().events, 0u) << "the agreement is the operator's to read";
  for (const char* id : {"1", "2", "3"}) publish(id);
  bus_.turn();
  EXPECT_EQ(behind().events, 0u) << "nor are the police's events the council's";
  const Offset first = bus_.log.end_offset();
  for (const char* id : {"1", "2"}) bus_.publish('s', "soha", example_event(id, "/soha/cases"));
  publish("4");
  bus_.turn();
  EXPECT_EQ(behind().events, 2u);
  EXPECT_EQ(behind().first, first);
  bus_.takes[bus_.peer('c')] = Outlet::Sent::kGone;
  grant('c', "council", 1 << 20);
  bus_.turn();
  bus_.publish('s', "soha", example_event("3", "/soha/cases"));
  bus_.turn();
  EXPECT_EQ(behind().events, 1u) << "those it was sent do not count, whether it took them or not";
  end_agreement();
  bus_.turn();
  EXPECT_EQ(behind().events, 0u) << "it may read none of them any more";
}

// A reader that stands still is seen although another one of the agency's goes on, and a command that comes once is
// none.
TEST_F(SessionsTest, OfSeveralReadersOfAnAgencyTheOneThatIsBehindTells) {
  bus_.hello('p', "north-police");
  read('a', "operator", 0);
  bus_.hello('b', "operator");
  v1::Request other;
  other.mutable_consume()->set_credit_bytes(1 << 20);
  other.mutable_consume()->set_reader("other");
  bus_.say('b', "operator", other);
  bus_.hello('c', "operator");
  other.mutable_consume()->set_reader(std::string(kReplayReader));
  bus_.say('c', "operator", other);
  publish("1");
  bus_.turn();
  bus_.turn();
  EXPECT_EQ(bus_.sessions->figures().behind.at("operator").events, 1u);
  EXPECT_EQ(bus_.sessions->figures().behind.at("operator").reader, "view");
  grant('a', "operator", 1 << 20);
  bus_.turn();
  EXPECT_EQ(bus_.sessions->figures().behind.at("operator").events, 0u);
  // However many names it takes, so many are remembered.
  for (int i = 0; i < 20; ++i) {
    other.mutable_consume()->set_reader("reader-" + std::to_string(i));
    bus_.say('b', "operator", other);
  }
  publish("2");
  bus_.turn();
  EXPECT_EQ(bus_.sessions->figures().behind.at("operator").events, 2u) << "those it left behind were given nothing";
}

// A long way is not looked at in one turn; what was not looked at yet counts.
TEST_F(SessionsTest, WhatIsNotCountedYetIsTakenForUnread) {
  sign();
  read('c', "council", 0);
  bus_.hello('p', "north-police");
  for (std::size_t i = 0; i < ReaderPositions::kCountedRecordsMax + 500; ++i) publish(std::to_string(i));
  bus_.turn();
  const auto behind = [&] { return bus_.sessions->figures().behind.at("council").events; };
  const std::uint64_t at_first = behind();
  EXPECT_GT(at_first, 0u);
  EXPECT_LE(at_first, 501u);
  EXPECT_EQ(behind(), 0u);
}

}  // namespace
}  // namespace moot
