#include "consumers/document/markdown.h"
#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"
#include "consumers/document/report_text.h"
#include "consumers/document/report_words.h"

namespace moot {
namespace {

std::string line_of(const Report& report, const ReportLine& line, const Partnership& partnership) {
  std::string text = "- " + escaped_for_markdown(line.title);
  text += ": **" + escaped_for_markdown(value_in_words(line)) + "**";
  if (const std::string parts = parts_in_words(report, line, partnership); !parts.empty())
    text += " — " + escaped_for_markdown(parts);
  if (const std::string then = comparator_in_words(line); !then.empty()) text += ". " + escaped_for_markdown(then);
  std::string beside = line.id + (line.source.empty() ? "" : ", " + line.source);
  for (const std::string& flag : line.flags) beside += ", flag " + flag;
  return text + " [" + escaped_for_markdown(beside) + "]\n";
}

}  // namespace

std::string to_markdown(const Report& report, const Partnership& partnership) {
  const std::string marking = "**" + escaped_for_markdown(partnership.marking) + "**\n";
  std::string text = marking + "\n";
  if (!partnership.notice.empty()) text += escaped_for_markdown(partnership.notice) + "\n\n";
  text += "# " + escaped_for_markdown(report.title + ", " + in_words(report.period)) + "\n\n" +
          escaped_for_markdown(partnership.name + ", " + to_words(report.period)) + "\n\n";
  const std::string later = loaded_later_in_words(report.loaded_later);
  text += "- As at: " + to_local_words(report.as_at) + (later.empty() ? "" : "; " + later) + "\n";
  text += "- Definitions: " + escaped_for_markdown(report.rules) + "\n";
  const std::string flags = std::to_string(report.flags.size()) + ", explained at the end";
  text += "- Flags: " + (report.flags.empty() ? std::string("none") : flags) + "\n";
  for (const SectionOfReport& section : sections_of(report)) {
    text += "\n";
    if (!section.title.empty()) text += "## " + escaped_for_markdown(section.title) + "\n\n";
    for (const std::string& paragraph : paragraphs_of(section.text)) text += escaped_for_markdown(paragraph) + "\n\n";
    for (const ReportLine* line : section.lines) text += line_of(report, *line, partnership);
  }
  if (!report.flags.empty()) text += "\n## Flags\n\n";
  for (const ReportFlag& flag : report.flags)
    text += "- **" + escaped_for_markdown(flag.id) + "** " + escaped_for_markdown(flag.text) + "\n";
  return text + "\n" + marking;
}

}  // namespace moot
