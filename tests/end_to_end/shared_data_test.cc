// Every file of the larger public data, published for real: each record is stored, recognised or refused with a
// sentence, and the log and the inbox hold what was told, no more and no less (promise G2). MOOT_SHARED names the data.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/logged_events.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class SharedFiles : public testing::Test {
 protected:
  struct Sum {
    std::int64_t read = 0, accepted = 0, duplicate = 0, superseding = 0, refused = 0, not_tried = 0;
    std::set<std::string> files_with_refusals;
  };

  void SetUp() override {
    const char* shared = std::getenv("MOOT_SHARED");
    if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED names no folder of larger public data";
    for (const char* folder : {"fhir", "open311", "json", "cloudevents", "csv"})
      for (const auto& entry : fs::recursive_directory_iterator(fs::path(shared) / "data" / folder))
        if (entry.is_regular_file()) (entry.path().extension() == ".csv" ? tables_ : others_).push_back(entry.path());
    ASSERT_FALSE(tables_.empty());
    ASSERT_FALSE(others_.empty());
    broker_ = here_.start_broker();
  }

  // Adds what one run told of its files; how many there were.
  static std::size_t add(Sum& sum, const Ended& ended) {
    if (ended.out.empty()) return 0;
    const json::object printed = json_of(ended.out);
    for (const json::value& value : printed.at("files").as_array()) {
      const json::object& file = value.as_object();
      const auto of = [&](const char* name) { return number_in(file, name); };
      EXPECT_EQ(of("read"), of("accepted") + of("duplicate") + of("superseding") + of("refused"))
          << text_in(file, "file");
      sum.read += of("read");
      sum.accepted += of("accepted");
      sum.duplicate += of("duplicate");
      sum.superseding += of("superseding");
      sum.refused += of("refused");
      if (of("refused") > 0) sum.files_with_refusals.insert(text_in(file, "file"));
    }
    return printed.at("files").as_array().size();
  }

  Ended publish(const std::vector<fs::path>& files, const Words& more = {}) const {
    Words words = {"publish"};
    for (const fs::path& file : files) words.push_back(file.string());
    words.insert(words.end(), {"--json", "--backfill", "--as", PartnershipFixture::kHomes});
    words.insert(words.end(), more.begin(), more.end());
    return here_.moot(words, std::chrono::seconds(120));
  }

  Sum publish_all() const {
    Sum sum;
    // A file that is none of the formats ends a run: the next begins behind it.
    for (std::vector<fs::path> left = others_; !left.empty();) {
      const Ended ended = publish(left);
      const std::size_t done = add(sum, ended);
      EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 1 || ended.exit_code == 2) << ended.err;
      sum.not_tried += ended.exit_code == 2 ? 1 : 0;
      left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(done, 1)));
    }
    for (const fs::path& table : tables_) {
      const Ended suggested = here_.moot({"map", "suggest", table.string(), "--as", PartnershipFixture::kHomes});
      const fs::path mapping = folder_ / (table.stem().string() + ".toml");
      write_text(mapping, suggested.out);
      const std::size_t told =
          suggested.exit_code == 0 ? add(sum, publish({table}, {"--mapping", mapping.string()})) : 0;
      sum.not_tried += told == 0 ? 1 : 0;
    }
    return sum;
  }

  std::set<std::string> files_in_the_inbox() const {
    std::set<std::string> files;
    const json::object listed = json_of(here_.moot({"inbox", "list", "--json"}).out);
    for (const json::value& item : listed.at("items").as_array()) files.insert(text_in(item.as_object(), "file"));
    return files;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  std::unique_ptr<Process> broker_;
  std::vector<fs::path> tables_, others_;
};

TEST_F(SharedFiles, AreConservedAndTheSecondTimeRecognised) {
  const Sum first = publish_all();
  std::cout << tables_.size() + others_.size() << " files, " << first.not_tried << " of no format: " << first.read
            << " records = " << first.accepted << " accepted + " << first.duplicate << " there already + "
            << first.superseding << " superseding + " << first.refused << " refused\n";
  EXPECT_EQ(first.read, first.accepted + first.duplicate + first.superseding + first.refused);
  EXPECT_GT(first.accepted, 20);
  EXPECT_GT(first.refused, 20);
  EXPECT_EQ(here_.offset(), static_cast<std::uint64_t>(first.accepted + first.superseding));
  EXPECT_EQ(LoggedEvents(here_.replay()).all().size(), here_.offset()) << "each once";
  EXPECT_EQ(files_in_the_inbox(), first.files_with_refusals);

  broker_->kill();
  broker_ = here_.start_broker();
  const Sum second = publish_all();
  EXPECT_EQ(second.read, first.read);
  EXPECT_EQ(second.accepted + second.superseding, 0);
  EXPECT_EQ(second.duplicate, first.accepted + first.superseding + first.duplicate);
  EXPECT_EQ(second.refused, first.refused);
  EXPECT_EQ(files_in_the_inbox(), first.files_with_refusals);
}

}  // namespace
}  // namespace moot
