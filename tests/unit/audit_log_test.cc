// The audit log over a real log on disk.
#include "broker/audit_log.h"

#include <gtest/gtest.h>

#include "broker/audited.h"
#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/fixed_clock.h"

namespace moot {
namespace {

class AuditLogTest : public testing::Test {
 protected:
  std::unique_ptr<AuditLog> open(Offset end = {}) {
    auto audit = AuditLog::open(place_, clock_, end);
    MOOT_CHECK_OK(audit.status());
    return std::move(*audit);
  }
  static v1::AuditEntry entry(const char* actor, const char* act, const char* purpose = "operations") {
    v1::AuditEntry made;
    made.set_actor(actor);
    made.set_act(act);
    made.set_purpose(purpose);
    return made;
  }
  static std::vector<std::uint64_t> numbers(const AuditLog& audit, const v1::AuditQuery& query) {
    std::vector<std::uint64_t> found;
    v1::AuditQuery next = query;
    for (;;) {
      const auto page = audit.search(next);
      MOOT_CHECK_OK(page.status());
      for (const v1::AuditEntry& one : page->entries()) found.push_back(one.number());
      if (!page->more()) return found;
      next.set_from_number(page->next_number());
    }
  }

  const TemporaryFolder folder_;
  const AuditLog::Place place_{folder_ / "audit", folder_ / "audit.watermark", "0f3c"};
  FixedClock clock_{"2021-03-10T12:00:00Z"};
};

TEST_F(AuditLogTest, BeginsByTellingWhereTheLogOfEventsWas) {
  const auto begun = open(Offset{8663})->search({});
  ASSERT_EQ(begun->entries_size(), 1);
  EXPECT_EQ(begun->entries(0).act(), "begun");
  EXPECT_EQ(begun->entries(0).count(), 8663u);
  EXPECT_EQ(open(Offset{9000})->search({})->entries_size(), 1) << "it begins once";
}

TEST_F(AuditLogTest, WhatIsCommittedIsThereAfterAnotherStartAndWhatWasOnlyNotedIsNot) {
  {
    const auto audit = open();
    EXPECT_EQ(audit->note(entry("soha", "read")), 1u);
    EXPECT_EQ(audit->note(entry("soha", "read-ended")), 2u);
    EXPECT_EQ(audit->entries(), 1u) << "nothing counts before it is committed";
    ASSERT_TRUE(audit->commit({}).ok());
    audit->note(entry("soha", "inbox-show"));
  }
  const auto audit = open();
  EXPECT_EQ(numbers(*audit, {}), (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(audit->note(entry("soha", "read")), 3u);
}

TEST_F(AuditLogTest, IsSearchedByWhoWhatWhenAndWhatFor) {
  const auto audit = open();
  for (int i = 1; i <= 900; ++i) {
    clock_.set(i <= 600 ? "2021-03-10T13:00:00Z" : "2021-03-11T13:00:00Z");
    audit->note(entry(i % 300 == 0 ? "soha" : "operator", i % 2 == 0 ? "read" : "inbox-show",
                      i % 100 == 0 ? "meetings" : "operations"));
    if (i % 50 == 0) {
      ASSERT_TRUE(audit->commit({}).ok());
    }
  }
  v1::AuditQuery query;
  EXPECT_EQ(numbers(*audit, query).size(), 901u) << "more than one page";
  query.set_actor("soha");
  EXPECT_EQ(numbers(*audit, query), (std::vector<std::uint64_t>{300, 600, 900}));
  query.set_from_us(parse_rfc3339("2021-03-11T00:00:00Z")->us);
  EXPECT_EQ(numbers(*audit, query), (std::vector<std::uint64_t>{900}));
  query.set_act("inbox-show");
  EXPECT_TRUE(numbers(*audit, query).empty());
  v1::AuditQuery purpose;
  purpose.set_purpose("meetings");
  purpose.set_to_us(parse_rfc3339("2021-03-11T00:00:00Z")->us);
  EXPECT_EQ(numbers(*audit, purpose), (std::vector<std::uint64_t>{100, 200, 300, 400, 500, 600}));
}

// Counted first, then given: one reading, whose whole count is known before its first entry is given.
TEST_F(AuditLogTest, AReadingOfSeveralAnswersIsCountedBeforeItIsGiven) {
  const auto audit = open();
  for (int i = 0; i < 3 * AuditLog::kEntriesMax; ++i) audit->note(entry(i % 2 == 0 ? "soha" : "council", "read"));
  ASSERT_TRUE(audit->commit({}).ok());
  AuditReading reading;
  v1::Request request;
  v1::AuditQuery& query = *request.mutable_audit_query();
  query.set_actor("soha");
  std::vector<std::uint64_t> told;  // the counts of entries that would be noted
  const auto all = [&] {
    std::uint64_t given = 0;
    query.set_from_number(0);
    for (bool more = true; more;) {
      auto page = reading.answer(*audit, query);
      MOOT_CHECK_OK(page.status());
      v1::Reply reply;
      *reply.mutable_audit_entries() = *page;
      if (const auto noted = audited(request, reply)) told.push_back(noted->count());
      given += static_cast<std::uint64_t>(page->entries_size());
      query.set_from_number(page->next_number());
      more = page->more();
    }
    return given;
  };
  query.set_counting(true);
  EXPECT_EQ(all(), 0u);
  EXPECT_TRUE(told.empty()) << "nothing was shown";
  audit->note(entry("soha", "read"));
  ASSERT_TRUE(audit->commit({}).ok());
  query.set_counting(false);
  constexpr std::uint64_t kOfSoha = 3 * AuditLog::kEntriesMax / 2;
  EXPECT_EQ(all(), kOfSoha) << "without what came after it was counted";
  EXPECT_EQ(told, std::vector<std::uint64_t>{kOfSoha});
  EXPECT_EQ(all(), kOfSoha + 1) << "what was counted is given once";
  EXPECT_EQ(told.size(), 3u) << "and each answer is a reading of its own otherwise";
  query.set_counting(true);
  query.set_from_number(7);
  EXPECT_EQ(reading.answer(*audit, query).status().code(), Code::kBadRequest);
}

// Another question than was counted, or another place of it, is nothing that was told of.
TEST_F(AuditLogTest, NothingIsShownUnderTheCountOfAnotherReading) {
  const auto audit = open();
  for (int i = 0; i < 10; ++i) audit->note(entry(i < 3 ? "soha" : "council", "read"));
  ASSERT_TRUE(audit->commit({}).ok());
  AuditReading reading;
  v1::AuditQuery counted, asked;
  counted.set_counting(true);
  counted.set_actor("soha");
  EXPECT_EQ(reading.answer(*audit, counted)->count(), 3u);
  asked.set_actor("council");
  const auto other = reading.answer(*audit, asked);
  EXPECT_EQ(other->count(), 7u);
  EXPECT_FALSE(other->goes_on());
  EXPECT_EQ(reading.answer(*audit, counted)->count(), 3u);
  asked.set_actor("soha");
  asked.set_from_number(2);
  EXPECT_EQ(reading.answer(*audit, asked)->count(), 2u) << "from the third entry on";
}

TEST_F(AuditLogTest, AClockSetBackPutsNoEntryBeforeTheOneBeforeIt) {
  const std::string later = "2021-03-10T15:00:00Z";
  clock_.set(later);
  {
    const auto audit = open();
    clock_.set("2021-03-10T12:00:00Z");
    audit->note(entry("soha", "read"));
    ASSERT_TRUE(audit->commit({}).ok());
  }
  const auto audit = open();
  audit->note(entry("soha", "read"));
  ASSERT_TRUE(audit->commit({}).ok());
  const auto found = audit->search({});
  EXPECT_EQ(found->entries_size(), 3);
  for (const v1::AuditEntry& one : found->entries()) EXPECT_EQ(to_rfc3339(Instant{one.at_us()}), later);
}

TEST_F(AuditLogTest, ThatHasLostItsWatermarkOrItsEndIsNotOpened) {
  {
    const auto audit = open();
    audit->note(entry("soha", "read"));
    ASSERT_TRUE(audit->commit({}).ok());
    ASSERT_TRUE(audit->raise_watermark().ok());
  }
  std::filesystem::rename(place_.watermark, folder_ / "kept");
  EXPECT_EQ(AuditLog::open(place_, clock_, {}).status().code(), Code::kCorrupt);
  std::filesystem::rename(folder_ / "kept", place_.watermark);
  std::filesystem::rename(place_.folder, folder_ / "log.kept");
  std::filesystem::create_directory(place_.folder);
  EXPECT_FALSE(AuditLog::open(place_, clock_, {}).ok()) << "an empty one in its place";
}

// By this a log of events that was put back from an older copy is told from a current one.
TEST_F(AuditLogTest, ThatIsLookedAtTellsHowManyEventsThereWereAtItsLastEntry) {
  EXPECT_EQ(AuditLog::look(place_)->events, Offset{0});
  { open(Offset{70}); }
  EXPECT_EQ(AuditLog::look(place_)->events, Offset{70});
  {
    const auto audit = open(Offset{80});
    audit->note(entry("soha", "read"));
    ASSERT_TRUE(audit->commit(Offset{85}).ok());
  }
  EXPECT_EQ(AuditLog::look(place_)->events, Offset{85});
}

TEST_F(AuditLogTest, OfAnotherDirectoryIsNotTakenForItsOwn) {
  { open(Offset{70}); }
  const AuditLog::Place another{place_.folder, place_.watermark, "77aa"};
  const Status refused = AuditLog::open(another, clock_, {}).status();
  EXPECT_EQ(refused.code(), Code::kInvalid);
  EXPECT_NE(refused.message().find("of another data directory, which is 0f3c"), std::string::npos) << refused.message();
  v1::AuditEntry older;
  older.set_act("begun");
  EXPECT_EQ(not_of("77aa", older), "") << "those of an earlier version do not tell";
}

TEST(Audited, SaysWhatAFilterAskedForInCodesAlone) {
  v1::Filter filter;
  EXPECT_EQ(in_audit_words(filter, Offset{0}), "everything");
  filter.add_types("contact");
  filter.add_agencies("soha");
  filter.set_time_from_us(parse_rfc3339("2021-03-01T00:00:00Z")->us);
  filter.set_offset_to(20);
  EXPECT_EQ(in_audit_words(filter, Offset{7}), "from=2021-03-01T00:00:00Z offset=7..20 agency=soha type=contact");
}

TEST(Audited, AFilterHoweverLongMakesAShortEntry) {
  v1::Filter filter;
  for (int i = 0; i < 100; ++i) filter.add_subjects(std::string(200, 'x'));
  filter.set_offset_to(20);
  const std::string words = in_audit_words(filter, Offset{7});
  EXPECT_LE(words.size(), 2200u);
  EXPECT_TRUE(words.starts_with("offset=7..20 subject=x")) << words.substr(0, 40);
  EXPECT_NE(words.find(" and 91 more, SHA-256 of all "), std::string::npos) << words.substr(1900);
  filter.set_subjects(99, "somebody-else");
  EXPECT_NE(in_audit_words(filter, Offset{7}), words) << "the last of them tells too";
}

TEST(Audited, HasWhatAdministratorsDoAndWhatWasRefusedThem) {
  v1::Request request;
  request.mutable_agency_revoke()->set_id("soha");
  v1::Reply done;
  done.mutable_agency_revoked();
  EXPECT_EQ(audited(request, done)->act(), "agency-revoke");
  EXPECT_EQ(audited(request, done)->what(), "soha");
  EXPECT_EQ(audited(request, done)->code(), 0u);
  v1::Reply refused;
  refused.mutable_refusal()->set_code(static_cast<std::uint32_t>(Code::kNotAllowed));
  EXPECT_EQ(audited(request, refused)->code(), static_cast<std::uint32_t>(Code::kNotAllowed));
  v1::Request status;
  status.mutable_status();
  EXPECT_FALSE(audited(status, {}).has_value());
}

// Neither a name nor half a character: an entry that cannot be read again would keep the broker from starting.
TEST(Audited, WhatWasAskedForStandsInItAsACodeOrNotAtAll) {
  std::string long_name = "a";
  for (int i = 0; i < 150; ++i) long_name += "\u00e9";
  for (const std::string& words : {std::string("Avery Inventedname"), long_name, std::string("soha\x1b[2J")}) {
    v1::Request add, revoke, show, erase, query;
    add.mutable_agency_add()->set_id(words);
    revoke.mutable_agency_revoke()->set_id(words);
    show.mutable_inbox_show()->set_item(words);
    erase.mutable_erase()->set_reason(words);
    query.mutable_audit_query()->set_act(words);
    for (const v1::Request& request : {add, revoke, show, erase, query}) {
      v1::AuditEntry again;
      ASSERT_TRUE(again.ParseFromString(audited(request, {})->SerializeAsString())) << words;
      EXPECT_EQ(again.what(), "not-a-code") << words;
    }
  }
}

TEST(Audited, HasWhatIsSaidOfDataAndRulesByEvents) {
  v1::Event event;
  event.mutable_envelope()->set_type("uk.csp.governance.agreement-ended.v1");
  event.mutable_envelope()->set_id("core/1/ended");
  v1::Governance& said = *event.mutable_facts()->mutable_governance();
  said.set_stage(v1::Governance::AGREEMENT_ENDED);
  said.set_definition("core");
  EXPECT_EQ(audited(event)->act(), "agreement-ended");
  EXPECT_EQ(audited(event)->what(), "core");
  said.clear_definition();
  EXPECT_EQ(audited(event)->what(), "core/1/ended");
  said.set_stage(v1::Governance::DOCUMENT_ISSUED);
  EXPECT_FALSE(audited(event).has_value()) << "the command that issues it tells";
}

TEST(Audited, TakesOfCommandsOnlyWhatTheyAreToTell) {
  v1::AuditEntry note;
  note.set_act("document");
  note.set_purpose("meetings");
  EXPECT_TRUE(check_note(note, false).ok());
  note.set_act("agency-add");
  EXPECT_EQ(check_note(note, false).code(), Code::kBadRequest) << "the broker's own acts are not to be made up";
  EXPECT_EQ(check_note(note, true).code(), Code::kBadRequest);
  note.set_act("token-add");
  EXPECT_EQ(check_note(note, false).code(), Code::kNotAllowed);
  EXPECT_TRUE(check_note(note, true).ok());
  note.set_act("document");
  note.set_what(std::string(201, 'x'));
  EXPECT_EQ(check_note(note, false).code(), Code::kTooLarge);
  note.set_what("agenda\n27 November");
  EXPECT_EQ(check_note(note, false).code(), Code::kInvalid) << "a line of its own";
  note.set_what("Avery Inventedname");
  EXPECT_EQ(check_note(note, false).code(), Code::kInvalid) << "somebody's name";
  note.set_what("p-1a2b p-3c4d");
  EXPECT_TRUE(check_note(note, false).ok()) << "two people compared, by their ids";
  note.set_as_of("Inventedname Road");
  EXPECT_EQ(check_note(note, false).code(), Code::kInvalid);
  note.set_as_of("2021-03-10");
  note.set_what("agenda/jtm");
  note.add_recipients("Somebody by name");
  EXPECT_EQ(check_note(note, false).code(), Code::kInvalid);
}

}  // namespace
}  // namespace moot
