// What a call is, and who is a frequent caller: dated data of the partnership, never code.
// Errors: kDefinition with file, line, key and what was expected; kDefinition when no version holds on a date.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"
#include "consumers/validity.h"

namespace moot {

struct CallerRule {
  Validity validity;
  std::vector<std::string> channels;
  std::vector<std::string> categories;
  std::vector<std::string> roles;  // whose calls they are
  int episode_hours = 24;          // calls less than this apart are one episode
  int top = 10;
  int window_days = 90;
  int episodes_min = 1;
};

class CallerPolicy {
 public:
  static Result<CallerPolicy> load(const std::filesystem::path& file);
  static Result<CallerPolicy> parse(std::string_view toml, std::string_view name);

  Result<CallerRule> rule_on(Date on) const;
  std::string version_name(const CallerRule& rule) const;  // "jtm-callers 2020-04-01"

  std::string id;
  std::string title;
  std::string source;
  std::vector<CallerRule> rules;

 private:
  static Result<CallerPolicy> read(Definition definition);
};

}  // namespace moot
