#include "consumers/agenda/board.h"

#include <algorithm>
#include <set>

#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/section.h"
#include "consumers/agenda/standings.h"
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

// How many of a section's cases are listed, and how many of those take the meeting's time. Earlier actions have a time
// of their own, and every one of them is told.
void read_limits(Definition& table, Section& section) {
  const auto read = [&](std::string_view key) { return static_cast<int>(table.integer_or(key, 0, 0, kListedMost)); };
  if (table.has("score_min")) section.score_min = read("score_min");
  section.at_most = read("at_most");
  section.at_least = read("at_least");
  const std::string use = table.text_or("for", "discussion");
  section.noting = use == "noting";
  if (use != "discussion" && use != "noting") table.mistake("for", "expected \"discussion\" or \"noting\"");
  if (section.noting && section.at_least > 0)
    table.mistake("at_least", "a section for noting has no case that is discussed");
  if (section.at_most > 0 && section.at_least > section.at_most)
    table.mistake("at_least", "expected no more than at_most");
}

Section read_section(Definition& table, const BoardVersion& version) {
  Section section;
  section.place = table.place();
  section.id = table.text("id");
  section.title = table.text("title");
  const std::string kind = table.text("kind");
  std::vector<std::string> names;
  for (const SectionKind* known : section_kinds()) {
    names.emplace_back(known->name);
    if (known->name == kind) section.kind = known;
  }
  if (section.kind == nullptr)
    table.mistake("kind", "expected one of " + in_list(names));
  else
    section.kind->read(table, version, section);
  if (section.kind != nullptr && section.kind != &kPreviousActions) read_limits(table, section);
  return section;
}

Points read_points(Definition& table) {
  Points points;
  const auto read = [&](std::string_view key, int& value) {
    value = static_cast<int>(table.integer_or(key, value, 0, 1000));
  };
  read("risk_high", points.risk_high);
  read("risk_medium", points.risk_medium);
  read("risk_rising", points.risk_rising);
  read("further_incident", points.further_incident);
  read("further_incident_max", points.further_incident_max);
  read("further_agency", points.further_agency);
  read("further_agency_cap", points.further_agency_cap);
  read("serious", points.serious);
  read("serious_cap", points.serious_cap);
  read("vulnerability", points.vulnerability);
  read("vulnerability_max", points.vulnerability_max);
  read("escalation", points.escalation);
  read("escalation_min", points.escalation_min);
  read("frequent_caller", points.frequent_caller);
  read("action_late", points.action_late);
  read("clock_overdue", points.clock_overdue);
  read("clock_near", points.clock_near);
  read("clock_near_days", points.clock_near_days);
  read("nobody_acts", points.nobody_acts);
  read("last_7_days", points.last_7_days);
  read("last_28_days", points.last_28_days);
  read("quiet", points.quiet);
  read("quiet_days", points.quiet_days);
  return points;
}

// "referral.completed": a stage of a body that says that something was done for somebody.
std::vector<std::string> read_successes(Definition& table) {
  std::vector<std::string> successes =
      texts_or(table, "successes", {"referral.completed", "referral.installed", "closure.resolved"});
  for (const std::string& success : successes) {
    v1::Facts facts;
    const bool known = set_body_and_stage("uk.csp." + success + ".v1", facts).ok() &&
                       (facts.has_referral() || facts.has_closure() || facts.has_action());
    if (!known)
      table.mistake("successes", "expected stages of referrals, closures and actions: \"referral.completed\"");
  }
  return successes;
}

BoardVersion read_version(Definition& table) {
  BoardVersion version;
  version.validity = read_validity(table);
  version.subject_roles = texts_or(table, "subject_roles", {"caller", "subject", "victim", "complainant", "tenant"});
  version.factors = codes_of(table, "factors");
  version.successes = read_successes(table);
  version.minutes = static_cast<int>(table.integer_or("minutes", 0, 0, 24 * 60));
  version.minutes_per_case = static_cast<int>(table.integer_or("minutes_per_case", 0, 0, 24 * 60));
  version.minutes_for_actions = static_cast<int>(table.integer_or("minutes_for_actions", 0, 0, 24 * 60));
  if (version.minutes > 0 && version.minutes_for_actions + version.minutes_per_case > version.minutes)
    table.mistake(version.minutes_for_actions > 0 ? "minutes_for_actions" : "minutes_per_case",
                  "leaves no time for a case: the meeting has " + std::to_string(version.minutes) + " minutes");
  if (std::optional<Definition> cadence = table.table("cadence")) version.cadence = read_cadence(*cadence);
  if (std::optional<Definition> points = table.table("points")) version.points = read_points(*points);
  std::set<std::string> ids;
  for (Definition& section : table.tables("section")) {
    version.sections.push_back(read_section(section, version));
    if (!ids.insert(version.sections.back().id).second)
      section.mistake("id", "expected another id than the sections before it have");
  }
  if (version.sections.empty()) table.mistake("section", "is required: at least one [[version.section]]");
  if (version.sections.size() >= Standings::kSectionsMost)  // one is put in where somebody is pinned
    table.mistake("section", "expected fewer than " + std::to_string(Standings::kSectionsMost) + " sections");
  const auto rank = [](const Section& section) {
    return section.kind == &kPreviousActions ? 0 : section.kind == &kPinned ? 1 : 2;
  };
  std::stable_sort(version.sections.begin(), version.sections.end(),
                   [&](const Section& a, const Section& b) { return rank(a) < rank(b); });
  for (Section& section : version.sections)
    if (section.kind == &kPinned) section.at_least = pinned_section().at_least;
  return version;
}

// One agency, whenever it is; or several, each from a day on.
std::vector<Secretary> read_secretaries(Definition& board) {
  if (const std::optional<std::string> always = board.text_if("secretary"))
    return always->empty() ? std::vector<Secretary>() : std::vector{Secretary{{Date{1, 1, 1}, {}}, *always}};
  std::vector<Secretary> secretaries;
  std::vector<Validity> validities;
  std::vector<Definition> tables = board.tables("secretary");
  for (Definition& table : tables) {
    validities.push_back(read_validity(table));
    secretaries.push_back({validities.back(), table.text("agency")});
  }
  if (!tables.empty()) check_versions(board, tables, validities);
  return secretaries;
}

}  // namespace

Result<Board> Board::read(Definition definition) {
  Board board;
  board.place = definition.place();
  board.toml = definition.toml();
  board.id = definition.text("id");
  board.title = definition.text("title");
  board.source = definition.text_or("source", "");
  board.known_as = definition.text_or("known_as", board.id);
  board.secretaries = read_secretaries(definition);
  board.areas = definition.texts("areas");
  board.each_area = definition.flag_or("each_area", false);
  if (board.each_area && board.areas.empty()) definition.mistake("each_area", "needs areas: in which of them it meets");
  board.compartments = codes_of(definition, "compartments");
  std::vector<Validity> validities;
  std::vector<Definition> versions = definition.tables("version");
  for (Definition& version : versions) {
    board.versions.push_back(read_version(version));
    validities.push_back(board.versions.back().validity);
  }
  check_versions(definition, versions, validities);
  MOOT_RETURN_IF_ERROR(definition.finish());
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
  return place.mistake("version", "no version of the board \"" + id + "\" holds on " + to_words(on));
}

std::string Board::secretary_on(Date day) const {
  for (const Secretary& secretary : secretaries)
    if (secretary.validity.holds_on(day)) return secretary.agency;
  return {};
}

bool Board::goes_by(std::string_view agency, Date day) const {
  return secretaries.empty() || agency == kOperator || agency == secretary_on(day);
}

bool Board::goes_by(const v1::Event& said) const {
  return goes_by(said.envelope().agency(), local_date(when_said(said)));
}

std::string Board::version_name(const BoardVersion& version) const { return id + " " + to_iso(version.validity.from); }

}  // namespace moot
