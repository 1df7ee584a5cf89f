// From the first day: no name, address, telephone number, e-mail, postcode, birth date or free text of any input file
// occurs in any byte that rests below the data directory, nor in anything the commands print (promise G11).
#include <gtest/gtest.h>

#include <csignal>
#include <iostream>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/end_to_end/personal_values.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::filesystem::path kDemonstration = std::filesystem::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale";
const std::vector<std::string> kCallColumns = {"Card",     "Forename", "Surname", "Born", "Home",
                                               "Postcode", "Phone",    "Email",   "Note"};

// What stands in the rows that must be refused, in cells of every kind.
const std::set<std::string> kRefusedValues = {"Leopoldine",   "Quatermain", "leopoldine@quatermain.example",
                                              "01632 969696", "ZZ97 9QQ",   "Unspeakable Lodge"};

// The columns of each kind of file that hold personal data: the rest of the demonstration's cells stand in the clear.
struct PersonalColumns {
  const char* files;  // a folder, or a file in one
  char delimiter;
  std::vector<std::string> columns;
};

const std::vector<PersonalColumns> kDemonstrationColumns = {
    {"police",
     ',',
     {"Caller ref", "Caller surname", "Caller forename", "DOB", "Address", "Postcode", "Phone", "Log text"}},
    {"police-records/dash-forms.csv", ',', {"Victim ref", "Victim surname", "Victim forename", "Victim DOB"}},
    {"police-records/occurrences-2020-21.csv",
     ',',
     {"Victim ref", "Victim surname", "Victim forename", "Victim DOB", "Victim postcode", "Suspect ref",
      "Suspect surname", "Suspect forename", "Suspect DOB", "Suspect postcode", "Scene", "Scene postcode", "Summary"}},
    {"soha/cases-2020-q4.csv",
     ',',
     {"Tenant no", "Tenant name", "Date of birth", "Home postcode", "Other party no", "Other party name",
      "Officer notes"}},
    {"soha/risk-assessments.csv", ',', {"Tenant no", "Tenant name", "Date of birth", "Home postcode"}},
    {"sovereign/cases-2020-21.csv",
     ';',
     {"Customer", "Forename", "Surname", "Born", "Postcode", "Against", "Against postcode", "Remarks"}},
    {"sovereign/risk-matrix.csv", ';', {"Customer", "Forename", "Surname", "Born", "Postcode"}},
    {"odas/referrals-2020-21.csv", ';', {"Client ref", "Forename", "Surname", "Born", "Postcode"}},
    {"oxfordshire-fire/incidents.tsv",
     '\t',
     {"Address", "Postcode", "Occupier surname", "Occupier forename", "Occupier born", "Remarks"}},
    {"south-oxfordshire/asb-reports.csv",
     ',',
     {"Reporter ID", "Reporter", "Reporter DOB", "Reporter postcode", "About", "Location", "Location postcode",
      "Details"}},
    {"vale-of-white-horse/environmental-protection.tsv",
     '\t',
     {"CUSTOMER", "SURNAME", "FORENAME", "BORN", "POSTCODE", "OTHER SURNAME", "OTHER FORENAME", "OTHER POSTCODE",
      "SITE", "SITE POSTCODE", "NOTES"}},
    {"community-safety-registers/schemes-2020-21.csv",
     ';',
     {"Forename", "Surname", "Born", "Postcode", "Other household", "Other postcode"}},
};

std::set<std::string> values_of_demonstration() {
  PersonalValues values;
  for (const PersonalColumns& kind : kDemonstrationColumns) {
    const std::filesystem::path files = kDemonstration / kind.files;
    if (!std::filesystem::is_directory(files)) {
      values.add_csv(files, kind.columns, kind.delimiter);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(files))
      values.add_csv(entry.path(), kind.columns, kind.delimiter);
  }
  for (const char* folder : {"oxford-health", "turning-point", "community-safety"})
    for (const auto& entry : std::filesystem::directory_iterator(kDemonstration / folder))
      values.add_cloudevents(entry.path());
  return values.values();
}

// Rows that each break another rule, the person's own data standing where the mistake is.
std::string bad_calls() {
  const std::string person = "CARD-X,Leopoldine,Quatermain,";
  const std::string home = "\"1 Unspeakable Lodge, ZZ97\",ZZ97 9QQ,01632 969696,leopoldine@quatermain.example,";
  const std::string good = "2022-05-01 10:00,2022-05-01 10:09,phone,Upper,";
  const std::string all = person + "01.02.1950," + home;
  std::string text = PartnershipFixture::calls_header();
  text += "BAD-1," + good + person + "Leopoldine," + home + "born is a name\n";
  text += "BAD-2,2022-05-01 10:00,2022-05-01 10:09,Leopoldine Quatermain,Upper," + all + "channel is a name\n";
  text += "BAD-3,Leopoldine at noon,2022-05-01 10:09,phone,Upper," + all + "time is a name\n";
  text += "BAD-4,2022-05-01 10:00,ZZ97 9QQ,phone,Upper," + all + "known time is a postcode\n";
  text += "BAD-5,2022-05-01 10:00,2022-05-01 10:09,phone,Unspeakable Lodge," + all + "area is a house\n";
  text += "Leopoldine Quatermain," + good + all + "the key is a name with a blank\n";
  text += "BAD-7," + good + person + "01.02.1950,too few cells\n";
  text += "BAD-8," + good + all + "one cell,too many\n";
  text += "BAD-9," + good + all + "\"a Leopoldine \"quotation\" mark not doubled\"\n";
  text += "BAD-10," + good + all + "not UTF-8: Leopoldine \xe9\xff\n";
  text += "BAD-11," + good + all + std::string(4100, 'L') + "eopoldine\n";
  return text;
}
constexpr std::int64_t kBadCalls = 11;

// Events whose mistake is made of personal values: what a parser's own error message would quote.
std::string bad_events() {
  const auto event = [](const std::string& id, const std::string& facts, const std::string& personal) {
    return R"({"specversion":"1.0","id":")" + id +
           R"(","source":"/millbrook-wardens/calls","type":"uk.csp.contact.received.v1",)" +
           R"("time":"2022-05-01T10:00:00+01:00","data":{"facts":{"contact":)" + facts + R"(},"personal":)" + personal +
           "}}\n";
  };
  const std::string facts = R"({"channel":"101"})";
  std::string text;
  text += event("Leopoldine Quatermain", facts, "{}");
  text += event("BE-2", R"({"channel":"01632 969696"})", "{}");
  text += event("BE-3", R"({"onBehalfOf":"Leopoldine"})", "{}");
  text += event("BE-4", facts, R"({"people":"Leopoldine Quatermain"})");
  text += event("BE-5", facts, R"({"people":[{"role":"Leopoldine Quatermain"}]})");
  text += event("BE-6", facts, R"({"people":[{"role":"caller","names":["Leopoldine"]}]})");
  text += event("BE-7", facts, R"({"people":[{"role":"caller","born":"Leopoldine's birthday"}]})");
  text += event("BE-8", facts, R"({"people":[{"role":"caller","addresses":[{"uprn":"Unspeakable Lodge"}]}]})");
  text += event("BE-9", facts, R"({"places":[{"role":"scene","latitude":"ZZ97 9QQ"}]})");
  text += event("BE-10", facts, R"({"texts":[{"field":"Leopoldine rang","text":"x"}]})");
  text += event("BE-11", facts, R"({"people":[{"role":"caller","names":[{"given":"Leopoldine)");
  text += "Leopoldine Quatermain, 01632 969696\n";
  return text;
}
constexpr std::int64_t kBadEvents = 12;

TEST(ByteScan, FindsAPlantedNameAndTheNamesInDocuments) {
  const TemporaryFolder folder;
  const std::set<std::string> values = values_of_demonstration();
  const ByteScan scan(values);
  EXPECT_GT(values.size(), 400u);
  for (const char* value : {"Exampleton", "1971-03-14", "14/03/1971", "OX99 5BP", "07700 900001"})
    EXPECT_TRUE(values.contains(value)) << value;
  // Nothing around it, no line ends, capitals changed, in the middle of other bytes, in a folder below.
  write_text(folder / "a/b/.planted", std::string(40'000, '\0') + "xEXAMPLETONx" + std::string(100, '\xff'));
  const ByteScan::Below planted = scan.found_below(folder.path());
  ASSERT_GE(planted.findings.size(), 1u);
  EXPECT_NE(planted.findings[0].find(".planted holds"), std::string::npos);
  // And the values are those that the product works with: its documents are full of them.
  const Installation here(folder / "data", kDemonstration / "partnership.toml");
  const FileTexts documents = here.documents(folder / "out");
  EXPECT_GT(scan.found_in(documents.at("callers.html")).size(), 10u);
  EXPECT_GT(scan.found_in(documents.at("agenda.json")).size(), 10u);
}

TEST(SealedDemonstration, NothingPersonalRestsInTheClearWhileItRunsOrAfterKill) {
  const TemporaryFolder folder;
  const ByteScan scan(values_of_demonstration());
  const Installation here(folder / "data", kDemonstration / "partnership.toml");
  const std::unique_ptr<Process> up = here.start({"up", "--out", (folder / "out").string()});
  ByteScan::Below last;
  const auto look = [&] {
    last = scan.found_below(here.data());
    for (const std::string& finding : last.findings) ADD_FAILURE() << finding;
  };
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (up->running() && up->err().find("is up") == std::string::npos && std::chrono::steady_clock::now() < deadline) {
    if (std::filesystem::exists(here.data())) look();
    std::this_thread::sleep_for(milliseconds(50));
  }
  ASSERT_TRUE(up->running()) << up->err();
  look();
  up->kill();
  look();
  EXPECT_EQ(scan.found_in(up->out() + up->err()), std::set<std::string>());
  EXPECT_GT(last.bytes, 200'000u) << "there was nothing to look at";
  // What recovery makes of it, and a clean end.
  here.documents(folder / "out");
  look();
  EXPECT_EQ(scan.found_below(here.keys()).findings, std::vector<std::string>());
  std::cout << "looked through " << last.files << " files, " << last.bytes << " bytes\n";
}

class Sealed : public testing::Test {
 protected:
  Ended publish(const std::filesystem::path& file, bool with_mapping) const {
    Words words = {"publish", file.string(), "--as", PartnershipFixture::kWardens, "--backfill", "--json"};
    if (with_mapping) words.insert(words.end(), {"--mapping", partnership_.calls_mapping().string()});
    return here_.moot(words);
  }
  void expect_nothing_found(const ByteScan& scan, const std::string& when) const {
    for (const std::string& finding : scan.found_below(here_.data()).findings) ADD_FAILURE() << when << ": " << finding;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(Sealed, NothingPersonalOfARefusedRecordIsPrintedOrRestsInTheClear) {
  const ByteScan scan(kRefusedValues);
  const std::filesystem::path calls = folder_ / "bad-calls.csv", events = folder_ / "bad-events.jsonl",
                              headless = folder_ / "headless.csv";
  write_text(calls, bad_calls());
  write_text(events, bad_events());
  write_text(headless, bad_calls().substr(PartnershipFixture::calls_header().size()));
  for (const auto& file : {calls, events, headless})
    ASSERT_GT(scan.found_in(read_text(file)).size(), 2u) << "the scan finds nothing in the input itself";
  const std::unique_ptr<Process> broker = here_.start_broker();
  std::string printed;
  const auto publish_and_count = [&](const std::filesystem::path& file, bool with_mapping, std::int64_t refused) {
    const Ended ended = publish(file, with_mapping);
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(number_in(json_of(ended.out), "refused"), refused) << ended.out << ended.err;
    EXPECT_EQ(number_in(json_of(ended.out), "read"), refused);
    printed += ended.out + ended.err;
  };
  publish_and_count(calls, true, kBadCalls);
  publish_and_count(events, false, kBadEvents);
  publish_and_count(headless, true, 1);
  for (const Words& words : {Words{"inbox", "list", "--json"}, Words{"inbox", "list"}, Words{"status"}}) {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    printed += ended.out + ended.err;
  }
  expect_nothing_found(scan, "while it runs");
  broker->kill();
  expect_nothing_found(scan, "after kill -9");
  printed += broker->out() + broker->err();
  EXPECT_EQ(scan.found_in(printed), std::set<std::string>()) << printed;
  EXPECT_EQ(number_in(here_.status(), "inbox"), kBadCalls + kBadEvents + 1) << "what was refused is not kept";
  expect_nothing_found(scan, "after recovery");
}

TEST_F(Sealed, NothingPersonalOfAcceptedEventsIsPrintedOrRestsInTheClear) {
  PersonalValues values;
  for (const auto& file : partnership_.call_files()) values.add_csv(file, kCallColumns);
  values.add_csv(partnership_.cases_file(), {"Tenant", "Born", "Postcode", "Story"});
  values.add_cloudevents(partnership_.clinic_file());
  const ByteScan scan(values.values());
  ASSERT_GT(values.values().size(), 100u);
  const std::unique_ptr<Process> broker = here_.start_broker();
  std::string printed;
  for (const auto& file : partnership_.call_files()) {
    const Ended ended = publish(file, true);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    printed += ended.out + ended.err;
    expect_nothing_found(scan, "while it runs");
  }
  // A conflict: the same call with another person's words. Refused, kept, and as silent.
  const std::filesystem::path other = folder_ / "other.jsonl";
  write_text(other, PartnershipFixture::call_as_cloudevent(0, 200));
  const Ended conflict = publish(other, false);
  EXPECT_EQ(conflict.exit_code, 1);
  printed += conflict.out + conflict.err;
  const Ended dry = here_.moot({"replay", "--dry-run", "--json"});
  printed += dry.out + dry.err;
  broker->kill();
  expect_nothing_found(scan, "after kill -9");
  printed += broker->out() + broker->err();
  EXPECT_EQ(scan.found_in(printed), std::set<std::string>());
  // The values are there for those entitled: replay opens them.
  const std::vector<std::string> events = here_.replay();
  ASSERT_EQ(events.size(), 60u);
  EXPECT_FALSE(scan.found_in(events.front()).empty());
  expect_nothing_found(scan, "after recovery");
}

}  // namespace
}  // namespace moot
