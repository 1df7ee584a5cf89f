// A mapping leaves the names of areas to the partnership: its codes, names and aliases, wherever records are read.
#include <gtest/gtest.h>

#include <map>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

constexpr const char* kMapping = R"(format = "csv"
source = "/millbrook-wardens/visits"
type   = "uk.csp.contact.received.v1"
[record]
key = "Visit"
[time]
column = "Day"
format = "%d/%m/%Y"
[envelope]
area = { column = "Ward", areas = true }
)";

class Areas : public testing::Test {
 protected:
  Areas() {
    write_text(folder_ / "visits.toml", kMapping);
    write_text(folder_ / "visits.csv",
               "Visit,Day,Ward\nV1,02/03/2022,Upper Brook\nV2,02/03/2022,LOWER  brook\n"
               "V3,02/03/2022,upper-brook\nV4,02/03/2022,Atlantis\n");
  }
  Words publish(const Words& more = {}) const {
    Words words = {"publish",   (folder_ / "visits.csv").string(), "--as", PartnershipFixture::kWardens,
                   "--mapping", (folder_ / "visits.toml").string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(Areas, AreFoundWhenPublishingAndWhenTryingARowAgain) {
  EXPECT_EQ(here_.moot(publish()).exit_code, 1);
  const auto items = json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array();
  ASSERT_EQ(items.size(), 1u);
  const std::string item = items[0].as_object().at("item").as_string().c_str();
  write_text(folder_ / "row.csv", "V4,02/03/2022,lower brook\n");
  EXPECT_EQ(here_.moot({"inbox", "mend", item, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  const Ended retried = here_.moot({"inbox", "retry", item});
  EXPECT_EQ(retried.exit_code, 0) << retried.err;
  std::map<std::string, std::string> areas;
  for (const std::string& line : here_.replay()) {
    const auto event = json_of(line);
    areas[event.at("id").as_string().c_str()] = event.at("area").as_string().c_str();
  }
  EXPECT_EQ(areas, (std::map<std::string, std::string>{
                       {"V1", "upper-brook"}, {"V2", "lower-brook"}, {"V3", "upper-brook"}, {"V4", "lower-brook"}}));
}

TEST_F(Areas, AreFoundByADryRunWhichMakesNoDataDirectory) {
  const Ended dry = here_.moot(publish({"--dry-run", "--json"}));
  EXPECT_EQ(number_in(json_of(dry.out), "accepted"), 3) << dry.err;
  EXPECT_FALSE(std::filesystem::exists(here_.data()));
  EXPECT_FALSE(std::filesystem::exists(here_.keys()));
}

TEST_F(Areas, NeedAPartnershipThatHasSome) {
  const Installation unnamed(folder_ / "unnamed");
  const Ended ended = unnamed.moot(publish({"--dry-run"}));
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("says areas = true, which needs a partnership that has areas: --config FILE"),
            std::string::npos)
      << ended.err;
}

}  // namespace
}  // namespace moot
