#include "consumers/callers/policy.h"

namespace moot {
namespace {

CallerRule read_rule(Definition& version) {
  CallerRule rule;
  rule.validity = read_validity(version);
  rule.channels = version.texts("channels");
  if (rule.channels.empty())
    version.mistake("channels", "is required: the channels that count, such as [\"999\", \"101\"]");
  rule.categories = version.texts("categories");
  if (rule.categories.empty())
    version.mistake("categories", "is required: the categories that count, such as [\"asb\"]");
  rule.roles = version.texts("roles");
  if (rule.roles.empty()) rule.roles = {"caller"};
  rule.episode_hours = static_cast<int>(version.integer_or("episode_hours", 24, 1, 24 * 31));
  rule.top = static_cast<int>(version.integer_or("top", 10, 1, 1000));
  rule.window_days = static_cast<int>(version.integer_or("window_days", 90, 1, 3660));
  rule.episodes_min = static_cast<int>(version.integer_or("episodes_min", 1, 1, 1000));
  return rule;
}

}  // namespace

Result<CallerPolicy> CallerPolicy::read(Definition definition) {
  CallerPolicy policy;
  policy.id = definition.text("id");
  policy.title = definition.text("title");
  policy.source = definition.text_or("source", "");
  std::vector<Validity> validities;
  for (Definition& version : definition.tables("version")) {
    policy.rules.push_back(read_rule(version));
    validities.push_back(policy.rules.back().validity);
  }
  MOOT_RETURN_IF_ERROR(definition.finish());
  MOOT_RETURN_IF_ERROR(check_validities("the caller policy " + definition.file().string(), std::move(validities)));
  return policy;
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
