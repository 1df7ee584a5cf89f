#include "consumers/agenda/agenda.h"

#include <algorithm>
#include <optional>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/callers/caller_list.h"
#include "consumers/callers/calls.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void gather(AgendaInput& input, const CallerRule& caller_rule) {
  for (const v1::Caller& caller : input.callers.callers()) input.caller_by_person[caller.person()] = &caller;
  const Calls calls = find_calls(input.set, caller_rule);
  const Window window = days_before(input.on, caller_rule.window_days);
  input.last_meeting = last_meeting(input.set, input.board.id, input.on);
  input.actions = board_actions(input.set, input.board.id, input.on);
  input.calls_in_window.reserve(input.set.persons().size());
  input.histories.reserve(input.set.persons().size());
  for (std::size_t i = 0; i < input.set.persons().size(); ++i) {
    input.calls_in_window.push_back(within(calls.of_person[i].calls, window));
    input.histories.push_back(make_history(input.scope(), input.person(i), input.rules.subject_roles));
  }
  for (const BoardAction& action : input.actions)
    for (const std::size_t person : action.people) input.histories[person].actions.push_back(&action);
}

// What the sections make of one person.
struct Standing {
  bool listed = false;
  std::string why_not;  // from every section that considered the person
  Events events;
};

void say_why_not(Standing& standing, const std::string& reason, const Events& events) {
  if (reason.empty()) return;
  standing.why_not += (standing.why_not.empty() ? "" : "; ") + reason;
  standing.events.insert(standing.events.end(), events.begin(), events.end());
}

// Higher score first, then higher risk, then the case's id.
void sort_items(const AgendaInput& input, std::vector<std::pair<std::size_t, v1::AgendaItem>>& items) {
  std::sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
    if (a.second.score() != b.second.score()) return a.second.score() > b.second.score();
    const int a_band = band_order(input.histories[a.first].band());
    const int b_band = band_order(input.histories[b.first].band());
    return a_band != b_band ? a_band < b_band : a.second.case_() < b.second.case_();
  });
}

// The score of a person as the section looks at them.
ScoredReasons reasons_of(const AgendaInput& input, const Section& section, std::size_t person, const Verdict& verdict) {
  ScoredReasons points;
  if (section.kind->scores_by_roles) {
    CaseHistory history = make_history(input.scope(), input.person(person), section.roles);
    history.actions = input.histories[person].actions;
    points = score_case(input, history, input.caller(person), " as " + in_list(section.roles, "or"));
  } else {
    points = score_case(input, input.histories[person], input.caller(person));
  }
  if (points.empty() || !section.kind->score_tells)
    points.insert(points.begin(),
                  scored(capitalised(verdict.reason) + (verdict.reason.ends_with('.') ? "" : "."), 0, verdict.events));
  return points;
}

void add_claimed(const AgendaInput& input, const Section& section, std::vector<Standing>& standings,
                 v1::AgendaSection& out) {
  std::vector<std::pair<std::size_t, v1::AgendaItem>> items;
  for (std::size_t person = 0; person < input.histories.size(); ++person) {
    Standing& standing = standings[person];
    if (standing.listed) continue;
    const Verdict verdict = section.kind->judge(input, section, person);
    const CaseHistory& history = input.histories[person];
    if (verdict.claims && history.removed()) {
      say_why_not(standing, decision_in_words(*history.decisions.back()) + ", and no new event since",
                  {history.decisions.back()});
      continue;
    }
    if (!verdict.claims) {
      say_why_not(standing, verdict.reason, verdict.events);
      continue;
    }
    standing.listed = true;
    v1::AgendaItem item = item_of(input, person);
    set_reasons(item, reasons_of(input, section, person, verdict));
    items.emplace_back(person, std::move(item));
  }
  sort_items(input, items);
  for (auto& [person, item] : items) *out.add_items() = std::move(item);
}

// Those a section looked at and did not claim; whoever stands on the agenda for an action is on it.
void add_not_listed(const AgendaInput& input, std::vector<Standing>& standings, v1::Agenda& agenda) {
  const bool prints_actions = std::any_of(input.rules.sections.begin(), input.rules.sections.end(),
                                          [](const Section& section) { return section.kind == &kPreviousActions; });
  for (std::size_t person = 0; person < standings.size(); ++person) {
    Standing& standing = standings[person];
    if (standing.listed || standing.why_not.empty()) continue;
    if (prints_actions && !input.histories[person].actions.empty()) continue;
    sort_once(standing.events);
    *agenda.add_not_listed() = not_listed(input.person(person).id, title_of(input.person(person)),
                                          std::move(standing.why_not), standing.events);
  }
}

// Returns how many cases the meeting has to talk about.
std::size_t add_sections(const AgendaInput& input, v1::Agenda& agenda) {
  std::vector<Standing> standings(input.histories.size());
  std::size_t cases = 0;
  for (const Section& section : input.rules.sections) {
    v1::AgendaSection& out = *agenda.add_sections();
    out.set_id(section.id);
    out.set_title(section.title);
    if (section.kind->judge != nullptr)
      add_claimed(input, section, standings, out);
    else
      section.kind->fill(input, section, out, *agenda.mutable_not_listed());
    if (section.kind != &kPreviousActions) cases += static_cast<std::size_t>(out.items_size());
  }
  add_not_listed(input, standings, agenda);
  return cases;
}

void add_feeds(const AgendaInput& input, v1::Agenda& agenda) {
  for (const Agency& agency : input.partnership.agencies) {
    v1::Feed& feed = *agenda.add_feeds();
    feed.set_agency(agency.id.value());
    feed.set_rhythm_days(agency.rhythm_days);
    const auto heard = input.set.last_heard.find(agency.id.value());
    const bool silent = heard == input.set.last_heard.end();
    if (!silent) {
      const Date last = local_date(heard->second);
      feed.set_last(to_iso(last));
      feed.set_days_before(static_cast<int>(days_since_epoch(input.on) - days_since_epoch(last)));
    }
    feed.set_late(agency.rhythm_days > 0 && (silent || feed.days_before() > agency.rhythm_days));
  }
}

void add_notes(const AgendaInput& input, std::size_t cases, v1::Agenda& agenda) {
  const BoardVersion& rules = input.rules;
  if (rules.minutes > 0 && rules.minutes_per_case > 0) {
    const std::size_t needed =
        cases * static_cast<std::size_t>(rules.minutes_per_case) + static_cast<std::size_t>(rules.minutes_for_actions);
    agenda.add_notes(counted(cases, "case") + " at " +
                     counted(static_cast<std::size_t>(rules.minutes_per_case), "minute") + " each and " +
                     counted(static_cast<std::size_t>(rules.minutes_for_actions), "minute") + " for actions make " +
                     counted(needed, "minute") + "; the meeting has " + std::to_string(rules.minutes) + ".");
  }
  for (const std::string& note : input.callers.notes()) agenda.add_notes("Frequent callers: " + note);
}

}  // namespace

Result<v1::Agenda> make_agenda(const Casebook& casebook, const Partnership& partnership, const CallerPolicy& policy,
                               const Board& board, const AgendaQuery& query) {
  const Result<BoardVersion> rules = board.version_on(query.on);
  if (!rules.ok()) return rules.status();
  const Result<CallerRule> caller_rule = policy.rule_on(query.on);
  if (!caller_rule.ok()) return caller_rule.status();
  const CaseSet set = casebook.as_at(query.as_at.value_or(casebook.default_as_at(query.on)));
  Result<v1::CallerList> callers = make_caller_list(set, partnership, policy, CallerQuery{query.on, {}, {}, {}});
  if (!callers.ok()) return callers.status();
  AgendaInput input{set, partnership, board, *rules, query.on, {}, std::move(*callers), {}, {}, {}, {}};
  gather(input, *caller_rule);

  v1::Agenda agenda;
  agenda.set_board(board.id);
  agenda.set_title(board.title);
  agenda.set_on(to_iso(query.on));
  agenda.set_as_at(to_local_rfc3339(set.as_at()));
  agenda.set_rules(board.version_name(*rules) + "; " + policy.version_name(*caller_rule));
  agenda.set_loaded_later(set.loaded_later);
  if (input.last_meeting) agenda.set_last_meeting(to_iso(*input.last_meeting));
  const std::size_t cases = add_sections(input, agenda);
  add_feeds(input, agenda);
  add_notes(input, cases, agenda);
  return agenda;
}

}  // namespace moot
