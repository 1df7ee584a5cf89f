#include "consumers/agenda/listing.h"

#include <algorithm>
#include <span>
#include <tuple>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/board_clocks.h"
#include "consumers/agenda/kept_items.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/score.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

// Why somebody is not listed, as the sections say it one after the other.
struct WhyNotListed {
  std::vector<v1::WhyNot> why;
  Events events;

  void say(const Section& section, const std::string& reason, bool claimed, const Events& of) {
    if (reason.empty()) return;
    why.push_back(why_not(section, reason, claimed));
    events.insert(events.end(), of.begin(), of.end());
  }
};

bool is_in_events(const Events& events, const v1::Event* event) {
  return std::find(events.begin(), events.end(), event) != events.end();
}

// The score of a person as the section looks at them.
ScoredReasons reasons_of(const AgendaInput& input, const Section& section, std::size_t person, const Verdict& verdict) {
  ScoredReasons points;
  if (section.kind->scores_by_roles) {
    CaseHistory history = make_history(input.scope(), input.person(person), section.roles);
    history.actions = input.history(person).actions;
    history.clocks = input.history(person).clocks;
    points = score_case(input, history, input.caller(person), " as " + in_list(section.roles, "or"));
  } else {
    points = score_case(input, input.history(person), input.caller(person));
  }
  // What a section claims somebody for may give no points.
  const auto tells = [&](const ScoredReason& reason) {
    return verdict.events.empty() || is_in_events(reason.events, verdict.events.front());
  };
  if (!section.kind->score_tells || std::none_of(points.begin(), points.end(), tells))
    points.insert(points.begin(),
                  scored(capitalised(verdict.reason) + (verdict.reason.ends_with('.') ? "" : "."), 0, verdict.events));
  return points;
}

v1::AgendaItem item_in(const AgendaInput& input, const Section& section, std::size_t person) {
  v1::AgendaItem item = item_of(input, person);
  const Verdict verdict = section.kind->judge(input, section, person);
  set_reasons(item, reasons_of(input, section, person, verdict));
  return item;
}

// Of many those that come first, and how many more there are.
template <typename One, typename Before>
class FirstOf {
 public:
  FirstOf(std::size_t most, Before before) : most_(most), before_(std::move(before)) {}

  void take(const One& one) {
    if (was_cut_ && !before_(one, first_[most_ - 1])) return pass();
    first_.push_back(one);
    if (first_.size() == 2 * most_) cut();
  }
  // One that is known not to be among them.
  void pass() { ++more_; }
  // Of those first the last, once there are enough: whatever does not come before it is not among them.
  const One* last() const { return was_cut_ ? &first_[most_ - 1] : nullptr; }

  // In no order.
  std::vector<One> end() {
    if (first_.size() > most_) cut();
    return std::move(first_);
  }
  std::size_t more() const { return more_; }

 private:
  void cut() {
    std::nth_element(first_.begin(), first_.begin() + static_cast<std::ptrdiff_t>(most_) - 1, first_.end(), before_);
    more_ += first_.size() - most_;
    first_.resize(most_);
    was_cut_ = true;
  }

  std::size_t most_;
  Before before_;
  std::vector<One> first_;  // and some more, until they are cut off
  std::size_t more_ = 0;
  bool was_cut_ = false;
};

// A decision keeps the person off every section, and nobody pinned them.
bool is_kept_off(const Standing& standing) { return standing.is_removed && !standing.is_pinned; }

}  // namespace

Listing::Listing(const AgendaInput& input, std::shared_ptr<const Standings> standings)
    : input_(input),
      standings_(std::move(standings)),
      points_(input.set.persons().size()),
      claims_(input.rules.sections.size()),
      is_caller_(input.set.persons().size()),
      listed_(input.set.persons().size()) {
  find_callers();
  add_points_of_the_day();
  sort_out();
}

void Listing::find_callers() {
  int fewest = INT32_MAX;  // calls of anybody on the list
  for (const v1::Caller& caller : input_.callers.callers()) fewest = std::min(fewest, caller.calls());
  input_.calls.each_person([&](std::size_t person, std::span<const CountedCall> theirs) {
    const auto calls = std::count_if(theirs.begin(), theirs.end(), [&](const CountedCall& call) {
      return !call.on_behalf && input_.call_window.holds(call.time);
    });
    if (calls > 0) called_.push_back(static_cast<Person>(person));
    if (calls >= fewest && input_.caller(person) != nullptr) callers_.push_back(static_cast<Person>(person));
  });
}

void Listing::add_points_of_the_day() {
  for (const Person person : callers_) points_[person] += input_.rules.points.frequent_caller;
  for (const auto& [person, actions] : input_.actions_of) points_[person] += points_of(input_, actions);
  for (const auto& [person, points] : input_.clocks->points()) points_[person] += points;
}

void Listing::sort_out() {
  for (const LookedAt& here : standings_->looked_at())
    for (std::uint64_t bits = here.claimed_by; bits != 0; bits &= bits - 1)
      claims_[static_cast<std::size_t>(__builtin_ctzll(bits))].push_back(here.person);
  for (std::size_t i = 0; i < claims_.size(); ++i) {
    if (!input_.rules.sections[i].kind->goes_by_calls) continue;
    goes_by_calls_ = true;
    for (const Person person : callers_) {
      if (!standing(person).is_of_board) continue;
      claims_[i].push_back(person);
      is_caller_[person] = true;
    }
  }
}

int Listing::score(Person person, std::size_t section) const {
  return standings_->score(person, section) + points_[person];
}

// Higher score first, then higher risk, then whom the board has not decided on for longer, then the later report, then
// the case's id. Somebody an earlier section lists is only named as belonging here too.
void Listing::list_people(std::size_t at, v1::AgendaSection& out) {
  const Section& section = input_.rules.sections[at];
  struct Place {
    int score;
    Person person;
  };
  std::vector<Place> places;
  std::vector<std::string> also;
  for (const Person person : claims_[at]) {
    if (listed_[person]) {
      also.push_back(id(person));
      continue;
    }
    const Standing& here = standing(person);
    if (here.is_deferred || is_kept_off(here)) continue;
    const int points = score(person, at);
    if (points >= section.score_min.value_or(INT32_MIN)) places.push_back({points, person});
  }
  const auto before = [&](const Place& a, const Place& b) {
    const Standing &one = standing(a.person), &other = standing(b.person);
    const auto order = std::tuple(-a.score, one.band, one.decided, -std::max(one.reported.us, -INT64_MAX)) <=>
                       std::tuple(-b.score, other.band, other.decided, -std::max(other.reported.us, -INT64_MAX));
    return order != 0 ? order < 0 : id(a.person) < id(b.person);
  };
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(std::min(places.size(), most_in(section)));
  std::partial_sort(places.begin(), end, places.end(), before);
  std::sort(also.begin(), also.end());
  for (const std::string& one : also) out.add_also(one);
  for (auto place = places.begin(); place != end; ++place) {
    listed_[place->person] = true;
    *out.add_items() =
        input_.items->item(input_, at, place->person, 0, [&] { return item_in(input_, section, place->person); });
  }
}

v1::NotListed Listing::row_of(Person person) const {
  const CaseHistory& history = input_.history(person);
  WhyNotListed reasons;
  for (const Section& section : input_.rules.sections) {
    if (section.kind->judge == nullptr) continue;
    const Verdict verdict = section.kind->judge(input_, section, person);
    if (!verdict.claims) {
      reasons.say(section, verdict.reason, false, verdict.events);
    } else if (history.chair.defers()) {
      reasons.say(section, history.chair.text, true, {history.chair.event});
    } else if (is_kept_off(standing(person))) {
      reasons.say(section, decision_in_words(*history.decisions.back()) + ", and no new event since", true,
                  {history.decisions.back()});
    } else {
      const ScoredReasons points = reasons_of(input_, section, person, verdict);
      reasons.say(section, reason_beyond(section, total(points)), true, named_by(points));
    }
  }
  sort_once(reasons.events);
  v1::NotListed row = not_listed(id(person), title_of(input_.person(person)), reasons.why, reasons.events);
  if (history.chair.defers()) row.set_until(history.chair.until);
  return row;
}

// Whoever stands on the agenda for an action is on it, but for those whom a decision keeps off the rest of it.
template <typename Cases>
void Listing::find_not_here(Cases& cases) const {
  const bool prints_actions = std::any_of(input_.rules.sections.begin(), input_.rules.sections.end(),
                                          [](const Section& section) { return section.kind == &kPreviousActions; });
  for (std::size_t i = 0; i < others_.cases.size(); ++i)
    cases.take({others_.cases[i].claimed, others_.cases[i].score, Instant{INT64_MIN}, 0, static_cast<int>(i)});
  const auto take = [&](Person person, bool claimed, int score, Instant reported, bool may_stand_for_actions) {
    if (listed_[person] || (prints_actions && may_stand_for_actions && input_.actions_of.contains(person))) return;
    cases.take({claimed || is_caller_[person], score + points_[person], reported, person});
  };
  for (const LookedAt& one : standings_->looked_at())
    take(one.person, one.claimed_by != 0, one.score, one.reported, one.may_stand_for_actions);
  if (!goes_by_calls_) return;
  for (const Person person : called_) {
    if (!standings_->is_only_of_board(person)) continue;
    // No section claims most of them, and in a large district those that one does fill the places.
    if (cases.last() != nullptr && cases.last()->claimed && !is_caller_[person] &&
        !input_.actions_of.contains(person)) {
      cases.pass();
      continue;
    }
    const Standing& here = standing(person);
    take(person, false, here.score, here.reported, here.may_stand_for_actions());
  }
}

bool Listing::is_nearer(const NotHere& a, const NotHere& b) const {
  const auto order = std::tuple(b.claimed, b.score, b.reported) <=> std::tuple(a.claimed, a.score, a.reported);
  if (order != 0) return order < 0;
  const auto name = [this](const NotHere& one) -> const std::string& {
    return one.other < 0 ? id(one.person) : others_.cases[static_cast<std::size_t>(one.other)].id;
  };
  // Two sections may look at one case.
  return name(a) != name(b) ? name(a) < name(b) : a.other < b.other;
}

// Cases that are no people as their sections tell them, then people by their ids.
void Listing::tell_not_listed(v1::Agenda& agenda) {
  const auto nearer = [this](const NotHere& a, const NotHere& b) { return is_nearer(a, b); };
  FirstOf<NotHere, decltype(nearer)> nearest(kNotListedMost, nearer);
  find_not_here(nearest);
  std::vector<NotHere> cases = nearest.end();
  const std::size_t more = others_.more + nearest.more();
  if (more > 0) {
    agenda.set_not_listed_more(static_cast<int>(more));
    agenda.add_notes(counted(more, "more case") + " that the sections looked at " + (more == 1 ? "is" : "are") +
                     " neither listed nor named here; those named were nearest to being listed.");
  }
  std::sort(cases.begin(), cases.end(), [&](const NotHere& a, const NotHere& b) {
    if ((a.other < 0) != (b.other < 0)) return b.other < 0;
    return a.other < 0 ? id(a.person) < id(b.person) : a.other < b.other;
  });
  for (const NotHere& one : cases)
    *agenda.add_not_listed() = one.other < 0 ? input_.items->row(input_, one.person, [&] { return row_of(one.person); })
                                             : others_.cases[static_cast<std::size_t>(one.other)].row();
}

void Listing::fill(v1::Agenda& agenda) {
  for (std::size_t i = 0; i < input_.rules.sections.size(); ++i) {
    const Section& section = input_.rules.sections[i];
    v1::AgendaSection& out = *agenda.add_sections();
    out.set_id(section.id);
    out.set_title(section.title);
    out.set_kind(std::string(section.kind->name));
    if (section.kind->judge != nullptr)
      list_people(i, out);
    else
      section.kind->fill(input_, section, out, others_);
    if (section.kind->goes_by_calls) *out.mutable_notes() = input_.callers.notes();
  }
  tell_not_listed(agenda);
  input_.items->end_agenda();
}

}  // namespace moot
