// Charts: the bars, what is told of them in words, and the same figures as a table beside.
#include "consumers/document/bar_chart.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace moot {
namespace {

pugi::xml_node parse(const std::string& svg, pugi::xml_document& document) {
  const pugi::xml_parse_result read = document.load_string(svg.c_str());
  EXPECT_TRUE(read) << read.description() << "\n" << svg;
  return document.child("svg");
}

TEST(BarChart, IsToldInWordsAndByShapesNotByColourAlone) {
  const std::string text = bar_chart("G09", "Cameras <installed>",
                                     {{"Domestic \"abuse\"", {35.0, "2020-21: 35"}, Bar{20.0, "2019-20: 20"}},
                                      {"Other", {0.0, "2020-21: 0"}, Bar{{}, "2019-20: not supplied"}}});
  pugi::xml_document document;
  const pugi::xml_node svg = parse(text, document);
  EXPECT_STREQ(svg.attribute("role").value(), "img");
  EXPECT_EQ(std::string(svg.attribute("aria-labelledby").value()),
            std::string(svg.child("title").attribute("id").value()) + " " + svg.child("desc").attribute("id").value());
  EXPECT_STREQ(svg.child_value("title"), "Cameras <installed>");
  EXPECT_STREQ(svg.child_value("desc"),
               "Domestic \"abuse\": 2020-21: 35, 2019-20: 20; Other: 2020-21: 0, 2019-20: not supplied");
  std::vector<pugi::xml_node> bars;
  for (const pugi::xml_node& bar : svg.children("rect")) bars.push_back(bar);
  ASSERT_EQ(bars.size(), 2u);                                  // nothing is drawn for 0 and for what is not supplied
  EXPECT_EQ(bars[1].attribute("width").as_int(), 251);         // of 440, as 20 is of 35
  EXPECT_STREQ(bars[1].attribute("fill").value(), "#ffffff");  // hollow
  EXPECT_TRUE(bars[1].attribute("stroke"));
  EXPECT_FALSE(bars[0].attribute("stroke"));
  std::string printed;
  for (const pugi::xml_node& line : svg.children("text")) printed += std::string(line.child_value()) + "|";
  EXPECT_EQ(printed, "Domestic \"abuse\"|2020-21: 35|2019-20: 20|Other|2020-21: 0|2019-20: not supplied|");
}

TEST(BarChart, DrawsNoBarBeyondItsPlaceAndNothingBelowNothing) {
  pugi::xml_document document;
  const std::string text = bar_chart("M", "M", {{"", {-4.0, "-4"}, Bar{1e9, "1,000,000,000"}}, {"", {1.0, "1"}, {}}});
  const pugi::xml_node svg = parse(text, document);
  const int height = svg.attribute("height").as_int(), width = svg.attribute("width").as_int();
  int bars = 0;
  for (const pugi::xml_node& bar : svg.children("rect")) {
    ++bars;
    EXPECT_LE(bar.attribute("x").as_int() + bar.attribute("width").as_int(), width - 150);
    EXPECT_GE(bar.attribute("width").as_int(), 2);  // the smallest is still seen
    EXPECT_LE(bar.attribute("y").as_int() + bar.attribute("height").as_int(), height);
  }
  EXPECT_EQ(bars, 2);
  EXPECT_EQ(text, bar_chart("M", "M", {{"", {-4.0, "-4"}, Bar{1e9, "1,000,000,000"}}, {"", {1.0, "1"}, {}}}));
}

}  // namespace
}  // namespace moot
