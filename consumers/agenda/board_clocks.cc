#include "consumers/agenda/board_clocks.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "consumers/agenda/day_digest.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/score.h"
#include "consumers/rules/kept_findings.h"

namespace moot {
namespace {

// Of the clocks that the board's sections name and the pack has.
std::map<std::string, std::shared_ptr<const ClockFindings>> find_all(const AgendaInput& input) {
  std::map<std::string, std::shared_ptr<const ClockFindings>> found;
  if (input.pack == nullptr) return found;
  const ClockInput clocks(input.set, input.partnership, input.areas, input.pack->working_days, input.on);
  std::set<std::string> told_whole;
  for (const Section& section : input.rules.sections)
    if (!section.states.empty()) told_whole.insert(section.clocks.begin(), section.clocks.end());
  for (const Section& section : input.rules.sections) {
    for (const std::string& id : section.clocks) {
      const ClockRule* rule = input.pack->find(id);
      if (rule == nullptr || found.contains(id)) continue;
      found[id] = told_whole.contains(id) ? std::make_shared<const ClockFindings>(findings_of(clocks, *rule))
                                          : KeptFindings::open(clocks, *input.pack, *rule);
    }
  }
  return found;
}

// What asks for attention; or, where the section names states, what is in one of them and not longer past.
bool is_wanted(const AgendaInput& input, const Section& section, const ClockFinding& finding) {
  const bool of_board = finding.person ? input.is_person_in_area(*finding.person) : input.is_in_area(finding.area);
  if (!of_board) return false;
  if (section.states.empty()) return finding.open;
  return is_in(section.states, finding.state) && finding.date >= plus_months(input.on, -section.months);
}

// As a section lists them.
bool stands_before(const ClockedCase& a, const ClockedCase& b) {
  return std::tuple(-a.points, a.clocks.front()->date, a.id) < std::tuple(-b.points, b.clocks.front()->date, b.id);
}

// As an agenda names those that it does not list (listing.cc).
bool is_nearer(const ClockedCase& a, const ClockedCase& b) {
  return a.points != b.points ? a.points > b.points : a.id < b.id;
}

void put_in_order(const Section& section, ClockedCases& cases) {
  std::vector<ClockedCase>& all = cases.all;
  std::sort(all.begin(), all.end(), stands_before);
  const auto beyond = std::find_if(all.begin(), all.end(), [&](const ClockedCase& one) {
    return !has_place(section, static_cast<std::size_t>(&one - all.data()), one.points);
  });
  const auto told = beyond + std::min<std::ptrdiff_t>(all.end() - beyond, kNotListedMost);
  if (told != all.end()) {
    std::nth_element(beyond, told, all.end(), is_nearer);
    std::sort(beyond, told, stands_before);
  }
  cases.listed = static_cast<std::size_t>(beyond - all.begin());
  cases.told = static_cast<std::size_t>(told - all.begin());
}

std::uint64_t digest_of(const std::vector<const ClockFinding*>& clocks) {
  DayDigest digest;
  digest.add(clocks.size());
  for (const ClockFinding* clock : clocks) {
    digest.add(clock->rule);
    digest.add(clock->state);
    digest.add(static_cast<std::uint64_t>(days_since_epoch(clock->date)));
    digest.add((clock->open ? 1U : 0U) + (clock->late ? 2U : 0U));
    digest.add(clock->text);
    for (const v1::Event* event : clock->events) {
      if (event == nullptr) continue;
      digest.add(event->envelope().source());
      digest.add(event->envelope().id());
    }
  }
  return digest.value();
}

}  // namespace

std::shared_ptr<const BoardClocks> BoardClocks::of(const AgendaInput& input, const std::string& words) {
  std::shared_ptr<BoardClocks> kept =
      input.set.kept<BoardClocks>("clocks of " + words, [] { return std::make_shared<BoardClocks>(); });
  std::map<std::string, std::shared_ptr<const ClockFindings>> findings = find_all(input);
  const bool areas_may_be_others = kept->people_changed_ && !input.of_areas.empty();
  if (!kept->is_put_together_ || areas_may_be_others || findings != kept->findings_)
    kept->put_together(input, std::move(findings));
  kept->people_changed_ = false;
  return kept;
}

void BoardClocks::put_together(const AgendaInput& input, Findings findings) {
  findings_ = std::move(findings);
  is_put_together_ = true;
  sections_.clear();
  of_person_.clear();
  points_.clear();
  std::set<std::string> scored;
  for (const Section& section : input.rules.sections) {
    const auto cases = std::make_shared<ClockedCases>();
    sections_.push_back(cases);
    std::unordered_map<std::string_view, std::size_t> places;  // in `cases`, by their ids
    for (const std::string& clock : section.clocks) {
      const auto found = findings_.find(clock);
      if (found == findings_.end()) continue;
      if (section.scored) scored.insert(clock);
      for (const ClockFinding& finding : *found->second) {
        if (!is_wanted(input, section, finding)) continue;
        const auto [place, is_new] = places.try_emplace(finding.case_id, cases->all.size());
        if (is_new) cases->all.push_back({finding.case_id, {}, 0, 0});
        cases->all[place->second].clocks.push_back(&finding);
      }
    }
    for (ClockedCase& one : cases->all) {
      moot::put_in_order(one.clocks);
      if (section.scored) one.points = points_of(input, one.clocks);
    }
    put_in_order(section, *cases);
    for (std::size_t i = 0; i < cases->told; ++i) cases->all[i].digest = digest_of(cases->all[i].clocks);
  }
  for (const std::string& clock : scored)
    for (const ClockFinding& finding : *findings_.at(clock))
      if (finding.open && finding.person) of_person_[*finding.person].clocks.push_back(&finding);
  for (auto& [person, theirs] : of_person_) {
    moot::put_in_order(theirs.clocks);
    theirs.digest = digest_of(theirs.clocks);
    if (const int points = points_of(input, theirs.clocks); points != 0)
      points_.emplace_back(static_cast<std::uint32_t>(person), points);
  }
}

const std::vector<const ClockFinding*>& BoardClocks::of_person(std::size_t person) const {
  static const std::vector<const ClockFinding*> kNone;
  const auto found = of_person_.find(person);
  return found == of_person_.end() ? kNone : found->second.clocks;
}

std::uint64_t BoardClocks::digest_of_person(std::size_t person) const {
  const auto found = of_person_.find(person);
  return found == of_person_.end() ? 0 : found->second.digest;
}

void BoardClocks::changed(const SetChange& change) { people_changed_ = people_changed_ || !change.people.empty(); }

std::size_t BoardClocks::bytes() const {
  constexpr std::size_t kOfCase = 60, kOfPerson = 80;  // about
  std::size_t bytes = of_person_.size() * kOfPerson;
  for (const std::shared_ptr<const ClockedCases>& cases : sections_) bytes += cases->all.size() * kOfCase;
  return bytes;
}

}  // namespace moot
