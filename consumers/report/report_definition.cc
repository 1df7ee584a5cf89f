#include "consumers/report/report_definition.h"

#include <algorithm>

#include "broker/core/event_rules.h"

namespace moot {
namespace {

void read_sections(Definition& root, ReportDefinition& report) {
  for (Definition& table : root.tables("section")) {
    ReportSection section{table.text("id"), table.text("title"), table.text_or("text", "")};
    const auto same = [&](const ReportSection& other) { return other.id == section.id; };
    if (std::any_of(report.sections.begin(), report.sections.end(), same))
      table.mistake("id", "expected another id than the sections before it have");
    report.sections.push_back(std::move(section));
  }
}

void read_measures(Definition& root, ReportDefinition& report, std::vector<std::string>& ids) {
  // One value for the whole report, which a measure may say otherwise for itself.
  const std::int64_t small_below = root.integer_or("small_below", 0, 0, 1000);
  for (Definition& table : root.tables("measure")) {
    Measure measure = read_measure(table, ids);
    if (!table.has("small_below")) measure.small_below = static_cast<int>(small_below);
    const auto is_its = [&](const ReportSection& section) { return section.id == measure.section; };
    if (!measure.section.empty() && std::none_of(report.sections.begin(), report.sections.end(), is_its))
      table.mistake("section", "expected the id of one of the [[section]]s");
    ids.push_back(measure.id);
    report.measures.push_back(std::move(measure));
  }
  if (report.measures.empty()) root.mistake("measure", "is required: at least one [[measure]]");
}

bool is_a_count(const ReportDefinition& report, const std::string& id) {
  return std::any_of(report.measures.begin(), report.measures.end(),
                     [&](const Measure& one) { return one.id == id && one.kind == MeasureKind::kCount; });
}

}  // namespace

Result<ReportDefinition> ReportDefinition::read(Definition definition) {
  ReportDefinition report;
  report.id = definition.text("id");
  if (!check_code("id", report.id).ok()) definition.mistake("id", "expected a name in small letters: \"annual\"");
  report.title = definition.text("title");
  report.version = definition.text("version");
  report.source = definition.text_or("source", "");
  read_sections(definition, report);
  std::vector<std::string> ids;
  read_measures(definition, report, ids);
  std::vector<std::string> flags;
  for (Definition& table : definition.tables("check")) {
    report.checks.push_back(read_check(table, ids));
    if (std::find(flags.begin(), flags.end(), report.checks.back().id) != flags.end())
      table.mistake("id", "expected another id than the checks before it have");
    flags.push_back(report.checks.back().id);
    for (const std::string& id : report.checks.back().measures)
      if (report.checks.back().kind == CheckKind::kAmong && !is_a_count(report, id))
        table.mistake("measures", "expected measures that count records");
  }
  for (Definition& table : definition.tables("list")) {
    report.lists.push_back(read_list(table, report.measures));
    const auto same = [&](const ListDefinition& other) { return other.id == report.lists.back().id; };
    if (std::count_if(report.lists.begin(), report.lists.end(), same) > 1)
      table.mistake("id", "expected another id than the lists before it have");
  }
  MOOT_RETURN_IF_ERROR(definition.finish());
  return report;
}

bool ReportDefinition::asks_for_clocks() const {
  return std::any_of(measures.begin(), measures.end(),
                     [](const Measure& measure) { return measure.kind == MeasureKind::kClock; });
}

bool ReportDefinition::withholds_small() const {
  return std::any_of(measures.begin(), measures.end(), [](const Measure& measure) { return measure.small_below > 0; });
}

Result<ReportDefinition> ReportDefinition::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<ReportDefinition> ReportDefinition::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

}  // namespace moot
