#include <map>
#include <set>
#include <utility>

#include "consumers/document/agenda_rows.h"
#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"
#include "consumers/rules/working_days.h"

namespace moot {
namespace {

bool is_actions(const v1::AgendaSection& section) { return section.kind() == "previous-actions"; }
bool is_noted(const v1::AgendaItem& item) { return item.listed_for() == "noting"; }

// An action may concern two people, and stands with each; two agencies may give theirs the same number.
std::size_t action_count(const v1::AgendaSection& section) {
  std::set<std::pair<std::string, std::string>> actions;
  for (const v1::AgendaItem& item : section.items())
    for (const v1::AgendaAction& action : item.actions())
      actions.emplace(action.events().empty() ? std::string() : action.events(0).source(), action.action());
  return actions.size();
}

// The number of a line: its section and its place there.
using Number = std::pair<int, int>;

std::string written(const Number& number) { return std::to_string(number.first) + "." + std::to_string(number.second); }

struct Line {
  Number number;
  std::string name;
};

// Where each case stands on the agenda, previous actions apart.
std::map<std::string, Line> lines_of(const v1::Agenda& agenda) {
  std::map<std::string, Line> lines;
  for (int i = 0; i < agenda.sections_size(); ++i) {
    if (is_actions(agenda.sections(i))) continue;
    for (int place = 0; place < agenda.sections(i).items_size(); ++place) {
      const v1::AgendaItem& item = agenda.sections(i).items(place);
      lines[item.case_()] = Line{{i + 1, place + 1}, item.name()};
    }
  }
  return lines;
}

// "2.1 Casey Exampleton and 2.4 Avery Other": those of the section whom an earlier section lists.
std::string also_in_words(const v1::AgendaSection& section, const std::map<std::string, Line>& lines) {
  std::map<Number, std::string> also;
  for (const std::string& id : section.also())
    if (const auto line = lines.find(id); line != lines.end()) also[line->second.number] = line->second.name;
  std::vector<std::string> words;
  for (const auto& [number, name] : also) words.push_back(written(number) + " " + name);
  return in_list(words);
}

PageData action_groups(const v1::AgendaSection& section, int number, const std::map<std::string, Line>& lines,
                       const Partnership& partnership) {
  PageData groups = empty_list();
  for (int place = 0; place < section.items_size(); ++place) {
    const v1::AgendaItem& item = section.items(place);
    const auto elsewhere = lines.find(item.case_());
    groups.push_back(action_group(item, written({number, place + 1}),
                                  elsewhere == lines.end() ? "" : written(elsewhere->second.number), partnership));
  }
  return groups;
}

PageData section_row(const v1::AgendaSection& section, int number, const std::map<std::string, Line>& lines,
                     const Partnership& partnership) {
  PageData row = empty_object();
  const bool actions = is_actions(section);
  PageData discussed = empty_list(), noted = empty_list();
  std::string why_noted;
  std::size_t noted_count = 0;
  for (int place = 0; place < section.items_size() && !actions; ++place) {
    const v1::AgendaItem& item = section.items(place);
    (is_noted(item) ? noted : discussed).push_back(item_row(item, written({number, place + 1}), partnership));
    if (!is_noted(item)) continue;
    ++noted_count;
    why_noted = item.noted_because();
  }
  const std::size_t discussed_count = static_cast<std::size_t>(section.items_size()) - noted_count;
  row.set("number", std::to_string(number));
  row.set("title", section.title());
  row.set("is_actions", yes_or_no(actions));
  row.set("is_cases", yes_or_no(!actions));
  row.set("has_action_groups", yes_or_no(actions && section.items_size() > 0));
  row.set("action_groups", actions ? action_groups(section, number, lines, partnership) : empty_list());
  row.set("action_count", counted(action_count(section), "action"));
  row.set("discussed_count", std::to_string(discussed_count));
  row.set("noted_count", std::to_string(noted_count));
  row.set("counts", actions ? counted(action_count(section), "action")
                            : std::to_string(discussed_count) + " for discussion, " + std::to_string(noted_count) +
                                  " for noting");
  const std::string also = also_in_words(section, lines);
  row.set("empty", yes_or_no(section.items().empty() && also.empty()));
  const bool only_noted = discussed_count == 0 && noted_count > 0;
  set_if(row, "only_noted", only_noted ? counted(noted_count, "case") + " for noting" : std::string());
  set_if(row, "also",
         also.empty()              ? also
         : section.items().empty() ? "Whoever belongs here stands in another section: " + also
                                   : "Belong here too, and stand elsewhere: " + also);
  row.set("notes", rows_of_notes(section.notes()));
  row.set("items", discussed);
  row.set("has_noted", yes_or_no(noted_count > 0));
  row.set("noted", noted);
  row.set("why_noted", capitalised(why_noted));
  return row;
}

PageData section_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  const std::map<std::string, Line> lines = lines_of(agenda);
  PageData rows = empty_list();
  for (int i = 0; i < agenda.sections_size(); ++i)
    rows.push_back(section_row(agenda.sections(i), i + 1, lines, partnership));
  return rows;
}

// By agency, the questions "known to you?" about listed cases that nobody has answered.
std::string unanswered_in_words(const v1::Agenda& agenda, const Partnership& partnership) {
  std::map<std::string, std::map<std::string, bool>> cases;  // by agency
  for (const v1::AgendaSection& section : agenda.sections())
    for (const v1::AgendaItem& item : section.items())
      for (const v1::KnownTo& known : item.known_to())
        if (known.answer() == "not answered") cases[known.agency()][item.case_()] = true;
  std::vector<std::string> parts;
  for (const Agency& agency : partnership.agencies)
    if (const auto found = cases.find(agency.id.value()); found != cases.end())
      parts.push_back(agency.name + " (" + counted(found->second.size(), "case") + ")");
  return in_list(parts);
}

std::string actions_in_words(const v1::Agenda& agenda) {
  for (const v1::AgendaSection& section : agenda.sections())
    if (is_actions(section) && section.items_size() > 0 && section.notes_size() > 0) return section.notes(0);
  return {};
}

}  // namespace

PageData data_of(const v1::Agenda& agenda, const Partnership& partnership) {
  PageData page = framed(partnership);
  bool some_noted = false;
  for (const v1::AgendaSection& section : agenda.sections())
    for (const v1::AgendaItem& item : section.items()) some_noted = some_noted || is_noted(item);
  page.set("name", agenda.title());
  page.set("title", agenda.title() + ", " + date_in_words(agenda.on()));
  page.set("on", date_in_words(agenda.on()) + moved_in_words(agenda.moved_from()));
  page.set("as_at", instant_in_words(agenda.as_at()));
  page.set("rules", rules_in_words(agenda.rules()));
  page.set("last_meeting", or_not_supplied(date_in_words(agenda.last_meeting())));
  set_if(page, "next_meeting", day_in_words(agenda.next_meeting()) + moved_in_words(agenda.next_meeting_moved_from()));
  set_if(page, "papers_by", day_in_words(agenda.papers_by()));
  set_if(page, "actions_in_words", actions_in_words(agenda));
  set_if(page, "unanswered", unanswered_in_words(agenda, partnership));
  page.set("late_feeds",
           rows_of_late_feeds(agenda.feeds(), earlier_day_in_words(agenda.on(), agenda.as_at()), partnership));
  page.set("feeds_ahead", rows_of_feeds_ahead(agenda.feeds(), partnership));
  set_if(page, "loaded_later", loaded_later_in_words(agenda.loaded_later()));
  page.set("notes", rows_of_notes(agenda.notes()));
  page.set("sections", section_rows(agenda, partnership));
  page.set("some_noted", yes_or_no(some_noted));
  add_not_listed(agenda, page);
  page.set("feeds", feed_rows(agenda, partnership));
  return page;
}

}  // namespace moot
