// Section "frequent-callers": whoever is on the frequent-caller list of the day.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

Verdict judge(const AgendaInput& input, const Section&, std::size_t person) {
  Verdict verdict;
  const Events calls = events_within(input.set, input.calls.of(person), input.call_window);
  if (calls.empty()) return verdict;
  verdict.events = calls;
  if (const v1::Caller* caller = input.caller(person); caller != nullptr) {
    verdict.claims = true;
    verdict.reason = caller->reasons(0).text();
    return verdict;
  }
  verdict.reason = counted(calls.size(), "call") + " in " +
                   counted(static_cast<std::size_t>(input.callers.window_days()), "day") + "; ";
  verdict.reason += input.callers_have_room()
                        ? "not enough for a place on the frequent-caller list"
                        : "not among the first " + std::to_string(input.callers.top()) + " of the frequent-caller rule";
  return verdict;
}

}  // namespace

const SectionKind kFrequentCallers = {
    .name = "frequent-callers", .read = read_nothing, .judge = judge, .score_tells = true, .goes_by_calls = true};

}  // namespace moot
