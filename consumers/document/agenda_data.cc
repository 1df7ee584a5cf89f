#include <array>
#include <map>
#include <string_view>

#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

PageData evidence_rows(const v1::AgendaAction& action) {
  PageData rows = empty_list();
  for (const v1::Evidence& evidence : action.evidence()) {
    PageData row = empty_object();
    row.set("text", evidence.text());
    row.set("events", events_in_words(evidence.events()));
    rows.push_back(row);
  }
  return rows;
}

PageData action_row(const v1::AgendaAction& action, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("action", action.action());
  row.set("text", action.text().empty() ? "Text not supplied" : action.text());
  row.set("owner", action.owner().empty() ? "not supplied" : partnership.agency_name(action.owner()));
  row.set("set_on", or_not_supplied(date_in_words(action.set_on())));
  row.set("due", or_not_supplied(date_in_words(action.due())));
  row.set("state", action.state());
  row.set("rag", action.rag().empty() ? "Not rated" : capitalised(action.rag()));
  row.set("tone", action.rag().empty() ? "plain" : action.rag());
  const auto carried = static_cast<std::size_t>(action.carried());
  set_if(row, "carried", carried == 0 ? std::string() : "carried over " + counted(carried, "time"));
  row.set("has_evidence", yes_or_no(action.evidence_size() > 0));
  row.set("evidence", evidence_rows(action));
  row.set("events", events_in_words(action.events()));
  return row;
}

PageData reason_rows(const v1::AgendaItem& item) {
  PageData rows = empty_list();
  for (const v1::ScoredReason& reason : item.reasons()) {
    PageData row = empty_object();
    row.set("text", reason.text());
    row.set("points", std::to_string(reason.points()));
    row.set("events", events_in_words(reason.events()));
    rows.push_back(row);
  }
  return rows;
}

// "48 = 35 + 15 + 8 - 10": what scores nothing is left out of the sum, as it adds nothing.
std::string arithmetic(const v1::AgendaItem& item) {
  std::string sum;
  for (const v1::ScoredReason& reason : item.reasons()) {
    if (reason.points() == 0) continue;
    if (sum.empty())
      sum = std::to_string(reason.points());
    else
      sum += (reason.points() < 0 ? " - " : " + ") + std::to_string(std::abs(reason.points()));
  }
  return std::to_string(item.score()) + " = " + (sum.empty() ? "0" : sum);
}

// One row for each answer, with the agencies that gave it: ten agencies are too many for a line each.
PageData answer_rows(const v1::AgendaItem& item, const Partnership& partnership) {
  static constexpr std::array<std::string_view, 5> kAnswers = {"yes", "no", "declined", "not answered", "not asked"};
  PageData rows = empty_list();
  for (const std::string_view answer : kAnswers) {
    std::vector<std::string> agencies;
    for (const v1::KnownTo& known : item.known_to())
      if (known.answer() == answer) agencies.push_back(partnership.agency_name(known.agency()));
    if (agencies.empty()) continue;
    PageData row = empty_object();
    row.set("answer", capitalised(std::string(answer)));
    row.set("agencies", in_list(agencies));
    rows.push_back(row);
  }
  return rows;
}

PageData decision_rows(const v1::AgendaItem& item) {
  PageData rows = empty_list();
  for (const v1::Decision& decision : item.decisions()) {
    PageData row = empty_object();
    row.set("text", decision.text());
    row.set("events", events_in_words(decision.events()));
    rows.push_back(row);
  }
  return rows;
}

PageData item_row(const v1::AgendaItem& item, const std::string& number, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("number", number);
  row.set("case", item.case_());
  row.set("title", item.title());
  row.set("score", std::to_string(item.score()));
  row.set("arithmetic", arithmetic(item));
  row.set("reasons", reason_rows(item));
  PageData actions = empty_list();
  for (const v1::AgendaAction& action : item.actions()) actions.push_back(action_row(action, partnership));
  row.set("has_actions", yes_or_no(item.actions_size() > 0));
  row.set("actions", actions);
  row.set("has_known_to", yes_or_no(item.known_to_size() > 0));
  row.set("known_to", answer_rows(item, partnership));
  row.set("has_decisions", yes_or_no(item.decisions_size() > 0));
  row.set("decisions", decision_rows(item));
  row.set("has_effects", yes_or_no(item.interventions_size() > 0));
  row.set("effects", rows_of_effects(item.interventions()));
  return row;
}

PageData section_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  PageData rows = empty_list();
  int number = 0;
  for (const v1::AgendaSection& section : agenda.sections()) {
    PageData row = empty_object();
    row.set("number", std::to_string(++number));
    row.set("title", section.title());
    row.set("count", std::to_string(section.items_size()));
    row.set("empty", yes_or_no(section.items().empty()));
    row.set("notes", rows_of_notes(section.notes()));
    PageData items = empty_list();
    for (int i = 0; i < section.items_size(); ++i)
      items.push_back(item_row(section.items(i), std::to_string(number) + "." + std::to_string(i + 1), partnership));
    row.set("items", items);
    rows.push_back(row);
  }
  return rows;
}

PageData not_listed_rows(const v1::Agenda& agenda) {
  std::map<std::string, std::vector<std::string>> cases;  // by reason
  for (const v1::NotListed& row : agenda.not_listed())
    cases[row.reason()].push_back(row.title().empty() ? row.case_() : row.title() + " (" + row.case_() + ")");
  PageData rows = empty_list();
  for (const auto& [reason, names] : cases) {
    PageData row = empty_object();
    row.set("reason", reason);
    row.set("count", std::to_string(names.size()));
    row.set("cases", in_list(names));
    rows.push_back(row);
  }
  return rows;
}

PageData feed_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  PageData rows = empty_list();
  for (const v1::Feed& feed : agenda.feeds()) {
    PageData row = empty_object();
    const bool silent = feed.last().empty();
    row.set("agency", partnership.agency_name(feed.agency()));
    row.set("last", silent ? "nothing supplied" : date_in_words(feed.last()));
    set_if(row, "before", silent ? std::string() : counted(static_cast<std::size_t>(feed.days_before()), "day"));
    row.set("rhythm", feed.rhythm_days() == 0
                          ? "not agreed"
                          : "every " + counted(static_cast<std::size_t>(feed.rhythm_days()), "day"));
    row.set("state", std::string(feed.late() ? "late" : silent ? "not supplied" : "in time"));
    row.set("tone", std::string(feed.late() ? "red" : "plain"));
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

PageData data_of(const v1::Agenda& agenda, const Partnership& partnership) {
  PageData page = framed(partnership);
  page.set("title", agenda.title());
  page.set("on", date_in_words(agenda.on()));
  page.set("as_at", instant_in_words(agenda.as_at()));
  page.set("rules", agenda.rules());
  page.set("last_meeting", or_not_supplied(date_in_words(agenda.last_meeting())));
  set_if(page, "late_feeds", late_feeds(agenda, partnership));
  set_if(page, "loaded_later", loaded_later_in_words(agenda.loaded_later()));
  page.set("notes", rows_of_notes(agenda.notes()));
  page.set("sections", section_rows(agenda, partnership));
  page.set("all_listed", yes_or_no(agenda.not_listed().empty()));
  page.set("some_not_listed", yes_or_no(!agenda.not_listed().empty()));
  page.set("not_listed", not_listed_rows(agenda));
  page.set("feeds", feed_rows(agenda, partnership));
  return page;
}

}  // namespace moot
