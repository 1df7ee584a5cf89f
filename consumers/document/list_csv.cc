#include "consumers/document/list_csv.h"

#include "consumers/document/csv_row.h"
#include "consumers/document/page_data.h"

namespace moot {
namespace {

template <typename List, typename Text>
std::string joined(const List& list, const char* between, const Text& text) {
  std::string all;
  for (const auto& one : list) all += (all.empty() ? "" : between) + std::string(text(one));
  return all;
}

std::string agencies(const google::protobuf::RepeatedPtrField<std::string>& ids) {
  return joined(ids, " ", [](const std::string& id) { return id; });
}

std::string rows_of(const std::string& number, const std::string& section, const v1::AgendaItem& item) {
  std::string rows;
  const std::string score = std::to_string(item.score());
  for (const v1::ScoredReason& reason : item.reasons())
    rows += csv_row({section, number, item.case_(), item.title(), item.listed_for(), score,
                     std::to_string(reason.points()), reason.text(), events_in_words(reason.events())});
  for (const v1::AgendaAction& action : item.actions())
    rows += csv_row({section, number, item.case_(), item.title(), item.listed_for(), "", "",
                     "action " + action.action() + ", " + action.state() + ", " + action.owner() + ", due " +
                         or_not_supplied(action.due()) + ": " + action.text(),
                     events_in_words(action.events())});
  return rows;
}

}  // namespace

std::string to_csv(const v1::CallerList& list) {
  std::string text = csv_row({"rank", "person", "name", "born", "status", "episodes", "calls", "previous_calls",
                              "known_to", "reasons", "records"});
  for (const v1::Caller& caller : list.callers())
    text += csv_row(
        {std::to_string(caller.rank()), caller.person(), caller.name(), caller.born(), caller.status(),
         std::to_string(caller.episodes()), std::to_string(caller.calls()), std::to_string(caller.previous_calls()),
         agencies(caller.known_to()),
         joined(caller.reasons(), " ", [](const v1::Reason& reason) { return reason.text(); }),
         joined(caller.reasons(), "; ", [](const v1::Reason& reason) { return events_in_words(reason.events()); })});
  for (const v1::LeftCaller& left : list.left())
    text += csv_row({"", left.person(), left.name(), left.born(), "left", "", "", "", "", left.reason(),
                     events_in_words(left.events())});
  return text;
}

std::string to_csv(const v1::Agenda& agenda) {
  std::string text =
      csv_row({"section", "number", "case", "title", "listed_for", "score", "points", "reason", "records"});
  for (int i = 0; i < agenda.sections_size(); ++i) {
    const v1::AgendaSection& section = agenda.sections(i);
    for (int place = 0; place < section.items_size(); ++place)
      text += rows_of(std::to_string(i + 1) + "." + std::to_string(place + 1), section.id(), section.items(place));
  }
  for (const v1::NotListed& left_out : agenda.not_listed())
    text += csv_row({"", "", left_out.case_(), left_out.title(), "not listed", "", "", left_out.reason(),
                     events_in_words(left_out.events())});
  return text;
}

std::string to_csv(const v1::Minutes& minutes) {
  std::string text = csv_row({"kind", "case", "title", "says", "agency", "date", "text", "records"});
  for (const v1::Attendance& row : minutes.attendance())
    text += csv_row({"attendance", "", "", row.how(), row.agency(), minutes.on(), "", events_in_words(row.events())});
  for (const v1::MinutedDecision& row : minutes.decisions())
    text += csv_row({"decision", row.case_(), row.title(),
                     row.decision() + (row.reason().empty() ? "" : ": " + row.reason()), "", row.until(), row.note(),
                     events_in_words(row.events())});
  for (const v1::AgendaAction& row : minutes.actions())
    text += csv_row(
        {"action", row.action(), "", row.state(), row.owner(), row.due(), row.text(), events_in_words(row.events())});
  return text;
}

}  // namespace moot
