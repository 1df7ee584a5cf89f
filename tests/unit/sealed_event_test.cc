// A stored event is taken apart where it stands: what comes of it must be what protobuf reads in the same bytes.
#include "broker/sealed_event.h"

#include <gtest/gtest.h>

#include "tests/unit/example_event.h"
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

// With `people` people, of whom the second has no reference, and texts or none.
v1::Event event_of(int people, bool texts) {
  v1::Event event = example_event(std::to_string(people) + (texts ? "t" : ""));
  v1::Personal& personal = *event.mutable_personal();
  personal.Clear();
  for (int i = 0; i < people; ++i) {
    v1::Person& person = *personal.add_people();
    person.set_role("caller");
    person.add_names()->set_full("Avery Inventedname " + std::to_string(i));
    if (i != 1) person.set_reference("C-" + std::to_string(i));
  }
  if (texts) {
    v1::Text& text = *personal.add_texts();
    text.set_field("description");
    text.set_text(std::string(300, 'x'));  // a length of two bytes
  }
  return event;
}

bool agree(const StoredParts& parts, const v1::StoredEvent& stored) {
  v1::Envelope envelope;
  v1::Facts facts;
  bool same = envelope.ParseFromString(std::string(parts.envelope)) &&
              facts.ParseFromString(std::string(parts.facts)) &&
              envelope.SerializeAsString() == stored.envelope().SerializeAsString() &&
              facts.SerializeAsString() == stored.facts().SerializeAsString() &&
              parts.people.size() == static_cast<std::size_t>(stored.people_size()) &&
              parts.rest.has_value() == stored.has_rest();
  for (int i = 0; same && i < stored.people_size(); ++i) {
    const StoredParts::Sealed& part = parts.people[static_cast<std::size_t>(i)];
    same = part.key_number == stored.people(i).key_number() && part.bytes == stored.people(i).sealed();
  }
  return same && (!parts.rest || (parts.rest->key_number == stored.rest().key_number() &&
                                  parts.rest->bytes == stored.rest().sealed()));
}

TEST_F(IngestTest, AStoredEventTakenApartIsWhatProtobufReads) {
  StoredParts parts;  // one memory for all, as a reader has it
  std::uint64_t offset = 0;
  for (const int people : {3, 0, 1, 2})
    for (const bool texts : {true, false}) {
      const v1::Event said = event_of(people, texts);
      ASSERT_EQ(publish({said}).stored(), 1u);
      const std::string bytes = log_.read(Offset{offset}, 1, 1)->front().bytes;
      ASSERT_TRUE(take_apart(bytes, parts));
      EXPECT_TRUE(agree(parts, stored(offset)));
      EXPECT_EQ(parts.anything_sealed(), people > 0 || texts);
      StoredPlace place;
      ASSERT_TRUE(read_place(parts.envelope, place));
      EXPECT_EQ(place.source, said.envelope().source());
      EXPECT_EQ(place.id, said.envelope().id());
      EXPECT_EQ(place.offset, offset);
      std::string opened = "before ";
      ASSERT_TRUE(
          append_opened(parts, {said.envelope().source(), said.envelope().id(), offset}, keys_, nullptr, opened).ok());
      v1::Event again;
      ASSERT_TRUE(again.ParseFromString(opened.substr(7)));
      EXPECT_EQ(again.personal().SerializeAsString(), said.personal().SerializeAsString());
      EXPECT_EQ(again.SerializeAsString(), open_event(stored(offset), keys_)->SerializeAsString());
      ++offset;
    }
}

// A broker put back to an earlier version reads on.
TEST_F(IngestTest, WhatALaterVersionAddsToAStoredEventIsPassedOver) {
  publish({event_of(1, true)});
  std::string bytes = log_.read(Offset{0}, 1, 1)->front().bytes;
  bytes += std::string("\x92\x03\x02hi\x98\x03\x07", 8);  // fields 50, a text, and 51, a number
  StoredParts parts;
  ASSERT_TRUE(take_apart(bytes, parts));
  EXPECT_TRUE(agree(parts, stored(0)));
}

TEST_F(IngestTest, WhatIsCutOrChangedIsNoStoredEventOrTheOneThatProtobufReads) {
  publish({event_of(2, true)});
  const std::string bytes = log_.read(Offset{0}, 1, 1)->front().bytes;
  StoredParts parts;
  int refused = 0, read_alike = 0;
  const auto look_at = [&](const std::string& changed) {
    if (!take_apart(changed, parts)) {
      ++refused;
      return;
    }
    for (const StoredParts::Sealed& person : parts.people)
      EXPECT_TRUE(person.bytes.empty() ||
                  (person.bytes.data() >= changed.data() &&
                   person.bytes.data() + person.bytes.size() <= changed.data() + changed.size()));
    // Protobuf asks more of what stands in the envelope and the facts; where it is content both read the same.
    v1::StoredEvent stored;
    if (!stored.ParseFromString(changed)) return;
    ++read_alike;
    EXPECT_TRUE(agree(parts, stored));
  };
  for (std::size_t length = 0; length < bytes.size(); ++length) look_at(bytes.substr(0, length));
  EXPECT_GT(refused, static_cast<int>(bytes.size()) - 10) << "all but those cut between two fields";
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const int bit : {1, 8, 128}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      look_at(changed);
    }
  EXPECT_GT(read_alike, 100) << "most changes are in what is sealed";
}

// A changed byte in a sealed part, or its key's number, is not passed on as if nothing were.
TEST_F(IngestTest, ASealedPartThatWasChangedIsNotGivenToAnybody) {
  publish({event_of(1, true)});
  const v1::StoredEvent whole = stored(0);
  StoredParts parts;
  for (const bool of_person : {true, false}) {
    v1::StoredEvent changed = whole;
    std::string& sealed = *(of_person ? changed.mutable_people(0) : changed.mutable_rest())->mutable_sealed();
    sealed.back() = static_cast<char>(sealed.back() ^ 1);
    const std::string bytes = changed.SerializeAsString();
    ASSERT_TRUE(take_apart(bytes, parts));
    std::string opened;
    const Status status =
        append_opened(parts, {whole.envelope().source(), whole.envelope().id(), 0}, keys_, nullptr, opened);
    EXPECT_EQ(status.code(), Code::kCorrupt);
    EXPECT_NE(status.message().find("offset 0"), std::string::npos) << status.message();
  }
}

}  // namespace
}  // namespace moot
