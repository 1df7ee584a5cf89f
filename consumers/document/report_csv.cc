#include "consumers/document/csv_row.h"
#include "consumers/document/report_text.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

// Without the commas between thousands, so that it is a number to whoever reads the file.
std::string plain(std::string text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit_follows = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (text[i] != ',' || !digit_follows) out.push_back(text[i]);
  }
  return out;
}

std::string number(const std::optional<double>& value) { return value ? plain(number_text(*value)) : ""; }

std::string rows_of(const ReportLine& line) {
  std::string flags;
  for (const std::string& flag : line.flags) flags += (flags.empty() ? "" : " ") + flag;
  const bool small = line.figure.small;
  const bool compared = line.comparator.has_value();
  const auto value = [](const Figure& figure) {
    return figure.label.empty() ? plain(figure_text(figure)) : figure.label;
  };
  std::string rows =
      csv_row({line.id, line.title, "", value(line.figure), line.unit, small ? "" : number(line.figure.numerator),
               small ? "" : number(line.figure.denominator), line.figure.as_at,
               compared ? name_of(line.comparator->period) : "", compared ? value(line.comparator->figure) : "",
               compared ? number(line.comparator->change_percent) : "", flags});
  for (const FigurePart& part : line.figure.parts)
    rows += csv_row({line.id, line.title, part.key, plain(figure_text(part)), line.unit, "", "", "", "", "", "", ""});
  return rows;
}

}  // namespace

std::string to_csv(const Report& report) {
  std::string text =
      "measure,title,key,value,unit,numerator,denominator,as_at,comparator_period,comparator_value,change_percent,"
      "flags\r\n";
  for (const ReportLine& line : report.lines) text += rows_of(line);
  return text;
}

std::string to_csv(const RecordList& list) {
  std::string text = csv_row(list.columns());
  for (const ListedRecord& row : list.rows) {
    std::vector<std::string> cells = {row.date, row.time, row.level, row.place};
    cells.insert(cells.end(), row.details.begin(), row.details.end());
    text += csv_row(cells);
  }
  return text;
}

}  // namespace moot
