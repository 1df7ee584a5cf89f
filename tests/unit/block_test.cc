// Blocks, their heads and what a summary can tell.
#include "broker/log/block.h"

#include <gtest/gtest.h>

#include "broker/log/big_endian.h"
#include "broker/log/chain.h"
#include "broker/log/checksum.h"
#include "broker/log/summary.h"

namespace moot {
namespace {

SealedRecord record(const std::string& id, const std::string& bytes) {
  SealedRecord made;
  made.key = event_key("/soha/cases", id);
  made.content.fill(0x5a);
  made.tags = {.agency = "soha",
               .type = "uk.csp.contact.received.v1",
               .body = "contact",
               .area = "didcot",
               .subject = "H-" + id,
               .time_us = 1'000'000};
  made.bytes = bytes;
  return made;
}

TEST(Block, IsLaidOutAsItsHeaderSays) {
  const std::vector<SealedRecord> records = {record("1", "abc"), record("2", "de")};
  const Block block = make_block(records, Offset{2}, "");
  const std::string body("\0\0\0\3abc\0\0\0\2de", 13);
  EXPECT_EQ(block.stored, be64(checksum(body)) + body);
  EXPECT_EQ(block.head.first_offset(), 2u);
  EXPECT_EQ(block.head.events(), 2u);
  EXPECT_EQ(block.head.digest(), chain_digest(block.stored));
  EXPECT_EQ(block.head.entries().size(), 2 * (16 + 8 + 16));
  EXPECT_EQ(block.head.summary().agencies(0).offset(), 3u);
}

TEST(Block, GivesBackItsRecordsAndItsEntries) {
  std::vector<SealedRecord> records = {record("1", "abc"), record("2", ""), record("3", std::string(70'000, 'x'))};
  records[1].more = {{record_key("/soha/cases", "2"), {41, records[1].content}}};
  const Block block = make_block(records, Offset{40}, "before");
  const auto back = records_of(block.stored);
  ASSERT_TRUE(back.ok());
  ASSERT_EQ(back->size(), 3u);
  EXPECT_EQ((*back)[0], "abc");
  EXPECT_EQ((*back)[1], "");
  EXPECT_EQ((*back)[2], records[2].bytes);
  const auto head = head_of(block.stored_head);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->previous(), "before");
  std::vector<std::uint64_t> values;
  ASSERT_TRUE(for_each_entry(*head, [&](const IndexEntry& entry) {
                values.push_back(entry.known.value);
                EXPECT_EQ(entry.known.content, records[0].content);
                return Status();
              }).ok());
  EXPECT_EQ(values, (std::vector<std::uint64_t>{40, 41, 41, 42}));
}

TEST(Block, WithAnyBitFlippedIsRefused) {
  const std::vector<SealedRecord> records = {record("1", "abc"), record("2", "de")};
  const Block block = make_block(records, Offset{0}, "");
  for (std::size_t bit = 0; bit < block.stored.size() * 8; ++bit) {
    std::string flipped = block.stored;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(records_of(flipped).ok()) << "bit " << bit;
  }
  for (std::size_t bit = 0; bit < block.stored_head.size() * 8; ++bit) {
    std::string flipped = block.stored_head;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(head_of(flipped).ok()) << "bit " << bit;
  }
  EXPECT_FALSE(records_of("").ok());
  EXPECT_FALSE(head_of("").ok());
}

// A checksum that is right does not make the lengths right: a writer with a fault, or a forger.
TEST(Block, WithALengthBeyondItsEndIsRefused) {
  for (const std::string& body :
       {std::string("\0\0\0\4abc", 7), std::string("\0\0\0", 3), std::string("\xff\xff\xff\xff", 4)})
    EXPECT_FALSE(records_of(with_checksum(body)).ok());
}

TEST(Block, HoldsAtMost256EventsOr64KiB) {
  const std::vector<SealedRecord> small(1000, record("1", "abc"));
  EXPECT_EQ(records_of_next_block(small), 256u);
  const std::vector<SealedRecord> large(10, record("1", std::string(30'000, 'x')));
  EXPECT_EQ(records_of_next_block(large), 2u);
  const std::vector<SealedRecord> largest = {record("1", std::string(90'000, 'x')), record("2", "abc")};
  EXPECT_EQ(records_of_next_block(largest), 1u);
  EXPECT_EQ(records_of_next_block({largest.data() + 1, 1}), 1u);
}

class SummaryTest : public testing::Test {
 protected:
  SummaryTest() {
    add(summary_, {"soha", "uk.csp.contact.received.v1", "contact", "didcot", "H-1", 100}, Offset{7});
    add(summary_, {"police", "uk.csp.incident.reported.v1", "incident", "", "", 50}, Offset{8});
    add(summary_, {"soha", "uk.csp.contact.received.v1", "contact", "wantage", "", 200}, Offset{9});
  }
  bool may(const std::function<void(v1::Filter&)>& set) const {
    v1::Filter filter;
    set(filter);
    return may_match(filter, summary_, Offset{7});
  }
  v1::Summary summary_;
};

TEST_F(SummaryTest, LetsThroughWhatMayBeThere) {
  EXPECT_TRUE(may([](v1::Filter&) {}));
  EXPECT_TRUE(may([](v1::Filter& f) { f.add_agencies("police"); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.add_types("incident"); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.add_types("uk.csp.incident.reported.v1"); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.add_areas("oxford"), f.add_areas("wantage"); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.add_subjects("H-1"); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.set_time_from_us(200); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.set_time_to_us(51); }));
  EXPECT_TRUE(may([](v1::Filter& f) { f.set_offset_to(8); }));
}

TEST_F(SummaryTest, KeepsOutWhatCannotBeThere) {
  EXPECT_FALSE(may([](v1::Filter& f) { f.add_agencies("fire"); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.add_types("risk"); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.add_areas("oxford"); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.add_subjects("H-2"); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.set_time_from_us(201); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.set_time_to_us(50); }));
  EXPECT_FALSE(may([](v1::Filter& f) { f.set_offset_to(7); }));
}

TEST_F(SummaryTest, OfSeveralIsThatOfAllTheirEvents) {
  v1::Summary all, other;
  add(other, {"fire", "uk.csp.risk.assessed.v1", "risk", "didcot", "F-1", -5}, Offset{10});
  merge(all, summary_);
  merge(all, v1::Summary());
  merge(all, other);
  EXPECT_EQ(all.time_first_us(), -5);
  EXPECT_EQ(all.time_last_us(), 200);
  EXPECT_EQ(all.areas_size(), 2);
  EXPECT_EQ(all.subjects_size(), 2);
  ASSERT_EQ(all.agencies_size(), 3);
  EXPECT_EQ(all.agencies(0).offset(), 9u);
}

}  // namespace
}  // namespace moot
