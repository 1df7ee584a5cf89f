// The text document that officers edit: what is in its archive, and that it says what the page says.
#include "consumers/document/odt.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <map>
#include <pugixml.hpp>

#include "consumers/document/html.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::CallerList a_list() {
  v1::CallerList list;
  list.set_on("2021-04-13");
  list.set_window_days(90);
  list.set_top(10);
  list.set_as_at("2021-04-13T00:00:00+01:00");
  list.set_policy("north-callers 2019-04-01");
  v1::Caller& caller = *list.add_callers();
  caller.set_rank(1);
  caller.set_name("Zo\xc3\xab <b>O'Made-Up</b> & Sons\x01");
  caller.set_calls(31);
  caller.set_episodes(17);
  caller.set_status("new");
  caller.add_reasons()->set_text("31 calls in 17 episodes.");
  v1::Caller& other = *list.add_callers();
  other.set_rank(2);
  other.set_name("Casey Exampleton");
  return list;
}

// The files of an archive, by name, and the order in which they stand.
struct Archive {
  std::vector<std::string> order;
  std::map<std::string, std::string> files;
  bool first_is_unpacked = false;
};

Archive open_archive(const std::string& bytes) {
  Archive found;
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) {
    ADD_FAILURE() << "not an archive: " << zip_error_strerror(&error);
    return found;
  }
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t stat;
    EXPECT_EQ(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat), 0);
    std::string content(stat.size, '\0');
    zip_file_t* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
    EXPECT_EQ(zip_fread(file, content.data(), content.size()), static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    if (i == 0) found.first_is_unpacked = stat.comp_method == ZIP_CM_STORE;
    found.order.emplace_back(stat.name);
    found.files[stat.name] = content;
  }
  zip_close(archive);
  return found;
}

pugi::xml_document parsed(const std::string& xml) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(xml.data(), xml.size());
  EXPECT_TRUE(result) << result.description() << " at " << result.offset << ": "
                      << xml.substr(static_cast<std::size_t>(result.offset), 80);
  return document;
}

std::string all_text(const pugi::xml_node& node) {
  if (node.type() == pugi::node_pcdata) return node.value();
  std::string text;
  for (const pugi::xml_node& child : node) text += all_text(child);
  return text;
}

TEST(Odt, IsAnArchiveThatTellsItsKindFirst) {
  const Archive archive = open_archive(to_odt(to_html(a_list(), test_partnership())));
  EXPECT_EQ(archive.order,
            (std::vector<std::string>{"mimetype", "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"}));
  EXPECT_TRUE(archive.first_is_unpacked);
  EXPECT_EQ(archive.files.at("mimetype"), "application/vnd.oasis.opendocument.text");
}

TEST(Odt, HasTheMarkingOnEverySheetAndItsLanguage) {
  const Archive archive = open_archive(to_odt(to_html(a_list(), test_partnership())));
  const pugi::xml_document styles = parsed(archive.files.at("styles.xml"));
  for (const char* place : {"//style:header", "//style:footer"})
    EXPECT_NE(all_text(styles.select_node(place).node()).find(test_partnership().marking), std::string::npos) << place;
  EXPECT_NE(all_text(styles.select_node("//style:footer").node()).find(test_partnership().notice), std::string::npos);
  EXPECT_TRUE(styles.select_node("//style:footer//text:page-number"));
  Partnership without = test_partnership();
  without.notice.clear();
  const Archive other = open_archive(to_odt(to_html(a_list(), without)));
  EXPECT_EQ(parsed(other.files.at("styles.xml")).select_nodes("//style:footer/text:p").size(), 2u);
  EXPECT_EQ(
      std::string(
          styles.select_node("//style:default-style/style:text-properties").node().attribute("fo:country").value()),
      "GB");
  EXPECT_NE(all_text(parsed(archive.files.at("meta.xml"))).find("Frequent callers, 13 April 2021"), std::string::npos);
}

TEST(Odt, SaysWhatThePageSaysWithTablesAsTables) {
  const Archive archive = open_archive(to_odt(to_html(a_list(), test_partnership())));
  const pugi::xml_document content = parsed(archive.files.at("content.xml"));
  EXPECT_EQ(all_text(content.select_node("//text:h[@text:outline-level='1']").node()), "Frequent callers");
  const pugi::xml_node table = content.select_node("//table:table").node();
  EXPECT_EQ(table.select_nodes("table:table-column").size(), 6u);
  EXPECT_EQ(table.select_nodes("table:table-header-rows/table:table-row/table:table-cell").size(), 6u);
  const auto rows = table.select_nodes("table:table-row");
  ASSERT_EQ(rows.size(), 2u);
  std::vector<std::string> cells;
  for (const auto& cell : rows[0].node().select_nodes("table:table-cell")) cells.push_back(all_text(cell.node()));
  EXPECT_EQ(cells, (std::vector<std::string>{"1", "Zo\xc3\xab <b>O'Made-Up</b> & Sons ", "17", "31", "0", "new"}));
  for (const auto& row : content.select_nodes("//table:table-row")) {
    std::size_t columns = 0;
    for (const pugi::xml_node& cell : row.node()) columns += cell ? 1 : 0;  // covered cells stand for themselves
    const pugi::xml_node its_table = row.node().select_node("ancestor::table:table[1]").node();
    EXPECT_EQ(columns, its_table.select_nodes("table:table-column").size());
  }
}

TEST(Odt, ACharacterThatXmlHasNotIsABlank) {
  using std::string_literals::operator""s;
  const std::string name = "Casey\0Example\x1bton\xef\xbf\xbeof\xef\xbf\xbfthe\xef\xbf\xbdMill"s;
  const Archive archive =
      open_archive(to_odt("<html><head><title>T</title></head><body><div class='marking'>M</div><main><p>" + name +
                          "</p></main></body></html>"));
  EXPECT_EQ(all_text(parsed(archive.files.at("content.xml"))), "Casey Example ton of the\xef\xbf\xbdMill");
}

TEST(Odt, TheSamePageGivesTheSameBytes) {
  const std::string page = to_html(a_list(), test_partnership());
  EXPECT_EQ(to_odt(page), to_odt(page));
}

}  // namespace
}  // namespace moot
