#include "deploy/dry_run_report.h"

#include <algorithm>

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kRefusedRowsShown = 200;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string padded(const std::string& text, std::size_t characters) {
  return text.size() < characters ? text + std::string(characters - text.size(), ' ') : text;
}

std::string padded_left(std::uint64_t number, std::size_t characters) {
  const std::string text = std::to_string(number);
  return text.size() < characters ? std::string(characters - text.size(), ' ') + text : text;
}

std::string use_of(const ColumnUse& use) { return use.becomes.empty() ? "(ignored)" : joined(use.becomes); }

std::string table_of(const std::vector<ColumnUse>& columns) {
  std::size_t names = std::string("column").size(), uses = std::string("becomes").size();
  for (const ColumnUse& use : columns) {
    names = std::max(names, use.column.size());
    uses = std::max(uses, use_of(use).size());
  }
  std::string text = "  " + padded("column", names) + "  " + padded("becomes", uses) + "    filled   refused\n";
  for (const ColumnUse& use : columns)
    text += "  " + padded(use.column, names) + "  " + padded(use_of(use), uses) + padded_left(use.filled, 10) +
            padded_left(use.refused, 10) + "\n";
  return text;
}

}  // namespace

void add_dry_run(json::object& entry, const FileTotals& totals, const DryRunReport& report) {
  json::array columns, missing, refused;
  for (const ColumnUse& use : totals.layout.columns)
    columns.push_back(json::object{{"column", use.column},
                                   {"becomes", json::array(use.becomes.begin(), use.becomes.end())},
                                   {"filled", use.filled},
                                   {"refused", use.refused}});
  for (const std::string& column : totals.layout.missing) missing.emplace_back(column);
  for (const RefusedRow& row : report.refused)
    refused.push_back(json::object{{"row", row.origin.row()},
                                   {"column", row.column},
                                   {"code", code_name(row.why.code())},
                                   {"reason", row.why.message()}});
  json::object types;
  for (const auto& [type, count] : report.types) types[type] = count;
  entry["columns"] = std::move(columns);
  entry["missing"] = std::move(missing);
  entry["types"] = std::move(types);
  entry["refused_rows"] = std::move(refused);
  entry["refused_rows_left_out"] = report.refused_left_out;
}

std::string dry_run_words(const FileTotals& totals, const DryRunReport& report) {
  std::string text;
  if (!totals.layout.columns.empty()) text += table_of(totals.layout.columns);
  if (!totals.layout.missing.empty())
    text += "  In the mapping, but not in the header: " + joined(totals.layout.missing) + "\n";
  for (const auto& [type, count] : report.types)
    text += "  " + std::to_string(count) + (count == 1 ? " event " : " events ") + type + "\n";
  const std::size_t shown = std::min(report.refused.size(), kRefusedRowsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const RefusedRow& row = report.refused[i];
    const std::string where = row.origin.row() > 0 ? "row " + std::to_string(row.origin.row()) + ": " : "";
    text += "  refused: " + where + row.why.message() + "\n";
  }
  const std::uint64_t more = report.refused.size() - shown + report.refused_left_out;
  if (more > 0) text += "  and " + std::to_string(more) + " more refused\n";
  return text;
}

}  // namespace moot
