// The agenda and the frequent-caller list of every meeting in the demonstration's two years, held against the log:
// whatever a document says is there, was known by then, adds up, and hands the last meeting's actions on to the next.
//
// One installation serves all of it, so it is one test with a part for each promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "broker/core/calendar.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/demonstration_months.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

namespace json = boost::json;

constexpr int kWindowDays = 90;
constexpr int kPlaces = 10;
constexpr std::int64_t kEpisodeUs = 24 * 60 * 60 * kSecondUs;

const json::array& rows_of(const json::object& object, const char* name) { return object.at(name).as_array(); }

Instant midnight(const std::string& day) {
  const Result<Date> date = parse_date(day);
  EXPECT_TRUE(date.ok()) << day;
  return date.ok() ? local_midnight(*date) : Instant{};
}

class Months : public testing::Test {
 protected:
  Months() : documents_(here_.documents(folder_ / "out")), log_(here_.replay()) {
    for (const auto& [name, text] : documents_)
      if (name.ends_with(".json")) data_[name.substr(0, name.find('.'))] = json_of(text);
  }

  const json::object& agenda(const std::string& on) const { return data_.at("agenda-" + on); }
  const json::object& callers(const std::string& on) const { return data_.at("callers-" + on); }

  void check_head(const json::object& document, const std::string& on) const;
  void check_lines(const json::value& part, const std::string& on);
  void check_line(const json::object& line, const std::string& on);
  void check_sums_and_people(const std::string& on);
  void check_actions(const std::string& on, const std::string& meeting_before);
  void check_callers(const std::string& on);
  void check_ranks(const std::string& on);
  void check_that_months_differ() const;
  void check_that_something_came_late() const;
  std::map<std::string, std::string> actions_by_record(const std::string& on) const;
  std::string state_by(const std::string& record, const std::string& on) const;

  const TemporaryFolder folder_;
  const DemonstrationMonths months_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", months_.config()};
  const FileTexts documents_;
  const LoggedEvents log_;
  std::map<std::string, json::object> data_;  // by "agenda-DATE" and "callers-DATE"
  std::map<LoggedEvents::Name, std::set<std::string>>
      named_in_;  // the events, and the meetings whose documents name them
  int lines_ = 0, items_ = 0, actions_ = 0, callers_ = 0, ties_ = 0;
};

// The document is as at the midnight before the meeting, and counts what was loaded later as the log has it.
void Months::check_head(const json::object& document, const std::string& on) const {
  EXPECT_EQ(text_in(document, "on"), on);
  EXPECT_EQ(text_in(document, "as_at").substr(0, 19), on + "T00:00:00");
  std::int64_t loaded_later = 0;
  for (const auto& [name, event] : log_.all())
    loaded_later +=
        event.said.contains("backfill") && event.said.at("backfill").as_bool() && event.known_from <= midnight(on) ? 1
                                                                                                                   : 0;
  EXPECT_EQ(number_in(document, "loaded_later"), loaded_later);
}

// A line says something, and names events that are in the log and were known by then.
void Months::check_line(const json::object& line, const std::string& on) {
  std::string text;
  for (const char* name : {"text", "reason", "finding"})
    if (text.empty()) text = text_in(line, name);
  EXPECT_NE(text, "") << json::serialize(line);
  const json::array& events = rows_of(line, "events");
  EXPECT_FALSE(events.empty()) << "a line without events: " << text;
  ++lines_;
  for (const json::value& reference : events) {
    const LoggedEvent* event = log_.find(reference.as_object());
    if (text == "a record that is not supplied") {
      EXPECT_TRUE(event == nullptr || event->known_from > midnight(on)) << text;
      continue;
    }
    ASSERT_NE(event, nullptr) << text << " names " << json::serialize(reference);
    EXPECT_LE(event->known_from, midnight(on)) << text << " names " << json::serialize(reference) << " too early";
    named_in_[{text_in(reference.as_object(), "source"), text_in(reference.as_object(), "id")}].insert(on);
  }
}

// Every object of the document that has events is a line of it, however deep it stands.
void Months::check_lines(const json::value& part, const std::string& on) {
  if (part.is_array())
    for (const json::value& element : part.as_array()) check_lines(element, on);
  if (!part.is_object()) return;
  if (part.as_object().contains("events")) check_line(part.as_object(), on);
  for (const auto& member : part.as_object()) check_lines(member.value(), on);
}

void Months::check_sums_and_people(const std::string& on) {
  std::map<std::string, std::string> stands;  // a person, and the section that claims them
  for (const json::value& value : rows_of(agenda(on), "sections")) {
    const json::object& section = value.as_object();
    // Actions and clocks stand beside the sections that claim people.
    const std::string kind = text_in(section, "kind");
    const bool claims = kind != "previous-actions" && kind != "clocks";
    for (const json::value& row : rows_of(section, "items")) {
      const json::object& item = row.as_object();
      std::int64_t sum = 0;
      for (const json::value& reason : rows_of(item, "reasons")) sum += number_in(reason.as_object(), "points");
      EXPECT_EQ(number_in(item, "score"), sum) << text_in(section, "id") << " " << text_in(item, "case");
      EXPECT_FALSE(rows_of(item, "reasons").empty()) << text_in(item, "case") << " is listed without a reason";
      ++items_;
      if (!claims || text_in(item, "kind") != "person") continue;
      const auto [there, first] = stands.try_emplace(text_in(item, "case"), text_in(section, "id"));
      EXPECT_TRUE(first) << there->first << " stands in " << there->second << " and in " << text_in(section, "id");
    }
  }
  for (const json::value& row : rows_of(agenda(on), "not_listed"))
    EXPECT_FALSE(stands.contains(text_in(row.as_object(), "case")))
        << "listed, and not listed: " << json::serialize(row);
}

// The last thing said of an action by then, in the words of an agenda.
std::string Months::state_by(const std::string& record, const std::string& on) const {
  std::int64_t latest = -1;
  std::string stage, due;
  for (const auto& [name, event] : log_.all()) {
    if (text_in(event.said, "record") != record || event.known_from > midnight(on)) continue;
    const json::object& action = event.said.at("data").at("facts").at("action").as_object();
    if (!text_in(action, "due").empty() && due.empty()) due = text_in(action, "due");
    if (number_in(event.said, "revision") < latest) continue;
    latest = number_in(event.said, "revision");
    stage = text_in(action, "stage");
    if (!text_in(action, "due").empty()) due = text_in(action, "due");
  }
  if (stage == "DONE") return "done";
  if (stage == "NOT_DONE") return "not done";
  if (stage == "OVERTAKEN") return "overtaken";
  if (stage == "ESCALATED") return "escalated";
  return !due.empty() && due < on ? "overdue" : "open";
}

// By record: the state of each previous action as the agenda prints it.
std::map<std::string, std::string> Months::actions_by_record(const std::string& on) const {
  std::map<std::string, std::string> states;
  for (const json::value& section : rows_of(agenda(on), "sections")) {
    if (text_in(section.as_object(), "id") != "previous-actions") continue;
    for (const json::value& item : rows_of(section.as_object(), "items"))
      for (const json::value& action : rows_of(item.as_object(), "actions"))
        states[text_in(action.as_object(), "action")] = text_in(action.as_object(), "state");
  }
  return states;
}

// What the meeting before set stands among the previous actions, in the state it then had; nothing else was invented.
void Months::check_actions(const std::string& on, const std::string& meeting_before) {
  const std::map<std::string, std::string> printed = actions_by_record(on);
  std::set<std::string> set_earlier;
  for (const auto& [name, event] : log_.all()) {
    if (text_in(event.said, "type") != "uk.csp.action.set.v1" || event.known_from > midnight(on)) continue;
    const json::object& action = event.said.at("data").at("facts").at("action").as_object();
    if (text_in(action, "board") != "jtm" || text_in(action, "set_on") >= on) continue;
    const std::string record = text_in(event.said, "record");
    set_earlier.insert(record);
    if (text_in(action, "set_on") != meeting_before) continue;
    ++actions_;
    const auto there = printed.find(record);
    if (there == printed.end())
      ADD_FAILURE() << record << ", set on " << meeting_before << ", is not among the previous actions";
    else
      EXPECT_EQ(there->second, state_by(record, on)) << record;
  }
  for (const auto& [record, state] : printed) {
    EXPECT_TRUE(set_earlier.contains(record)) << record << " was set at no earlier meeting";
    EXPECT_EQ(state, state_by(record, on)) << record;
  }
}

// Equal episodes and calls share a rank; the next rank counts on from all before it; the list ends with the last tie.
void Months::check_ranks(const std::string& on) {
  const json::array& rows = rows_of(callers(on), "callers");
  std::vector<std::pair<std::int64_t, std::int64_t>> counts;
  for (const json::value& row : rows)
    counts.emplace_back(number_in(row.as_object(), "episodes"), number_in(row.as_object(), "calls"));
  EXPECT_TRUE(std::is_sorted(counts.rbegin(), counts.rend())) << "not the most episodes, then calls, first";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto ahead =
        std::count_if(counts.begin(), counts.end(), [&](const auto& other) { return other > counts[i]; });
    EXPECT_EQ(number_in(rows[i].as_object(), "rank"), ahead + 1) << text_in(rows[i].as_object(), "name");
    EXPECT_LT(ahead, kPlaces);
    ties_ += std::count(counts.begin(), counts.end(), counts[i]) > 1 ? 1 : 0;
  }
  std::set<std::string> people;
  for (const char* list : {"callers", "left"})
    for (const json::value& row : rows_of(callers(on), list))
      EXPECT_TRUE(people.insert(text_in(row.as_object(), "person")).second) << "listed twice, or listed and left";
}

// Calls and episodes counted again from the events that the first reason names.
void Months::check_callers(const std::string& on) {
  const Instant from = local_midnight(plus_days(*parse_date(on), -kWindowDays));
  for (const json::value& row : rows_of(callers(on), "callers")) {
    const json::object& caller = row.as_object();
    ASSERT_FALSE(rows_of(caller, "reasons").empty()) << text_in(caller, "name");
    ++callers_;
    std::multiset<Instant> calls;
    for (const json::value& reference : rows_of(rows_of(caller, "reasons")[0].as_object(), "events")) {
      const LoggedEvent* event = log_.find(reference.as_object());
      ASSERT_NE(event, nullptr);
      EXPECT_EQ(text_in(event->said, "type"), "uk.csp.contact.received.v1");
      EXPECT_TRUE(from <= event->time && event->time < midnight(on)) << "a call outside the window";
      calls.insert(event->time);
    }
    std::int64_t episodes = 0;
    std::optional<Instant> last;
    for (const Instant& call : calls) {
      if (!last || call.us - last->us >= kEpisodeUs) ++episodes;
      last = call;
    }
    EXPECT_EQ(number_in(caller, "calls"), static_cast<std::int64_t>(calls.size())) << text_in(caller, "name");
    EXPECT_EQ(number_in(caller, "episodes"), episodes) << text_in(caller, "name");
  }
}

// But for the dates in their heads: what they list.
void Months::check_that_months_differ() const {
  std::map<std::string, std::string> by_body;
  for (const auto& [name, document] : data_) {
    std::string body = name.substr(0, name.find('-'));
    for (const char* part : {"sections", "not_listed", "callers", "left"})
      if (document.contains(part)) body += json::serialize(document.at(part));
    const auto [there, first] = by_body.emplace(body, name);
    EXPECT_TRUE(first) << name << " lists the same as " << there->second;
  }
}

// Something happened before a meeting, was written down after it, and stands in a later document only.
void Months::check_that_something_came_late() const {
  int late = 0;
  for (const auto& [name, meetings] : named_in_) {
    const LoggedEvent& event = *log_.find(name);
    for (const std::string& on : months_.meetings())
      late += event.time < midnight(on) && midnight(on) < event.known_from ? 1 : 0;
  }
  EXPECT_GT(late, 0) << "nothing shows that a document is as at its date";
  std::cout << late << " times an event that a later document names had happened and was not known yet\n";
}

TEST_F(Months, NameWhatWasKnownAddUpAndHandTheirActionsOn) {
  const std::vector<std::string>& meetings = months_.meetings();
  ASSERT_EQ(meetings.size(), 24u);
  EXPECT_EQ(meetings.front().substr(0, 7), "2019-04");
  EXPECT_EQ(meetings.back().substr(0, 7), "2021-03");
  ASSERT_EQ(data_.size(), 48u);
  for (std::size_t i = 0; i < meetings.size(); ++i) {
    const std::string& on = meetings[i];
    SCOPED_TRACE("the meeting of " + on);
    for (const char* kind : {"agenda-", "callers-"}) {
      check_head(data_.at(kind + on), on);
      check_lines(data_.at(kind + on), on);
    }
    check_sums_and_people(on);
    if (i > 0) check_actions(on, meetings[i - 1]);
    check_ranks(on);
    check_callers(on);
  }
  check_that_months_differ();
  check_that_something_came_late();
  std::cout << lines_ << " lines, " << items_ << " items, " << actions_ << " actions handed on, " << callers_
            << " callers, " << ties_ << " of them tied\n";
  EXPECT_GT(lines_, 1000);
  EXPECT_GT(items_, 200);
  EXPECT_GT(actions_, 50);
  EXPECT_GT(callers_, 100);
  EXPECT_GT(ties_, 0) << "no rank was shared";
}

}  // namespace
}  // namespace moot
