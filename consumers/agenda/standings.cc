#include "consumers/agenda/standings.h"

#include <algorithm>

#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"

namespace moot {
namespace {

Instant last_of(const Events& events) { return events.empty() ? Instant{INT64_MIN} : time_of(*events.back()); }

}  // namespace

std::shared_ptr<const Standings> Standings::of(const AgendaInput& input, const std::string& words) {
  MOOT_CHECK(input.rules.sections.size() <= kSectionsMost);
  std::shared_ptr<Standings> kept =
      input.set.kept<Standings>("standings of " + words, [] { return std::make_shared<Standings>(); });
  kept->work_out(input);
  return kept;
}

int Standings::score(std::size_t person, std::size_t section) const {
  const int place = places_by_roles_[section];
  return place < 0 ? all_[person].score : scores_by_roles_[static_cast<std::size_t>(place)][person];
}

void Standings::changed(const SetChange& change) {
  const auto forget = [this](std::uint32_t person) {
    if (person < all_.size() && !all_[person].is_known) return;
    if (person < all_.size()) all_[person].is_known = false;
    unknown_.push_back(person);
  };
  for (const std::uint32_t person : change.people) forget(person);
  for (const std::uint64_t id : change.ids) looked_up_.take(id, forget);
  if (!change.actions) return;
  for (std::uint32_t person = 0; person < all_.size(); ++person)
    if (all_[person].has_actions) forget(person);
}

std::size_t Standings::bytes() const {
  return all_.size() * (sizeof(Standing) + scores_by_roles_.size() * sizeof(int)) + looked_up_.bytes();
}

void Standings::work_out(const AgendaInput& input) {
  const std::size_t people = input.set.persons().size();
  if (looked_up_.is_worn()) *this = Standings();
  if (all_unknown_) {
    for (const Section& section : input.rules.sections) {
      places_by_roles_.push_back(section.kind->scores_by_roles ? static_cast<int>(scores_by_roles_.size()) : -1);
      if (section.kind->scores_by_roles) scores_by_roles_.emplace_back();
    }
  }
  if (people < all_.size()) std::erase_if(looked_at_, [&](std::uint32_t person) { return person >= people; });
  all_.resize(people);
  for (std::vector<int>& scores : scores_by_roles_) scores.resize(people);
  if (all_unknown_) {
    CaseRecords::Passing passing(input.set.records());
    for (std::size_t person = 0; person < people; ++person, passing.go_on()) look_at(input, person);
    looked_up_.begin();
  }
  for (const std::uint32_t person : unknown_)
    if (person < people && !all_[person].is_known) look_at(input, person);
  unknown_.clear();
  all_unknown_ = false;
}

void Standings::look_at(const AgendaInput& input, std::size_t person) {
  Standing& standing = all_[person];
  const bool was_told = standing.is_told;
  standing = {};
  standing.is_known = true;
  standing.is_told = was_told;
  if (!input.is_considered(person) || !input.is_person_in_area(person)) return;
  const CaseSet::LookUps looked(input.set);
  const CaseHistory& history = input.history(person);
  standing.is_of_board = true;
  standing.is_deferred = history.chair.defers();
  standing.is_pinned = history.chair.pins();
  standing.is_removed = history.removed();
  standing.band = static_cast<std::uint8_t>(band_order(history.band()));
  standing.decided = last_of(history.decisions);
  standing.reported = std::max(last_of(all_reports(history.occurrences)), last_of(history.work));
  standing.score = total(score_case(input, history, nullptr));
  for (const Mention& mention : input.person(person).mentions)
    standing.has_actions = standing.has_actions || input.set.records().body(mention.record) == v1::Facts::kAction;
  for (std::size_t i = 0; i < input.rules.sections.size(); ++i) {
    const Section& section = input.rules.sections[i];
    if (section.kind->judge == nullptr || section.kind->goes_by_calls) continue;
    const Verdict verdict = section.kind->judge(input, section, person);
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (verdict.claims) standing.claimed_by |= bit;
    if (!verdict.claims && !verdict.reason.empty()) standing.looked_at_by |= bit;
    if (const int place = places_by_roles_[i]; place >= 0 && verdict.claims)
      scores_by_roles_[static_cast<std::size_t>(place)][person] =
          total(score_case(input, make_history(input.scope(), input.person(person), section.roles), nullptr));
  }
  if (!was_told && (standing.claimed_by | standing.looked_at_by) != 0) {
    looked_at_.push_back(static_cast<std::uint32_t>(person));
    standing.is_told = true;
  }
  looked_up_.add(looked.ids(), static_cast<std::uint32_t>(person));
  input.forget_history(person);
}

}  // namespace moot
