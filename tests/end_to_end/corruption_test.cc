// A bit flips somewhere in the log's files. Moot may refuse to start, or fail when it reads and name what is wrong; it
// never serves other events than were stored, fewer of them, or takes one for new that it has (promise G10).
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <random>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

using std::chrono::seconds;

constexpr int kFlips = 20;
constexpr unsigned kSeed = 1086;

struct Place {
  std::filesystem::path file;  // relative to the log's folder
  std::size_t byte = 0;
  int bit = 0;
};

class Corruption : public testing::Test {
 protected:
  enum class Outcome { kRefused, kHarmless, kWrong };

  Corruption() { documents_ = here_.documents(folder_ / "out"); }

  // The files that hold the log: tables, write-ahead, and what names them.
  std::vector<std::filesystem::path> log_files() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(here_.data() / "log")) {
      const std::string name = entry.path().filename().string();
      const bool holds_data = name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST");
      if (holds_data && entry.file_size() > 0) files.push_back(entry.path().filename());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // The same flips in every run of the same files.
  std::vector<Place> seeded_places() const {
    std::mt19937 random(kSeed);
    const std::vector<std::filesystem::path> files = log_files();
    std::vector<Place> places;
    for (int i = 0; i < kFlips; ++i) {
      const std::filesystem::path& file = files[static_cast<std::size_t>(i) % files.size()];
      const std::size_t size = std::filesystem::file_size(here_.data() / "log" / file);
      places.push_back({file, random() % size, static_cast<int>(random() % 8)});
    }
    return places;
  }

  Installation copy_with(const Place& place) const {
    std::filesystem::remove_all(folder_ / "copy");
    std::filesystem::copy(here_.data(), folder_ / "copy", std::filesystem::copy_options::recursive);
    std::string bytes = read_text(folder_ / "copy/log" / place.file);
    bytes[place.byte] = static_cast<char>(bytes[place.byte] ^ (1 << place.bit));
    write_text(folder_ / "copy/log" / place.file, bytes);
    return Installation(folder_ / "copy", partnership_.config(), here_.keys());
  }

  // What comes of a directory with a damaged log: a broker started on it, replayed, and everything published again.
  Outcome outcome_of(const Installation& damaged, const Place& place) const {
    SCOPED_TRACE(place.file.string() + " byte " + std::to_string(place.byte) + ", bit " + std::to_string(place.bit));
    const std::unique_ptr<Process> broker = damaged.start({"broker", "--bus", "tcp://127.0.0.1:0"});
    if (!damaged.wait_until_up(*broker)) return refusal_of(*broker);
    const Ended replayed = damaged.moot({"replay", "--timeout", "1"}, seconds(30));
    const std::vector<std::string> lines = lines_of_text(replayed.out);
    if (replayed.exit_code == 1) {
      for (const std::string& line : lines)
        EXPECT_EQ(std::count(events_.begin(), events_.end(), line), 1) << "served what was not stored";
      return refusal_of(*broker);
    }
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_TRUE(lines == events_) << "replay gives " << lines.size() << " of " << events_.size()
                                  << " events and says nothing";
    if (lines != events_) return Outcome::kWrong;
    return outcome_of_publishing_again(damaged, *broker);
  }

  // Nothing may be new to it; finding the damage only now, and stopping, is as good.
  Outcome outcome_of_publishing_again(const Installation& damaged, Process& broker) const {
    for (Words words : partnership_.publications()) {
      words.insert(words.end(), {"--timeout", "1"});
      if (damaged.moot(words, seconds(30)).exit_code == 1) return refusal_of(broker);
    }
    const std::size_t after = damaged.replay().size();
    EXPECT_EQ(after, events_.size()) << "published again, events have become more";
    return after == events_.size() ? Outcome::kHarmless : Outcome::kWrong;
  }

  // It ends by itself and names the log, or what in it is wrong.
  static Outcome refusal_of(Process& broker) {
    EXPECT_EQ(broker.wait(seconds(10)), 1) << broker.err();
    EXPECT_NE(broker.err().find("/log"), std::string::npos) << broker.err();
    return Outcome::kRefused;
  }

  void flip_all(const std::vector<Place>& places, const std::string& what) const {
    std::map<Outcome, int> outcomes;
    for (const Place& place : places) ++outcomes[outcome_of(copy_with(place), place)];
    std::cout << places.size() << " flips in " << what << ": " << outcomes[Outcome::kRefused] << " refused, "
              << outcomes[Outcome::kHarmless] << " harmless, " << outcomes[Outcome::kWrong] << " wrong\n";
    EXPECT_EQ(outcomes[Outcome::kWrong], 0);
    EXPECT_GT(outcomes[Outcome::kRefused], 0) << "no flip was noticed: did any land?";
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 90};
  const Installation here_{folder_ / "data", partnership_.config()};
  FileTexts documents_;
  std::vector<std::string> events_ = {};
};

TEST_F(Corruption, OfTheWriteAheadLogIsNeverServed) {
  // Read from a copy, so that the log itself stays as the publishing process left it.
  const Installation reader(folder_ / "reader", partnership_.config(), here_.keys());
  std::filesystem::copy(here_.data(), reader.data(), std::filesystem::copy_options::recursive);
  events_ = reader.replay();
  ASSERT_EQ(events_.size(), partnership_.events());
  flip_all(seeded_places(), "the write-ahead log");
}

TEST_F(Corruption, OfTheTablesIsNeverServed) {
  events_ = here_.replay();  // opened anew, the write-ahead log becomes tables
  ASSERT_EQ(events_.size(), partnership_.events());
  flip_all(seeded_places(), "tables and their list");
}

// A saved view is made from the log: damaged, it is made anew or refused, and no document is made from it as it is.
TEST_F(Corruption, OfASavedViewNeverShowsInADocument) {
  const std::filesystem::path views = folder_ / "copy/views";
  std::mt19937 random(kSeed);
  int same = 0, refused = 0;
  for (int i = 0; i < 10; ++i) {
    std::filesystem::remove_all(folder_ / "copy");
    std::filesystem::copy(here_.data(), folder_ / "copy", std::filesystem::copy_options::recursive);
    std::filesystem::path largest;
    for (const auto& entry : std::filesystem::directory_iterator(views))
      if (largest.empty() || entry.file_size() > std::filesystem::file_size(largest)) largest = entry.path();
    std::string bytes = read_text(largest);
    ASSERT_GT(bytes.size(), 1000u) << largest;
    char& byte = bytes[random() % bytes.size()];
    byte = static_cast<char>(byte ^ (1 << random() % 8));
    write_text(largest, bytes);
    const Installation damaged(folder_ / "copy", partnership_.config(), here_.keys());
    std::filesystem::remove_all(folder_ / "copy.out");
    const Ended up = damaged.moot({"up", "--once", "--out", (folder_ / "copy.out").string()});
    if (up.exit_code == 0) {
      EXPECT_TRUE(read_files(folder_ / "copy.out") == documents_) << "a document shows the damage";
      ++same;
    } else {
      EXPECT_NE(up.err.find("views"), std::string::npos) << up.err;
      ++refused;
    }
  }
  std::cout << "10 flips in a saved view: " << refused << " refused, " << same << " made anew\n";
}

// A command that runs the broker inside itself is not left waiting for one that has stopped.
TEST_F(Corruption, IsToldAtOnceByACommandThatRunsTheBrokerInItself) {
  here_.replay();
  std::filesystem::path largest;
  for (const std::filesystem::path& file : log_files())
    if (file.extension() == ".sst" &&
        (largest.empty() || std::filesystem::file_size(here_.data() / "log" / file) >
                                std::filesystem::file_size(here_.data() / "log" / largest)))
      largest = file;
  ASSERT_NE(largest, "");
  const Installation damaged = copy_with({largest, 9000, 3});  // among the events
  const Ended replayed = damaged.moot({"replay", "--timeout", "2"}, seconds(10));
  EXPECT_EQ(replayed.exit_code, 1) << replayed.err;
  EXPECT_NE(replayed.err.find("/log"), std::string::npos) << replayed.err;
}

// Each record of a write-ahead file begins with a checksum (4 bytes), a length (2 bytes) and a kind (1 byte), in blocks
// of 32 KiB. A length that reaches beyond the end of the file looks like the torn end of a crash; but what is behind it
// was acknowledged.
TEST_F(Corruption, OfALengthNearTheEndOfTheWriteAheadLogDoesNotPassForATornEnd) {
  const Installation reader(folder_ / "reader", partnership_.config(), here_.keys());
  std::filesystem::copy(here_.data(), reader.data(), std::filesystem::copy_options::recursive);
  events_ = reader.replay();
  std::vector<Place> places;
  for (const std::filesystem::path& file : log_files()) {
    if (file.extension() != ".log") continue;
    const std::string bytes = read_text(here_.data() / "log" / file);
    constexpr std::size_t kBlock = 32 * 1024, kHeader = 7;
    const std::size_t last_block = (bytes.size() - 1) / kBlock * kBlock;
    for (std::size_t at = last_block; at + kHeader <= bytes.size();) {
      const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
      const std::size_t length = byte(at + 4) | byte(at + 5) << 8;
      if (length == 0) break;
      places.push_back({file, at + 5, 7});
      at += kHeader + length;
    }
  }
  ASSERT_GT(places.size(), 0u);
  flip_all(places, "lengths in the last block of the write-ahead log");
}

}  // namespace
}  // namespace moot
