// What the clocks of a board's sections say on the day: which cases each section has, in which order, and to whom of
// them the board gives points. Kept with the set of cases (consumers/casebook/kept.h), and put together anew where a
// clock says something else than for the agenda before (consumers/rules/kept_findings.h).
// Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/casebook/kept.h"
#include "consumers/rules/clock_kind.h"

namespace moot {

struct ClockedCase {
  std::string_view id;
  std::vector<const ClockFinding*> clocks;  // most urgent first
  int points = 0;
  std::uint64_t digest = 0;  // of all that the clocks say; of those that are told
};

struct ClockedCases {
  // First those that the section lists, then those nearest to that, both more points before fewer and the earlier day
  // before the later; then the rest, in no order.
  std::vector<ClockedCase> all;
  std::size_t listed = 0;
  std::size_t told = 0;  // with those nearest
};

class BoardClocks : public Kept {
 public:
  // Of the input's board and day, from what the set keeps. `words`: all that they depend on but the set.
  static std::shared_ptr<const BoardClocks> of(const AgendaInput& input, const std::string& words);

  bool has(const std::string& clock) const { return findings_.contains(clock); }
  // By the section's place in the board; empty where it has no clocks.
  const ClockedCases& of_section(std::size_t section) const { return *sections_[section]; }
  // Those of a person that are open and that some section scores, most urgent first.
  const std::vector<const ClockFinding*>& of_person(std::size_t person) const;
  std::uint64_t digest_of_person(std::size_t person) const;  // of all that they say; 0 = there are none
  // To whom their clocks give points, by position in CaseSet::persons(): each once, in no order.
  const std::vector<std::pair<std::uint32_t, int>>& points() const { return points_; }

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  struct OfPerson {
    std::vector<const ClockFinding*> clocks;
    std::uint64_t digest = 0;
  };
  using Findings = std::map<std::string, std::shared_ptr<const ClockFindings>>;  // by clock

  void put_together(const AgendaInput& input, Findings findings);

  Findings findings_;
  std::vector<std::shared_ptr<const ClockedCases>> sections_;
  std::unordered_map<std::size_t, OfPerson> of_person_;
  std::vector<std::pair<std::uint32_t, int>> points_;
  bool is_put_together_ = false;
  bool people_changed_ = false;
};

}  // namespace moot
