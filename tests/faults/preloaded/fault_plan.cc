#include "tests/faults/preloaded/fault_plan.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "tests/faults/preloaded/recorder.h"

namespace moot {

namespace {

void set_up(const std::string& what, Strike& strike) {
  if (what == "EIO") strike.error = EIO;
  if (what == "ENOSPC") strike.error = ENOSPC;
  if (what == "EROFS") strike.error = EROFS;
  if (what == "short") strike.half = true;
  if (what == "slow") strike.slow = true;
  if (what == "kill-before") strike.kill_before = true;
  if (what == "kill-after") strike.kill_after = true;
}

}  // namespace

std::optional<FaultPlan::Rule> FaultPlan::parse(const std::string& line) {
  Rule rule;
  rule.line = line;
  std::string how_often;
  std::istringstream words(line);
  if (!(words >> rule.what >> rule.kind >> rule.nth >> how_often >> rule.pattern)) return std::nullopt;
  Strike strike;
  set_up(rule.what, strike);
  const bool known = strike.error != 0 || strike.half || strike.slow || strike.kill_before || strike.kill_after;
  if (!known || (how_often != "once" && how_often != "always")) return std::nullopt;
  rule.always = how_often == "always";
  return rule;
}

void FaultPlan::load() {
  const long fd = ::syscall(SYS_openat, AT_FDCWD, file_.c_str(), O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  loaded_ = true;
  std::string text;
  char buffer[4096];
  for (long got = 0; (got = ::syscall(SYS_read, fd, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  ::syscall(SYS_close, fd);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::optional<Rule> rule = parse(line);
    if (!rule) give_up("not a rule of a fault plan: " + line);
    rules_.push_back(*rule);
  }
}

Strike FaultPlan::strike(std::string_view kind, const std::string& path) {
  if (!loaded_ && !file_.empty()) load();
  Strike strike;
  for (Rule& rule : rules_) {
    if (rule.kind != kind || ::fnmatch(rule.pattern.c_str(), path.c_str(), 0) != 0) continue;
    ++rule.seen;
    if (rule.seen != rule.nth && !(rule.always && rule.seen > rule.nth)) continue;
    set_up(rule.what, strike);
    if (rule.what != "slow") strike.rule = rule.line;
  }
  return strike;
}

}  // namespace moot
