// The demonstration's files are what its generator writes, to the byte, and the generator knows nothing of the product.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

const fs::path kDemonstration = fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale";

// What people wrote: everything else in the folder is the generator's.
bool is_written_by_hand(const std::string& path) {
  for (const char* folder : {"generator/", "mappings/", "boards/", "agreements/", "reports/", "rules/"})
    if (path.starts_with(folder)) return true;
  return path.find('/') == std::string::npos && path.ends_with(".toml");
}

FileTexts files_below(const fs::path& folder) {
  FileTexts files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).generic_string()] = read_text(entry.path());
  return files;
}

TEST(Generator, WritesTheCommittedFilesByteForByte) {
  const TemporaryFolder folder;
  const Ended ended = run({MOOT_GENERATOR, folder.path().string()});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  FileTexts committed = files_below(kDemonstration);
  std::erase_if(committed, [](const auto& file) { return is_written_by_hand(file.first); });
  const FileTexts written = files_below(folder.path());
  EXPECT_GT(written.size(), 40u);
  for (const auto& [path, text] : written) {
    ASSERT_TRUE(committed.contains(path)) << path << " is written, but not committed";
    EXPECT_TRUE(committed.at(path) == text) << path << " differs from the committed one";
  }
  for (const auto& [path, text] : committed)
    EXPECT_TRUE(written.contains(path)) << path << " is committed, but the generator does not write it";
}

TEST(Generator, SaysHowItIsUsedWhenItIsNotToldWhere) {
  const Ended ended = run({MOOT_GENERATOR});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("usage: "), std::string::npos) << ended.err;
}

TEST(Generator, IncludesNothingButItsOwnFiles) {
  std::size_t seen = 0;
  for (const auto& [path, text] : files_below(kDemonstration / "generator")) {
    for (const std::string& line : lines_of_text(text)) {
      if (!line.starts_with("#include \"")) continue;
      ++seen;
      EXPECT_TRUE(line.starts_with("#include \"deploy/south-and-vale/generator/")) << path << ": " << line;
    }
  }
  EXPECT_GT(seen, 40u);
}

}  // namespace
}  // namespace moot
