// Erasing somebody, over a log in memory and real keys: what goes, what stays, who does not come back, who is kept.
#include "broker/erasure.h"

#include <gtest/gtest.h>
#include <strings.h>

#include <optional>

#include "broker/core/event_rules.h"
#include "broker/reading.h"
#include "broker/sealed_event.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/example_event.h"
#include "tests/unit/fixed_clock.h"
#include "tests/unit/own_memory.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCad = "/north-police/cad";

class ErasureTest : public testing::Test {
 protected:
  ErasureTest() { start(); }

  // As a broker does, from what rests on the disk; the log stays.
  void start() {
    erasure_.reset();
    ingest_.reset();
    inbox_.reset();
    keys_.reset();
    folder_.reset();
    folder_.emplace(std::move(*DataFolder::open(root_ / "data", root_ / "keys")));
    keys_.emplace(KeyStore(folder_->event_keys(), *folder_->epoch_key()));
    inbox_ = std::move(*Inbox::open(folder_->inbox(), *folder_->inbox_key()));
    agreements_ = Agreements();
    book_ = ErasureBook();
    ingest_ = std::move(*Ingest::create(
        {&log_, &*keys_, inbox_.get(), &clock_, &refusals_, &traffic_, &agreements_, &book_}, Limits(), secrets_));
    MOOT_CHECK_OK(read_erasures(log_, *keys_, book_));
    erasure_.emplace(Erasure::Parts{&*folder_, &log_, &*keys_, inbox_.get(), ingest_.get(), &book_, &clock_});
    MOOT_CHECK_OK(erasure_->finish());
  }
  v1::PublishAck publish(const v1::Event& event, const std::string& agency = "north-police") {
    const std::string frame = event.SerializeAsString();
    const std::string_view view = frame;
    ingest_->offer(*AgencyId::parse(agency), {}, {&view, 1});
    auto acks = ingest_->commit();
    MOOT_CHECK_OK(acks.status());
    return acks->back();
  }
  static bool is_duplicate(const v1::PublishAck& ack) {
    return ack.exceptions_size() == 1 && ack.exceptions(0).kind() == v1::Exception::DUPLICATE;
  }
  static v1::Erase order(const std::string& id, const std::string& reason = "subject-request", int index = 0) {
    v1::Erase erase;
    v1::Link& link = *erase.add_records();
    link.set_source(kCad);
    link.set_id(id);
    erase.add_people(static_cast<std::uint32_t>(index));
    erase.set_reason(reason);
    return erase;
  }
  Status erase(const v1::Erase& wanted) {
    done_.Clear();
    return erasure_->erase(wanted, done_);
  }
  v1::Event read(std::uint64_t offset) const {
    const Reading reading({&log_, &*keys_, &agreements_, &clock_, &book_});
    const auto portion = reading.next({*AgencyId::parse("operator"), ""}, {}, Offset{offset}, {1, 1});
    MOOT_CHECK_OK(portion.status());
    v1::Events events;
    v1::Event event;
    MOOT_CHECK(events.ParseFromString(portion->events) && event.ParseFromString(events.event(0)));
    return event;
  }
  void hold(v1::Governance::Stage stage, const std::string& id, int index, const std::string& until = "") {
    v1::Event event;
    v1::Envelope& envelope = *event.mutable_envelope();
    envelope.set_source("/operator/casework");
    envelope.set_id("hold-" + std::to_string(++holds_));
    *envelope.mutable_time() = to_proto(clock_.now());
    event.mutable_facts()->mutable_governance()->set_stage(stage);
    event.mutable_facts()->mutable_governance()->set_reason("court");
    event.mutable_facts()->mutable_governance()->set_ends(until);
    event.mutable_facts()->mutable_governance()->add_people(static_cast<std::uint32_t>(index));
    envelope.set_type(type_of(event.facts()));
    v1::Link& link = *envelope.add_links();
    link.set_rel("record");
    link.set_source(kCad);
    link.set_id(id);
    ASSERT_EQ(publish(event, "operator").stored(), 1u);
  }
  static v1::Event call(const std::string& id, const std::string& reference) {
    v1::Event event = example_event(id);
    event.mutable_personal()->mutable_people(0)->set_reference(reference);
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text("Avery rang again");
    return event;
  }

  const Ingest::Secrets secrets_{random_key(), random_key()};
  const TemporaryFolder root_;
  MemoryEventLog log_;
  FixedClock clock_{"2021-03-10T12:00:00Z"};
  RefusalCounts refusals_;
  Traffic traffic_;
  Agreements agreements_;
  ErasureBook book_;
  std::optional<DataFolder> folder_;
  std::optional<KeyStore> keys_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Ingest> ingest_;
  std::optional<Erasure> erasure_;
  v1::Erased done_;
  int holds_ = 0;
};

TEST_F(ErasureTest, TakesThePersonFromEveryEventThatNamesThemAndNobodyElse) {
  publish(call("1", "C-77"));
  publish(call("2", "C-77"));
  publish(call("3", "C-78"));
  ASSERT_TRUE(erase(order("1", "")).ok()) << "a trial";
  EXPECT_EQ(done_.people(), 2u);
  EXPECT_EQ(read(1).personal().people(0).reference(), "C-77");
  ASSERT_TRUE(erase(order("1")).ok());
  EXPECT_EQ(done_.people(), 2u);
  EXPECT_EQ(done_.keys(), 3u) << "of the person one, of the two texts one each";
  EXPECT_EQ(done_.offset(), 3u);
  for (int again = 0; again < 2; ++again) {
    for (const std::uint64_t offset : {0u, 1u}) {
      const v1::Event event = read(offset);
      ASSERT_EQ(event.personal().people_size(), 1);
      EXPECT_TRUE(event.personal().people(0).erased());
      EXPECT_TRUE(event.personal().erased());
      EXPECT_EQ(event.personal().people(0).role(), "caller") << "what they were stays";
      EXPECT_EQ(event.personal().people(0).names_size(), 0);
      EXPECT_EQ(event.personal().texts_size(), 0);
      EXPECT_EQ(event.facts().contact().channel(), "101");
    }
    EXPECT_EQ(read(2).personal().people(0).reference(), "C-78");
    EXPECT_EQ(read(2).personal().texts_size(), 1);
    start();
  }
  const v1::Event on_record = read(3);
  EXPECT_EQ(on_record.facts().governance().stage(), v1::Governance::ERASURE);
  EXPECT_EQ(on_record.envelope().links_size(), 2);
  EXPECT_EQ(on_record.facts().governance().keys_size(), 4) << "the person's key is named for each event";
}

TEST_F(ErasureTest, ASecondTimeAndAnUnknownRecordAreSaid) {
  publish(call("1", "C-77"));
  EXPECT_EQ(erase(order("none")).code(), Code::kNotFound);
  EXPECT_EQ(erase(order("1", "subject-request", 1)).code(), Code::kNotFound) << "it names one person";
  EXPECT_EQ(erase(order("1", "Not A Code")).code(), Code::kInvalid);
  ASSERT_TRUE(erase(order("1")).ok());
  EXPECT_EQ(erase(order("1")).code(), Code::kErased);
  EXPECT_EQ(log_.end_offset(), Offset{2}) << "what was not done is not on record";
}

TEST_F(ErasureTest, NobodyComesBackWithTheNextExport) {
  publish(call("1", "C-77"));
  v1::Event nameless = call("9", "");
  nameless.mutable_envelope()->set_record("case-9");
  publish(nameless);
  ASSERT_TRUE(erase(order("1")).ok());
  ASSERT_TRUE(erase(order("9")).ok());
  for (int again = 0; again < 2; ++again) {
    EXPECT_TRUE(is_duplicate(publish(call("1", "C-77")))) << "the same again is the same";
    EXPECT_TRUE(is_duplicate(publish(nameless)));
    // Their reference in a record that is new, and their place in a later version of the record.
    const std::uint64_t at = log_.end_offset().value;
    EXPECT_EQ(publish(call("2" + std::to_string(again), "C-77")).stored(), 1u);
    v1::Event later = nameless;
    later.mutable_envelope()->set_id("10" + std::to_string(again));
    EXPECT_EQ(publish(later).stored(), 1u);
    for (const std::uint64_t offset : {at, at + 1}) {
      const v1::Event event = read(offset);
      EXPECT_TRUE(event.personal().people(0).erased());
      EXPECT_EQ(event.personal().people(0).role(), "caller");
      EXPECT_EQ(event.personal().people(0).names_size(), 0);
      EXPECT_EQ(event.personal().texts_size(), 0) << "free text may tell of them";
    }
    EXPECT_TRUE(is_duplicate(publish(call("2" + std::to_string(again), "C-77"))));
    EXPECT_EQ(publish(call("3" + std::to_string(again), "C-78")).stored(), 1u);
    EXPECT_EQ(read(at + 2).personal().people(0).reference(), "C-78") << "others come as they are";
    start();
  }
}

// Whoever was met a moment ago is known by heart: an erasure in between must count all the same.
TEST_F(ErasureTest, WhoWasKnownByHeartIsNotAnyMore) {
  for (int round = 0; round < 3; ++round) {
    const std::string name = std::to_string(round), reference = "C-" + name;
    publish(call("a" + name, reference));
    publish(call("b" + name, reference));
    ASSERT_TRUE(erase(order("a" + name)).ok());
    const std::uint64_t at = log_.end_offset().value;
    for (int again = 0; again < 2; ++again) {
      EXPECT_EQ(publish(call("c" + name + std::to_string(again), reference)).stored(), 1u);
      EXPECT_TRUE(read(at + static_cast<std::uint64_t>(again)).personal().people(0).erased());
    }
    EXPECT_EQ(publish(call("d" + name, "C-other")).stored(), 1u);
    EXPECT_EQ(read(at + 2).personal().people(0).reference(), "C-other");
  }
}

// An erasure is in force from the moment it is on record. What is left of it is done by the next start, and until then
// whoever was met a moment ago must not be known by heart.
TEST_F(ErasureTest, NobodyComesBackAfterAnErasureThatStoppedHalfWay) {
  publish(call("1", "C-77"));
  publish(call("2", "C-77"));
  const fs::path in_the_way = folder_->data() / "views/reader/full.snapshot";
  fs::create_directories(in_the_way / "not-empty");  // cannot be removed as a file is
  EXPECT_EQ(erase(order("1")).code(), Code::kDisk);
  const std::uint64_t at = log_.end_offset().value;
  ASSERT_EQ(publish(call("3", "C-77")).stored(), 1u);
  ASSERT_EQ(publish(call("4", "C-78")).stored(), 1u);
  fs::remove_all(in_the_way);
  for (int again = 0; again < 2; ++again) {
    const v1::Event event = read(at);
    EXPECT_TRUE(event.personal().people(0).erased());
    EXPECT_EQ(event.personal().people(0).reference(), "");
    EXPECT_EQ(event.personal().people(0).names_size(), 0);
    EXPECT_EQ(event.personal().texts_size(), 0) << "free text may tell of them";
    EXPECT_EQ(read(at + 1).personal().people(0).reference(), "C-78") << "others come as they are";
    start();
  }
}

// Of the event before the last, which named more people than the last.
TEST_F(ErasureTest, LeavesNoKeyOfAnEarlierEventInMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps freed memory, and terabytes of its own";
#endif
  v1::Event several = call("1", "C-77");
  for (int i = 0; i < 3; ++i) {
    v1::Person& witness = *several.mutable_personal()->add_people();
    witness.set_role("witness");
    witness.set_reference("W-" + std::to_string(i));
  }
  publish(several);
  v1::StoredEvent stored;
  ASSERT_TRUE(stored.ParseFromString(log_.read(Offset{0}, 1, 1)->front().bytes));
  Result<Key> last = keys_->find(stored.people(3).key_number());
  ASSERT_TRUE(last.ok()) << last.status().message();
  const Masked masked(last->data(), last->size());
  explicit_bzero(last->data(), last->size());
  publish(call("2", "C-77"));
  ASSERT_TRUE(erase(order("1", "subject-request", 3)).ok());
  EXPECT_FALSE(masked.is_in_own_memory());
}

TEST_F(ErasureTest, WhoIsOnHoldIsNotErased) {
  publish(call("1", "C-77"));
  hold(v1::Governance::HOLD, "1", 0);
  const Status refused = erase(order("1"));
  EXPECT_EQ(refused.code(), Code::kOnHold);
  EXPECT_NE(refused.message().find("10 March 2021 (court)"), std::string::npos) << refused.message();
  start();
  EXPECT_EQ(erase(order("1")).code(), Code::kOnHold) << "a hold outlasts a restart";
  hold(v1::Governance::RELEASE, "1", 0);
  EXPECT_TRUE(erase(order("1", "")).ok());
  hold(v1::Governance::HOLD, "1", 0, "2021-03-20");
  EXPECT_EQ(erase(order("1")).code(), Code::kOnHold);
  clock_.set("2021-03-20T12:00:00Z");
  EXPECT_TRUE(erase(order("1")).ok()) << "it ended by itself";
}

TEST_F(ErasureTest, AHoldOnAnotherInTheSameRecordKeepsItsText) {
  v1::Event two = call("1", "C-77");
  v1::Person& other = *two.mutable_personal()->add_people();
  other.set_role("suspect");
  other.set_reference("S-1");
  publish(two);
  hold(v1::Governance::HOLD, "1", 1);
  const Status refused = erase(order("1"));
  EXPECT_EQ(refused.code(), Code::kOnHold);
  EXPECT_NE(refused.message().find("somebody else"), std::string::npos) << refused.message();
}

TEST_F(ErasureTest, OlderKeysAndALogThatKnowsAreErasedAgainAtTheStart) {
  publish(call("1", "C-77"));
  publish(call("3", "C-78"));
  fs::copy(root_ / "keys", root_ / "copy", fs::copy_options::recursive);
  ASSERT_TRUE(erase(order("1")).ok());
  fs::remove_all(root_ / "keys");
  fs::copy(root_ / "copy", root_ / "keys", fs::copy_options::recursive);
  start();
  EXPECT_TRUE(read(0).personal().people(0).erased());
  EXPECT_EQ(keys_->find(0).status().code(), Code::kErased) << "the key itself is gone again, not only the reading";
  EXPECT_EQ(read(1).personal().people(0).reference(), "C-78");
}

TEST_F(ErasureTest, WhatWasRefusedOfTheseRecordsGoesToo) {
  publish(call("1", "C-77"));
  v1::Publish file;
  v1::Event conflict = call("1", "C-77");
  conflict.mutable_facts()->mutable_contact()->set_channel("999");
  const std::string frame = conflict.SerializeAsString();
  const std::string_view view = frame;
  file.add_origins()->set_file("calls.csv");
  ingest_->offer(*AgencyId::parse("north-police"), file, {&view, 1});
  ASSERT_TRUE(ingest_->commit().ok());
  ASSERT_EQ(inbox_->size(), 1u);
  ASSERT_TRUE(erase(order("1")).ok());
  EXPECT_EQ(inbox_->size(), 0u);
  const auto items = inbox_->all();
  ASSERT_EQ(items->size(), 1u);
  EXPECT_EQ(items->front().input(), "");
  EXPECT_EQ(items->front().SerializeAsString().find("Inventedname"), std::string::npos);
}

TEST_F(ErasureTest, ThatSomebodyWasErasedIsTheBrokersToSay) {
  publish(call("1", "C-77"));
  v1::Event said;
  said.mutable_envelope()->set_source("/operator/casework");
  said.mutable_envelope()->set_id("e");
  *said.mutable_envelope()->mutable_time() = to_proto(clock_.now());
  said.mutable_facts()->mutable_governance()->set_stage(v1::Governance::ERASURE);
  said.mutable_facts()->mutable_governance()->set_reason("court");
  said.mutable_envelope()->set_type(type_of(said.facts()));
  v1::Link& link = *said.mutable_envelope()->add_links();
  link.set_rel("record");
  link.set_source(kCad);
  link.set_id("1");
  EXPECT_EQ(publish(said, "operator").exceptions(0).code(), static_cast<std::uint32_t>(Code::kNotAllowed));
  v1::Event person = call("2", "C-79");
  person.mutable_personal()->mutable_people(0)->set_erased(true);
  EXPECT_EQ(publish(person).exceptions(0).code(), static_cast<std::uint32_t>(Code::kInvalid));
}

}  // namespace
}  // namespace moot
