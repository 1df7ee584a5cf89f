#include "consumers/callers/policy.h"

#include "consumers/report/codes.h"

namespace moot {
namespace {

constexpr int kPlacesWithThresholds = 1000;  // whoever reaches a threshold is listed

void read_thresholds(Definition& version, CallerRule& rule) {
  for (Definition& row : version.tables("thresholds")) {
    CallThreshold threshold;
    threshold.episodes = static_cast<int>(row.integer("episodes", 1, 100'000));
    threshold.days = static_cast<int>(row.integer("days", 1, 3660));
    if (threshold.days > rule.window_days) row.mistake("days", "expected no more than the version's window_days");
    rule.thresholds.push_back(threshold);
  }
}

void read_left_out(Definition& version, CallerRule& rule) {
  for (Definition& row : version.tables("left_out")) {
    LeftOutRule left;
    left.reason = row.text("reason");
    left.roles = codes_of(row, "roles");
    left.phones = row.texts("phones");
    left.names = row.texts("names");
    left.references = row.texts("references");
    if (left.roles.empty() && left.phones.empty() && left.names.empty() && left.references.empty())
      row.mistake("reason", "expected roles, phones, names or references beside it: who is left out");
    rule.left_out.push_back(std::move(left));
  }
}

void read_whom(Definition& version, CallerRule& rule) {
  rule.age_from = static_cast<int>(version.integer_or("age_from", 0, 0, 150));
  rule.age_before = static_cast<int>(version.integer_or("age_before", 0, 0, 150));
  if (rule.age_before > 0 && rule.age_before <= rule.age_from)
    version.mistake("age_before", "expected an age above age_from: nobody is of such an age");
  const std::string by = version.text_or("by", "person");
  if (by != "person" && by != "address") version.mistake("by", "expected \"person\" or \"address\"");
  rule.by_address = by == "address";
  rule.callers_min = static_cast<int>(version.integer_or("callers_min", 2, 1, 1000));
  if (rule.by_address && (rule.age_from > 0 || rule.age_before > 0))
    version.mistake("by", "expected no age_from or age_before beside \"address\": a place has no age");
}

CallerRule read_rule(Definition& version) {
  CallerRule rule;
  rule.validity = read_validity(version);
  rule.channels = codes_of(version, "channels");
  if (rule.channels.empty())
    version.mistake("channels", "is required: the channels that count, such as [\"999\", \"101\"]");
  rule.categories = codes_of(version, "categories");
  if (rule.categories.empty())
    version.mistake("categories", "is required: the categories that count, such as [\"asb\"]");
  rule.roles = codes_of(version, "roles");
  if (rule.roles.empty()) rule.roles = {"caller"};
  rule.episode_hours = static_cast<int>(version.integer_or("episode_hours", 24, 1, 24 * 31));
  rule.window_days = static_cast<int>(version.integer_or("window_days", 90, 1, 3660));
  read_thresholds(version, rule);
  const int places = rule.thresholds.empty() ? 10 : kPlacesWithThresholds;
  rule.top = static_cast<int>(version.integer_or("top", places, 1, kPlacesWithThresholds));
  read_left_out(version, rule);
  read_whom(version, rule);
  rule.episodes_min = static_cast<int>(version.integer_or("episodes_min", 1, 1, 1000));
  return rule;
}

}  // namespace

namespace {

void read_policy(Definition& table, CallerPolicy& policy) {
  policy.id = table.text("id");
  policy.title = table.text("title");
  policy.source = table.text_or("source", "");
  std::vector<Validity> validities;
  std::vector<Definition> versions = table.tables("version");
  for (Definition& version : versions) {
    policy.rules.push_back(read_rule(version));
    validities.push_back(policy.rules.back().validity);
  }
  check_versions(table, versions, validities);
}

}  // namespace

Result<CallerPolicy> CallerPolicy::read(Definition definition) {
  CallerPolicy policy;
  read_policy(definition, policy);
  for (Definition& table : definition.tables("policy")) {
    CallerPolicy other;
    read_policy(table, other);
    if (policy.named(other.id) != nullptr) table.mistake("id", "expected an id that no other policy of the file has");
    policy.others.push_back(std::move(other));
  }
  MOOT_RETURN_IF_ERROR(definition.finish());
  return policy;
}

const CallerPolicy* CallerPolicy::named(std::string_view wanted) const {
  if (id == wanted) return this;
  for (const CallerPolicy& other : others)
    if (other.id == wanted) return &other;
  return nullptr;
}

std::vector<std::string> CallerPolicy::names() const {
  std::vector<std::string> all = {id};
  for (const CallerPolicy& other : others) all.push_back(other.id);
  return all;
}

Result<CallerPolicy> CallerPolicy::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<CallerPolicy> CallerPolicy::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<CallerRule> CallerPolicy::rule_on(Date on) const {
  for (const CallerRule& rule : rules)
    if (rule.validity.holds_on(on)) return rule;
  return Status(Code::kDefinition, "no version of the caller policy \"" + id + "\" holds on " + to_words(on));
}

std::string CallerPolicy::version_name(const CallerRule& rule) const { return id + " " + to_iso(rule.validity.from); }

}  // namespace moot
