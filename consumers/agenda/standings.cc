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
  return all_.size() * (sizeof(Standing) + scores_by_roles_.size() * sizeof(int)) +
         looked_at_.size() * sizeof(LookedAt) + looked_up_.bytes();
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
  for (std::size_t person = people; person < all_.size(); ++person)
    if (all_[person].place != Standing::kNowhere) drop(all_[person].place);
  all_.resize(people);
  only_of_board_.resize(people);
  for (std::vector<int>& scores : scores_by_roles_) scores.resize(people);
  if (all_unknown_) {
    CaseRecords::Passing passing(input.set.records());
    for (std::uint32_t person = 0; person < people; ++person, passing.go_on()) look_at(input, person);
    looked_up_.begin();
  }
  for (const std::uint32_t person : unknown_)
    if (person < people && !all_[person].is_known) look_at(input, person);
  unknown_.clear();
  all_unknown_ = false;
}

// What is known of them goes among looked_at(), or from there.
void Standings::look_at(const AgendaInput& input, std::uint32_t person) {
  std::uint32_t place = all_[person].place;
  Standing& here = all_[person] = standing_of(input, person);
  only_of_board_[person] = here.is_of_board && !here.is_looked_at;
  if (!here.is_looked_at) {
    if (place != Standing::kNowhere) drop(place);
    return;
  }
  if (place == Standing::kNowhere) {
    place = static_cast<std::uint32_t>(looked_at_.size());
    looked_at_.emplace_back();
  }
  here.place = place;
  looked_at_[place] = {here.claimed_by, here.reported, here.score, person, here.may_stand_for_actions()};
}

void Standings::drop(std::uint32_t place) {
  all_[looked_at_[place].person].place = Standing::kNowhere;
  if (place + 1 != looked_at_.size()) {
    looked_at_[place] = looked_at_.back();
    all_[looked_at_[place].person].place = place;
  }
  looked_at_.pop_back();
}

Standing Standings::standing_of(const AgendaInput& input, std::uint32_t person) {
  Standing standing;
  standing.is_known = true;
  if (!input.is_considered(person) || !input.is_person_in_area(person)) return standing;
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
    if (verdict.claims) standing.claimed_by |= std::uint64_t{1} << i;
    standing.is_looked_at = standing.is_looked_at || verdict.claims || !verdict.reason.empty();
    if (const int place = places_by_roles_[i]; place >= 0 && verdict.claims)
      scores_by_roles_[static_cast<std::size_t>(place)][person] =
          total(score_case(input, make_history(input.scope(), input.person(person), section.roles), nullptr));
  }
  looked_up_.add(looked.ids(), person);
  input.forget_history(person);
  return standing;
}

}  // namespace moot
