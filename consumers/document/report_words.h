// What a report's figures read as, the same in every document. Nothing is escaped here. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/report/report.h"

namespace moot {

std::string value_in_words(const ReportLine& line);  // "1,757 calls", "23 per cent (406 of 1,757)"
std::string parts_in_words(const Report& report, const ReportLine& line, const Partnership& partnership);
std::string part_name(const Report& report, const ReportLine& line, const std::string& key,
                      const Partnership& partnership);
std::string comparator_in_words(const ReportLine& line);  // "2019-20: 49 (change +47 per cent)"; empty = none
// Officers' own words, as paragraphs: an empty line ends one, another line end is a blank.
std::vector<std::string> paragraphs_of(const std::string& text);
// The lines of each section, those of none first.
struct SectionOfReport {
  std::string title, text;
  std::vector<const ReportLine*> lines;
};
std::vector<SectionOfReport> sections_of(const Report& report);

}  // namespace moot
