#include <boost/json.hpp>
#include <cmath>

#include "consumers/document/json.h"
#include "consumers/document/report_text.h"

namespace moot {
namespace {

namespace json = boost::json;

// Whole numbers as such: 26, not 2.6E1.
json::value number_or_null(double value) {
  constexpr double kExact = 9e15;
  if (value == std::floor(value) && std::abs(value) < kExact) return static_cast<std::int64_t>(value);
  return value;
}

json::value number_or_null(const std::optional<double>& value) {
  return value ? number_or_null(*value) : json::value(nullptr);
}

json::value value_of(const Figure& figure) {
  if (figure.small) return nullptr;
  if (!figure.label.empty()) return json::string(figure.label);
  return number_or_null(figure.value);
}

json::value comparator_of(const ReportLine& line) {
  if (!line.comparator) return nullptr;
  json::object compared = {{"period", name_of(line.comparator->period)},
                           {"value", value_of(line.comparator->figure)},
                           {"change_percent", number_or_null(line.comparator->change_percent)}};
  if (line.comparator->figure.small) compared["withheld"] = true;  // null alone is not supplied
  return compared;
}

json::object line_as_json(const ReportLine& line) {
  json::array breakdown;
  for (const FigurePart& part : line.figure.parts) {
    json::object row = {{"key", part.key}, {"value", number_or_null(part.value)}};
    if (part.small) row["withheld"] = true;
    breakdown.push_back(std::move(row));
  }
  const bool small = line.figure.small;
  json::object row = {{"id", line.id},
                      {"title", line.title},
                      {"value", value_of(line.figure)},
                      {"unit", line.unit},
                      {"numerator", small ? json::value(nullptr) : number_or_null(line.figure.numerator)},
                      {"denominator", small ? json::value(nullptr) : number_or_null(line.figure.denominator)},
                      {"breakdown", breakdown},
                      {"comparator", comparator_of(line)},
                      {"flags", json::array(line.flags.begin(), line.flags.end())}};
  if (small) row["withheld"] = true;
  return row;
}

// Empty cells are null: not known, or not printed.
json::object list_as_json(const RecordList& list) {
  const std::vector<std::string> columns = list.columns();
  const auto cell = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
  json::array rows;
  for (const ListedRecord& record : list.rows) {
    json::object row = {{columns[0], cell(record.date)},
                        {columns[1], cell(record.time)},
                        {columns[2], cell(record.level)},
                        {columns[3], cell(record.place)}};
    for (std::size_t i = 0; i < record.details.size(); ++i) row[columns[4 + i]] = cell(record.details[i]);
    rows.push_back(std::move(row));
  }
  return {{"id", list.id},
          {"title", list.title},
          {"of", list.of},
          {"withheld", list.withheld},
          {"too_long", list.too_long},
          {"across_quarters", list.across_quarters},
          {"rows", list.has_rows() ? json::value(rows) : json::value(nullptr)}};
}

json::object report_head(const Report& report) {
  return {{"report", report.id},
          {"period", json::object{{"from", to_iso(report.period.from)}, {"to", to_iso(report.period.to)}}},
          {"as_at", to_local_rfc3339(report.as_at)},
          {"rules", report.rules}};
}

}  // namespace

std::string to_json(const Report& report, const RecordList& list) {
  json::object all = report_head(report);
  all["list"] = list_as_json(list);
  return to_json(json::value(all));
}

std::string to_json(const Report& report) {
  json::array measures, flags;
  for (const ReportLine& line : report.lines) measures.push_back(line_as_json(line));
  for (const ReportFlag& flag : report.flags) flags.push_back(json::object{{"id", flag.id}, {"text", flag.text}});
  json::object all = report_head(report);
  all["measures"] = measures;
  all["flags"] = flags;
  json::array lists;
  for (const RecordList& list : report.lists) lists.push_back(list_as_json(list));
  if (!lists.empty()) all["lists"] = lists;
  return to_json(json::value(all));
}

}  // namespace moot
