#include "consumers/document/html.h"

#include <kainjow/mustache.hpp>
#include <map>

#include "broker/core/calendar.h"
#include "consumers/document/page.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

std::string or_not_supplied(const std::string& text) { return text.empty() ? "not supplied" : text; }

std::string instant_in_words(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : or_not_supplied(rfc3339);
}

std::string loaded_later(int count) {
  if (count == 0) return {};
  return counted(static_cast<std::size_t>(count), "event") + " loaded later, taken at their agencies' own dates.";
}

template <typename Refs>
std::string events_in_words(const Refs& events) {
  std::string text;
  for (const v1::EventRef& event : events) text += (text.empty() ? "" : "; ") + event.source() + " " + event.id();
  return text;
}

// A section of the template is printed when its value is there and not false; an empty text is left out.
void set_if(data& page, const std::string& key, const std::string& text) {
  if (text.empty())
    page.set(key, data(data::type::bool_false));
  else
    page.set(key, text);
}

data yes_or_no(bool value) { return data(value ? data::type::bool_true : data::type::bool_false); }

data framed(const Partnership& partnership) {
  data page(data::type::object);
  page.set("marking", partnership.marking);
  page.set("partnership", partnership.name);
  set_if(page, "notice", partnership.notice);
  return page;
}

template <typename Notes>
data notes_of(const Notes& notes) {
  data list(data::type::list);
  for (const std::string& note : notes) {
    data row(data::type::object);
    row.set("note", note);
    list.push_back(row);
  }
  return list;
}

std::string render(const std::string& page_template, const data& page) {
  mustache::mustache view(page_template);
  MOOT_CHECK(view.is_valid());  // the templates are part of the program
  return view.render(page);
}

data caller_row(const v1::Caller& caller, const Partnership& partnership) {
  data row(data::type::object);
  row.set("rank", std::to_string(caller.rank()));
  row.set("person", caller.person());
  row.set("name", caller.name().empty() ? "Name not supplied" : caller.name());
  row.set("calls", std::to_string(caller.calls()));
  row.set("episodes", std::to_string(caller.episodes()));
  row.set("previous_calls", std::to_string(caller.previous_calls()));
  row.set("status", caller.status());
  std::vector<std::string> agencies;
  for (const std::string& agency : caller.known_to()) agencies.push_back(partnership.agency_name(agency));
  row.set("known_to", agencies.empty() ? "no agency" : in_list(agencies));
  data reasons(data::type::list);
  for (const v1::Reason& reason : caller.reasons()) {
    data line(data::type::object);
    line.set("text", reason.text());
    line.set("events", events_in_words(reason.events()));
    reasons.push_back(line);
  }
  row.set("reasons", reasons);
  return row;
}

data action_row(const v1::AgendaAction& action, const Partnership& partnership) {
  data row(data::type::object);
  row.set("action", action.action());
  row.set("text", action.text().empty() ? "Text not supplied" : action.text());
  row.set("owner", action.owner().empty() ? "not supplied" : partnership.agency_name(action.owner()));
  row.set("set_on", or_not_supplied(date_in_words(action.set_on())));
  row.set("due", or_not_supplied(date_in_words(action.due())));
  row.set("state", action.state());
  const bool red = action.state() == "not done" || action.state() == "overdue" || action.state() == "escalated";
  row.set("tone", std::string(red ? "red" : action.state() == "done" ? "done" : "plain"));
  const auto carried = static_cast<std::size_t>(action.carried());
  set_if(row, "carried", carried == 0 ? std::string() : "carried over " + counted(carried, "time"));
  return row;
}

data reason_rows(const v1::AgendaItem& item) {
  data rows(data::type::list);
  for (const v1::ScoredReason& reason : item.reasons()) {
    data row(data::type::object);
    row.set("text", reason.text());
    row.set("points", std::to_string(reason.points()));
    row.set("events", events_in_words(reason.events()));
    rows.push_back(row);
  }
  return rows;
}

// "58 = 35 + 15 + 8": what scores nothing is left out of the sum, as it adds nothing.
std::string arithmetic(const v1::AgendaItem& item) {
  std::string sum;
  for (const v1::ScoredReason& reason : item.reasons())
    if (reason.points() != 0) sum += (sum.empty() ? "" : " + ") + std::to_string(reason.points());
  return std::to_string(item.score()) + " = " + (sum.empty() ? "0" : sum);
}

data item_row(const v1::AgendaItem& item, const std::string& number, const Partnership& partnership) {
  data row(data::type::object);
  row.set("number", number);
  row.set("case", item.case_());
  row.set("title", item.title());
  row.set("score", std::to_string(item.score()));
  row.set("arithmetic", arithmetic(item));
  row.set("reasons", reason_rows(item));
  data actions(data::type::list);
  for (const v1::AgendaAction& action : item.actions()) actions.push_back(action_row(action, partnership));
  row.set("has_actions", yes_or_no(item.actions_size() > 0));
  row.set("actions", actions);
  data answers(data::type::list);
  for (const v1::KnownTo& known : item.known_to()) {
    data answer(data::type::object);
    answer.set("agency", partnership.agency_name(known.agency()));
    answer.set("answer", known.answer());
    answers.push_back(answer);
  }
  row.set("has_known_to", yes_or_no(item.known_to_size() > 0));
  row.set("known_to", answers);
  return row;
}

data section_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  data rows(data::type::list);
  int number = 0;
  for (const v1::AgendaSection& section : agenda.sections()) {
    data row(data::type::object);
    row.set("number", std::to_string(++number));
    row.set("title", section.title());
    row.set("count", std::to_string(section.items_size()));
    row.set("empty", yes_or_no(section.items().empty()));
    data items(data::type::list);
    for (int i = 0; i < section.items_size(); ++i)
      items.push_back(item_row(section.items(i), std::to_string(number) + "." + std::to_string(i + 1), partnership));
    row.set("items", items);
    rows.push_back(row);
  }
  return rows;
}

data not_listed_rows(const v1::Agenda& agenda) {
  std::map<std::string, std::vector<std::string>> cases;  // by reason
  for (const v1::NotListed& row : agenda.not_listed()) cases[row.reason()].push_back(row.case_());
  data rows(data::type::list);
  for (const auto& [reason, ids] : cases) {
    data row(data::type::object);
    row.set("reason", reason);
    row.set("count", std::to_string(ids.size()));
    row.set("cases", in_list(ids));
    rows.push_back(row);
  }
  return rows;
}

data feed_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  data rows(data::type::list);
  for (const v1::Feed& feed : agenda.feeds()) {
    data row(data::type::object);
    row.set("agency", partnership.agency_name(feed.agency()));
    row.set("last", feed.last().empty() ? "nothing supplied" : date_in_words(feed.last()));
    row.set("state", std::string(feed.late() ? "late" : feed.last().empty() ? "not supplied" : "in time"));
    rows.push_back(row);
  }
  return rows;
}

std::string late_feeds(const v1::Agenda& agenda, const Partnership& partnership) {
  std::vector<std::string> late;
  for (const v1::Feed& feed : agenda.feeds())
    if (feed.late())
      late.push_back(
          partnership.agency_name(feed.agency()) +
          (feed.last().empty() ? " (nothing supplied)" : " (latest date " + date_in_words(feed.last()) + ")"));
  return in_list(late);
}

}  // namespace

std::string to_html(const v1::CallerList& list, const Partnership& partnership) {
  data page = framed(partnership);
  const Result<Date> on = parse_date(list.on());
  page.set("title", "Frequent callers, " + date_in_words(list.on()));
  page.set("on", date_in_words(list.on()));
  page.set("earlier_on", on.ok() ? to_words(plus_days(*on, -list.window_days())) : std::string("not supplied"));
  page.set("as_at", instant_in_words(list.as_at()));
  page.set("policy", list.policy());
  page.set("window_days", std::to_string(list.window_days()));
  page.set("top", std::to_string(list.top()));
  page.set("considered", counted(static_cast<std::size_t>(list.considered()), "person"));
  set_if(page, "loaded_later", loaded_later(list.loaded_later()));
  page.set("notes", notes_of(list.notes()));
  data callers(data::type::list);
  for (const v1::Caller& caller : list.callers()) callers.push_back(caller_row(caller, partnership));
  page.set("nobody", yes_or_no(list.callers().empty()));
  page.set("somebody", yes_or_no(!list.callers().empty()));
  page.set("callers", callers);
  data left(data::type::list);
  for (const v1::LeftCaller& leaver : list.left()) {
    data row(data::type::object);
    row.set("person", leaver.person());
    row.set("name", leaver.name().empty() ? "Name not supplied" : leaver.name());
    row.set("reason", leaver.reason());
    row.set("events", events_in_words(leaver.events()));
    left.push_back(row);
  }
  page.set("nobody_left", yes_or_no(list.left().empty()));
  page.set("some_left", yes_or_no(!list.left().empty()));
  page.set("left", left);
  return render(caller_list_page(), page);
}

std::string to_html(const v1::Agenda& agenda, const Partnership& partnership) {
  data page = framed(partnership);
  page.set("title", agenda.title());
  page.set("on", date_in_words(agenda.on()));
  page.set("as_at", instant_in_words(agenda.as_at()));
  page.set("rules", agenda.rules());
  set_if(page, "late_feeds", late_feeds(agenda, partnership));
  set_if(page, "loaded_later", loaded_later(agenda.loaded_later()));
  page.set("notes", notes_of(agenda.notes()));
  page.set("sections", section_rows(agenda, partnership));
  page.set("all_listed", yes_or_no(agenda.not_listed().empty()));
  page.set("some_not_listed", yes_or_no(!agenda.not_listed().empty()));
  page.set("not_listed", not_listed_rows(agenda));
  page.set("feeds", feed_rows(agenda, partnership));
  return render(agenda_page(), page);
}

}  // namespace moot
