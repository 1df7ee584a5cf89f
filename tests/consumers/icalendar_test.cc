// Calendars: the file's form by RFC 5545, and what a board has in its own.
#include "consumers/document/icalendar.h"

#include <gtest/gtest.h>

#include "consumers/agenda/board_calendar.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

CalendarEntry entry(const std::string& summary, Date day, std::optional<int> starts = {}, int minutes = 0) {
  CalendarEntry made;
  made.uid = "u1@harbour";
  made.kind = "MEETING";
  made.summary = summary;
  made.day = day;
  made.starts = starts;
  made.minutes = minutes;
  return made;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find("\r\n", from);
    EXPECT_NE(end, std::string::npos) << "a line without its end";
    if (end == std::string::npos) break;
    lines.push_back(text.substr(from, end - from));
    from = end + 2;
  }
  return lines;
}

bool has(const std::string& text, const std::string& line) {
  const std::vector<std::string> lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(ICalendar, HasInstantsInUtcWhateverTheSeason) {
  const Instant as_at = london("2021-03-01");
  const std::string winter = to_icalendar("A", {entry("Meeting", {2021, 1, 12}, 14 * 60, 90)}, as_at);
  EXPECT_TRUE(has(winter, "DTSTART:20210112T140000Z") && has(winter, "DTEND:20210112T153000Z")) << winter;
  const std::string summer = to_icalendar("A", {entry("Meeting", {2021, 4, 13}, 14 * 60)}, as_at);
  EXPECT_TRUE(has(summer, "DTSTART:20210413T130000Z")) << summer;
  EXPECT_EQ(summer.find("DTEND"), std::string::npos);
  const std::string day = to_icalendar("A", {entry("Papers", {2021, 12, 31})}, as_at);
  EXPECT_TRUE(has(day, "DTSTART;VALUE=DATE:20211231") && has(day, "DTEND;VALUE=DATE:20220101")) << day;
  EXPECT_TRUE(has(day, "DTSTAMP:20210301T000000Z")) << day;
}

TEST(ICalendar, FoldsLongLinesWithoutCuttingALetterAndEscapes) {
  std::string welsh = "Tŷ, ";
  for (int i = 0; i < 40; ++i) welsh += "ŵŷ";
  const std::string text = to_icalendar("A; B\\C", {entry(welsh + "\nnext", {2021, 1, 12})}, {});
  EXPECT_TRUE(has(text, "X-WR-CALNAME:A\\; B\\\\C")) << text;
  std::string unfolded;
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(line.size(), 75u) << line;
    const std::size_t from = line.starts_with(" ") ? 1 : 0;
    EXPECT_NE(static_cast<unsigned char>(line[from]) & 0xc0, 0x80) << "a letter is cut: " << line;
    unfolded += from == 1 ? line.substr(1) : "\n" + line;
  }
  std::string wanted = welsh;
  wanted.replace(wanted.find(','), 1, "\\,");
  EXPECT_NE(unfolded.find("\nSUMMARY:" + wanted + "\\nnext\n"), std::string::npos) << unfolded;
}

const Board& board() {
  static const Result<Board> board = Board::parse(
      "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2020-01-01\n"
      "cadence = { every = \"month\", weekday = \"tuesday\", which = 2, papers_working_days = 5, starts = \"14:00\" }\n"
      "[[version.section]]\nid = \"a\"\ntitle = \"A\"\nkind = \"previous-actions\"\n",
      "jtm.toml");
  MOOT_CHECK_OK(board.status());
  return *board;
}

v1::Event action(const std::string& id, const std::string& owner, const std::string& due,
                 const std::string& stage = "set") {
  v1::Event event =
      make_event("uk.csp.action." + stage + ".v1", "north-council", id, "2021-01-12T15:00", {Who("subject")});
  v1::Action& facts = *event.mutable_facts()->mutable_action();
  facts.set_board("jtm");
  facts.set_set_on("2021-01-12");
  facts.set_owner(owner);
  facts.set_due(due);
  return event;
}

std::vector<CalendarEntry> calendar(const std::vector<v1::Event>& events, const CalendarQuery& query) {
  const Casebook casebook = casebook_of(events);
  const CaseSet set = casebook.as_at(london("2021-02-01"));
  return board_calendar(set, test_partnership(), board(), WorkingDays(), query);
}

TEST(BoardCalendar, HasMeetingsPapersAndOpenActionsWithoutPersonalData) {
  const std::vector<v1::Event> events = {
      action("A-1", "north-police", "2021-02-10"), action("A-2", "north-council", "2021-02-11"),
      action("A-3", "north-police", "2021-02-12", "done"), action("A-4", "north-police", "")};
  const std::vector<CalendarEntry> all = calendar(events, {{2021, 2, 1}, {2021, 3, 1}, "", ""});
  std::vector<std::string> kinds;
  for (const CalendarEntry& one : all) {
    kinds.push_back(one.kind + " " + to_iso(one.day));
    EXPECT_EQ((one.summary + one.description).find("Exampleton"), std::string::npos);
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"PAPERS 2021-02-02", "MEETING 2021-02-09", "ACTION 2021-02-10",
                                             "ACTION 2021-02-11"}));
  EXPECT_EQ(all[1].starts, 14 * 60);
  EXPECT_FALSE(all[1].certain);
  EXPECT_EQ(all[3].description, "Action A-2, set on 12 January 2021");
  // What was held needs nobody to confirm it.
  const std::vector<CalendarEntry> past =
      calendar({of_meeting("h", "held", "2021-01-12")}, {{2021, 1, 10}, {2021, 1, 20}, "", ""});
  ASSERT_EQ(past.size(), 1u);
  EXPECT_TRUE(past[0].certain);
  EXPECT_EQ(past[0].description, "It was held.");
  // Papers of a meeting after the period go out in it.
  const std::vector<CalendarEntry> early = calendar(events, {{2021, 2, 1}, {2021, 2, 3}, "", ""});
  ASSERT_EQ(early.size(), 1u);
  EXPECT_EQ(early[0].uid, all[0].uid);
  const std::vector<CalendarEntry> own = calendar(events, {{2021, 2, 1}, {2021, 3, 1}, "", "north-police"});
  ASSERT_EQ(own.size(), 3u);
  EXPECT_EQ(own[2].description, "Action A-1, set on 12 January 2021");
}

}  // namespace
}  // namespace moot
