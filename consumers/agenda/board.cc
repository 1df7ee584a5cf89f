#include "consumers/agenda/board.h"

#include <algorithm>
#include <set>

namespace moot {
namespace {

SectionKind read_kind(Definition& table) {
  const std::string kind = table.text("kind");
  if (kind == "previous-actions") return SectionKind::kPreviousActions;
  if (kind == "frequent-callers") return SectionKind::kFrequentCallers;
  if (kind == "high-risk") return SectionKind::kHighRisk;
  if (kind == "repeat-victims") return SectionKind::kRepeatVictims;
  table.mistake("kind", "expected previous-actions, frequent-callers, high-risk or repeat-victims");
  return SectionKind::kPreviousActions;
}

Section read_section(Definition& table) {
  Section section;
  section.id = table.text("id");
  section.title = table.text("title");
  section.kind = read_kind(table);
  // Only the keys of its own kind are asked for, so that one of another kind is told as a mistake.
  if (section.kind == SectionKind::kHighRisk) {
    section.bands = table.texts("bands");
    if (section.bands.empty()) section.bands = {"high", "medium"};
  }
  if (section.kind == SectionKind::kRepeatVictims) {
    section.roles = table.texts("roles");
    if (section.roles.empty()) section.roles = {"victim", "complainant"};
    section.incidents_min = static_cast<int>(table.integer_or("incidents_min", 2, 1, 1000));
    section.months = static_cast<int>(table.integer_or("months", 12, 1, 120));
  }
  return section;
}

Points read_points(Definition& table) {
  Points points;
  const auto read = [&](std::string_view key, int& value) {
    value = static_cast<int>(table.integer_or(key, value, 0, 1000));
  };
  read("risk_high", points.risk_high);
  read("risk_medium", points.risk_medium);
  read("further_incident", points.further_incident);
  read("further_incident_max", points.further_incident_max);
  read("further_agency", points.further_agency);
  read("further_agency_cap", points.further_agency_cap);
  read("serious", points.serious);
  read("serious_cap", points.serious_cap);
  read("frequent_caller", points.frequent_caller);
  read("action_late", points.action_late);
  read("last_7_days", points.last_7_days);
  read("last_28_days", points.last_28_days);
  return points;
}

BoardVersion read_version(Definition& table) {
  BoardVersion version;
  version.validity = read_validity(table);
  version.subject_roles = table.texts("subject_roles");
  if (version.subject_roles.empty()) version.subject_roles = {"caller", "subject", "victim", "complainant", "tenant"};
  version.minutes = static_cast<int>(table.integer_or("minutes", 0, 0, 24 * 60));
  version.minutes_per_case = static_cast<int>(table.integer_or("minutes_per_case", 0, 0, 24 * 60));
  version.minutes_for_actions = static_cast<int>(table.integer_or("minutes_for_actions", 0, 0, 24 * 60));
  if (std::optional<Definition> points = table.table("points")) version.points = read_points(*points);
  std::set<std::string> ids;
  for (Definition& section : table.tables("section")) {
    version.sections.push_back(read_section(section));
    if (!ids.insert(version.sections.back().id).second)
      section.mistake("id", "expected another id than the sections before it have");
  }
  if (version.sections.empty()) table.mistake("section", "is required: at least one [[version.section]]");
  std::stable_partition(version.sections.begin(), version.sections.end(),
                        [](const Section& section) { return section.kind == SectionKind::kPreviousActions; });
  return version;
}

}  // namespace

Result<Board> Board::read(Definition definition) {
  Board board;
  board.id = definition.text("id");
  board.title = definition.text("title");
  board.source = definition.text_or("source", "");
  std::vector<Validity> validities;
  for (Definition& version : definition.tables("version")) {
    board.versions.push_back(read_version(version));
    validities.push_back(board.versions.back().validity);
  }
  MOOT_RETURN_IF_ERROR(definition.finish());
  MOOT_RETURN_IF_ERROR(check_validities("the board " + definition.file().string(), std::move(validities)));
  return board;
}

Result<Board> Board::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<Board> Board::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<BoardVersion> Board::version_on(Date on) const {
  for (const BoardVersion& version : versions)
    if (version.validity.holds_on(on)) return version;
  return Status(Code::kDefinition, "no version of the board \"" + id + "\" holds on " + to_words(on));
}

std::string Board::version_name(const BoardVersion& version) const { return id + " " + to_iso(version.validity.from); }

}  // namespace moot
