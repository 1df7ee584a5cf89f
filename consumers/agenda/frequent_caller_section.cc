// Section "frequent-callers": whoever is on the frequent-caller list of the day.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {

Verdict judge_frequent_caller(const AgendaInput& input, const Section&, std::size_t person) {
  Verdict verdict;
  const std::size_t calls = input.calls_in_window[person];
  if (const v1::Caller* caller = input.caller(person); caller != nullptr) {
    verdict.claims = true;
    verdict.reason = caller->reasons(0).text();
    for (const v1::EventRef& event : caller->reasons(0).events())
      verdict.events.push_back(input.set.find(event.source(), event.id()));
  } else if (calls > 0) {
    verdict.reason = counted(calls, "call") + " in " +
                     counted(static_cast<std::size_t>(input.callers.window_days()), "day") + "; not among the first " +
                     std::to_string(input.callers.top()) + " of the frequent-caller rule";
  }
  return verdict;
}

}  // namespace moot
