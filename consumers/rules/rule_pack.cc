#include "consumers/rules/rule_pack.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

ClockVersion read_version(Definition& table, const ClockKind* kind) {
  ClockVersion version;
  version.validity = read_validity(table);
  version.source = table.text("source");
  version.text = table.text_or("text", "");
  if (kind != nullptr) kind->read(table, version);
  return version;
}

ClockRule read_clock(Definition& table) {
  ClockRule rule;
  rule.id = table.text("id");
  if (!check_code("id", rule.id).ok()) table.mistake("id", "expected a name in small letters: \"pspo-expiry\"");
  rule.title = table.text("title");
  const std::string kind = table.text("kind");
  std::vector<std::string> names;
  for (const ClockKind* known : clock_kinds()) {
    names.emplace_back(known->name);
    if (known->name == kind) rule.kind = known;
  }
  if (rule.kind == nullptr) table.mistake("kind", "expected one of " + in_list(names));
  std::vector<Validity> validities;
  std::vector<Definition> versions = table.tables("version");
  for (Definition& version : versions) {
    rule.versions.push_back(read_version(version, rule.kind));
    validities.push_back(rule.versions.back().validity);
  }
  check_versions(table, versions, validities);
  return rule;
}

}  // namespace

std::string to_words(const TimeSpan& span) {
  std::vector<std::string> parts;
  const auto add = [&](int count, std::string_view unit) {
    if (count > 0) parts.push_back(counted(static_cast<std::size_t>(count), unit));
  };
  add(span.months, "month");
  add(span.days, "day");
  add(span.working_days, "working day");
  add(span.hours, "hour");
  return in_list(parts);
}

Date after(Date from, const TimeSpan& span, const WorkingDays& working_days) {
  const Date day = plus_days(plus_months(from, span.months), span.days + span.hours / 24);
  return span.working_days == 0 ? day : working_days.plus(day, span.working_days);
}

Date end_of_months(Date first, int months) {
  const Date day = plus_months(first, months);
  return day.day == first.day ? day : plus_days(day, 1);
}

Date end_of(Date first, const TimeSpan& span, const WorkingDays& working_days) {
  const Date day = plus_days(end_of_months(first, span.months), span.days + span.hours / 24);
  return span.working_days == 0 ? day : working_days.plus(day, span.working_days);
}

std::string ClockRule::version_name(const ClockVersion& version) const {
  return id + " " + to_iso(version.validity.from);
}

std::optional<std::string> ClockRule::absence_on(Date day) const {
  const auto [first, last] = std::minmax_element(
      versions.begin(), versions.end(),
      [](const ClockVersion& a, const ClockVersion& b) { return a.validity.from < b.validity.from; });
  if (day < first->validity.from)
    return "“" + title + "” has no rule before " + to_words(first->validity.from) + ", where its first version begins";
  if (last->validity.to && day >= *last->validity.to)
    return "“" + title + "” has no rule from " + to_words(*last->validity.to) + " on, where its last version ends";
  return std::nullopt;
}

const ClockRule* RulePack::find(std::string_view wanted) const {
  for (const ClockRule& clock : clocks)
    if (clock.id == wanted) return &clock;
  return nullptr;
}

std::vector<std::string> RulePack::ids() const {
  std::vector<std::string> all;
  for (const ClockRule& clock : clocks) all.push_back(clock.id);
  return all;
}

Result<RulePack> RulePack::read(Definition definition) {
  RulePack pack;
  pack.id = definition.text("id");
  pack.toml = definition.toml();
  if (!check_code("id", pack.id).ok()) definition.mistake("id", "expected a name in small letters: \"england\"");
  pack.title = definition.text("title");
  pack.version = definition.text("version");
  const std::string holidays = definition.text_or("bank_holidays", "");
  if (!holidays.empty()) {
    Result<WorkingDays> days = WorkingDays::load(definition.file().parent_path() / holidays);
    if (days.ok())
      pack.toml += days->toml(), pack.working_days = std::move(*days);
    else
      definition.mistake("bank_holidays", days.status().message());
  }
  for (Definition& table : definition.tables("clock")) {
    ClockRule rule = read_clock(table);
    if (pack.find(rule.id) != nullptr) table.mistake("id", "expected another id than the clocks before it have");
    pack.clocks.push_back(std::move(rule));
  }
  if (pack.clocks.empty()) definition.mistake("clock", "is required: at least one [[clock]]");
  MOOT_RETURN_IF_ERROR(definition.finish());
  return pack;
}

Result<RulePack> RulePack::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<RulePack> RulePack::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

}  // namespace moot
