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

// So many episodes of calls in so many whole days before the date.
struct CallThreshold {
  int episodes = 0;
  int days = 0;
};

// Whose calls are nobody's cry for help: alarm lines, professionals on duty. A caller who fits any word of the rule is
// left out, and listed as left out with its reason.
struct LeftOutRule {
  std::string reason;
  std::vector<std::string> roles;       // as an event gives the caller's role
  std::vector<std::string> phones;      // however written
  std::vector<std::string> names;       // of organisations, however spelt
  std::vector<std::string> references;  // as the agency has them
};

struct CallerRule {
  Validity validity;
  std::vector<std::string> channels;
  std::vector<std::string> categories;
  std::vector<std::string> roles;  // whose calls they are
  int episode_hours = 24;          // calls less than this apart are one episode
  int top = 10;
  int window_days = 90;
  int episodes_min = 1;
  std::vector<CallThreshold> thresholds;  // any one of them makes a frequent caller; none = places by rank alone
  int age_from = 0;                       // only of people so old on the date; whose age is not known is an adult
  int age_before = 0;                     // and younger than that; 0 = of any age
  bool by_address = false;  // places call, not people: an address that at least `callers_min` people call from
  int callers_min = 2;
  std::vector<LeftOutRule> left_out;
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
  std::vector<CallerPolicy> others;  // named policies beside this one; they have none themselves

  // This one, or the other of that id; nullptr when there is none.
  const CallerPolicy* named(std::string_view wanted) const;
  std::vector<std::string> names() const;

 private:
  static Result<CallerPolicy> read(Definition definition);
};

}  // namespace moot
