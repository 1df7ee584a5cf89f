// The inbox as a store: sealed, once each, in pages, and never quietly short.
#include <gtest/gtest.h>

#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/inbox.h"
#include "tests/contract/temporary_folder.h"
#include "tests/contract/waiting_in.h"

namespace moot {
namespace {

v1::InboxItem refused_row(std::uint64_t row, const std::string& input) {
  v1::InboxItem item;
  item.set_kind("refused");
  item.set_since("2021-03-10T12:00:00Z");
  item.set_agency("soha");
  item.set_file("cases.csv");
  item.set_row(row);
  item.set_code(10);
  item.set_input(input);
  return item;
}

TEST(Inbox, KeepsItemsSealedAndInOrderAcrossAStart) {
  TemporaryFolder folder;
  const Key key = random_key();
  {
    auto inbox = Inbox::open(folder / "inbox", key);
    std::vector<v1::InboxItem> items = {refused_row(9, "Avery Inventedname,1980"), refused_row(3, "row three")};
    ASSERT_TRUE((*inbox)->put(items).ok());
    EXPECT_EQ((*inbox)->size(), 2u);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "inbox")) {
    if (!entry.is_regular_file()) continue;
    const auto bytes = read_whole_file(entry.path());
    EXPECT_EQ(bytes->find("Inventedname"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes->find("cases.csv"), std::string::npos) << entry.path() << ": file names can hold names of people";
  }
  auto inbox = Inbox::open(folder / "inbox", key);
  const std::vector<v1::InboxItem> items = waiting_in(**inbox);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items.front().row(), 3u);
  EXPECT_EQ(items.back().input(), "Avery Inventedname,1980");
}

TEST(Inbox, ALongInboxIsReadInPages) {
  TemporaryFolder folder;
  auto inbox = Inbox::open(folder / "inbox", random_key());
  constexpr std::uint64_t kItems = 2 * Inbox::kPageMax + 1;
  std::vector<v1::InboxItem> items;
  for (std::uint64_t row = 1; row <= kItems; ++row) items.push_back(refused_row(row, "x"));
  ASSERT_TRUE((*inbox)->put(items).ok());
  std::set<std::uint64_t> rows;
  std::vector<std::size_t> pages;
  std::string after;
  do {
    const Result<Inbox::Page> page = (*inbox)->page(after);
    ASSERT_TRUE(page.ok());
    pages.push_back(page->items.size());
    for (const v1::InboxItem& item : page->items) EXPECT_TRUE(rows.insert(item.row()).second) << "given once";
    after = page->next;
  } while (!after.empty() && pages.size() < 10);
  EXPECT_EQ(pages, (std::vector<std::size_t>{Inbox::kPageMax, Inbox::kPageMax, 1}));
  EXPECT_EQ(rows.size(), kItems);
}

TEST(Inbox, APageOfLargeItemsIsShort) {
  TemporaryFolder folder;
  auto inbox = Inbox::open(folder / "inbox", random_key());
  std::vector<v1::InboxItem> items;
  for (std::uint64_t row = 1; row <= 5; ++row) items.push_back(refused_row(row, std::string(400'000, 'x')));
  ASSERT_TRUE((*inbox)->put(items).ok());
  const Result<Inbox::Page> first = (*inbox)->page("");
  EXPECT_EQ(first->items.size(), 3u) << "with the one that fills it";
  const Result<Inbox::Page> last = (*inbox)->page(first->next);
  EXPECT_EQ(last->items.size(), 2u);
  EXPECT_EQ(last->next, "");
}

TEST(Inbox, TheSameRefusalAgainIsOneItem) {
  TemporaryFolder folder;
  auto inbox = Inbox::open(folder / "inbox", random_key());
  std::vector<v1::InboxItem> items = {refused_row(3, "x"), refused_row(3, "x"), refused_row(3, "y")};
  ASSERT_TRUE((*inbox)->put(items).ok());
  items[0].set_since("2022-01-01T00:00:00Z");
  ASSERT_TRUE((*inbox)->put(items).ok());
  EXPECT_EQ((*inbox)->size(), 2u);
}

TEST(Inbox, WhatIsDoneWithStaysAndIsNotListed) {
  TemporaryFolder folder;
  const Key key = random_key();
  std::string id;
  {
    auto inbox = Inbox::open(folder / "inbox", key);
    std::vector<v1::InboxItem> items = {refused_row(3, "x")};
    items[0].set_key("case-3");
    ASSERT_TRUE((*inbox)->put(items).ok());
    id = items[0].item();
    EXPECT_EQ((*inbox)->waiting_for("soha", "cases.csv", "case-3"), std::set<std::string>{id});
    items[0].set_state(v1::InboxItem::DROPPED);
    items[0].set_note("a test row");
    ASSERT_TRUE((*inbox)->replace(items).ok());
    EXPECT_TRUE((*inbox)->waiting_for("soha", "cases.csv", "case-3").empty());
  }
  auto inbox = Inbox::open(folder / "inbox", key);
  EXPECT_TRUE(waiting_in(**inbox).empty());
  EXPECT_EQ((*inbox)->size(), 0u);
  EXPECT_EQ((*inbox)->find(id)->note(), "a test row");
  EXPECT_EQ((*inbox)->find("nothing").status().code(), Code::kNotFound);
}

TEST(Inbox, AnotherKeyDoesNotOpenIt) {
  TemporaryFolder folder;
  {
    auto inbox = Inbox::open(folder / "inbox", random_key());
    std::vector<v1::InboxItem> items = {refused_row(3, "x")};
    ASSERT_TRUE((*inbox)->put(items).ok());
  }
  EXPECT_EQ(Inbox::open(folder / "inbox", random_key()).status().code(), Code::kCorrupt);
}

TEST(Inbox, ALostEndIsNoticed) {
  TemporaryFolder folder;
  const Key key = random_key();
  {
    auto inbox = Inbox::open(folder / "inbox", key);
    for (std::uint64_t row = 2; row < 12; ++row) {
      std::vector<v1::InboxItem> items = {refused_row(row, "x")};
      ASSERT_TRUE((*inbox)->put(items).ok());
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder / "inbox"))
    if (entry.path().extension() == ".log" && entry.file_size() > 0)
      std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
  EXPECT_EQ(Inbox::open(folder / "inbox", key).status().code(), Code::kCorrupt);
}

TEST(Inbox, WithoutItsWatermarkAStoreThatWasWrittenToIsRefused) {
  TemporaryFolder folder;
  const Key key = random_key();
  const std::filesystem::path mark = folder / "inbox.watermark";
  ASSERT_TRUE(Inbox::open(folder / "inbox", key).ok());
  std::filesystem::remove(mark);
  {
    const auto inbox = std::move(*Inbox::open(folder / "inbox", key));  // nothing was ever in it
    v1::InboxItem item;
    item.set_file("calls.csv");
    ASSERT_TRUE(inbox->put({&item, 1}).ok());
  }
  for (const bool empty : {false, true}) {
    std::filesystem::remove(mark);
    if (empty) std::ofstream(mark).close();
    const auto opened = Inbox::open(folder / "inbox", key);
    ASSERT_EQ(opened.status().code(), Code::kCorrupt);
    EXPECT_NE(opened.status().message().find("inbox.watermark"), std::string::npos) << opened.status().message();
  }
}

}  // namespace
}  // namespace moot
