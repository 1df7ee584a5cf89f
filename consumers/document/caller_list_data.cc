#include "broker/core/calendar.h"
#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

template <typename Person>
std::string name_of(const Person& person) {
  return person.name().empty() ? "Name not supplied" : person.name();
}

std::string born_of(const std::string& born) { return born.empty() ? std::string() : "born " + date_in_words(born); }

PageData caller_row(const v1::Caller& caller, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("rank", std::to_string(caller.rank()));
  row.set("person", caller.person());
  row.set("name", name_of(caller));
  set_if(row, "born", born_of(caller.born()));
  row.set("calls", std::to_string(caller.calls()));
  row.set("episodes", std::to_string(caller.episodes()));
  row.set("previous_calls", std::to_string(caller.previous_calls()));
  row.set("status", caller.status());
  std::vector<std::string> agencies;
  for (const std::string& agency : caller.known_to()) agencies.push_back(partnership.agency_name(agency));
  row.set("known_to", agencies.empty() ? "no agency" : in_list(agencies));
  PageData reasons = empty_list();
  for (const v1::Reason& reason : caller.reasons()) {
    PageData line = empty_object();
    line.set("text", reason.text());
    line.set("events", events_in_words(reason.events()));
    reasons.push_back(line);
  }
  row.set("reasons", reasons);
  row.set("has_effects", yes_or_no(caller.interventions_size() > 0));
  row.set("effects", rows_of_effects(caller.interventions(), partnership));
  return row;
}

PageData left_row(const v1::LeftCaller& leaver, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("person", leaver.person());
  row.set("name", name_of(leaver));
  set_if(row, "born", born_of(leaver.born()));
  row.set("reason", leaver.reason());
  row.set("events", events_in_words(leaver.events()));
  row.set("has_effects", yes_or_no(leaver.interventions_size() > 0));
  row.set("effects", rows_of_effects(leaver.interventions(), partnership));
  return row;
}

// So many a rule has that lists whoever reaches a threshold (consumers/callers/policy.cc).
constexpr int kPlacesForAll = 1000;

}  // namespace

PageData data_of(const v1::CallerList& list, const Partnership& partnership) {
  PageData page = framed(partnership);
  const Result<Date> on = parse_date(list.on());
  const std::string name = list.title().empty() ? "Frequent callers" : list.title();
  page.set("name", name);
  page.set("title", name + ", " + date_in_words(list.on()));
  page.set("on", date_in_words(list.on()));
  page.set("earlier_on", on.ok() ? to_words(plus_days(*on, -list.window_days())) : std::string("not supplied"));
  page.set("as_at", instant_in_words(list.as_at()));
  page.set("policy", rules_in_words(list.policy()));
  page.set("late_feeds", rows_of_late_feeds(list.feeds(), earlier_day_in_words(list.on(), list.as_at()), partnership));
  page.set("feeds_ahead", rows_of_feeds_ahead(list.feeds(), partnership));
  page.set("window_days", std::to_string(list.window_days()));
  page.set("places", list.top() >= kPlacesForAll
                         ? std::string("Everybody whom the rule lists")
                         : std::to_string(list.top()) + ", and everybody tied with the last place");
  page.set("considered", counted(static_cast<std::size_t>(list.considered()), "person"));
  set_if(page, "loaded_later", loaded_later_in_words(list.loaded_later()));
  page.set("notes", rows_of_notes(list.notes()));
  PageData callers = empty_list();
  for (const v1::Caller& caller : list.callers()) callers.push_back(caller_row(caller, partnership));
  page.set("nobody", yes_or_no(list.callers().empty()));
  page.set("somebody", yes_or_no(!list.callers().empty()));
  page.set("callers", callers);
  PageData left = empty_list();
  for (const v1::LeftCaller& leaver : list.left()) left.push_back(left_row(leaver, partnership));
  page.set("nobody_left", yes_or_no(list.left().empty()));
  page.set("some_left", yes_or_no(!list.left().empty()));
  page.set("left", left);
  PageData left_out = empty_list();
  for (const v1::LeftOutCaller& caller : list.left_out()) {
    PageData row = empty_object();
    row.set("person", caller.person());
    row.set("name", name_of(caller));
    row.set("reason", caller.reason());
    row.set("calls", counted(static_cast<std::size_t>(caller.calls()), "call"));
    row.set("events", events_in_words(caller.events()));
    left_out.push_back(row);
  }
  page.set("some_left_out", yes_or_no(!list.left_out().empty()));
  page.set("left_out", left_out);
  return page;
}

}  // namespace moot
