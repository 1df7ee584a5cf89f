#include "consumers/callers/leaving.h"

#include <algorithm>
#include <set>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr std::size_t kPrintedMax = 12;

std::vector<const v1::Event*> interventions(const CaseSet& set, const PersonCase& person, const Window& window,
                                            const std::vector<SaidOfActions>& boards) {
  std::vector<const v1::Event*> events;
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (!window.holds(time_of(event)) || intervention_phrase(event.facts()).empty()) continue;
    if (!event.facts().has_action() || counts(boards, event)) events.push_back(&event);
  }
  std::sort(events.begin(), events.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
  events.erase(std::unique(events.begin(), events.end()), events.end());  // an event may name the person twice
  return events;
}

std::size_t proposed_actions(const CaseSet& set, const PersonCase& person, const Window& window,
                             const std::vector<SaidOfActions>& boards) {
  std::set<const v1::Event*> events;  // an event may name the person twice
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (window.holds(time_of(event)) && event.facts().has_action() && is_proposed(boards, event)) events.insert(&event);
  }
  return events.size();
}

std::string told(const Partnership& partnership, const v1::Event& event) {
  return intervention_phrase(event.facts()) + " on " + to_words(local_date(time_of(event))) + " (" +
         partnership.agency_name(event.envelope().agency()) + ")";
}

}  // namespace

v1::LeftCaller explain_leaving(const CaseSet& set, const Partnership& partnership, const Leaver& leaver, Date on,
                               int window_days, const std::vector<SaidOfActions>& boards) {
  MOOT_CHECK(!leaver.previous_calls.empty());
  v1::LeftCaller left;
  left.set_person(leaver.person->id);
  left.set_name(leaver.person->name);
  left.set_born(leaver.person->born);
  const std::string days = std::to_string(window_days) + " days before ";
  std::string reason;
  if (leaver.calls.empty())
    reason = "No calls in the " + days + to_words(on) + "; ";
  else
    reason = counted(leaver.calls.size(), "call") + " in " +
             counted(static_cast<std::size_t>(leaver.episodes), "episode") + " in the " + days + to_words(on) +
             ", not enough for a place on the list; ";
  reason += counted(leaver.previous_calls.size(), "call") + " in the " + days + "that.";

  const Instant last_call = time_of(*(leaver.calls.empty() ? leaver.previous_calls : leaver.calls).back());
  const Window whole = days_before(on, window_days);
  const Window after =
      leaver.calls.empty() ? Window{Instant{last_call.us + 1}, whole.to} : Window{whole.from, whole.to};
  const std::vector<const v1::Event*> events = interventions(set, *leaver.person, after, boards);
  reason += leaver.calls.empty() ? " Since the last call on " + to_words(local_date(last_call)) + ": "
                                 : " In the " + days + to_words(on) + ": ";
  for (std::size_t i = 0; i < events.size() && i < kPrintedMax; ++i)
    reason += (i == 0 ? "" : "; ") + told(partnership, *events[i]);
  if (events.size() > kPrintedMax) reason += "; and " + std::to_string(events.size() - kPrintedMax) + " more";
  if (events.empty())
    reason += "no referral, action or closure is recorded" +
              but_proposed(proposed_actions(set, *leaver.person, after, boards));
  left.set_reason(reason + ".");
  for (const v1::Event* call : leaver.previous_calls) *left.add_events() = reference_to(*call);
  for (const v1::Event* call : leaver.calls) *left.add_events() = reference_to(*call);
  for (const v1::Event* event : events) *left.add_events() = reference_to(*event);
  return left;
}

}  // namespace moot
