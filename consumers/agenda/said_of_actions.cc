#include "consumers/agenda/said_of_actions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "consumers/casework/meeting_events.h"

namespace moot {
namespace {

// An owner says no more than this; the rest is for the board to say.
bool is_outcome(v1::Action::Stage stage) {
  return stage == v1::Action::DONE || stage == v1::Action::NOT_DONE || stage == v1::Action::OVERTAKEN;
}

const v1::Event& first_said(const CaseSet& set, const v1::Event& action) {
  const v1::Envelope& envelope = action.envelope();
  const std::optional<std::size_t> position = set.find_position(envelope.source(), envelope.id());
  return position ? set.records().first_version(*position) : action;
}

std::string day_of_time(const v1::Event& event) { return to_iso(local_date(time_of(event))); }

}  // namespace

bool ActionList::holds(const CaseSet& set, const v1::Event& action) const {
  if (action.facts().action().board() != board.known_as || !is_of_area(action, area)) return false;
  if (before.empty()) return true;
  const std::string& set_on = action.facts().action().set_on();
  return (set_on.empty() ? day_of_time(first_said(set, action)) : set_on) < before;  // ISO dates compare as texts
}

std::string day_set(const CaseSet& set, const v1::Event& action) {
  const std::string& set_on = action.facts().action().set_on();
  if (!set_on.empty()) return set_on;
  const v1::Event& first = first_said(set, action);
  return names_its_day(first.envelope()) ? day_of_time(first) : std::string();
}

bool is_set_ahead(const CaseSet& set, const v1::Event& action) {
  return day_set(set, action) > to_iso(plus_days(local_date(when_said(action)), 1));
}

bool is_of_area(const v1::Event& event, const std::string& area) {
  return area.empty() || event.envelope().area().empty() || event.envelope().area() == area;
}

bool is_word_on_another(const v1::Event& event) {
  return std::any_of(event.envelope().links().begin(), event.envelope().links().end(),
                     [](const v1::Link& link) { return link.rel() == kOutcomeOf; });
}

bool outlasts(const v1::Event& later, const v1::Event& earlier) {
  const Instant one = when_said(later), other = when_said(earlier);
  if (one != other) return other < one;
  const v1::Envelope &a = earlier.envelope(), &b = later.envelope();
  return a.source() != b.source() ? a.source() < b.source() : a.id() < b.id();
}

LinkedActions::LinkedActions(const CaseSet& set) {
  const CaseRecords& records = set.records();
  for (const std::uint32_t i : records.of_body(v1::Facts::kAction)) {
    if (!records.links(i)) continue;
    const v1::Event* by = records[i];
    const bool is_outcome_of_some = is_word_on_another(*by);
    const bool says_outcome = is_outcome_of_some && is_outcome(by->facts().action().stage());
    for (const v1::Link& link : by->envelope().links()) {
      const bool takes_up = link.rel() == kTakesUp && !is_outcome_of_some;
      if (!takes_up && !(link.rel() == kOutcomeOf && says_outcome)) continue;
      const v1::Event* to = set.find(link.source(), link.id());
      if (to == nullptr || to == by || !to->facts().has_action()) continue;
      (takes_up ? take_ups : words).push_back({by, to});
    }
  }
}

SaidOfActions::SaidOfActions(const CaseSet& set, ActionList list)
    : SaidOfActions(set, LinkedActions(set), std::move(list)) {}

SaidOfActions::SaidOfActions(const CaseSet& set, const LinkedActions& linked, ActionList list)
    : set_(&set), list_(std::move(list)) {
  read_take_ups(linked.take_ups);
  read_words(linked.words);
}

void SaidOfActions::read_take_ups(const std::vector<LinkedActions::Link>& all) {
  std::vector<std::pair<const v1::Event*, const v1::Event*>> take_ups;  // the record, and what took it up
  for (const auto& [by, action] : all)
    if (list_.board.goes_by(*by) && list_.holds(*set_, *by)) take_ups.emplace_back(action, by);
  for (const auto& [action, by] : take_ups) {
    const v1::Event*& last = instead_[action];
    if (last == nullptr || outlasts(*by, *last)) last = by;
  }
  std::set<const v1::Event*> last_of_some;
  for (const auto& [action, by] : instead_) last_of_some.insert(by);
  leave_out_rings();
  // Those that came before another stand for nothing any more, unless it is for what the other did not take up.
  std::map<const v1::Event*, const v1::Event*> outdone;
  for (const auto& [action, by] : take_ups) {
    const auto last = instead_.find(action);
    if (last == instead_.end() || last_of_some.contains(by)) continue;
    const v1::Event*& other = outdone[by];
    if (other == nullptr || outlasts(*last->second, *other)) other = last->second;
  }
  for (const auto& [by, other] : outdone) instead_.try_emplace(by, other);
}

// Nothing of a ring stands in another's place.
void SaidOfActions::leave_out_rings() {
  std::map<const v1::Event*, const v1::Event*> walked;  // from where
  std::set<const v1::Event*> ring;
  for (const auto& [action, by] : instead_) {
    const v1::Event* at = action;
    while (instead_.contains(at) && walked.try_emplace(at, action).second) at = instead_.at(at);
    const auto met = walked.find(at);
    if (met == walked.end() || met->second != action) continue;
    while (ring.insert(at).second) at = instead_.at(at);
  }
  for (const v1::Event* action : ring) instead_.erase(action);
}

void SaidOfActions::read_words(const std::vector<LinkedActions::Link>& words) {
  // The owner's own record goes on saying what became of it when the board has taken it up.
  for (const auto& [action, by] : instead_) {
    const bool is_of_owner = list_.holds(*set_, *action) && !list_.board.goes_by(*action);
    if (is_of_owner && is_outcome(action->facts().action().stage()) && !is_word_on_another(*action))
      hear(*action, *action);
  }
  for (const auto& [word, said_of] : words) hear(*word, *said_of);
  for (const auto& [action, word] : by_owner_)
    if (word->facts().action().stage() != action->facts().action().stage()) words_.insert(word);
}

// A word that may be said of the record, and of what stands in its place.
void SaidOfActions::hear(const v1::Event& word, const v1::Event& said_of) {
  const v1::Event* action = standing(said_of);
  if (word.envelope().agency() != action->facts().action().owner()) return;
  const bool only_taken_up = action != &said_of && action->facts().action().stage() == v1::Action::SET;
  if (!only_taken_up && !outlasts(word, *action)) return;
  const v1::Event*& latest = by_owner_[action];
  if (latest == nullptr || outlasts(word, *latest)) latest = &word;
}

const v1::Event* SaidOfActions::standing(const v1::Event& action) const {
  const v1::Event* stands = &action;
  for (auto by = instead_.find(stands); by != instead_.end(); by = instead_.find(stands)) stands = by->second;
  return stands;
}

const v1::Event* SaidOfActions::by_owner(const v1::Event& action) const {
  if (const auto found = by_owner_.find(&action); found != by_owner_.end()) return found->second;
  const std::string& agency = action.envelope().agency();
  const v1::Action& facts = action.facts().action();
  return !list_.board.goes_by(action) && agency == facts.owner() && is_outcome(facts.stage()) ? &action : nullptr;
}

bool SaidOfActions::binds(const v1::Event& action) const {
  if (list_.board.goes_by(action)) return true;
  const v1::Event* word = by_owner(action);
  return word != nullptr && word->facts().action().stage() != v1::Action::NOT_DONE;
}

bool SaidOfActions::is_given_up(const v1::Event& action) const {
  return !binds(action) && is_outcome(action.facts().action().stage());
}

bool SaidOfActions::is_proposed(const v1::Event& action) const {
  return list_.holds(*set_, action) && !is_word_on_another(action) && standing(action) == &action && !binds(action);
}

bool SaidOfActions::counts(const v1::Event& action) const {
  if (action.facts().action().board() == list_.board.known_as) {
    if (is_word_on_another(action)) return words_.contains(&action);
    if (words_.contains(&action)) return true;  // of its owner, that the board took up
    if (!binds(action)) return false;
  }
  return standing(action) == &action;
}

bool is_proposed(const std::vector<SaidOfActions>& boards, const v1::Event& action) {
  return std::any_of(boards.begin(), boards.end(), [&](const SaidOfActions& said) { return said.is_proposed(action); });
}

bool counts(const std::vector<SaidOfActions>& boards, const v1::Event& action) {
  return std::all_of(boards.begin(), boards.end(), [&](const SaidOfActions& said) { return said.counts(action); });
}

}  // namespace moot
