#include "tests/end_to_end/personal_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/installation.h"

namespace moot {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongText = 40;
constexpr std::size_t kFragment = 24;

// "14/03/1971", "14.03.1971", "02-Jul-1963" as "1971-03-14"; empty when it is no such date.
std::string iso_date(const std::string& value) {
  static constexpr std::array<const char*, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
  const bool named = value.size() == 11;
  if ((value.size() != 10 && !named) || std::isdigit(static_cast<unsigned char>(value[0])) == 0) return "";
  if (value[2] != '/' && value[2] != '.' && value[2] != '-') return "";
  std::string month = value.substr(3, named ? 3 : 2);
  if (named) {
    for (char& c : month) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto found = std::find(kMonths.begin(), kMonths.end(), month);
    if (found == kMonths.end()) return "";
    const auto number = found - kMonths.begin() + 1;
    month = (number < 10 ? "0" : "") + std::to_string(number);
  }
  return value.substr(value.size() - 4) + "-" + month + "-" + value.substr(0, 2);
}

std::string without_blanks(std::string value) {
  std::erase(value, ' ');
  return value;
}

void collect(const json::value& value, const std::string& name, std::set<std::string>& into) {
  if (value.is_string() && name != "role" && name != "field") into.insert(value.as_string().c_str());
  if (value.is_array())
    for (const json::value& element : value.as_array()) collect(element, name, into);
  if (value.is_object())
    for (const auto& [key, inner] : value.as_object()) collect(inner, std::string(key), into);
}

}  // namespace

std::vector<std::vector<std::string>> csv_rows(const std::string& text, char delimiter) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  const std::size_t start = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (std::size_t i = start; i < text.size(); ++i) {
    std::string& cell = rows.back().back();
    if (quoted) {
      if (text[i] != '"') {
        cell += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else {
        quoted = false;
      }
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == delimiter) {
      rows.back().emplace_back();
    } else if (text[i] == '\n') {
      rows.emplace_back(1);
    } else if (text[i] != '\r') {
      cell += text[i];
    }
  }
  if (rows.back().size() == 1 && rows.back().front().empty()) rows.pop_back();
  return rows;
}

void PersonalValues::add_personal(const std::string& value) {
  personal_.insert(value);
  if (const std::string iso = iso_date(value); !iso.empty()) personal_.insert(iso);
  personal_.insert(without_blanks(value));
  if (const std::size_t comma = value.find(", "); comma != std::string::npos && value.size() < kLongText) {
    personal_.insert(value.substr(0, comma));
    personal_.insert(value.substr(comma + 2));
  }
  if (value.size() >= kLongText) {
    personal_.insert(value.substr(0, kFragment));
    personal_.insert(value.substr(value.size() - kFragment));
  }
}

void PersonalValues::add_csv(const std::filesystem::path& file, const std::vector<std::string>& columns,
                             char delimiter) {
  const auto rows = csv_rows(read_text(file), delimiter);
  ASSERT_GT(rows.size(), 1u) << file;
  const std::vector<std::string>& header = rows.front();
  for (const std::string& column : columns)
    EXPECT_NE(std::find(header.begin(), header.end(), column), header.end()) << file << " has no column " << column;
  for (std::size_t row = 1; row < rows.size(); ++row)
    for (std::size_t i = 0; i < rows[row].size(); ++i) {
      const bool is_personal =
          i >= header.size() || std::find(columns.begin(), columns.end(), header[i]) != columns.end();
      if (is_personal)
        add_personal(rows[row][i]);
      else
        clear_.insert(rows[row][i]);
    }
}

void PersonalValues::add_cloudevents(const std::filesystem::path& file) {
  for (const std::string& line : lines_of_text(read_text(file))) {
    json::object event = json_of(line);
    json::object& data = event["data"].as_object();
    if (const json::value* personal = data.if_contains("personal")) {
      std::set<std::string> values;
      collect(*personal, "", values);
      for (const std::string& value : values) add_personal(value);
      data.erase("personal");
    }
    collect(event, "", clear_);
  }
}

std::set<std::string> PersonalValues::values() const {
  std::set<std::string> values;
  for (const std::string& value : personal_) {
    const bool in_the_clear = std::any_of(
        clear_.begin(), clear_.end(), [&](const std::string& clear) { return clear.find(value) != std::string::npos; });
    if (value.size() >= ByteScan::kShortest && !in_the_clear) values.insert(value);
  }
  return values;
}

}  // namespace moot
