// Reading by filter: nothing wanted is ever left out, and what is left out is not read.
#include <gtest/gtest.h>

#include <random>

#include "broker/log/event_log.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

// The event of that number: agencies come in runs, times go on by the hour, and every fortieth has a subject.
SealedRecord record_number(std::uint64_t number) {
  static const std::vector<std::string> kAgencies = {"police", "soha", "council", "fire"};
  SealedRecord record;
  record.tags = {.agency = kAgencies[number / 700 % kAgencies.size()],
                 .type = number % 3 == 0 ? "uk.csp.contact.received.v1" : "uk.csp.incident.reported.v1",
                 .body = number % 3 == 0 ? "contact" : "incident",
                 .area = number % 5 == 0 ? "" : "area-" + std::to_string(number / 1000 % 7),
                 .subject = number % 40 == 0 ? "case-" + std::to_string(number / 400) : "",
                 .time_us = static_cast<std::int64_t>(number) * kDay / 24};
  record.key = event_key("/" + record.tags.agency + "/system", std::to_string(number));
  record.bytes = "event " + std::to_string(number);
  return record;
}

bool wanted(const v1::Filter& filter, const Tags& tags, std::uint64_t offset) {
  const auto has = [](const auto& list, const std::string& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  return has(filter.agencies(), tags.agency) && (has(filter.types(), tags.type) || has(filter.types(), tags.body)) &&
         has(filter.areas(), tags.area) && has(filter.subjects(), tags.subject) &&
         (filter.time_from_us() == 0 || tags.time_us >= filter.time_from_us()) &&
         (filter.time_to_us() == 0 || tags.time_us < filter.time_to_us()) &&
         (filter.offset_to() == 0 || offset < filter.offset_to());
}

v1::Filter random_filter(std::mt19937& random) {
  v1::Filter filter;
  if (random() % 3 == 0) filter.add_agencies(record_number(random() % 9000).tags.agency);
  if (random() % 4 == 0) filter.add_types(random() % 2 == 0 ? "contact" : "uk.csp.incident.reported.v1");
  if (random() % 4 == 0) filter.add_areas("area-" + std::to_string(random() % 9));
  if (random() % 6 == 0) filter.add_subjects("case-" + std::to_string(random() % 25));
  if (random() % 3 == 0) {
    filter.set_time_from_us(static_cast<std::int64_t>(random() % 400) * kDay);
    filter.set_time_to_us(filter.time_from_us() + static_cast<std::int64_t>(1 + random() % 60) * kDay);
  }
  if (random() % 8 == 0) filter.set_offset_to(1 + random() % 9000);
  return filter;
}

// The offsets in all candidate ranges, in order.
std::vector<std::uint64_t> candidates_of(const EventLog& log, const v1::Filter& filter) {
  std::vector<std::uint64_t> found;
  for (Offset from{0}; from < log.end_offset();) {
    const OffsetRange range = *log.candidates(from, filter);
    EXPECT_GE(range.from, from);
    EXPECT_LE(range.to, log.end_offset());
    EXPECT_GT(range.to, from) << "no progress";
    for (std::uint64_t offset = range.from.value; offset < range.to.value; ++offset) found.push_back(offset);
    from = range.to;
  }
  return found;
}

void fill(EventLog& log, std::uint64_t events, std::mt19937& random) {
  for (std::uint64_t number = 0; number < events;) {
    std::vector<SealedRecord> group;
    const std::uint64_t size = random() % 4 == 0 ? 1 + random() % 900 : 1 + random() % 4;
    for (; group.size() < size && number < events; ++number) group.push_back(record_number(number));
    MOOT_CHECK_OK(log.append(group).status());
  }
}

TEST(LogSkipping, LeavesOutNothingThatIsWanted) {
  const TemporaryFolder folder;
  std::mt19937 random(20210302);
  constexpr std::uint64_t kEvents = 9000;
  auto log = *open_rocksdb_event_log(folder / "log");
  fill(*log, kEvents, random);
  for (int round = 0; round < 300; ++round) {
    if (round == 150) {
      log.reset();
      log = *open_rocksdb_event_log(folder / "log");
    }
    const v1::Filter filter = random_filter(random);
    const std::vector<std::uint64_t> candidates = candidates_of(*log, filter);
    for (std::uint64_t offset = 0; offset < kEvents; ++offset) {
      if (!wanted(filter, record_number(offset).tags, offset)) continue;
      ASSERT_TRUE(std::binary_search(candidates.begin(), candidates.end(), offset))
          << "offset " << offset << " of round " << round << ": " << filter.ShortDebugString();
    }
  }
}

// Whoever wants everything is sent on at once, however many small blocks there are.
TEST(LogSkipping, LooksAheadForNobodyWhoWantsEverything) {
  const TemporaryFolder folder;
  std::mt19937 random(20210304);
  const auto log = *open_rocksdb_event_log(folder / "log");
  fill(*log, 9000, random);
  v1::Filter up_to;
  up_to.set_offset_to(8000);
  for (const v1::Filter& filter : {v1::Filter(), up_to}) {
    const OffsetRange range = *log->candidates(Offset{17}, filter);
    EXPECT_EQ(range.from, Offset{17});
    EXPECT_EQ(range.to, Offset{9000});
  }
  EXPECT_EQ(log->candidates(Offset{8000}, up_to)->from, Offset{9000});
}

TEST(LogSkipping, ReadsAboutAsMuchAsIsWanted) {
  const TemporaryFolder folder;
  std::mt19937 random(20210303);
  constexpr std::uint64_t kEvents = 40'000;
  const auto log = *open_rocksdb_event_log(folder / "log");
  fill(*log, kEvents, random);
  v1::Filter filter;
  filter.add_agencies("soha");
  filter.set_time_from_us(300 * kDay);
  filter.set_time_to_us(600 * kDay);
  std::uint64_t hits = 0;
  for (std::uint64_t number = 0; number < kEvents; ++number)
    hits += wanted(filter, record_number(number).tags, number) ? 1 : 0;
  ASSERT_GT(hits, 1000u);
  EXPECT_LT(candidates_of(*log, filter).size(), 2 * hits) << hits << " are wanted";
  v1::Filter nothing;
  nothing.add_agencies("nobody");
  EXPECT_TRUE(candidates_of(*log, nothing).empty());
}

}  // namespace
}  // namespace moot
