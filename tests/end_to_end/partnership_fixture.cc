#include "tests/end_to_end/partnership_fixture.h"

#include <array>
#include <cstdio>

#include "tests/end_to_end/installation.h"

namespace moot {

namespace {

constexpr const char* kPartnership = R"(# An invented partnership, for a test.
id      = "millbrook"
name    = "Millbrook Neighbourhood Partnership"
marking = "OFFICIAL"
notice  = "Test data. Everybody in it is invented."
callers = "callers.toml"
boards  = ["table.toml"]

[[agency]]
id   = "millbrook-wardens"
name = "Millbrook Wardens"
rhythm_days = 14

[[agency]]
id   = "brook-homes"
name = "Brook Homes"

[[agency]]
id   = "mill-clinic"
name = "Mill Clinic"

[[area]]
code = "upper-brook"
name = "Upper Brook"

[[area]]
code = "lower-brook"
name = "Lower Brook"

[[feed]]
agency   = "millbrook-wardens"
files    = "calls-*.csv"
format   = "csv"
mapping  = "calls.toml"
backfill = true

[[feed]]
agency   = "brook-homes"
files    = "cases.csv"
format   = "csv"
mapping  = "cases.toml"
backfill = true

[[feed]]
agency   = "mill-clinic"
files    = "clinic.jsonl"
format   = "cloudevents"
backfill = true

[[document]]
name  = "agenda"
kind  = "agenda"
board = "table"
on    = 2022-06-14

[[document]]
name = "callers"
kind = "callers"
on   = 2022-06-14
)";

constexpr const char* kCallers = R"(id = "table-callers"
title = "People who ring the wardens most"
[[version]]
valid_from   = 2022-01-01
channels     = ["101", "web"]
categories   = ["asb"]
roles        = ["caller"]
top          = 5
window_days  = 60
)";

constexpr const char* kBoard = R"(id = "table"
title = "Round Table"
[[version]]
valid_from = 2022-01-01

[[version.section]]
id    = "actions"
title = "Previous actions"
kind  = "previous-actions"

[[version.section]]
id    = "risk"
title = "High risk"
kind  = "high-risk"
bands = ["high"]

[[version.section]]
id    = "ringing"
title = "People who ring most"
kind  = "frequent-callers"

[[version.section]]
id    = "again"
title = "Repeat victims"
kind  = "repeat-victims"
)";

constexpr const char* kCallsMapping = R"(title  = "Calls to the wardens"
format = "csv"
source = "/millbrook-wardens/calls"
type   = "uk.csp.contact.received.v1"

[record]
key     = "Call"
subject = "Call"

[time]
column = "Rang"
format = "%Y-%m-%d %H:%M"

[known_time]
column = "Written"
format = "%Y-%m-%d %H:%M"

[envelope]
area = { column = "Part", codes = { "Upper" = "upper-brook", "Lower" = "lower-brook" } }

[facts]
channel      = { column = "How", codes = { "phone" = "101", "form" = "web" } }
category     = "asb"
on_behalf_of = false

[[people]]
role      = "caller"
reference = "Card"
given     = "Forename"
family    = "Surname"
born      = { column = "Born", format = "%d.%m.%Y" }
address   = "Home"
postcode  = "Postcode"
phone     = "Phone"
email     = "Email"

[[texts]]
field  = "description"
column = "Note"
)";

// What the landlord and the clinic export: files of their own, for their lines are long. The landlord's tenants are
// callers 0, 1 and 2 below, so that the agencies' records meet.
std::string file_text(const std::string& name) {
  return read_text(std::filesystem::path(MOOT_SOURCE_DIR) / "tests/data/brook-and-mill" / name);
}

constexpr std::size_t kCallerCount = 40;
constexpr std::array<const char*, 8> kForenames = {"Wilhelmina", "Odalric",  "Perpetua", "Ignatius",
                                                   "Clothilde",  "Barnabas", "Euphemia", "Leofric"};
constexpr std::array<const char*, 5> kSurnames = {"Fabrikam", "Testwright", "Mockford", "Placeholm", "Dummerly"};

// What a row says of its caller, of whom there are forty: number 0 rings most.
struct Caller {
  std::string given, family, card, born, born_iso, home, postcode, phone, email;
};

std::string printed(const char* form, std::size_t number) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), form, number);
  return text.data();
}

Caller caller_of(std::size_t number) {
  // Squared, so that low numbers are frequent: 0 rings about six times as often as 39.
  const std::size_t draw = number * 2654435761u % 1000;
  const std::size_t who = draw * draw * kCallerCount / 1000000;
  Caller caller;
  caller.given = kForenames[who % kForenames.size()];
  caller.family = kSurnames[who % kSurnames.size()];
  caller.card = printed("CARD-%04zu", who + 700);
  const std::size_t day = 1 + (who * 11 + 2) % 28, month = 1 + who % 12, year = 1950 + (who * 11) % 50;
  caller.born = printed("%02zu.", day) + printed("%02zu.", month) + std::to_string(year);
  caller.born_iso = std::to_string(year) + printed("-%02zu", month) + printed("-%02zu", day);
  caller.home = printed("%zu Invented Row, Flat ", who + 3) + printed("%zu", who + 1);
  caller.postcode = printed("ZZ97 %zuA", who % 9 + 1) + static_cast<char>('A' + who % 26);
  caller.phone = printed("01632 960%03zu", who + 100);
  caller.email = caller.given + printed("%zu@callers.example", who);
  return caller;
}

// Calls come every 977 minutes from 1 April 2022 on, round and round 60 days.
std::string time_of(std::size_t number, std::size_t later_minutes) {
  constexpr std::size_t kMinutes = 60 * 24 * 60;
  const std::size_t minute = (number * 977 + 13) % kMinutes + later_minutes;
  const std::size_t day = minute / (24 * 60);
  const std::array<std::size_t, 3> days_of = {30, 31, 30};  // April, May, June
  std::size_t month = 0, left = day;
  while (left >= days_of[month]) left -= days_of[month++];
  return printed("2022-%02zu", month + 4) + printed("-%02zu", left + 1) + printed(" %02zu", minute / 60 % 24) +
         printed(":%02zu", minute % 60);
}

std::string note_of(std::size_t number, std::size_t characters) {
  std::string note = printed("Rang about the yard behind number %zu once more", number * 7 % 1000 + 10000);
  while (note.size() < characters) note += printed("; and said again %zu", note.size());
  if (characters > 0) note.resize(characters);
  return note;
}

}  // namespace

PartnershipFixture::PartnershipFixture(std::filesystem::path folder, std::size_t calls)
    : folder_(std::move(folder)), calls_(calls) {
  write_definitions();
  write_files();
}

std::vector<std::filesystem::path> PartnershipFixture::call_files() const {
  return {folder_ / "calls-1.csv", folder_ / "calls-2.csv", folder_ / "calls-3.csv"};
}

std::vector<std::vector<std::string>> PartnershipFixture::publications() const {
  std::vector<std::vector<std::string>> all;
  for (const std::filesystem::path& file : call_files())
    all.push_back({"publish", file.string(), "--as", kWardens, "--backfill", "--mapping", calls_mapping().string()});
  all.push_back(
      {"publish", cases_file().string(), "--as", kHomes, "--backfill", "--mapping", cases_mapping().string()});
  all.push_back({"publish", clinic_file().string(), "--as", kClinic, "--backfill"});
  return all;
}

void PartnershipFixture::write_definitions() const {
  write_text(config(), kPartnership);
  write_text(folder_ / "callers.toml", kCallers);
  write_text(folder_ / "table.toml", kBoard);
  write_text(calls_mapping(), kCallsMapping);
  write_text(cases_mapping(), file_text("cases-mapping.toml"));
}

void PartnershipFixture::write_files() const {
  const std::size_t third = calls_ / 3;
  write_text(folder_ / "calls-1.csv", calls_csv(0, third));
  write_text(folder_ / "calls-2.csv", calls_csv(third, third));
  write_text(folder_ / "calls-3.csv", calls_csv(2 * third, calls_ - 2 * third));
  write_text(cases_file(), file_text("cases.csv"));
  write_text(clinic_file(), file_text("clinic.jsonl"));
}

std::string PartnershipFixture::calls_header() {
  return "Call,Rang,Written,How,Part,Card,Forename,Surname,Born,Home,Postcode,Phone,Email,Note\n";
}

std::string PartnershipFixture::calls_csv(std::size_t first, std::size_t count, std::size_t note_characters) {
  std::string text = calls_header();
  for (std::size_t number = first; number < first + count; ++number) {
    const Caller caller = caller_of(number);
    text += printed("MW-%06zu,", number) + time_of(number, 0) + "," + time_of(number, 9) + ",";
    text += std::string(number % 3 == 0 ? "form" : "phone") + "," + (number % 2 == 0 ? "Upper" : "Lower") + ",";
    text += caller.card + "," + caller.given + "," + caller.family + "," + caller.born + ",\"" + caller.home + "\",";
    text += caller.postcode + "," + caller.phone + "," + caller.email + ",";
    text += note_of(number, note_characters) + "\n";
  }
  return text;
}

std::string PartnershipFixture::call_as_cloudevent(std::size_t number, std::size_t note_characters) {
  const Caller caller = caller_of(number);
  const std::string time = time_of(number, 0);
  return R"({"specversion":"1.0","id":")" + printed("MW-%06zu", number) +
         R"(","source":"/millbrook-wardens/calls","type":"uk.csp.contact.received.v1","time":")" + time.substr(0, 10) +
         "T" + time.substr(11) + R"(:00+01:00","data":{"facts":{"contact":{"channel":"101","category":"asb"}},)" +
         R"("personal":{"people":[{"role":"caller","names":[{"given":")" + caller.given + R"(","family":")" +
         caller.family + R"("}],"born":")" + caller.born_iso + R"("}],"texts":[{"field":"description","text":")" +
         note_of(number, note_characters) + "\"}]}}}\n";
}

}  // namespace moot
