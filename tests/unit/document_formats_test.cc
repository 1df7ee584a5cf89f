// iHub and Open311 in XML, as they become events; and what every file of the shared data comes to.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"
#include "adapters/ihub.h"
#include "adapters/mapping_suggestion.h"
#include "adapters/open311.h"
#include "adapters/open311_xml.h"
#include "broker/core/event_rules.h"
#include "tests/unit/changed_document.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using test::changed;
using test::reason_of;

const Publisher kTrust = {*AgencyId::parse("mill-trust"), Key{}};

constexpr const char* kIncident = R"({"data":{"id":"I-1","type":"incident","attributes":{"asbClass":"Nuisance",
  "incidentStartDateTime":{"dateFrom":"2022-05-02T09:05:00","dateTo":"2022-05-02T10:00:00"},
  "incidentEndDateTime":"16:00:00",
  "incidentDescription":"Shouting in the yard","subjectedToHateCrime":"false","childPresent":"true","hadWeapon":true},
  "relationships":{"victim":{"data":[{"type":"person","id":"P1"}]},
   "incidentLocation":{"data":{"type":"location","id":"L1"}}}},
 "included":[{"type":"person","id":"P1",
   "attributes":{"firstName":"Avery","lastName":"Inventedname","dateOfBirth":"1971-03-14"}},
  {"type":"location","id":"L1",
   "attributes":{"UPRN":"1","street":"Invented Row","postcode":"ZZ97 1AA","latitude":"51.5","longitude":"-1.2"}},
  {"type":"submission","id":"S1",
   "attributes":{"forceIdentifier":43,"submitTime":"2022-05-03T08:00:00Z","ipAddress":"192.0.2.1"}}]})";

TEST(IhubTest, AnIncidentWithItsPeopleAndItsPlaceHoweverTheTrapsAreWritten) {
  const Result<std::vector<RequestItem>> items = read_ihub(kIncident, kTrust, Limits());
  ASSERT_TRUE(items.ok()) << items.status().message();
  ASSERT_EQ(reason_of(items->at(0)), "taken");
  const auto& event = std::get<v1::Event>(items->at(0));
  EXPECT_TRUE(validate(event, Limits()).ok()) << validate(event, Limits()).message();
  EXPECT_EQ(to_local_rfc3339(from_proto(event.envelope().time())), "2022-05-02T09:05:00+01:00");
  EXPECT_EQ(event.facts().incident().nsir_class(), "nuisance");
  EXPECT_EQ(event.facts().incident().category(), "asb");
  EXPECT_TRUE(event.facts().incident().child_present() && event.facts().incident().weapon());
  EXPECT_FALSE(event.facts().incident().hate());
  EXPECT_EQ(event.personal().people(0).role(), "victim");
  EXPECT_EQ(event.personal().places(0).address().postcode(), "ZZ97 1AA");
  EXPECT_EQ(event.DebugString().find("192.0.2.1"), std::string::npos);
  EXPECT_EQ(reason_of(read_ihub(changed(kIncident, "dateFrom", "dateOf"), kTrust, Limits()).value()[0]), "taken")
      << "the submission's time, approximately";
  EXPECT_EQ(
      reason_of(
          read_ihub(changed(kIncident, "\"type\":\"incident\"", "\"type\":\"person\""), kTrust, Limits()).value()[0]),
      "type: expected incident");
  EXPECT_FALSE(read_ihub("{}", kTrust, Limits()).ok());
}

TEST(IhubTest, ASubmissionIsOfAnIncidentThatNamesItOrWhereThereIsNoOther) {
  const auto read = [](const std::string& body) {
    return std::get<v1::Event>(read_ihub(body, kTrust, Limits()).value()[0]).envelope();
  };
  EXPECT_EQ(to_rfc3339(from_proto(read(kIncident).known_time())), "2022-05-03T08:00:00Z");
  const std::string two = changed(
      kIncident, R"({"type":"submission")",
      R"({"type":"submission","id":"S0","attributes":{"submitTime":"2022-05-09T08:00:00Z"}},{"type":"submission")");
  EXPECT_FALSE(read(two).has_known_time()) << "another incident's, perhaps";
  const std::string named =
      changed(two, R"("victim")", R"("submission":{"data":{"type":"submission","id":"S0"}},"victim")");
  EXPECT_EQ(to_rfc3339(from_proto(read(named).known_time())), "2022-05-09T08:00:00Z");
}

TEST(IhubTest, ATimeWithoutItsOffsetIsLondonsWhateverPartsOfASecondItHas) {
  const auto time = [](const std::string& text) {
    const Result<std::vector<RequestItem>> items =
        read_ihub(R"({"data":{"type":"incident","id":"7","attributes":{"incidentStartDateTime":")" + text + "\"}}}",
                  kTrust, Limits());
    const auto* event = std::get_if<v1::Event>(&items->at(0));
    return event ? to_rfc3339(from_proto(event->envelope().time())) : reason_of(items->at(0));
  };
  for (const char* text : {"2021-06-02T09:05:00", "2021-06-02T09:05:00.000", "2021-06-02T09:05:00.1234567"})
    EXPECT_EQ(time(text), "2021-06-02T08:05:00Z") << text;
  for (const char* text : {"2021-06-02T09:05:00.", "2021-06-02T09:05:00.x", "2021-06-02.5"})
    EXPECT_NE(time(text), "2021-06-02T08:05:00Z") << text;
}

TEST(IhubTest, ATimeIsApproximateWhereItsSenderSaysSo) {
  const auto precision = [](const std::string& more) {
    const std::string body = changed(kIncident, R"("asbClass":"Nuisance",)", R"("asbClass":"Nuisance",)" + more);
    return std::get<v1::Event>(read_ihub(body, kTrust, Limits()).value()[0]).envelope().time_precision();
  };
  EXPECT_EQ(precision(""), v1::EXACT);
  EXPECT_EQ(precision(R"("incidentExactTimeKnown":"true",)"), v1::EXACT);
  EXPECT_EQ(precision(R"("incidentExactTimeKnown":false,)"), v1::APPROXIMATE);
}

TEST(Open311Xml, IsTheSameEventAsTheJsonOfTheSameRequest) {
  const std::string xml = R"(<?xml version="1.0" encoding="utf-8"?><service_requests><request>
    <service_request_id>7</service_request_id><status>open</status><service_code>G&amp;T</service_code>
    <description>Tags &lt;here&gt;</description><requested_datetime>2022-04-14T06:37:38+01:00</requested_datetime>
    <zipcode/><lat>51.5</lat><long>-1.25</long></request></service_requests>)";
  const std::string json =
      R"([{"service_request_id":"7","status":"open","service_code":"G&T","description":"Tags <here>",
    "requested_datetime":"2022-04-14T06:37:38+01:00","lat":51.5,"long":-1.25}])";
  const auto from_xml = read_open311(xml, kTrust, Limits()), from_json = read_open311(json, kTrust, Limits());
  ASSERT_TRUE(from_xml.ok()) << from_xml.status().message();
  ASSERT_EQ(reason_of(from_xml->at(0)), "taken");
  EXPECT_EQ(std::get<v1::Event>(from_xml->at(0)).SerializeAsString(),
            std::get<v1::Event>(from_json->at(0)).SerializeAsString());
}

// What a file comes to without anybody saying what it is.
struct Case {
  FileTotals totals;
  std::string as, why;
};

Case try_case(const fs::path& file) {
  Case one;
  DryRunSink sink({});
  FileOptions options;
  options.publisher = kTrust;
  std::ifstream stream(file, std::ios::binary);
  const Result<MappingSuggestion> suggestion = suggest_mapping(stream, file.filename().string(), "mill-trust");
  std::optional<Mapping> mapping;
  if (file.extension() == ".csv" && suggestion.ok()) mapping = parse_mapping(suggestion->toml, "suggested").value();
  if (mapping) options.mapping = &*mapping;
  one.totals = publish_file(file, options, sink);
  DryRunReport report = sink.take_report();
  for (const auto& [type, count] : report.types) one.as += (one.as.empty() ? "" : ", ") + type;
  if (!report.refused.empty()) one.why = report.refused.front().why.message();
  if (one.totals.status.code() == Code::kUsage)
    one.why = suggestion.ok() ? one.totals.status.message() : suggestion.status().message();
  return one;
}

TEST(SharedData, EveryCaseIsTakenAsSomethingOrRefusedWithASentence) {
  const char* shared = std::getenv("MOOT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED names no folder of larger public data";
  std::ostringstream table;
  std::size_t cases = 0, taken = 0;
  for (const std::string folder : {"fhir", "open311", "json", "cloudevents", "csv"}) {
    std::set<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(shared) / "data" / folder))
      if (entry.is_regular_file()) files.insert(entry.path());
    ASSERT_FALSE(files.empty()) << folder;
    for (const fs::path& file : files) {
      const Case one = try_case(file);
      ++cases;
      const FileTotals& t = one.totals;
      EXPECT_EQ(t.read, t.accepted + t.duplicate + t.superseding + t.refused) << file;
      const bool nothing = t.read == 0 && one.why.empty();
      EXPECT_TRUE(t.accepted > 0 || !one.why.empty() || nothing) << file << " is neither taken nor refused";
      taken += t.accepted > 0 ? 1 : 0;
      table << fs::relative(file, fs::path(shared) / "data").string() << " | " << t.accepted << " as "
            << (one.as.empty() ? "nothing" : one.as) << " | " << t.refused << " refused"
            << (one.why.empty() ? (nothing ? " | no record in it" : "") : " | " + one.why) << "\n";
    }
  }
  std::cout << table.str() << cases << " cases, " << taken << " with something taken\n";
  EXPECT_GT(taken, 20u);
}

}  // namespace
}  // namespace moot
