#include "consumers/agenda/agenda.h"

#include <algorithm>
#include <set>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/callers/caller_list.h"
#include "consumers/callers/calls.h"
#include "consumers/callers/known_to.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void gather(AgendaInput& input, const CallerRule& caller_rule) {
  for (const v1::Caller& caller : input.callers.callers()) input.caller_by_person[caller.person()] = &caller;
  const Calls calls = find_calls(input.set, caller_rule);
  const Window window = days_before(input.on, caller_rule.window_days);
  input.actions = board_actions(input.set, input.board.id, input.on);
  for (std::size_t i = 0; i < input.set.persons().size(); ++i) {
    input.calls_in_window.push_back(within(calls.of_person[i].calls, window).size());
    input.histories.push_back(make_history(input.set, i, input.rules.subject_roles, input.on));
  }
  for (const BoardAction& action : input.actions)
    for (const std::size_t person : action.people) input.histories[person].actions.push_back(&action);
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

void add_claimed(const AgendaInput& input, const Section& section, std::set<std::size_t>& listed,
                 v1::AgendaSection& out) {
  std::vector<std::pair<std::size_t, v1::AgendaItem>> items;
  for (std::size_t person = 0; person < input.histories.size(); ++person) {
    if (listed.contains(person)) continue;
    const Verdict verdict = judge(input, section, person);
    if (!verdict.claims) continue;
    v1::AgendaItem item = item_of(input, person);
    std::vector<v1::ScoredReason> reasons = score_case(input.set, input.partnership, input.rules.points,
                                                       input.histories[person], input.caller(person), input.on);
    if (reasons.empty()) reasons.push_back(scored(verdict.reason, 0, verdict.events));
    set_reasons(item, reasons);
    items.emplace_back(person, std::move(item));
  }
  sort_items(input, items);
  for (auto& [person, item] : items) {
    listed.insert(person);
    *out.add_items() = std::move(item);
  }
}

void add_sections(const AgendaInput& input, v1::Agenda& agenda, std::set<std::size_t>& listed) {
  for (const Section& section : input.rules.sections) {
    v1::AgendaSection& out = *agenda.add_sections();
    out.set_id(section.id);
    out.set_title(section.title);
    if (section.kind != SectionKind::kPreviousActions) {
      add_claimed(input, section, listed, out);
      continue;
    }
    for (v1::AgendaItem& item : previous_actions(input)) *out.add_items() = std::move(item);
  }
}

// Those a section looked at and did not claim; whoever stands on the agenda for an action is on it.
void add_not_listed(const AgendaInput& input, const std::set<std::size_t>& listed, v1::Agenda& agenda) {
  const bool prints_actions = std::any_of(input.rules.sections.begin(), input.rules.sections.end(),
                                          [](const auto& s) { return s.kind == SectionKind::kPreviousActions; });
  for (std::size_t person = 0; person < input.histories.size(); ++person) {
    if (listed.contains(person) || (prints_actions && !input.histories[person].actions.empty())) continue;
    std::string reason;
    for (const Section& section : input.rules.sections) {
      const Verdict verdict = judge(input, section, person);
      if (!verdict.reason.empty()) reason += (reason.empty() ? "" : "; ") + verdict.reason;
    }
    if (reason.empty()) continue;
    v1::NotListed& row = *agenda.add_not_listed();
    row.set_case_(input.person(person).id);
    row.set_reason(std::move(reason));
  }
}

void add_feeds(const AgendaInput& input, v1::Agenda& agenda) {
  for (const Agency& agency : input.partnership.agencies) {
    v1::Feed& feed = *agenda.add_feeds();
    feed.set_agency(agency.id.value());
    const auto heard = input.set.last_heard.find(agency.id.value());
    const bool silent = heard == input.set.last_heard.end();
    if (!silent) feed.set_last(to_iso(local_date(heard->second)));
    if (agency.rhythm_days == 0) continue;
    feed.set_late(silent ||
                  days_since_epoch(input.on) - days_since_epoch(local_date(heard->second)) > agency.rhythm_days);
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

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  switch (section.kind) {
    case SectionKind::kFrequentCallers:
      return judge_frequent_caller(input, section, person);
    case SectionKind::kHighRisk:
      return judge_high_risk(input, section, person);
    case SectionKind::kRepeatVictims:
      return judge_repeat_victim(input, section, person);
    case SectionKind::kPreviousActions:
      break;
  }
  return {};
}

v1::AgendaItem item_of(const AgendaInput& input, std::size_t position) {
  const PersonCase& person = input.person(position);
  v1::AgendaItem item;
  item.set_case_(person.id);
  std::string title = person.name.empty() ? "Name not supplied" : person.name;
  if (!person.born.empty()) title += ", born " + date_in_words(person.born);
  item.set_title(title);
  const std::set<std::string> with_records = agencies_with_records(input.set, person);
  const std::map<std::string, std::string> answers = latest_answers(input.set, person, input.board.id);
  for (const Agency& agency : input.partnership.agencies) {
    v1::KnownTo& known = *item.add_known_to();
    known.set_agency(agency.id.value());
    const auto answer = answers.find(agency.id.value());
    known.set_answer(with_records.contains(agency.id.value()) ? "yes"
                     : answer == answers.end()                ? "not asked"
                                                              : answer->second);
  }
  for (const BoardAction* action : input.histories[position].actions)
    if (!action->finished()) *item.add_actions() = to_document(*action);
  return item;
}

void set_reasons(v1::AgendaItem& item, const std::vector<v1::ScoredReason>& reasons) {
  int score = 0;
  for (const v1::ScoredReason& reason : reasons) {
    score += reason.points();
    *item.add_reasons() = reason;
  }
  item.set_score(score);
}

Result<v1::Agenda> make_agenda(const Casebook& casebook, const Partnership& partnership, const CallerPolicy& policy,
                               const Board& board, const AgendaQuery& query) {
  const Result<BoardVersion> rules = board.version_on(query.on);
  if (!rules.ok()) return rules.status();
  const Result<CallerRule> caller_rule = policy.rule_on(query.on);
  if (!caller_rule.ok()) return caller_rule.status();
  const CaseSet set = casebook.as_at(query.as_at.value_or(casebook.default_as_at(query.on)));
  Result<v1::CallerList> callers = make_caller_list(set, partnership, policy, CallerQuery{query.on, {}, {}, {}});
  if (!callers.ok()) return callers.status();
  AgendaInput input{set, partnership, board, *rules, query.on, std::move(*callers), {}, {}, {}, {}};
  gather(input, *caller_rule);

  v1::Agenda agenda;
  agenda.set_board(board.id);
  agenda.set_title(board.title);
  agenda.set_on(to_iso(query.on));
  agenda.set_as_at(to_local_rfc3339(set.as_at()));
  agenda.set_rules(board.version_name(*rules) + "; " + policy.version_name(*caller_rule));
  agenda.set_loaded_later(set.loaded_later);
  std::set<std::size_t> listed;
  add_sections(input, agenda, listed);
  add_not_listed(input, listed, agenda);
  add_feeds(input, agenda);
  add_notes(input, listed.size(), agenda);
  return agenda;
}

}  // namespace moot
