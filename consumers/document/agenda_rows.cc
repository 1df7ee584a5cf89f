#include "consumers/document/agenda_rows.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

// A row for each thing that has a text and the events behind it.
template <typename Things>
PageData rows_of_texts(const Things& things) {
  PageData rows = empty_list();
  for (const auto& thing : things) {
    PageData row = empty_object();
    row.set("text", thing.text());
    row.set("events", events_in_words(thing.events()));
    rows.push_back(row);
  }
  return rows;
}

std::string carried_in_words(int times) {
  if (times == 0) return {};
  if (times <= 2) return times == 1 ? "carried over once" : "carried over twice";
  return "carried over " + counted(static_cast<std::size_t>(times), "time");
}

constexpr std::string_view kBlanks = " \t\r\n";

// What is asked for is written by people, with or without a full stop, which may stand inside what they quote;
// something follows it here.
std::string as_sentence(std::string text) {
  text.erase(text.find_last_not_of(kBlanks) + 1);
  if (text.empty()) return text;
  std::string_view said = text;
  for (bool closes = true; closes;) {
    closes = false;
    for (const std::string_view close : {"\"", "'", ")", "”", "’"})
      if (said.ends_with(close)) said.remove_suffix(close.size()), closes = true;
  }
  if (said.empty() || std::string_view(".!?:;").find(said.back()) == std::string_view::npos) text += ".";
  return text;
}

PageData action_row(const v1::AgendaAction& action, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("action", action.action());
  const bool has_text = action.text().find_first_not_of(kBlanks) != std::string::npos;
  const std::string text = has_text ? action.text() : "Text not supplied";
  row.set("text", text);
  row.set("sentence", as_sentence(text));
  row.set("owner", owner_in_words(action.owner(), partnership));
  row.set("set_on", or_not_supplied(date_in_words(action.set_on())));
  row.set("due", or_not_supplied(date_in_words(action.due())));
  row.set("state", capitalised(action.state()));
  row.set("state_inside", action.state());
  row.set("rag", action.rag().empty() ? "Not rated" : capitalised(action.rag()));
  row.set("tone", action.rag().empty() ? "plain" : action.rag());
  const std::string carried = carried_in_words(action.carried());
  set_if(row, "carried", carried);
  row.set("whose", "Owner: " + owner_in_words(action.owner(), partnership) + ", due " +
                       or_not_supplied(date_in_words(action.due())) + (carried.empty() ? "" : ", " + carried) + ".");
  row.set("evidence", rows_of_texts(action.evidence()));
  row.set("events", events_in_words(action.events()));
  return row;
}

PageData action_rows(const v1::AgendaItem& item, const Partnership& partnership) {
  PageData rows = empty_list();
  for (const v1::AgendaAction& action : item.actions()) rows.push_back(action_row(action, partnership));
  return rows;
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

// An answer is dated; records date themselves.
std::string who_answered(const v1::KnownTo& known, const Partnership& partnership) {
  const std::string name = partnership.agency_name(known.agency());
  if (known.from_records() || known.on().empty() || known.answer() == "not answered") return name;
  return name + " (" + date_in_words(known.on()) + ")";
}

// One row for each answer, with the agencies that gave it. Whoever was not asked is counted: in most cases that is
// most of them.
PageData answer_rows(const v1::AgendaItem& item, const Partnership& partnership) {
  static constexpr std::array<std::string_view, 5> kAnswers = {"yes", "no", "declined", "not answered", "may not say"};
  PageData rows = empty_list();
  const auto add = [&](const std::string& answer, const std::string& agencies) {
    PageData row = empty_object();
    row.set("answer", answer);
    row.set("agencies", agencies);
    rows.push_back(row);
  };
  for (const std::string_view answer : kAnswers) {
    std::vector<std::string> agencies;
    for (const v1::KnownTo& known : item.known_to())
      if (known.answer() == answer) agencies.push_back(who_answered(known, partnership));
    if (!agencies.empty()) add(capitalised(std::string(answer)), in_list(agencies));
  }
  const auto not_asked =
      static_cast<std::size_t>(std::count_if(item.known_to().begin(), item.known_to().end(),
                                             [](const v1::KnownTo& known) { return known.answer() == "not asked"; }));
  const bool nobody = static_cast<int>(not_asked) == item.known_to_size();
  if (not_asked == 1) add("Not asked", "the other agency");
  if (not_asked > 1) add("Not asked", (nobody ? "any of the " : "the other ") + counted(not_asked, "agency"));
  return rows;
}

// A day to which days of silence are counted.
struct CountedTo {
  std::string iso, words;
};

CountedTo counted_to(const v1::Agenda& agenda) {
  const std::string earlier_day = earlier_day_in_words(agenda.on(), agenda.as_at());
  if (earlier_day.empty()) return {agenda.on(), "the meeting"};
  return {agenda.as_at().substr(0, agenda.on().size()), earlier_day + ", the day this is as at"};
}

PageData feed_row(const v1::Feed& feed, const CountedTo& day, const Partnership& partnership) {
  PageData row = empty_object();
  const bool silent = feed.last().empty();
  row.set("agency", partnership.agency_name(feed.agency()));
  row.set("last", silent ? "nothing supplied" : date_in_words(feed.last()));
  const std::string days = counted(static_cast<std::size_t>(feed.days_before()), "day");
  const bool came_later = feed.last() > day.iso;  // ISO dates compare as texts
  set_if(row, "before", silent || came_later ? std::string() : days + " before " + day.words);
  row.set("rhythm", feed.rhythm_days() == 0 ? "at no agreed times"
                                            : "every " + counted(static_cast<std::size_t>(feed.rhythm_days()), "day"));
  row.set("state", std::string(feed.late()               ? "late"
                               : silent                  ? "not supplied"
                               : feed.rhythm_days() == 0 ? "received"
                                                         : "in time"));
  row.set("tone", std::string(feed.late() ? "red" : "plain"));
  return row;
}

}  // namespace

std::string owner_in_words(const std::string& owner, const Partnership& partnership) {
  if (owner.empty()) return "not supplied";
  if (partnership.find_agency(owner) != nullptr) return partnership.agency_name(owner);
  return code_as_name(owner) + " (none of the partnership’s agencies)";
}

// A record that a board lists without points is not told of as one that scored none.
bool is_scored(const v1::AgendaItem& item) {
  return item.kind() != "record" || std::any_of(item.reasons().begin(), item.reasons().end(),
                                                [](const v1::ScoredReason& reason) { return reason.points() != 0; });
}

PageData item_row(const v1::AgendaItem& item, const std::string& number, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("number", number);
  row.set("case", item.case_());
  row.set("title", item.title());
  row.set("score", std::to_string(item.score()));
  row.set("arithmetic", arithmetic(item));
  row.set("is_scored", yes_or_no(is_scored(item)));
  row.set("reasons", reason_rows(item));
  row.set("has_actions", yes_or_no(item.actions_size() > 0));
  row.set("actions", action_rows(item, partnership));
  row.set("has_known_to", yes_or_no(item.known_to_size() > 0));
  row.set("known_to", answer_rows(item, partnership));
  row.set("has_decisions", yes_or_no(item.decisions_size() > 0));
  row.set("decisions", rows_of_texts(item.decisions()));
  row.set("has_effects", yes_or_no(item.interventions_size() > 0));
  row.set("effects", rows_of_effects(item.interventions(), partnership));
  return row;
}

PageData action_group(const v1::AgendaItem& item, const std::string& number, const std::string& elsewhere,
                      const Partnership& partnership) {
  PageData row = empty_object();
  row.set("number", number);
  row.set("case", item.case_());
  row.set("title", item.title());
  set_if(row, "elsewhere", elsewhere);
  row.set("actions", action_rows(item, partnership));
  return row;
}

void add_not_listed(const v1::Agenda& agenda, PageData& page) {
  std::map<std::string, std::pair<int, std::string>> sections;  // their order and title, by id
  for (const v1::AgendaSection& section : agenda.sections())
    sections[section.id()] = {static_cast<int>(sections.size()), section.title()};
  // A case left out is told with why; the other sections' reasons stand in the data.
  const auto claimed_reason = [](const v1::NotListed& row) {
    std::vector<std::string> reasons;
    for (const v1::WhyNot& why : row.why())
      if (why.claimed() && std::find(reasons.begin(), reasons.end(), why.reason()) == reasons.end())
        reasons.push_back(why.reason());
    return in_list(reasons, "and");
  };
  std::map<std::pair<int, std::string>, std::vector<std::string>> counts;  // cases by section and reason
  PageData left_out = empty_list(), not_claimed = empty_list();
  std::size_t left_out_count = 0, not_claimed_count = 0;
  for (const v1::NotListed& row : agenda.not_listed()) {
    const std::string reason = claimed_reason(row);
    const bool claimed = !reason.empty();
    ++(claimed ? left_out_count : not_claimed_count);
    if (claimed) {
      PageData line = empty_object();
      line.set("title", row.title());
      line.set("case", row.case_());
      line.set("reason", capitalised(reason));
      line.set("events", events_in_words(row.events()));
      left_out.push_back(line);
      continue;
    }
    for (const v1::WhyNot& why : row.why())
      counts[{sections[why.section()].first, why.section() + "\n" + why.reason()}].push_back(row.case_());
  }
  for (const auto& [key, cases] : counts) {
    const std::size_t gap = key.second.find('\n');
    PageData line = empty_object();
    line.set("section", sections[key.second.substr(0, gap)].second);
    line.set("reason", capitalised(key.second.substr(gap + 1)));
    line.set("count", std::to_string(cases.size()));
    line.set("cases", in_list(cases));
    not_claimed.push_back(line);
  }
  page.set("all_listed", yes_or_no(agenda.not_listed().empty()));
  page.set("some_left_out", yes_or_no(left_out_count > 0));
  page.set("left_out", left_out);
  page.set("some_not_claimed", yes_or_no(not_claimed_count > 0));
  page.set("not_claimed", not_claimed);
  page.set("not_claimed_count", counted(not_claimed_count, "case"));
}

PageData feed_rows(const v1::Agenda& agenda, const Partnership& partnership) {
  PageData rows = empty_list();
  const CountedTo day = counted_to(agenda);
  for (const v1::Feed& feed : agenda.feeds()) rows.push_back(feed_row(feed, day, partnership));
  return rows;
}

}  // namespace moot
