#include "tests/end_to_end/backup_fixture.h"

#include <fstream>

namespace moot {

namespace fs = std::filesystem;
using std::chrono::seconds;

BackupFixture::BackupFixture() {
  for (const Words& words : partnership_.publications()) publish(words);
}

boost::json::object BackupFixture::back_up(const Words& more) const {
  Words words = {"backup", backup_.string(), "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const Ended ended = here_.moot(words, seconds(120));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out.empty() ? boost::json::object() : json_of(ended.out);
}

Installation BackupFixture::restored(const std::string& name) const {
  return Installation(folder_ / name, partnership_.config());
}

Words BackupFixture::restore_words(const fs::path& data, const Words& more) const {
  Words words = {"restore", backup_.string(), "--json", "--keys-from", key_backup_.string()};
  words.insert(words.end(), more.begin(), more.end());
  return Installation(data, partnership_.config()).command(words);
}

Ended BackupFixture::restore(const std::string& name, const Words& more) const {
  return run(restore_words(folder_ / name, more), seconds(120));
}

Ended BackupFixture::verify(const fs::path& folder) const { return here_.moot({"verify", folder.string()}); }

Words BackupFixture::calls(const std::string& name, std::size_t first, std::size_t count,
                           std::size_t note_characters) const {
  write_text(folder_ / name, PartnershipFixture::calls_csv(first, count, note_characters));
  return {"publish",
          (folder_ / name).string(),
          "--as",
          PartnershipFixture::kWardens,
          "--json",
          "--mapping",
          partnership_.calls_mapping().string(),
          "--timeout",
          "60"};
}

void BackupFixture::publish(const Words& words) const {
  const Ended ended = here_.moot(words, seconds(120));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
}

std::map<std::string, std::uint64_t> BackupFixture::files_below(const fs::path& folder) {
  std::map<std::string, std::uint64_t> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().string()] = entry.file_size();
  return files;
}

std::uint64_t BackupFixture::bytes_below(const fs::path& folder) {
  std::uint64_t sum = 0;
  for (const auto& [file, bytes] : files_below(folder)) sum += bytes;
  return sum;
}

void BackupFixture::flip(const fs::path& file, std::uint64_t byte, int bit) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(byte));
  const int there = stream.get();
  stream.seekp(static_cast<std::streamoff>(byte));
  stream.put(static_cast<char>(there ^ (1 << bit)));
  ASSERT_TRUE(stream.flush()) << file;
}

}  // namespace moot
