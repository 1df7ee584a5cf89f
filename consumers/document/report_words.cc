#include "consumers/document/report_words.h"

#include <algorithm>
#include <utility>

#include "consumers/document/phrase.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

// What there is to be had beside the figures, and what is not in it.
std::string lists_in_words(const Report& report) {
  std::string text;
  int small_below = 0;
  for (const RecordList& list : report.lists) {
    small_below = std::max(small_below, list.small_below);
    text += (text.empty() ? "" : " ") + list.title + " (" + list.id + "): ";
    if (!list.has_rows()) {
      text += !list.supplied  ? "not supplied."
              : list.withheld ? "withheld, as its figure is."
              : list.too_long ? "not written, the period is longer than a quarter."
                              : "not written, the period has days of two quarters of the financial year.";
      continue;
    }
    text += counted(list.rows.size(), "record");
    text += list.without_place() == 0
                ? "."
                : ", " + number_text(static_cast<double>(list.without_place())) + " of them without a place.";
  }
  if (text.empty()) return text;
  return text +
         " A list is written, a row for each record, with --list and its name in brackets, for a quarter of the "
         "financial year, or a part of one. A "
         "place is given where at least " +
         number_text(small_below) +
         " records of the list have it, finer than an area with the same details too; a value that any figure above "
         "withholds reads “withheld” in every list, and there is no place in an area that one withholds.";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string value_in_words(const ReportLine& line) {
  std::string text = with_unit(figure_text(line.figure), line.figure.label.empty() ? line.unit : "");
  if (line.figure.small) return text;
  if (line.figure.is_change && line.figure.numerator && line.figure.denominator)
    text += " (from " + number_text(*line.figure.denominator) + " to " + number_text(*line.figure.numerator) + ")";
  else if (line.figure.numerator && line.figure.denominator)
    text += " (" + number_text(*line.figure.numerator) + " of " + number_text(*line.figure.denominator) + ")";
  if (!line.figure.as_at.empty()) text += ", as at " + date_in_words(line.figure.as_at);
  return text;
}

std::string part_name(const Report& report, const ReportLine& line, const std::string& key,
                      const Partnership& partnership) {
  if (line.by == "agency") return partnership.agency_name(key);
  const bool is_code = key != "not-supplied" && key != "other";
  if (is_code && (line.by == "scheme" || line.by == "board")) return code_as_name(key);
  if (line.by == "area") {
    for (const Area& area : partnership.areas)
      if (area.code == key) return area.name;
  }
  if (line.by == "measure") {
    for (const ReportLine& other : report.lines)
      if (other.id == key) return other.title;
  }
  if (parse_date(key).ok()) return date_in_words(key);
  if (const Result<Date> first = parse_date(key + "-01"); line.by == "month" && first.ok())
    return in_words(Period{*first, plus_months(*first, 1)});
  std::string words = key;  // "35-49" is no two words
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if ((words[i] == '-' || words[i] == '_') && !(i > 0 && is_digit(words[i - 1]) && is_digit(words[i + 1])))
      words[i] = ' ';
  return with_abbreviations(words);
}

std::string parts_in_words(const Report& report, const ReportLine& line, const Partnership& partnership) {
  std::string text;
  for (const FigurePart& part : line.figure.parts)
    text += (text.empty() ? "" : ", ") + part_name(report, line, part.key, partnership) + (part.small ? ": " : " ") +
            part_text(part, line.unit);
  return text;
}

std::string comparator_in_words(const ReportLine& line) {
  if (!line.comparator) return {};
  const ComparedFigure& then = *line.comparator;
  std::string text = in_words(then.period) + ": " + with_unit(figure_text(then.figure), line.unit);
  if (then.change_percent) {
    const double change = *then.change_percent;
    text += " (change " + std::string(change > 0 ? "+" : "") + number_text(change) + " per cent)";
  }
  return text;
}

std::vector<std::string> paragraphs_of(const std::string& text) {
  std::vector<std::string> paragraphs;
  std::string paragraph;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string line = text.substr(from, end - from);
    line.erase(0, line.find_first_not_of(" \t\r"));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) paragraph += (paragraph.empty() ? "" : " ") + line;
    if ((line.empty() || end == text.size()) && !paragraph.empty()) paragraphs.push_back(std::exchange(paragraph, {}));
    from = end + 1;
  }
  return paragraphs;
}

std::vector<SectionOfReport> sections_of(const Report& report) {
  std::vector<SectionOfReport> sections(1);
  for (const ReportSection& section : report.sections) sections.push_back({section.title, section.text, {}});
  for (const ReportLine& line : report.lines) {
    const auto found = std::find_if(report.sections.begin(), report.sections.end(),
                                    [&](const ReportSection& section) { return section.id == line.section; });
    const std::size_t place =
        found == report.sections.end() ? 0 : static_cast<std::size_t>(found - report.sections.begin()) + 1;
    sections[place].lines.push_back(&line);
  }
  sections.push_back({"Lists of records", lists_in_words(report), {}});
  std::erase_if(sections, [](const SectionOfReport& one) { return one.lines.empty() && one.text.empty(); });
  return sections;
}

}  // namespace moot
