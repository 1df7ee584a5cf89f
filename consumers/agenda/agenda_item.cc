#include "consumers/agenda/agenda_item.h"

#include <algorithm>
#include <set>

#include "consumers/agenda/meeting_time.h"
#include "consumers/callers/known_to.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr std::size_t kDecisionsMax = 3;  // the latest are printed

void add_known_to(const AgendaInput& input, const PersonCase& person, v1::AgendaItem& item) {
  const std::map<std::string, KnownAnswer> answers = known_answers(input.set, person, input.board.known_as);
  for (const Agency& agency : input.partnership.agencies) {
    v1::KnownTo& known = *item.add_known_to();
    known.set_agency(agency.id.value());
    const auto answer = answers.find(agency.id.value());
    if (answer == answers.end()) {
      // That nothing is known from an agency is no answer where it may not be read.
      known.set_answer(input.may_not_say.contains(agency.id.value()) ? "may not say" : "not asked");
      continue;
    }
    known.set_answer(answer->second.answer);
    known.set_on(to_iso(local_date(answer->second.at)));
    known.set_from_records(answer->second.from_records);
  }
}

std::string date_of(const v1::Event& decision) {
  const std::string& on = decision.facts().meeting().on();
  return on.empty() ? to_iso(local_date(time_of(decision))) : on;
}

void add_decisions(const CaseHistory& history, v1::AgendaItem& item) {
  const Events& all = history.decisions;
  for (std::size_t i = all.size() - std::min(all.size(), kDecisionsMax); i < all.size(); ++i) {
    const v1::Meeting& meeting = all[i]->facts().meeting();
    const bool removed = meeting.stage() == v1::Meeting::REMOVED;
    v1::Decision& decision = *item.add_decisions();
    decision.set_decision(removed ? "removed" : "kept");
    decision.set_on(date_of(*all[i]));
    decision.set_reason(meeting.reason());
    *decision.add_events() = reference_to(*all[i]);
    std::string text = capitalised(decision_in_words(*all[i])) + ".";
    const bool last = i + 1 == all.size();
    if (last && removed && history.fresh.empty())
      text += " Comes back only with new events after that date; until then listed for clocks and actions alone.";
    if (last && removed && !history.fresh.empty()) {
      text += " Back because of " + counted(history.fresh.size(), "new event") + " after that.";
      for (const v1::Event* event : history.fresh) *decision.add_events() = reference_to(*event);
    }
    decision.set_text(text);
  }
}

}  // namespace

std::string name_of(const PersonCase& person) { return person.name.empty() ? "Name not supplied" : person.name; }

std::string title_of(const PersonCase& person) {
  std::string title = name_of(person);
  if (!person.born.empty()) title += ", born " + date_in_words(person.born);
  return title;
}

v1::AgendaItem item_of(const AgendaInput& input, std::size_t position) {
  const PersonCase& person = input.person(position);
  v1::AgendaItem item;
  item.set_case_(person.id);
  item.set_title(title_of(person));
  item.set_name(name_of(person));
  item.set_kind("person");
  add_known_to(input, person, item);
  for (const BoardAction* action : input.history(position).actions)
    if (!action->finished()) *item.add_actions() = to_document(*action, input.partnership);
  add_decisions(input.history(position), item);
  if (input.history(position).chair.pins()) item.set_pinned(input.history(position).chair.reason);
  if (const v1::Caller* caller = input.caller(position); caller != nullptr)
    *item.mutable_interventions() = caller->interventions();
  return item;
}

void set_reasons(v1::AgendaItem& item, const ScoredReasons& reasons) {
  for (const ScoredReason& reason : reasons) {
    v1::ScoredReason& printed = *item.add_reasons();
    printed.set_text(reason.text);
    printed.set_points(reason.points);
    for (const v1::Event* event : reason.events) *printed.add_events() = reference_to(*event);
  }
  item.set_score(total(reasons));
}

std::string decision_in_words(const v1::Event& decision) {
  const v1::Meeting& meeting = decision.facts().meeting();
  return (meeting.stage() == v1::Meeting::REMOVED ? "removed on " : "kept on ") + date_in_words(date_of(decision)) +
         ": " + (meeting.reason().empty() ? "reason not supplied" : code_as_words(meeting.reason()));
}

v1::WhyNot why_not(const Section& section, const std::string& reason, bool claimed) {
  v1::WhyNot why;
  why.set_section(section.id);
  why.set_reason(reason);
  why.set_claimed(claimed);
  return why;
}

v1::NotListed not_listed_beyond(const Section& section, const std::string& id, const std::string& title,
                                const ScoredReasons& reasons) {
  return not_listed(id, title, {why_not(section, reason_beyond(section, total(reasons)), true)}, named_by(reasons));
}

v1::NotListed not_listed(const std::string& id, const std::string& title, const std::vector<v1::WhyNot>& why,
                         const Events& events) {
  v1::NotListed row;
  row.set_case_(id);
  row.set_title(title);
  std::vector<std::string> reasons;  // two sections may say the same
  for (const v1::WhyNot& one : why) {
    *row.add_why() = one;
    if (std::find(reasons.begin(), reasons.end(), one.reason()) == reasons.end()) reasons.push_back(one.reason());
  }
  for (const std::string& reason : reasons) row.set_reason(row.reason() + (row.reason().empty() ? "" : "; ") + reason);
  for (const v1::Event* event : events) *row.add_events() = reference_to(*event);
  return row;
}

}  // namespace moot
