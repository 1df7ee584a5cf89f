// What people give in place of a text file is named for what it is.
#include "adapters/file_kind.h"

#include <gtest/gtest.h>

#include <string>

namespace moot {
namespace {

using std::string_literals::operator""s;

TEST(FileKindTest, WhatIsNotTextIsNamed) {
  const auto named = [](const std::string& start, const std::string& what) {
    const std::optional<std::string_view> found = what_is_not_text(start);
    return found && found->find(what) != std::string_view::npos;
  };
  EXPECT_TRUE(named("PK\x03\x04\x14\0\x06\0[Content_Types].xml"s, "spreadsheet"));
  EXPECT_TRUE(named("PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet"s, "spreadsheet"));
  EXPECT_TRUE(named("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "spreadsheet"));
  EXPECT_TRUE(named("PK\x03\x04\x14\0\0\0calls.csv"s, "zip"));
  EXPECT_TRUE(named("PK\x05\x06", "zip"));
  EXPECT_TRUE(named("\x1f\x8b\x08", "gzip"));
  EXPECT_TRUE(named("%PDF-1.7", "PDF"));
  EXPECT_TRUE(named("\xff\xfeN\0o\0"s, "UTF-16"));
  EXPECT_TRUE(named("\xfe\xff\0N\0o"s, "UTF-16"));
  EXPECT_TRUE(named("N\0o\0,\0D\0a\0y\0\n\0"s, "UTF-16"));
  EXPECT_TRUE(named("{\\rtf1\\ansi", "word processor"));
  for (const std::string& page : {"\xef\xbb\xbf\r\n <HTML xmlns=\"x\">"s, "<!DOCTYPE HTML PUBLIC"s, "<table border=1>"s,
                                  "<meta http-equiv=x>"s, "MIME-Version: 1.0\r\n"s})
    EXPECT_TRUE(named(page, "web page, which spreadsheet programs open")) << page;
  EXPECT_TRUE(named("<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                    "spreadsheet in the XML of before 2007"));
  EXPECT_TRUE(named("\0N\0o\0,\0D\0a\0y\0\n"s, "UTF-16"));
}

TEST(FileKindTest, TextIsText) {
  for (const std::string& text : {""s, "No,Day\n1,2\n"s, "\xef\xbb\xbfNo"s, "PKW,Day"s, "{\"id\":1}"s, "Ren\xe9,1"s,
                                  "<?xml version=\"1.0\"?><service_requests/>"s, "<service_requests/>"s,
                                  "No,Day\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s, "BZ,1"s})
    EXPECT_FALSE(what_is_not_text(text).has_value()) << text;
}

}  // namespace
}  // namespace moot
