#include "broker/ingest.h"

#include <gtest/gtest.h>

#include "broker/reading.h"
#include "broker/sealed_event.h"
#include "tests/contract/waiting_in.h"
#include "tests/unit/example_event.h"
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

TEST_F(IngestTest, StoresWhatThePublisherSaidAndSetsWhatIsTheBrokers) {
  const v1::PublishAck ack = publish({example_event("1"), example_event("2")});
  EXPECT_EQ(ack.first_offset(), 0u);
  EXPECT_EQ(ack.stored(), 2u);
  EXPECT_EQ(ack.exceptions_size(), 0);
  const v1::Envelope envelope = stored(1).envelope();
  EXPECT_EQ(envelope.agency(), "north-police");
  EXPECT_EQ(envelope.offset(), 1u);
  EXPECT_EQ(to_rfc3339(from_proto(envelope.recorded_time())), "2021-03-10T12:00:00Z");
  EXPECT_FALSE(envelope.has_known_time()) << "not supplied stays not supplied";
}

TEST_F(IngestTest, ThePersonalPartRestsSealedAndOpensWithItsKey) {
  publish({example_event()});
  const std::string bytes = log_.read(Offset{0}, 1, 1)->front().bytes;
  EXPECT_EQ(bytes.find("Avery"), std::string::npos);
  EXPECT_EQ(bytes.find("C-77"), std::string::npos);
  const auto opened = open_event(stored(0), keys_);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->personal().people(0).names(0).full(), "Avery Inventedname");
}

TEST_F(IngestTest, ASealedPartMovedToAnotherEventDoesNotOpen) {
  publish({example_event("1"), example_event("2")});
  v1::StoredEvent moved = stored(0);
  moved.mutable_envelope()->set_id("2");
  EXPECT_EQ(open_event(moved, keys_).status().code(), Code::kCorrupt);
}

TEST_F(IngestTest, APersonOfOneReferenceKeepsOneKeyAndEverythingElseHasItsOwn) {
  v1::Event other_person = example_event("3");
  other_person.mutable_personal()->mutable_people(0)->set_reference("C-78");
  v1::Event unnamed = example_event("4");
  unnamed.mutable_personal()->mutable_people(0)->clear_reference();
  const auto with_text = [](v1::Event event) {
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text("as the caller told it");
    return event;
  };
  publish({with_text(example_event("1")), with_text(example_event("2")), with_text(other_person), with_text(unnamed)});
  ingest_ = make();  // a restart
  publish({with_text(example_event("5"))});
  const std::uint64_t first = stored(0).people(0).key_number();
  EXPECT_EQ(stored(1).people(0).key_number(), first) << "in the same group";
  EXPECT_EQ(stored(4).people(0).key_number(), first) << "after a restart";
  std::set<std::uint64_t> numbers;
  for (std::uint64_t offset = 0; offset < 5; ++offset) {
    numbers.insert(stored(offset).people(0).key_number());
    if (stored(offset).has_rest()) numbers.insert(stored(offset).rest().key_number());
    const auto opened = open_event(stored(offset), keys_);
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    EXPECT_EQ(opened->personal().people(0).names(0).full(), "Avery Inventedname");
  }
  EXPECT_EQ(numbers.size(), 3u + 5u) << "a key stands for two things, or one thing has two";
}

TEST_F(IngestTest, TheSameReferenceInAnotherSourceIsAnotherPersonsKey) {
  v1::Event other = example_event("2");
  other.mutable_envelope()->set_source("/north-police/custody");
  publish({example_event("1"), other});
  EXPECT_NE(stored(0).people(0).key_number(), stored(1).people(0).key_number());
}

TEST_F(IngestTest, WhatThePersonalPartHoldsBeyondWhatIsKnownIsSealedAndComesBack) {
  v1::Event event = example_event("1");
  v1::Personal& said = *event.mutable_personal();
  said.GetReflection()->MutableUnknownFields(&said)->AddLengthDelimited(77, "Avery, in a later version");
  publish({event});
  EXPECT_EQ(log_.read(Offset{0}, 1, 1)->front().bytes.find("Avery"), std::string::npos);
  const v1::Personal back = open_event(stored(0), keys_)->personal();
  EXPECT_EQ(back.GetReflection()->GetUnknownFields(back).field(0).length_delimited(), "Avery, in a later version");
}

// The same fields, otherwise joined: lengths must be part of what is compared.
TEST_F(IngestTest, ADifferentEventOfTheSameFieldsIsAConflict) {
  v1::Event one = example_event(), other = example_event();
  one.mutable_personal()->clear_people();
  other.mutable_personal()->clear_people();
  for (v1::Event* event : {&one, &other}) event->mutable_personal()->add_people()->set_role("caller");
  v1::Name& name = *one.mutable_personal()->mutable_people(0)->add_names();
  name.set_given("Avery");
  name.set_family("Inventedname");
  other.mutable_personal()->mutable_people(0)->add_names()->set_given("Avery");
  other.mutable_personal()->mutable_people(0)->add_names()->set_family("Inventedname");
  publish({one});
  const v1::PublishAck ack = publish({other});
  ASSERT_EQ(ack.exceptions_size(), 1);
  EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict));
}

TEST_F(IngestTest, ManyOffersShareOneAppend) {
  for (int i = 0; i < 5; ++i) offer({example_event(std::to_string(i)).SerializeAsString()});
  auto acks = ingest_->commit();
  ASSERT_EQ(acks->size(), 5u);
  EXPECT_EQ((*acks)[4].first_offset(), 4u);
  EXPECT_EQ(log_.appends(), 1);
}

TEST_F(IngestTest, NothingIsAcknowledgedWhenTheDiskRefuses) {
  offer({example_event().SerializeAsString()});
  log_.fail_appends();
  EXPECT_EQ(ingest_->commit().status().code(), Code::kDisk);
  offer({});
  EXPECT_EQ(ingest_->commit().status().code(), Code::kDisk) << "and it stays so";
}

TEST_F(IngestTest, TheSameEventAgainIsADuplicateOfTheFirst) {
  publish({example_event("1")});
  const v1::PublishAck ack = publish({example_event("2"), example_event("1"), example_event("2")});
  EXPECT_EQ(ack.stored(), 1u);
  ASSERT_EQ(ack.exceptions_size(), 2);
  EXPECT_EQ(ack.exceptions(0).kind(), v1::Exception::DUPLICATE);
  EXPECT_EQ(ack.exceptions(0).offset(), 0u);
  EXPECT_EQ(ack.exceptions(1).offset(), 1u) << "of one in the same message too";
  EXPECT_EQ(log_.end_offset(), Offset{2});
}

TEST_F(IngestTest, HowItWasSentMakesNoDifferenceToADuplicate) {
  publish({example_event()});
  v1::Publish later;
  later.set_backfill(true);
  EXPECT_EQ(publish({example_event()}, later).exceptions(0).kind(), v1::Exception::DUPLICATE);
}

TEST_F(IngestTest, ATraceIsCarriedToReadersAndMakesNoDifferenceToADuplicate) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  v1::Event traced = example_event("1");
  traced.mutable_envelope()->set_traceparent(trace);
  publish({traced, example_event("2")});
  EXPECT_EQ(open_event(stored(0), keys_)->envelope().traceparent(), trace);
  EXPECT_EQ(stored(1).envelope().traceparent(), "") << "it is nobody else's";
  EXPECT_EQ(publish({example_event("1")}).exceptions(0).kind(), v1::Exception::DUPLICATE);
}

TEST_F(IngestTest, TheSameKeyWithOtherContentIsAConflictAndStandsInTheInboxOnce) {
  publish({example_event()});
  v1::Event other = example_event();
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-18");
  for (int i = 0; i < 2; ++i) {
    const v1::PublishAck ack = publish({other});
    ASSERT_EQ(ack.exceptions_size(), 1);
    EXPECT_EQ(ack.exceptions(0).kind(), v1::Exception::REFUSED);
    EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict));
  }
  const std::vector<v1::InboxItem> items = waiting_in(*inbox_);
  ASSERT_EQ(items.size(), 1u);
  v1::Event kept;
  ASSERT_TRUE(kept.ParseFromString(items.front().input()));
  EXPECT_EQ(kept.SerializeAsString(), other.SerializeAsString()) << "nothing offered is lost";
  EXPECT_EQ(refusals_.by_code[Code::kConflict], 2u);
}

// What logs of before remember of an event is another digest of the same bytes.
TEST_F(IngestTest, AnEventStoredInTheFormatBeforeIsADuplicateAndAnotherOfItsIdAConflict) {
  v1::Event event = example_event("1");
  SaidEvent said;
  said.take(event);
  SealedRecord before;
  before.key = event_key(said.parts().source, said.parts().id);
  before.content = keyed_digest(secrets_.content, said.whole());
  ASSERT_NE(before.content, ContentDigests(secrets_.content).of(said));
  ASSERT_TRUE(log_.append(std::vector{before}).ok());
  const v1::PublishAck same = publish({event});
  ASSERT_EQ(same.exceptions_size(), 1);
  EXPECT_EQ(same.exceptions(0).kind(), v1::Exception::DUPLICATE);
  event.mutable_facts()->mutable_contact()->set_channel("999");
  EXPECT_EQ(publish({event}).exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict));
}

TEST_F(IngestTest, AConflictWithinOneMessageIsFoundToo) {
  v1::Event other = example_event();
  other.mutable_facts()->mutable_contact()->set_channel("999");
  const v1::PublishAck ack = publish({example_event(), other});
  EXPECT_EQ(ack.stored(), 1u);
  EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict));
}

TEST_F(IngestTest, AnotherVersionOfARecordSupersedes) {
  const auto version = [](const std::string& id, std::uint64_t revision) {
    v1::Event event = example_event(id);
    event.mutable_envelope()->set_record("case-7");
    event.mutable_envelope()->set_revision(revision);
    return event;
  };
  EXPECT_EQ(publish({version("case-7/1", 1)}).exceptions_size(), 0) << "the first version supersedes nothing";
  const v1::PublishAck ack = publish({version("case-7/2", 2), version("case-7/3", 3)});
  EXPECT_EQ(ack.stored(), 2u);
  ASSERT_EQ(ack.exceptions_size(), 2);
  EXPECT_EQ(ack.exceptions(0).kind(), v1::Exception::SUPERSEDING);
  EXPECT_EQ(ack.exceptions(1).frame(), 1u);
}

TEST_F(IngestTest, AVersionOfARecordThatFirstCameWithoutOneSupersedes) {
  publish({example_event("case-7")});
  v1::Event second = example_event("case-7/2");
  second.mutable_envelope()->set_record("case-7");
  EXPECT_EQ(publish({second}).exceptions(0).kind(), v1::Exception::SUPERSEDING);
}

TEST_F(IngestTest, RefusesEachBadFrameAndTakesTheRest) {
  v1::Event foreign = example_event("f", "/soha/cases");
  v1::Event invalid = example_event("i");
  invalid.mutable_envelope()->clear_time();
  v1::Event large = example_event("l");
  for (int i = 0; i < 20; ++i) {
    v1::Text& text = *large.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text(std::string(3900, 'x'));
  }
  ASSERT_GT(large.ByteSizeLong(), Limits().event_bytes_max);
  offer({foreign.SerializeAsString(), "\xff\xff not protobuf", invalid.SerializeAsString(), large.SerializeAsString(),
         example_event("good").SerializeAsString()});
  const auto acks = ingest_->commit();
  const v1::PublishAck& ack = acks->front();
  EXPECT_EQ(ack.stored(), 1u);
  ASSERT_EQ(ack.exceptions_size(), 4);
  const Code wanted[] = {Code::kWrongAgency, Code::kNotAnEvent, Code::kInvalid, Code::kTooLarge};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ack.exceptions(i).code(), static_cast<std::uint32_t>(wanted[i])) << i;
  EXPECT_EQ(inbox_->size(), 0u) << "they came from no file, and their sender was told";
}

TEST_F(IngestTest, AnEventThatWasNotReadIsNotKeptUnderTheIdOfTheOneBefore) {
  v1::Publish message;
  for (std::uint64_t row : {1u, 2u}) {
    v1::Origin& origin = *message.add_origins();
    origin.set_file("calls.jsonl");
    origin.set_row(row);
  }
  offer({example_event("good").SerializeAsString(), std::string(Limits().event_bytes_max + 1, 'x')}, message);
  EXPECT_EQ(ingest_->commit()->front().exceptions(0).code(), static_cast<std::uint32_t>(Code::kTooLarge));
  ASSERT_EQ(inbox_->size(), 1u);
  EXPECT_EQ(waiting_in(*inbox_).front().key(), "");
}

TEST_F(IngestTest, AnEventOfExactlyTheLimitIsTaken) {
  v1::Event event = example_event();
  for (int i = 0; i < 16; ++i) event.mutable_personal()->add_texts()->set_field("description");
  const auto fill = [&](std::size_t to) {
    for (auto& text : *event.mutable_personal()->mutable_texts()) {
      const std::size_t have = event.ByteSizeLong();
      if (have >= to) return;
      text.set_text(std::string(std::min<std::size_t>(4000, to - have), 'x'));
      while (event.ByteSizeLong() > to) text.mutable_text()->pop_back();
    }
  };
  fill(Limits().event_bytes_max);
  while (event.ByteSizeLong() < Limits().event_bytes_max)
    event.mutable_personal()->mutable_people(0)->mutable_names(0)->mutable_full()->push_back('y');
  ASSERT_EQ(event.ByteSizeLong(), Limits().event_bytes_max);
  EXPECT_EQ(publish({event}).stored(), 1u);
  event.mutable_envelope()->set_id("2");
  event.mutable_personal()->mutable_people(0)->mutable_names(0)->mutable_full()->push_back('y');
  const v1::PublishAck ack = publish({event});
  EXPECT_EQ(ack.stored(), 0u);
  EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kTooLarge));
}

TEST_F(IngestTest, WhatCameFromAFileAndWasRefusedWaitsInTheInbox) {
  v1::Publish message;
  message.add_origins()->set_file("calls.csv");
  message.mutable_origins(0)->set_row(17);
  v1::RefusedInput& unreadable = *message.add_refused();
  unreadable.mutable_origin()->set_file("calls.csv");
  unreadable.mutable_origin()->set_row(18);
  unreadable.set_code(static_cast<std::uint32_t>(Code::kUnreadable));
  unreadable.set_reason("column \"DOB\": not a date");
  unreadable.set_input("a,b,c");
  v1::Event invalid = example_event();
  invalid.mutable_envelope()->clear_time();
  publish({invalid}, message);
  const std::vector<v1::InboxItem> items = waiting_in(*inbox_);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items.front().row(), 17u);
  EXPECT_EQ(items.back().row(), 18u);
  EXPECT_EQ(items.back().input(), "a,b,c");
  EXPECT_EQ(items.back().since(), "2021-03-10T12:00:00Z");
}

TEST_F(IngestTest, AMendedFileResolvesWhatItsPredecessorLeftInTheInbox) {
  v1::Publish bad;
  v1::RefusedInput& refused = *bad.add_refused();
  refused.mutable_origin()->set_file("calls.csv");
  refused.mutable_origin()->set_row(2);
  refused.set_code(static_cast<std::uint32_t>(Code::kUnreadable));
  refused.set_reason("column \"DOB\": not a date");
  refused.set_input("7,31/31/1980");
  refused.set_key("7");
  publish({}, bad);
  ASSERT_EQ(inbox_->size(), 1u);
  v1::Publish mended;
  mended.add_origins()->set_file("other.csv");
  publish({example_event("6")}, mended);
  EXPECT_EQ(inbox_->size(), 1u) << "another record of another file settles nothing";
  mended.mutable_origins(0)->set_file("calls.csv");
  mended.mutable_origins(0)->set_row(9);  // rows move when a file is mended; the record is what counts
  publish({example_event("7")}, mended);
  EXPECT_EQ(inbox_->size(), 0u);
  publish({}, bad);
  EXPECT_EQ(inbox_->size(), 0u) << "the same bad row again is not news";
}

TEST_F(IngestTest, AConflictIsSettledByNoLaterFile) {
  v1::Publish file;
  file.add_origins()->set_file("calls.csv");
  publish({example_event("7")}, file);
  v1::Event other = example_event("7");
  other.mutable_facts()->mutable_contact()->set_channel("999");
  publish({other}, file);
  publish({example_event("7")}, file);
  EXPECT_EQ(inbox_->size(), 1u) << "a lost conflict";
}

TEST_F(IngestTest, RecordedTimesNeverGoBack) {
  publish({example_event("1")});
  clock_.set("2021-03-10T11:00:00Z");
  publish({example_event("2")});
  EXPECT_EQ(to_rfc3339(from_proto(stored(1).envelope().recorded_time())), "2021-03-10T12:00:00Z");
  ingest_ = make();  // nor across a restart
  publish({example_event("3")});
  EXPECT_EQ(to_rfc3339(from_proto(stored(2).envelope().recorded_time())), "2021-03-10T12:00:00Z");
}

TEST_F(IngestTest, HistoryCannotHaveBeenKnownInTheFuture) {
  v1::Event event = example_event();
  *event.mutable_envelope()->mutable_known_time() = at("2021-03-11T12:00:00Z");
  v1::Publish backfill;
  backfill.set_backfill(true);
  EXPECT_EQ(publish({event}, backfill).exceptions(0).code(), static_cast<std::uint32_t>(Code::kInvalid));
  EXPECT_EQ(publish({event}).stored(), 1u) << "a live feed's clock is its own matter: it cannot backdate anyway";
}

TEST_F(IngestTest, AnotherKeyDirectoryIsRefusedAtStart) {
  publish({example_event()});
  v1::Event says_nothing_sealed = example_event("2");
  says_nothing_sealed.clear_personal();
  publish({says_nothing_sealed});
  KeyStore others(folder_ / "others", random_key());
  const auto created =
      Ingest::create({&log_, &others, inbox_.get(), &clock_, &refusals_, &traffic_, &agreements_}, Limits(), secrets_);
  ASSERT_FALSE(created.ok());
  EXPECT_NE(created.status().message().find("key directory"), std::string::npos);
}

TEST_F(IngestTest, ReadersGetWhatTheyAreEntitledTo) {
  publish({example_event("1")});
  publish({example_event("2", "/soha/cases")}, {}, "soha");
  const Reading reading({&log_, &keys_, &agreements_, &clock_});
  const auto ids = [&](const std::string& reader, const v1::Filter& filter = {}) {
    std::vector<std::string> found;
    const auto portion = reading.next({*AgencyId::parse(reader), "meetings"}, filter, Offset{0}, {1000, 1'000'000});
    EXPECT_EQ(portion->through, Offset{2}) << "what was filtered out was considered";
    v1::Events events;
    EXPECT_TRUE(events.ParseFromString(portion->events));
    for (const std::string& bytes : events.event()) {
      v1::Event event;
      EXPECT_TRUE(event.ParseFromString(bytes));
      EXPECT_EQ(event.personal().people(0).reference(), "C-77");
      found.push_back(event.envelope().id());
    }
    return found;
  };
  EXPECT_EQ(ids("soha"), (std::vector<std::string>{"2"}));
  EXPECT_EQ(ids("north-police"), (std::vector<std::string>{"1"}));
  EXPECT_EQ(ids("council"), (std::vector<std::string>{}));
  EXPECT_EQ(ids("operator"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(ids("casebook"), (std::vector<std::string>{"1", "2"}));
  v1::Filter only_soha;
  only_soha.add_agencies("soha");
  EXPECT_EQ(ids("operator", only_soha), (std::vector<std::string>{"2"}));
  EXPECT_EQ(ids("north-police", only_soha), (std::vector<std::string>{})) << "a filter never widens";
}

}  // namespace
}  // namespace moot
