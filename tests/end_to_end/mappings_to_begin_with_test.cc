// The mappings that come with Moot for agencies to begin with: each reads its example, whole, in another partnership's
// areas, and says nothing of any agency.
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

TEST(MappingsToBeginWith, EachReadsEveryRowOfItsExample) {
  const fs::path source = MOOT_SOURCE_DIR;
  const TemporaryFolder folder;
  const Installation here(folder / "data", source / "tests/data/harbour-and-fell/partnership.toml");
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(source / "deploy/mappings")) {
    if (entry.path().extension() != ".toml") continue;
    const fs::path example = source / "deploy/mappings/examples" / (entry.path().stem().string() + ".csv");
    const Ended ended = here.moot({"map", "check", example.string(), "--mapping", entry.path().string(), "--json"});
    EXPECT_EQ(ended.exit_code, 0) << entry.path() << ": " << ended.err << ended.out;
    const boost::json::object told = json_of(ended.out);
    EXPECT_GT(number_in(told, "read"), 2) << entry.path();
    EXPECT_EQ(number_in(told, "accepted"), number_in(told, "read")) << entry.path();
    for (const auto& column : told.at("columns").as_array())
      EXPECT_GT(number_in(column.as_object(), "filled"), 0) << entry.path() << ": " << column.at("column");
    EXPECT_NE(read_text(entry.path()).find("source = \"/your-agency/"), std::string::npos) << entry.path();
    ++checked;
  }
  EXPECT_GE(checked, 4);
}

// Rows without a number, by way of the broker: nothing comes twice, and what looks alike stays apart.
TEST(MappingsToBeginWith, RowsWithoutANumberArePublishedOnce) {
  const TemporaryFolder folder;
  fs::copy(fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", folder / "partnership",
           fs::copy_options::recursive);
  const Installation here(folder / "data", folder / "partnership" / "partnership.toml");
  std::string mapping = read_text(fs::path(MOOT_SOURCE_DIR) / "deploy/mappings/hospital-assaults.toml");
  mapping.replace(mapping.find("your-agency"), 11, "harbour-fire");
  write_text(folder / "assaults.toml", mapping);
  const std::string head = "Arrival Date and Time,Assault Date and Time,Location,Area,Means,Alcohol Before\n";
  const std::string one = "06/03/2021 01:20,06/03/2021 00:45,Outside the Example Arms,Anywhere,Knife,Yes\n";
  const std::string two = "06/03/2021 02:20,06/03/2021 01:45,Sample Street,Anywhere,Unknown,No\n";
  const auto publish = [&](const std::string& name, const std::string& rows) {
    write_text(folder / name, head + rows);
    return json_of(here.moot({"publish", (folder / name).string(), "--as", "harbour-fire", "--mapping",
                              (folder / "assaults.toml").string(), "--json"})
                       .out);
  };
  EXPECT_EQ(number_in(publish("march.csv", one + two + one), "accepted"), 3);
  EXPECT_EQ(number_in(publish("march.csv", one + two + one), "duplicate"), 3);
  const boost::json::object later = publish("to-april.csv", two + one + one + one);
  EXPECT_EQ(number_in(later, "accepted"), 1);
  EXPECT_EQ(number_in(later, "duplicate"), 3);
  EXPECT_EQ(number_in(publish("bad.csv", "soon,06/03/2021 00:45,,,,\n"), "refused"), 1);
}

}  // namespace
}  // namespace moot
