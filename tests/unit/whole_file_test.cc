#include "broker/core/whole_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

TEST(WholeFile, ComesBackAsWrittenAndOnlyItsOwnerReadsIt) {
  TemporaryFolder folder;
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(write_whole_file(folder / "file", bytes).ok());
  ASSERT_TRUE(write_whole_file(folder / "file", bytes + bytes).ok());
  EXPECT_EQ(*read_whole_file(folder / "file"), bytes + bytes);
  struct stat status = {};
  ASSERT_EQ(::stat((folder / "file").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(WholeFile, NothingElseIsLeftInTheFolder) {
  TemporaryFolder folder;
  ASSERT_TRUE(write_whole_file(folder / "file", "1").ok());
  ASSERT_TRUE(create_whole_file(folder / "other", "2").ok());
  ASSERT_EQ(create_whole_file(folder / "other", "3").code(), Code::kExists);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 2);
}

TEST(WholeFile, OfTwoThatCreateOneWins) {
  TemporaryFolder folder;
  EXPECT_TRUE(create_whole_file(folder / "key", "first").ok());
  EXPECT_EQ(create_whole_file(folder / "key", "second").code(), Code::kExists);
  EXPECT_EQ(*read_whole_file(folder / "key"), "first");
}

TEST(WholeFile, AnOutputGoesWhereItsLinksLeadAndReplacesNothingElse) {
  namespace fs = std::filesystem;
  TemporaryFolder folder;
  fs::create_directory(folder / "below");
  fs::create_symlink("below/meant", folder / "link");  // nothing is there yet
  fs::create_symlink(folder / "link", folder / "link-to-it");
  fs::create_symlink(folder / "round", folder / "round");
  fs::create_symlink("/dev/full", folder / "device");
  EXPECT_EQ(*file_to_write(folder / "new"), folder / "new");
  EXPECT_EQ(*file_to_write(folder / "link"), folder.path() / "below" / "meant");
  EXPECT_EQ(*file_to_write(folder / "link-to-it"), folder.path() / "below" / "meant");
  for (const char* name : {"below", "round", "device"})
    EXPECT_EQ(file_to_write(folder / name).status().code(), Code::kUsage) << name;
  EXPECT_EQ(file_to_write("/dev/null").status().code(), Code::kUsage);
}

TEST(WholeFile, WhatIsNotThereIsMissing) {
  TemporaryFolder folder;
  EXPECT_EQ(read_whole_file(folder / "none").status().code(), Code::kMissing);
  EXPECT_EQ(write_whole_file(folder / "no", "").code(), Code::kOk);
  EXPECT_FALSE(write_whole_file(folder.path() / "none" / "file", "x").ok());
}

TEST(WholeFile, FoldersAreMadeWithThoseAbove) {
  TemporaryFolder folder;
  ASSERT_TRUE(make_folder(folder.path() / "a" / "b" / "c").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "a" / "b" / "c"));
  EXPECT_TRUE(make_folder(folder.path() / "a" / "b" / "c").ok());
}

}  // namespace
}  // namespace moot
