// A spreadsheet from an agency's desk: suggested a mapping for, published, mended and put into a watched folder.
#include <gtest/gtest.h>

#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

class Spreadsheet : public GatewayFixture {
 protected:
  std::filesystem::path mapping() const {
    const std::filesystem::path file = folder_ / "desk.toml";
    write_text(file, R"(format = "csv"
source = "/millbrook-wardens/desk"
type = "uk.csp.contact.received.v1"
[file]
skip_lines = 2
[record]
key = "Ref"
[time]
column = "Received"
format = "%d/%m/%Y %H:%M"
[facts]
channel = { column = "Beat", codes = { "D1" = "101", "D2" = "101", "D4" = "web" } }
[[people]]
role = "caller"
reference = "Caller ref"
given = "Forename"
family = "Surname"
)");
    return file;
  }
  static std::string workbook() { return std::string(MOOT_SOURCE_DIR) + "/tests/data/xlsx/openpyxl.xlsx"; }
};

TEST_F(Spreadsheet, IsPublishedAndARefusedRowIsMendedByItself) {
  const Ended published =
      here_.moot({"publish", workbook(), "--as", kWardens, "--mapping", mapping().string(), "--json"});
  EXPECT_EQ(published.exit_code, 1) << "one row has a beat that is in no list";
  const boost::json::object printed = json_of(published.out);
  EXPECT_EQ(number_in(printed, "read"), 4);
  EXPECT_EQ(number_in(printed, "accepted"), 3);
  EXPECT_EQ(number_in(printed, "refused"), 1);
  const boost::json::array items = json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(number_in(items[0].as_object(), "row"), 7) << "as the sheet numbers it";
  const std::string item(items[0].as_object().at("item").as_string());
  write_text(folder_ / "mended.csv", "00003,03/03/2021 09:30,D4,C-3,Sky,\"O'Fiction, the younger\",,");
  ASSERT_EQ(here_.moot({"inbox", "mend", item, "--input", (folder_ / "mended.csv").string()}).exit_code, 0);
  const Ended again = here_.moot({"inbox", "retry", item, "--mapping", mapping().string()});
  EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
  EXPECT_EQ(here_.offset(), 4u);
  const Ended twice = here_.moot({"publish", workbook(), "--as", kWardens, "--mapping", mapping().string(), "--json"});
  EXPECT_EQ(number_in(json_of(twice.out), "duplicate"), 3) << twice.err;
}

TEST_F(Spreadsheet, GetsAMappingSuggestedThatReadsIt) {
  const Ended suggested = here_.moot({"map", "suggest", workbook(), "--as", kWardens});
  EXPECT_EQ(suggested.exit_code, 0) << suggested.err;
  EXPECT_NE(suggested.out.find("\"%d/%m/%Y %H:%M\""), std::string::npos) << suggested.out;
  EXPECT_NE(suggested.out.find("Caller ref"), std::string::npos) << suggested.out;
  const Ended checked = here_.moot({"map", "check", workbook(), "--mapping", mapping().string()});
  EXPECT_NE(checked.out.find("x9"), std::string::npos) << "what the beat that fails looks like\n" << checked.out;
}

TEST_F(Spreadsheet, IsTakenOverHttpToo) {
  write_text(partnership_.folder() / "mappings" / "desk.toml", read_text(mapping()));
  gateway_->kill();
  start_gateway();
  const WireResponse response =
      post(kWardens, "/upload?mapping=desk&file=march.xlsx",
           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", read_text(workbook()));
  EXPECT_EQ(response.status, 207) << response.body;
  EXPECT_EQ(number_in(json(response), "accepted"), 3) << response.body;
}

}  // namespace
}  // namespace moot
