// Looking over a log finds every change that matters, and changes nothing itself.
#include "broker/log/log_check.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/event_log.h"
#include "broker/log/log_database.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kEvents = 3000;

SealedRecord record(std::uint64_t number) {
  SealedRecord made;
  made.key = event_key("/soha/cases", std::to_string(number));
  made.tags = {.agency = "soha",
               .type = "uk.csp.contact.received.v1",
               .body = "contact",
               .area = "didcot",
               .subject = "",
               .time_us = static_cast<std::int64_t>(number)};
  made.bytes = "event " + std::to_string(number) + std::string(40, 'x');
  return made;
}

// The log's first block, but for one letter of its first event.
Block forged_block() {
  std::vector<SealedRecord> records;
  for (std::uint64_t number = 0; number < kBlockEventsMax; ++number) records.push_back(record(number));
  records[0].bytes.back() = 'y';
  return make_block(records, Offset{0}, "");
}

// Half of it in tables, half in the write-ahead log.
void write_log(const fs::path& folder) {
  std::uint64_t number = 0;
  for (const std::uint64_t end : {kEvents / 2, kEvents}) {
    const auto log = *open_rocksdb_event_log(folder);
    while (number < end) {
      std::vector<SealedRecord> group;
      for (std::uint64_t i = 0; i <= number % 300 && number < end; ++i) group.push_back(record(number++));
      MOOT_CHECK_OK(log->append(group).status());
    }
  }
}

std::map<fs::path, std::string> bytes_of(const fs::path& folder) {
  std::map<fs::path, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder)] = *read_whole_file(entry.path());
  return files;
}

LogCheck look_over(const fs::path& folder) {
  return check_log(folder, {[](Offset offset, std::string_view bytes) {
                              return bytes == record(offset.value).bytes ? "" : "not what was published";
                            },
                            {}});
}

TEST(LogCheck, FindsNothingInASoundLogAndWritesNothing) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const auto before = bytes_of(folder.path());
  const LogCheck check = look_over(folder / "log");
  EXPECT_EQ(check.events, kEvents);
  EXPECT_GT(check.blocks, 10u);
  EXPECT_EQ(check.last_head_digest.size(), 32u);
  ASSERT_TRUE(check.findings.empty()) << check.findings.front().what;
  EXPECT_TRUE(bytes_of(folder.path()) == before) << "looking changed something";
}

TEST(LogCheck, FindsEveryFlippedBitThatIsNotHarmless) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const auto files = bytes_of(folder / "log");
  const std::string digest = look_over(folder / "log").last_head_digest;
  std::mt19937 random(20210304);
  std::map<std::string, int> found, harmless;
  for (int round = 0; round < 150; ++round) {
    const auto& [name, bytes] = *std::next(files.begin(), static_cast<std::ptrdiff_t>(random() % files.size()));
    if (bytes.empty()) continue;
    const TemporaryFolder flipped;
    fs::copy(folder / "log", flipped / "log", fs::copy_options::recursive);
    std::string changed = bytes;
    const std::size_t bit = random() % (bytes.size() * 8);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    MOOT_CHECK_OK(write_whole_file(flipped / "log" / name, changed));
    const LogCheck check = look_over(flipped / "log");
    const std::string kind = name.extension().empty() ? name.stem().string().substr(0, 7) : name.extension().string();
    // A shorter log is found by the watermark, which stands elsewhere.
    const bool seen = !check.findings.empty() || check.events < kEvents;
    ++(seen ? found : harmless)[kind];
    if (seen) continue;
    EXPECT_EQ(check.last_head_digest, digest) << name << " bit " << bit;
  }
  EXPECT_GT(found[".sst"], 5);
  EXPECT_GT(found[".log"], 5);
  EXPECT_EQ(harmless[".sst"], 0);
}

// Whoever can write the files can make checksums right again; the chain still shows it.
TEST(LogCheck, FindsABlockThatWasRewrittenWithItsChecksum) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  {
    const auto database = *LogDatabase::open(folder / "log");
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->blocks(), be64(0), forged_block().stored).ok());
  }
  const LogCheck check = look_over(folder / "log");
  ASSERT_FALSE(check.findings.empty());
  EXPECT_EQ(check.findings.front().offset, Offset{0});
  EXPECT_NE(check.findings.front().what.find("head"), std::string::npos) << check.findings.front().what;
}

TEST(LogCheck, FindsAHeadThatWasRewrittenWithItsBlock) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  {
    const auto database = *LogDatabase::open(folder / "log");
    const Block block = forged_block();
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->blocks(), be64(0), block.stored).ok());
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->heads(), be64(0), block.stored_head).ok());
  }
  bool chain = false;
  for (const LogFinding& one : look_over(folder / "log").findings)
    chain = chain || one.what.find("chain") != std::string::npos;
  EXPECT_TRUE(chain);
}

TEST(LogCheck, FindsAMissingFileAndALogThatIsNone) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  for (const auto& entry : fs::directory_iterator(folder / "log"))
    if (entry.path().extension() == ".sst") {
      fs::remove(entry.path());
      break;
    }
  EXPECT_FALSE(look_over(folder / "log").findings.empty());
  EXPECT_FALSE(look_over(folder / "nothing").findings.empty());
  EXPECT_FALSE(fs::exists(folder / "nothing"));
}

}  // namespace
}  // namespace moot
