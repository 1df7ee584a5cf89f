// Somebody puts an earlier copy of the log and its watermark back, or loses both: together they look like a sound log
// that is shorter, or new. The audit log beside them knows how far it had come. Moot does not start and changes
// nothing; verify says so, and repair makes a directory that goes on from there, which names what is lost (promises G1,
// G10).
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class OlderLog : public testing::Test {
 protected:
  OlderLog() {
    const std::vector<Words> publications = partnership_.publications();
    publish(publications.front());
    before_ = here_.offset();
    for (const char* part : {"log", "watermark"}) fs::copy(here_.data() / part, older_ / part, kWhole);
    for (std::size_t i = 1; i < publications.size(); ++i) publish(publications[i]);
    EXPECT_EQ(here_.replay().size(), partnership_.events());  // who reads is put on record
  }

  void publish(const Words& words) const { EXPECT_EQ(here_.moot(words).exit_code, 0) << words[1]; }

  void lose_log() const {
    for (const char* part : {"log", "watermark"}) fs::remove_all(here_.data() / part);
  }

  FileTexts texts() const {
    FileTexts texts;
    for (const fs::path& file : files_below(here_.data())) texts[file.string()] = read_text(here_.data() / file);
    return texts;
  }

  void expect_refused(std::uint64_t end) const {
    const FileTexts as_it_was = texts();
    const Ended started = here_.moot({"status"});
    EXPECT_EQ(started.exit_code, 1) << started.out;
    EXPECT_NE(started.err.find("ends at offset " + std::to_string(end) + ", but had reached offset " +
                               std::to_string(partnership_.events())),
              std::string::npos)
        << started.err;
    EXPECT_EQ(texts(), as_it_was);
  }

  static constexpr fs::copy_options kWhole = fs::copy_options::recursive;
  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const fs::path older_ = [this] {
    fs::create_directories(folder_ / "older");
    return folder_ / "older";
  }();
  std::uint64_t before_ = 0;  // so many events the earlier copy has
};

TEST_F(OlderLog, PutBackWithItsWatermarkIsRefusedFoundAndRepaired) {
  lose_log();
  for (const char* part : {"log", "watermark"}) fs::copy(older_ / part, here_.data() / part, kWhole);
  expect_refused(before_);
  const Ended verified = here_.moot({"verify"});
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_NE(verified.out.find("it is an older copy of itself, or was lost"), std::string::npos) << verified.out;
  const Ended repaired = here_.moot({"repair", "--to", (folder_ / "repaired").string(), "--json"});
  EXPECT_EQ(repaired.exit_code, 1) << "something is lost";
  EXPECT_NE(repaired.out.find("\"lost\""), std::string::npos) << repaired.out;
  const Installation made(folder_ / "repaired", partnership_.config(), here_.keys());
  EXPECT_EQ(made.moot({"verify"}).exit_code, 0);
  EXPECT_EQ(made.offset(), before_);
  for (const Words& words : partnership_.publications()) EXPECT_EQ(made.moot(words).exit_code, 0);
  EXPECT_EQ(made.replay().size(), partnership_.events()) << "the agencies send again what was lost";
  const Ended audit = made.moot({"audit", "list", "--act", "repair", "--json"});
  EXPECT_NE(audit.out.find("\"repair\""), std::string::npos) << audit.out << audit.err;
}

TEST_F(OlderLog, LostWithItsWatermarkIsNotTakenForANewOne) {
  lose_log();
  expect_refused(0);
  EXPECT_EQ(here_.moot({"verify"}).exit_code, 1);
}

// Which audit log belongs to which data directory its first entry says.
TEST_F(OlderLog, BesideAnothersAuditLogIsRepairedWithoutIt) {
  const Installation other(folder_ / "other", partnership_.config());
  EXPECT_EQ(other.moot(partnership_.publications().front()).exit_code, 0);
  for (const char* part : {"audit", "audit.watermark"}) {
    fs::remove_all(here_.data() / part);
    fs::copy(other.data() / part, here_.data() / part, kWhole);
  }
  const Ended started = here_.moot({"status"});
  EXPECT_EQ(started.exit_code, 1);
  EXPECT_NE(started.err.find("is the audit log of another data directory"), std::string::npos) << started.err;
  const Ended repaired = here_.moot({"repair", "--to", (folder_ / "repaired").string()});
  EXPECT_NE(repaired.out.find("is the audit log of another data directory"), std::string::npos) << repaired.out;
  EXPECT_NE(repaired.out.find("it is left out"), std::string::npos) << repaired.out;
  const Installation made(folder_ / "repaired", partnership_.config(), here_.keys());
  EXPECT_EQ(made.replay().size(), partnership_.events());
}

}  // namespace
}  // namespace moot
