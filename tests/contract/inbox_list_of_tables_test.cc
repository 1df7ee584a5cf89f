// Damage to the inbox's list of tables: what a power cut leaves is left off, anything else is refused (promise G10).
#include <gtest/gtest.h>

#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/inbox.h"
#include "broker/log/record_file.h"
#include "broker/log/table_list.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class InboxListOfTables : public testing::Test {
 protected:
  // Opens it, puts the rows, closes it. 4 MB of them make a table.
  void put(std::uint64_t from, std::uint64_t to, std::size_t bytes) {
    const auto inbox = Inbox::open(folder_ / "inbox", key_);
    ASSERT_TRUE(inbox.ok()) << inbox.status().message();
    for (std::uint64_t row = from; row < to; ++row) {
      v1::InboxItem item;
      item.set_file("calls.csv");
      item.set_row(row);
      item.set_input(std::string(bytes, 'x'));
      ASSERT_TRUE((*inbox)->put({&item, 1}).ok());
    }
  }

  const TemporaryFolder folder_;
  const Key key_ = random_key();
};

TEST_F(InboxListOfTables, AnUnsyncedEndWithAHoleInItIsLeftOff) {
  put(0, 3, 10);
  const fs::path list = *list_of_tables(folder_ / "inbox");
  std::uint64_t last = 0;
  ASSERT_TRUE(read_record_file(list, [&](const WrittenGroup& group) { last = group.at; }).ok());
  const std::string bytes = *read_whole_file(list);
  std::string torn = bytes.substr(last);
  torn.replace(0, 4, 4, '\0');
  MOOT_CHECK_OK(write_whole_file(list, bytes + torn + bytes.substr(last)));
  put(3, 4, 10);
  EXPECT_EQ((*Inbox::open(folder_ / "inbox", key_))->size(), 4u);
}

// The number of the last write is that of the rows that came after the table which is no longer on the list: it does
// not tell that the table is gone.
TEST_F(InboxListOfTables, DamageThatHidesATableIsRefusedAndTheTableKept) {
  put(0, 100, 64 << 10);
  const fs::path list = *list_of_tables(folder_ / "inbox");
  std::vector<std::uint64_t> edits;
  ASSERT_TRUE(read_record_file(list, [&](const WrittenGroup& group) { edits.push_back(group.at); }).ok());
  const std::string bytes = *read_whole_file(list);
  int refused = 0;
  for (std::size_t i = 1; i < edits.size(); ++i) {
    std::string flipped = bytes;
    flipped[edits[i] + 5] = static_cast<char>(flipped[edits[i] + 5] ^ 0x40);  // its length: beyond the end of the file
    fs::remove_all(folder_ / "copy");
    fs::remove(folder_ / "copy.watermark");
    fs::copy(folder_ / "inbox", folder_ / "copy", fs::copy_options::recursive);
    fs::copy(folder_ / "inbox.watermark", folder_ / "copy.watermark");
    MOOT_CHECK_OK(write_whole_file(folder_ / "copy" / list.filename(), flipped));
    const auto inbox = Inbox::open(folder_ / "copy", key_);
    if (inbox.ok()) {
      EXPECT_EQ((*inbox)->size(), 100u) << "edit " << i << " of " << edits.size();
    } else {
      ++refused;
      EXPECT_FALSE(Inbox::check(folder_ / "copy", key_).ok());
    }
  }
  EXPECT_GT(refused, 0);
}

// RocksDB would make a new one in its place and delete the tables.
TEST(Inbox, ThatHasLostItsCurrentAndItsWatermarkIsRefusedAndItsFilesAreLeft) {
  TemporaryFolder folder;
  const Key key = random_key();
  {
    const auto inbox = std::move(*Inbox::open(folder / "inbox", key));
    v1::InboxItem item;
    item.set_file("calls.csv");
    ASSERT_TRUE(inbox->put({&item, 1}).ok());
  }
  std::filesystem::remove(folder / "inbox/CURRENT");
  const auto names = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "inbox"))
      names.insert(entry.path().filename());
    return names;
  };
  const std::set<std::string> before = names();
  for (const bool marked : {true, false}) {
    if (!marked) std::filesystem::remove(folder / "inbox.watermark");
    const auto opened = Inbox::open(folder / "inbox", key);
    ASSERT_EQ(opened.status().code(), Code::kCorrupt) << marked;
    EXPECT_NE(opened.status().message().find("CURRENT"), std::string::npos) << opened.status().message();
    EXPECT_EQ(names(), before) << marked;
  }
}

}  // namespace
}  // namespace moot
