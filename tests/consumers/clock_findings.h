// Rule packs for tests, and what their clocks say of some events. Every person is fictional.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "consumers/rules/clock_kind.h"
#include "tests/consumers/case_events.h"

namespace moot {

inline Result<RulePack> try_pack(const std::string& clocks) {
  return RulePack::parse("id = \"north\"\ntitle = \"North\"\nversion = \"1\"\n" + clocks, "north.toml");
}

inline RulePack pack_of(const std::string& clocks) {
  Result<RulePack> pack = try_pack(clocks);
  MOOT_CHECK_OK(pack.status());
  return std::move(*pack);
}

inline std::string version_from(const std::string& from, const std::string& keys, const std::string& to = "") {
  return "[[clock.version]]\nvalid_from = " + from + "\n" + (to.empty() ? "" : "valid_to = " + to + "\n") +
         "source = \"the Act\"\n" + keys;
}

// A clock "c" of one version.
inline std::string clock_of(const std::string& kind, const std::string& keys) {
  return "[[clock]]\nid = \"c\"\ntitle = \"Clock\"\nkind = \"" + kind + "\"\n" + version_from("2010-01-01", keys);
}

// "state date" of each finding of the clock "c", and the findings themselves.
struct Findings {
  std::vector<ClockFinding> all;
  std::vector<std::string> lines;
};

// All that is said of it.
inline std::string told_of(const ClockFinding& finding) {
  std::string text = finding.case_id + " " + finding.kind + " " + finding.rule + " " + finding.state + " " +
                     to_iso(finding.began) + " " + to_iso(finding.date) + " " + finding.area + " " + finding.title +
                     " " + finding.text + (finding.open ? " open" : "") + (finding.late ? " late" : "");
  for (const v1::Event* event : finding.events) text += " " + event->envelope().source() + " " + event->envelope().id();
  return text;
}

inline Findings findings_on(const std::string& day, const std::vector<v1::Event>& events, const RulePack& pack) {
  const Casebook casebook = casebook_of(events);
  const CaseSet set = casebook.as_at(london("2035-01-01"));
  const Partnership partnership = test_partnership();
  const AreaNames areas(partnership.areas);
  const ClockInput input(set, partnership, areas, pack.working_days, *parse_date(day));
  Findings findings{findings_of(input, *pack.find("c")), {}};
  std::vector<std::string> open, open_alone;
  for (const ClockFinding& finding : findings.all)
    if (finding.open) open.push_back(told_of(finding));
  for (const ClockFinding& finding : findings_of(input, *pack.find("c"), ClockScope::kOpen))
    open_alone.push_back(told_of(finding));
  EXPECT_EQ(open_alone, open) << "what an agenda asks for";
  for (ClockFinding& finding : findings.all) {
    findings.lines.push_back(finding.state + " " + to_iso(finding.date));
    finding.events.clear();  // they end with the set
  }
  return findings;
}

inline std::vector<std::string> lines_on(const std::string& day, const std::vector<v1::Event>& events,
                                         const RulePack& pack) {
  return findings_on(day, events, pack).lines;
}

using Lines = std::vector<std::string>;

}  // namespace moot
