#include "consumers/callers/effect.h"

#include <algorithm>

#include "consumers/casebook/whose_matter.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kTooEarlyDays = 28;

bool was_done(const v1::Event& event, const std::vector<SaidOfActions>& boards) {
  const v1::Facts& facts = event.facts();
  switch (facts.body_case()) {
    case v1::Facts::kReferral: {
      const v1::Referral::Stage stage = facts.referral().stage();
      return stage == v1::Referral::ACCEPTED || stage == v1::Referral::STARTED || stage == v1::Referral::INSTALLED ||
             stage == v1::Referral::COMPLETED;
    }
    case v1::Facts::kAction:
      return facts.action().stage() == v1::Action::DONE && counts(boards, event);
    case v1::Facts::kClosure:
      return facts.closure().stage() == v1::Closure::CASE_CLOSED || facts.closure().stage() == v1::Closure::RESOLVED;
    default:
      return false;
  }
}

// An action is about whomever it names; anything else was done for those whose matter it is.
bool is_for(const v1::Event& event, int person) { return event.facts().has_action() || is_matter_of(event, person); }

std::string finding(const v1::Intervention& effect) {
  if (effect.too_early())
    return "too early to say, " + counted(static_cast<std::size_t>(effect.days()), "day") + " since";
  const std::string days = counted(static_cast<std::size_t>(effect.days()), "day");
  std::string text = counted(static_cast<std::size_t>(effect.before()), "call") + " in the " + days + " before, " +
                     std::to_string(effect.after()) + " in the " + days + " after";
  if (!effect.supplied_from().empty())
    text += " (calls before " + date_in_words(effect.supplied_from()) + " are not supplied)";
  return text;
}

v1::Intervention effect_of(const v1::Event& event, const Partnership& partnership,
                           const std::vector<const v1::Event*>& calls, const EffectQuery& query) {
  const Date day = local_date(time_of(event));
  const std::int64_t since = days_since_epoch(query.on) - days_since_epoch(day) - 1;
  const int days = static_cast<int>(std::clamp<std::int64_t>(since, 0, query.window_days));
  const Window before = days_before(day, days);
  const Window after = days_before(plus_days(day, days + 1), days);
  const std::vector<const v1::Event*> calls_before = within(calls, before);
  const std::vector<const v1::Event*> calls_after = within(calls, after);
  v1::Intervention effect;
  const std::string asked = event.facts().has_action() ? action_text(event.personal()) : std::string();
  effect.set_text(intervention_phrase(event.facts()) + (asked.empty() ? "" : " (" + asked + ")"));
  effect.set_on(to_iso(day));
  effect.set_agency(event.envelope().agency());
  effect.set_days(days);
  effect.set_before(static_cast<int>(calls_before.size()));
  effect.set_after(static_cast<int>(calls_after.size()));
  effect.set_too_early(days < kTooEarlyDays);
  if (before.from < query.supplied_from) effect.set_supplied_from(to_iso(local_date(query.supplied_from)));
  effect.set_finding(capitalised(effect.text()) + " on " + to_words(day) + ", " +
                     partnership.agency_name(event.envelope().agency()) + ": " + finding(effect) + ".");
  *effect.add_events() = reference_to(event);
  for (const auto* side : {&calls_before, &calls_after})
    for (const v1::Event* call : *side) *effect.add_events() = reference_to(*call);
  return effect;
}

}  // namespace

std::vector<v1::Intervention> effects(const CaseSet& set, const Partnership& partnership, const PersonCase& person,
                                      const std::vector<const v1::Event*>& calls, const EffectQuery& query) {
  const Window year{local_midnight(plus_months(query.on, -12)), local_midnight(query.on)};
  std::vector<const v1::Event*> done;
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (was_done(event, query.boards) && year.holds(time_of(event)) && is_for(event, mention.index))
      done.push_back(&event);
  }
  std::sort(done.begin(), done.end(), [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
  done.erase(std::unique(done.begin(), done.end()), done.end());  // an event may name the person twice
  std::vector<v1::Intervention> found;
  for (const v1::Event* event : done) found.push_back(effect_of(*event, partnership, calls, query));
  return found;
}

}  // namespace moot
