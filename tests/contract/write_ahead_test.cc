// Damage to the end of a log: what a crash leaves is dropped and said; anything else is refused with its place, before
// RocksDB drops or deletes a thing (promise G10). MOOT_LONG: every byte is flipped, not every so-manieth.
#include "broker/log/write_ahead.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

#include "broker/core/whole_file.h"
#include "broker/log/checksum.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/log/log_look.h"
#include "broker/log/record_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

SealedRecord record_of_size(std::uint64_t number, std::size_t bytes) {
  SealedRecord made;
  made.key = event_key("/soha/cases", std::to_string(number));
  made.tags = {.agency = "soha",
               .type = "uk.csp.contact.received.v1",
               .body = "contact",
               .area = "didcot",
               .subject = "",
               .time_us = static_cast<std::int64_t>(number)};
  made.bytes = "event " + std::to_string(number) + " ";
  for (std::size_t i = 0; made.bytes.size() < bytes; ++i)
    made.bytes += static_cast<char>(32 + (number * 31 + i * i * 7) % 90);
  return made;
}

bool is_long() { return std::getenv("MOOT_LONG") != nullptr; }

class WriteAhead : public testing::Test {
 protected:
  WriteAhead() { ::unsetenv("MOOT_LOG_SIZES"); }
  ~WriteAhead() override { ::unsetenv("MOOT_LOG_SIZES"); }

  void append(std::size_t groups, std::size_t of, std::size_t bytes) {
    const auto log = open_rocksdb_event_log(folder_ / "log");
    ASSERT_TRUE(log.ok()) << log.status().message();
    bytes_ = bytes;
    for (std::size_t group = 0; group < groups; ++group) {
      std::vector<SealedRecord> records;
      before_last_ = (*log)->end_offset();
      for (std::size_t i = 0; i < of; ++i) records.push_back(record_of_size(before_last_.value + i, bytes));
      ASSERT_TRUE((*log)->append(records).ok());
    }
    end_ = (*log)->end_offset();
  }

  std::vector<fs::path> files(const std::string& kind) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_ / "log"))
      if (entry.path().filename().string().find(kind) != std::string::npos && entry.file_size() > 0)
        found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }

  fs::path copy_with(const fs::path& file, std::size_t byte, int bit) {
    fs::remove_all(folder_ / "copy");
    fs::copy(folder_ / "log", folder_ / "copy", fs::copy_options::recursive);
    std::string bytes = *read_whole_file(folder_ / "copy" / file);
    bytes.at(byte) = static_cast<char>(bytes[byte] ^ (1 << bit));
    MOOT_CHECK_OK(write_whole_file(folder_ / "copy" / file, bytes));
    return folder_ / "copy";
  }

  static std::map<std::string, std::uintmax_t> names_and_sizes(const fs::path& folder) {
    std::map<std::string, std::uintmax_t> all;
    for (const auto& entry : fs::directory_iterator(folder))
      if (!entry.path().filename().string().starts_with("LOG")) all[entry.path().filename()] = entry.file_size();
    return all;
  }

  // Refused with its place and left as it is; or whole, but for the last group where that was not yet acknowledged.
  void check(const fs::path& file, std::size_t byte, int bit, Offset acknowledged) {
    const fs::path copy = copy_with(file, byte, bit);
    const auto before = names_and_sizes(copy);
    const auto log = open_rocksdb_event_log(copy, acknowledged);
    const std::string where = file.string() + " byte " + std::to_string(byte) + " bit " + std::to_string(bit);
    if (!log.ok()) {
      ++outcomes_["refused"];
      EXPECT_NE(log.status().message().find("/copy"), std::string::npos) << where << ": " << log.status().message();
      EXPECT_TRUE(names_and_sizes(copy) == before) << where << ": refused, but not left as it is";
      return;
    }
    const Offset end = (*log)->end_offset();
    ++outcomes_[end < end_ ? "last group dropped" : "harmless"];
    ASSERT_TRUE(end == end_ || (end == before_last_ && acknowledged <= end)) << where << ": ends at " << end.value;
    if (end < end_) {
      EXPECT_NE((*log)->figures().torn_end, "") << where << ": dropped without a word";
    }
    const auto records = (*log)->read(Offset{0}, end_.value, 1 << 30);
    ASSERT_TRUE(records.ok()) << where << ": " << records.status().message();
    ASSERT_EQ(records->size(), end.value) << where;
    for (std::uint64_t number = 0; number < end.value; ++number) {
      ASSERT_EQ((*records)[number].bytes, record_of_size(number, bytes_).bytes) << where;
      ASSERT_TRUE((*log)->find(record_of_size(number, bytes_).key)->has_value()) << where;
    }
  }

  void print(const std::string& what) {
    std::cout << what << ":";
    for (const auto& [outcome, count] : outcomes_) std::cout << " " << count << " " << outcome;
    std::cout << "\n";
  }

  const TemporaryFolder folder_;
  Offset before_last_, end_;
  std::size_t bytes_ = 0;
  std::map<std::string, int> outcomes_;
};

TEST_F(WriteAhead, AFlipAnywhereInItIsRefusedOrHarmlessAlsoWhenTheWatermarkIsFarBehind) {
  append(8, 4, 60);
  for (const fs::path& file : files(".log")) {
    const std::size_t size = fs::file_size(folder_ / "log" / file);
    for (std::size_t byte = 0; byte < size; byte += is_long() ? 1 : 31)
      check(file, byte, static_cast<int>(byte % 8), Offset{1});  // of 32 that were acknowledged
  }
  print("flips in one file of the write-ahead log");
  EXPECT_GT(outcomes_["refused"], 10);
  EXPECT_GT(outcomes_["last group dropped"], 0)
      << "nothing tells a damaged last group from a torn one but the watermark";
}

TEST_F(WriteAhead, AFlipInTheLastGroupIsRefusedWhenItWasAcknowledged) {
  append(3, 4, 60);
  const fs::path file = files(".log").back();
  const std::size_t size = fs::file_size(folder_ / "log" / file);
  for (std::size_t byte = size - 200; byte < size; byte += is_long() ? 1 : 13) check(file, byte, 3, end_);
  EXPECT_EQ(outcomes_["last group dropped"], 0);
  EXPECT_GT(outcomes_["refused"], 10);
}

// Blocks fill their buffer long before heads do: the files of all of them are in use at once.
TEST_F(WriteAhead, AFlipInOneOfSeveralFilesIsRefusedOrHarmless) {
  ::setenv("MOOT_LOG_SIZES", "65536 8388608 134217728 1000000", 1);
  append(60, 10, 600);
  std::vector<fs::path> logs = files(".log");
  ASSERT_GE(logs.size(), 3u);
  for (const fs::path& file : logs) {
    const std::size_t size = fs::file_size(folder_ / "log" / file);
    for (std::size_t i = 0, times = is_long() ? 200 : 12; i < times; ++i)
      check(file, (i * 7919 + i * i * 13) % size, static_cast<int>(i % 8), Offset{1});
    // The length of the first part in the last block: it then reaches beyond the file's end, as in a torn one.
    check(file, (size - 1) / 32768 * 32768 + 5, 7, Offset{1});
  }
  print(std::to_string(logs.size()) + " files of the write-ahead log");
  EXPECT_GT(outcomes_["refused"], 10);
}

// Taking in a run of the index uses a number of RocksDB's too, later than those of the groups written meanwhile: by
// their numbers alone these would seem taken.
TEST_F(WriteAhead, AFlipBehindWhichRunsOfTheIndexWereTakenInIsRefused) {
  ::setenv("MOOT_LOG_SIZES", "33554432 8388608 134217728 100", 1);
  append(60, 4, 60);
  const fs::path file = files(".log").back();
  const std::size_t size = fs::file_size(folder_ / "log" / file);
  for (std::size_t byte = size / 3; byte < size; byte += is_long() ? 7 : size / 60)
    check(file, byte, static_cast<int>(byte % 8), Offset{1});
  print("flips in a write-ahead log with runs of the index");
  EXPECT_GT(outcomes_["refused"], 20);
}

TEST_F(WriteAhead, AMissingOrShortenedFileOfSeveralIsRefused) {
  ::setenv("MOOT_LOG_SIZES", "65536 8388608 134217728 1000000", 1);
  append(60, 10, 600);
  const std::vector<fs::path> logs = files(".log");
  for (std::size_t i = 0; i + 1 < logs.size(); ++i)
    for (const bool shortened : {false, true}) {
      fs::remove_all(folder_ / "copy");
      fs::copy(folder_ / "log", folder_ / "copy", fs::copy_options::recursive);
      const fs::path file = folder_ / "copy" / logs[i];
      if (shortened)
        fs::resize_file(file, fs::file_size(file) - 5000);
      else
        fs::remove(file);
      const auto before = names_and_sizes(folder_ / "copy");
      const auto log = open_rocksdb_event_log(folder_ / "copy", Offset{1});
      EXPECT_FALSE(log.ok()) << logs[i] << (shortened ? " shortened" : " missing");
      EXPECT_TRUE(names_and_sizes(folder_ / "copy") == before);
    }
}

TEST_F(WriteAhead, ATornEndIsDroppedAndSaidWithHowMuchOfItAndFromWhere) {
  append(3, 4, 60);
  const fs::path file = folder_ / "log" / files(".log").back();
  fs::resize_file(file, fs::file_size(file) - 10);
  const auto log = open_rocksdb_event_log(folder_ / "log", before_last_);
  ASSERT_TRUE(log.ok()) << log.status().message();
  EXPECT_EQ((*log)->end_offset(), before_last_);
  const std::string said = (*log)->figures().torn_end;
  EXPECT_NE(said.find(file.string()), std::string::npos) << said;
  EXPECT_NE(said.find("bytes, from byte "), std::string::npos) << said;
  EXPECT_NE(said.find("goes on at offset 8"), std::string::npos) << said;
}

TEST_F(WriteAhead, ATornEndIsSaidOnce) {
  append(3, 4, 60);
  const fs::path file = folder_ / "log" / files(".log").back();
  fs::resize_file(file, fs::file_size(file) - 10);
  EXPECT_NE((*open_rocksdb_event_log(folder_ / "log"))->figures().torn_end, "");
  EXPECT_EQ((*open_rocksdb_event_log(folder_ / "log"))->figures().torn_end, "");
}

// The broker is killed in the middle of the first group after a start, and killed again after the next: nothing of the
// torn file is in a table, and what is written later stands in a file behind it.
TEST_F(WriteAhead, ATornFirstGroupOfAFileDoesNotKeepALaterStartShut) {
  append(3, 4, 60);
  append(1, 4, 60);
  const fs::path torn = folder_ / "log" / files(".log").back();
  fs::resize_file(torn, 20);
  for (int start = 0; start < 3; ++start) {
    const auto log = open_rocksdb_event_log(folder_ / "log", Offset{12u + 4u * static_cast<unsigned>(start)});
    ASSERT_TRUE(log.ok()) << log.status().message();
    EXPECT_EQ((*log)->figures().torn_end != "", start == 0);
    std::vector<SealedRecord> records;
    for (std::uint64_t i = 0; i < 4; ++i) records.push_back(record_of_size((*log)->end_offset().value + i, 60));
    ASSERT_TRUE((*log)->append(records).ok());
  }
  const auto log = open_rocksdb_event_log(folder_ / "log", Offset{24});
  ASSERT_TRUE(log.ok()) << log.status().message();
  EXPECT_EQ((*log)->end_offset(), Offset{24});
}

TEST_F(WriteAhead, ATornFirstItemOfTheInboxDoesNotKeepALaterStartShut) {
  const Key key = random_key();
  const auto put = [&](std::uint64_t row) {
    const auto inbox = Inbox::open(folder_ / "inbox", key);
    ASSERT_TRUE(inbox.ok()) << inbox.status().message();
    v1::InboxItem item;
    item.set_file("calls.csv");
    item.set_row(row);
    ASSERT_TRUE((*inbox)->put({&item, 1}).ok());
  };
  put(1);
  const std::string mark = *read_whole_file(folder_ / "inbox.watermark");
  put(2);
  for (const auto& entry : fs::directory_iterator(folder_ / "inbox"))
    if (entry.path().extension() == ".log" && entry.file_size() > 0) fs::resize_file(entry.path(), 20);
  MOOT_CHECK_OK(write_whole_file(folder_ / "inbox.watermark", mark));
  put(3);
  put(4);
  EXPECT_EQ((*Inbox::open(folder_ / "inbox", key))->size(), 3u);
}

// A length near the end that reaches beyond it passes for a torn end with RocksDB, which then deletes the tables that
// it was told of behind it.
TEST_F(WriteAhead, AFlipInTheListOfTablesIsRefusedBeforeAnythingIsDeletedOrHarmless) {
  ::setenv("MOOT_LOG_SIZES", "65536 65536 1048576 40", 1);
  append(40, 10, 600);
  append(1, 10, 600);
  const fs::path list = files("MANIFEST").back();
  const std::size_t size = fs::file_size(folder_ / "log" / list);
  for (std::size_t byte = 0; byte < size; byte += is_long() ? 1 : 29)
    check(list, byte, static_cast<int>(byte % 8), Offset{1});
  // Every length.
  std::vector<std::uint64_t> parts;
  ASSERT_TRUE(read_record_file(folder_ / "log" / list, [&](const WrittenGroup& g) { parts.push_back(g.at); }).ok());
  ASSERT_GT(parts.size(), 3u);
  for (const std::uint64_t at : parts)
    for (const int bit : {0, 6, 7}) check(list, at + 5, bit, Offset{1});
  print("flips in the list of tables");
  EXPECT_EQ(outcomes_["last group dropped"], 0);
  EXPECT_GT(outcomes_["refused"], 10);
}

// Several entries are written to it before one sync: a power cut may leave the second of them and not the first.
TEST_F(WriteAhead, AnUnsyncedEndOfTheListOfTablesThatIsThereInPartIsLeftOff) {
  append(3, 4, 60);
  const fs::path list = folder_ / "log" / files("MANIFEST").back();
  std::vector<std::uint64_t> parts;
  ASSERT_TRUE(read_record_file(list, [&](const WrittenGroup& group) { parts.push_back(group.at); }).ok());
  const std::string bytes = *read_whole_file(list);
  MOOT_CHECK_OK(write_whole_file(list, bytes + std::string(100, '\0') + bytes.substr(parts.back())));
  const auto log = open_rocksdb_event_log(folder_ / "log", end_);
  ASSERT_TRUE(log.ok()) << log.status().message();
  EXPECT_EQ((*log)->end_offset(), end_);
}

// Some of the write's sectors are there and others, before them, are not.
TEST_F(WriteAhead, AnUnsyncedEndOfTheListOfTablesWithAHoleInItIsLeftOff) {
  append(3, 4, 60);
  const fs::path list = folder_ / "log" / files("MANIFEST").back();
  std::vector<std::uint64_t> parts;
  ASSERT_TRUE(read_record_file(list, [&](const WrittenGroup& group) { parts.push_back(group.at); }).ok());
  const std::string bytes = *read_whole_file(list);
  const std::string edit = bytes.substr(parts.back());
  ASSERT_GT(edit.size(), 10u);
  for (std::size_t hole = 1; hole < edit.size(); ++hole)
    for (const std::size_t from : {std::size_t{0}, edit.size() - hole}) {
      std::string torn = edit;
      torn.replace(from, hole, hole, '\0');
      fs::remove_all(folder_ / "copy");
      fs::copy(folder_ / "log", folder_ / "copy", fs::copy_options::recursive);
      MOOT_CHECK_OK(write_whole_file(folder_ / "copy" / list.filename(), bytes + torn + edit));
      const auto log = open_rocksdb_event_log(folder_ / "copy", end_);
      ASSERT_TRUE(log.ok()) << log.status().message();
      EXPECT_EQ((*log)->end_offset(), end_);
    }
}

TEST_F(WriteAhead, OfTheInboxWithDamageBeforeItsLastItemsIsRefused) {
  const Key key = random_key();
  {
    const auto inbox = std::move(*Inbox::open(folder_ / "inbox", key));
    for (int i = 0; i < 4; ++i) {
      v1::InboxItem item;
      item.set_file("calls.csv");
      item.set_row(static_cast<std::uint64_t>(i));
      ASSERT_TRUE(inbox->put({&item, 1}).ok());
    }
  }
  fs::path file;
  for (const auto& entry : fs::directory_iterator(folder_ / "inbox"))
    if (entry.path().extension() == ".log" && entry.file_size() > 0) file = entry.path();
  std::string bytes = *read_whole_file(file);
  bytes[60] ^= 1;
  MOOT_CHECK_OK(write_whole_file(file, bytes));
  const auto opened = Inbox::open(folder_ / "inbox", key);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.status().message().find(file.string() + ": from byte 0 on"), std::string::npos)
      << opened.status().message();
}

#if defined(__x86_64__)
// The library's own function, called as the library calls it, is ours: else this is only slow, and nobody would see it.
TEST(RecordFile, ChecksumsOfTheLibraryAreOurs) {
  void* const library = ::dlopen("librocksdb.so.7.8", RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(library, nullptr);
  constexpr const char* kExtend = "_ZN7rocksdb6crc32c6ExtendEjPKcm";
  using Extend = std::uint32_t (*)(std::uint32_t, const char*, std::size_t);
  const auto theirs = reinterpret_cast<Extend>(::dlsym(library, kExtend));
  const auto used = reinterpret_cast<Extend>(::dlsym(RTLD_DEFAULT, kExtend));
  ASSERT_NE(theirs, nullptr);
  EXPECT_NE(used, theirs) << "the dynamic linker takes the library's";
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    for (const std::uint32_t before : {0U, 1U, 0xdeadbeefU})
      ASSERT_EQ(used(before, bytes.data(), bytes.size()), theirs(before, bytes.data(), bytes.size())) << i;
    bytes.push_back(static_cast<char>(i * 37));
  }
  ::dlclose(library);
}
#endif

TEST(RecordFile, ChecksumsAreThoseOfTheStandard) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
}

}  // namespace
}  // namespace moot
