// Calendars as other programs read them: the file, parsed by python3-icalendar, which nobody here wrote.
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// What the parser found, an object for each entry; times as London's clocks have them.
constexpr const char* kParse = R"py(
import icalendar, json, sys, zoneinfo
london = zoneinfo.ZoneInfo("Europe/London")
rows = []
with open(sys.argv[1], "rb") as file:
    raw = file.read()
calendar = icalendar.Calendar.from_ical(raw)
assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "a long line"
assert b"\n" not in raw.replace(b"\r\n", b""), "a bare line end"
for entry in calendar.walk("VEVENT"):
    starts = entry.decoded("DTSTART")
    whole = not hasattr(starts, "hour")
    rows.append({"uid": str(entry["UID"]), "summary": str(entry["SUMMARY"]),
                 "description": str(entry.get("DESCRIPTION", "")), "status": str(entry["STATUS"]),
                 "kind": entry["CATEGORIES"].to_ical().decode(),
                 "starts": starts.isoformat() if whole else starts.astimezone(london).strftime("%Y-%m-%d %H:%M"),
                 "stamp": entry.decoded("DTSTAMP").isoformat()})
print(json.dumps({"entries": rows}))
)py";

class Calendars : public testing::Test {
 protected:
  void SetUp() override {
    if (run({"/usr/bin/python3", "-c", "import icalendar"}).exit_code != 0)
      GTEST_SKIP() << "there is no python3-icalendar";
    fs::copy(fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", folder_ / "partnership",
             fs::copy_options::recursive);
    const fs::path board = folder_ / "partnership/rules/tasking.toml";
    std::string text = read_text(board);
    text.insert(text.find("subject_roles"),
                "cadence = { every = \"week\", weekday = \"tuesday\", papers_working_days = 2, starts = \"10:30\" }\n");
    write_text(board, text);
    std::string config = read_text(here_.config());
    write_text(here_.config(),
               config + "\n[[document]]\nname = \"fire\"\nkind = \"calendar\"\nowner = \"harbour-fire\"\n");
    (void)here_.documents(folder_ / "out");
  }
  json::array parsed(const fs::path& file) const {
    const Ended ended = run({"/usr/bin/python3", "-c", kParse, file.string()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.exit_code == 0 ? json_of(ended.out).at("entries").as_array() : json::array();
  }
  json::array calendar(const Words& more) const {
    Words words = {"calendar", "--output", (folder_ / "c.ics").string()};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return parsed(folder_ / "c.ics");
  }
  // What texts say and what people are called.
  static std::vector<std::string> words_in(const json::value& part) {
    std::vector<std::string> words;
    for (const json::value& one : part.as_array()) {
      const json::object& object = one.as_object();
      if (object.contains("text")) words.emplace_back(object.at("text").as_string());
      if (!object.contains("names")) continue;
      for (const json::value& name : object.at("names").as_array())
        for (const auto& member : name.as_object()) words.emplace_back(member.value().as_string());
    }
    return words;
  }
  static std::vector<std::string> of_kind(const json::array& entries, const std::string& kind) {
    std::vector<std::string> days;
    for (const json::value& entry : entries)
      if (entry.at("kind").as_string() == kind) days.emplace_back(entry.at("starts").as_string());
    return days;
  }

  const TemporaryFolder folder_;
  const Installation here_{folder_ / "data", folder_ / "partnership" / "partnership.toml"};
};

TEST_F(Calendars, AreReadByAnotherProgramAsTheyAreMeant) {
  const json::array entries = calendar({"tasking", "--from", "2024-03-20", "--to", "2024-04-10"});
  // Half past ten before and after the clocks change on 31 March 2024.
  EXPECT_EQ(of_kind(entries, "MEETING"),
            (std::vector<std::string>{"2024-03-26 10:30", "2024-04-02 10:30", "2024-04-09 10:30"}));
  EXPECT_EQ(of_kind(entries, "PAPERS"), (std::vector<std::string>{"2024-03-22", "2024-03-29", "2024-04-05"}));
  for (const json::value& entry : entries) EXPECT_EQ(entry.at("status").as_string(), "TENTATIVE");
}

TEST_F(Calendars, HaveEachOwnersActionsAndNoPersonalData) {
  const Words period = {"--from", "2024-01-01", "--to", "2024-12-31"};
  const json::array everybody = calendar(period);
  const std::string file = read_text(folder_ / "c.ics");
  const std::vector<std::string> due = of_kind(everybody, "ACTION");
  ASSERT_EQ(due, (std::vector<std::string>{"2024-01-23", "2024-02-20"}));
  const json::array fire = calendar({"--from", "2024-01-01", "--to", "2024-12-31", "--owner", "harbour-fire"});
  EXPECT_EQ(of_kind(fire, "ACTION"), (std::vector<std::string>{"2024-01-23"}));
  for (const json::value& entry : fire)
    if (entry.at("kind").as_string() == "ACTION") {
      EXPECT_EQ(entry.at("summary").as_string(), "Action due, Harbour Fire and Rescue: Weekly Tasking");
      EXPECT_EQ(entry.at("description").as_string(), "Action TA-2, set on 9 January 2024");
    }
  // No word of what an action says, nor a name of anybody it concerns.
  for (const std::string& event : here_.replay({"--type", "action"})) {
    const json::object data = json_of(event).at("data").as_object();
    if (!data.contains("personal")) continue;
    const json::object& personal = data.at("personal").as_object();
    for (const char* part : {"texts", "people"}) {
      if (!personal.contains(part)) continue;
      for (const std::string& word : words_in(personal.at(part))) EXPECT_EQ(file.find(word), std::string::npos) << word;
    }
  }
  (void)calendar(period);
  EXPECT_EQ(read_text(folder_ / "c.ics"), file);  // the same bytes again
}

TEST_F(Calendars, AreKeptByThePartnershipThatRuns) {
  const json::array entries = parsed(folder_ / "out" / "fire.ics");
  // A year from the last instant that anything was recorded at, which is today; the actions were due long before.
  EXPECT_GE(of_kind(entries, "MEETING").size(), 52u);
  EXPECT_TRUE(of_kind(entries, "ACTION").empty());
}

TEST_F(Calendars, TakeAMeetingThatWasScheduledInThePlaceOfTheUsualDay) {
  write_text(
      folder_ / "scheduled.jsonl",
      R"({"specversion":"1.0","id":"S-1","source":"/harbour-council/tasking","type":"uk.csp.meeting.scheduled.v1",)"
      R"("time":"2024-01-09T10:00:00+00:00","data":{"facts":{"meeting":{"board":"tasking","on":"2024-04-04"}}}})"
      "\n");
  ASSERT_EQ(here_.moot({"publish", (folder_ / "scheduled.jsonl").string(), "--as", "harbour-council"}).exit_code, 0);
  const json::array entries = calendar({"tasking", "--from", "2024-03-25", "--to", "2024-04-10"});
  EXPECT_EQ(of_kind(entries, "MEETING"),
            (std::vector<std::string>{"2024-03-26 10:30", "2024-04-04 10:30", "2024-04-09 10:30"}));
}

TEST_F(Calendars, SayTheSameAsJson) {
  const Words words = {"--from", "2024-03-25", "--to", "2024-04-10"};
  const json::array parsed = calendar(words);
  Words all = {"calendar", "--json"};
  all.insert(all.end(), words.begin(), words.end());
  const json::object said = json_of(here_.moot(all).out);
  const json::array& entries = said.at("entries").as_array();
  ASSERT_EQ(entries.size(), parsed.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const char* key : {"uid", "kind", "summary", "description"})
      EXPECT_EQ(entries[i].at(key), parsed[i].at(key)) << key;
    const std::string day(entries[i].at("day").as_string());
    EXPECT_EQ(std::string(parsed[i].at("starts").as_string()).substr(0, 10), day);
    if (entries[i].at("kind").as_string() == "MEETING")
      EXPECT_EQ(entries[i].at("starts").as_string(),
                day + (day < "2024-03-31" ? "T10:30:00+00:00" : "T10:30:00+01:00"));
    else
      EXPECT_TRUE(entries[i].at("starts").is_null());
  }
}

TEST_F(Calendars, RefuseWhatMakesNoSense) {
  const auto refused = [&](const Words& words, const std::string& says) {
    Words all = {"calendar"};
    all.insert(all.end(), words.begin(), words.end());
    const Ended ended = here_.moot(all);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_NE(ended.err.find(says), std::string::npos) << ended.err;
  };
  refused({"jtm"}, "there is no board \"jtm\"");
  refused({"--owner", "nobody"}, "there is no agency \"nobody\"");
  refused({"--from", "2024-02-01", "--to", "2024-02-01"}, "must be later");
  refused({"--from", "2024-02-30"}, "--from");
}

}  // namespace
}  // namespace moot
