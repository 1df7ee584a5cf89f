#include "consumers/agenda/agenda_input.h"

#include <algorithm>

#include "consumers/agenda/board_clocks.h"

namespace moot {

bool AgendaInput::is_considered(std::size_t position) const {
  const CaseRecords& records = set.records();
  const std::vector<Mention>& mentions = person(position).mentions;
  return std::any_of(mentions.begin(), mentions.end(), [&](const Mention& mention) {
    const v1::Facts::BodyCase body = records.body(mention.record);
    return records.time(mention.record) >= looked_from || body == v1::Facts::kMeeting || body == v1::Facts::kRisk;
  });
}

bool AgendaInput::is_person_in_area(std::size_t position) const {
  if (of_areas.empty()) return true;
  const Window year = months_before(on, 12);
  const std::vector<Mention>& mentions = person(position).mentions;
  return is_considered(position) && std::any_of(mentions.begin(), mentions.end(), [&](const Mention& mention) {
           return year.holds(set.records().time(mention.record)) && is_in_area(set.record(mention).envelope().area());
         });
}

const CaseHistory& AgendaInput::history(std::size_t position) const {
  const auto [place, is_new] = histories.try_emplace(position);
  CaseHistory& history = place->second;
  if (!is_new) return history;
  if (is_considered(position)) history = make_history(scope(), person(position), rules.subject_roles);
  if (const auto found = actions_of.find(position); found != actions_of.end()) history.actions = found->second;
  if (clocks != nullptr) history.clocks = clocks->of_person(position);
  return history;
}

}  // namespace moot
