// Service requests of Open311 GeoReport v2 in JSON and XML, as they become events.
#include "adapters/open311.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "adapters/json_document.h"
#include "adapters/open311_xml.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "broker/core/whole_file.h"
#include "tests/unit/changed_document.h"

namespace moot {
namespace {

using test::changed;

const Publisher kCouncil = {*AgencyId::parse("harbour-council"), Key{}};
constexpr const char* kRequest = R"({"service_request_id": 638344, "status": "closed", "status_notes": "Painted over.",
  "service_name": "Graffiti and Tags", "service_code": "Graffiti/Tags", "description": "Tags on the wall",
  "agency_responsible": null, "requested_datetime": "2022-04-14T06:37:38+01:00",
  "updated_datetime": "2022-04-15T06:37:38+01:00", "expected_datetime": "", "address": "8 Invented Street",
  "zipcode": "ZZ1 1ZZ", "lat": 51.5, "long": "-1.25", "media_url": "http://pictures.example/1.jpg",
  "first_name": "Avery", "last_name": "Inventedname", "extended_attributes": {"usrn": "1"}})";

std::vector<RequestItem> read_requests(const std::string& body) {
  Result<std::vector<RequestItem>> items = read_open311(body, kCouncil, Limits());
  EXPECT_TRUE(items.ok()) << items.status().message();
  return items.ok() ? *items : std::vector<RequestItem>();
}

TEST(Open311Test, AClosedRequestIsAnIncidentAndAClosureAboutIt) {
  const std::vector<RequestItem> items = read_requests(kRequest);
  ASSERT_EQ(items.size(), 2u);
  const auto& incident = std::get<v1::Event>(items[0]);
  const auto& closure = std::get<v1::Event>(items[1]);
  for (const v1::Event* event : {&incident, &closure}) {
    const Status judged = validate(*event, Limits());
    EXPECT_TRUE(judged.ok()) << judged.message();
  }
  EXPECT_EQ(incident.envelope().source(), "/harbour-council/open311");
  EXPECT_EQ(incident.envelope().record(), "638344");
  EXPECT_EQ(to_rfc3339(from_proto(incident.envelope().time())), "2022-04-14T05:37:38Z");
  EXPECT_EQ(to_rfc3339(from_proto(incident.envelope().known_time())), "2022-04-15T05:37:38Z");
  EXPECT_EQ(incident.facts().incident().category(), "graffiti-tags");
  EXPECT_EQ(incident.personal().people(0).names(0).family(), "Inventedname");
  EXPECT_EQ(incident.personal().places(0).address().lines(), "8 Invented Street");
  EXPECT_EQ(incident.personal().places(0).longitude(), -1.25);
  EXPECT_EQ(incident.personal().texts_size(), 3);
  EXPECT_EQ(incident.SerializeAsString().find("pictures.example"), std::string::npos);
  EXPECT_EQ(closure.envelope().type(), "uk.csp.closure.resolved.v1");
  EXPECT_EQ(closure.envelope().links(0).id(), "638344");
  EXPECT_FALSE(closure.has_personal());
  const std::string fresh = changed(kRequest, "2022-04-15T06:37:38+01:00", "2022-04-14T06:37:38+01:00");
  EXPECT_EQ(read_requests(changed(fresh, "closed", "open")).size(), 1u);
  EXPECT_EQ(read_requests(changed(fresh, "closed", "OPEN")).size(), 1u);
  EXPECT_EQ(read_requests(changed(kRequest, "closed", "Closed")).size(), 2u) << "servers differ in capitals";
}

TEST(Open311Test, ARequestThatIsOpenAgainTakesItsClosureBack) {
  const auto closed = std::get<v1::Event>(read_requests(kRequest).at(1)).envelope();
  const std::vector<RequestItem> items = read_requests(changed(changed(kRequest, "closed", "open"), "15T06", "16T06"));
  ASSERT_EQ(items.size(), 2u);
  const auto& again = std::get<v1::Event>(items[1]);
  EXPECT_TRUE(validate(again, Limits()).ok()) << validate(again, Limits()).message();
  EXPECT_EQ(again.envelope().type(), "uk.csp.closure.withdrawn.v1");
  EXPECT_EQ(again.envelope().record(), closed.record());
  EXPECT_GT(again.envelope().revision(), closed.revision());
  const auto within_the_second = read_requests(changed(kRequest, "15T06:37:38", "15T06:37:38.2"));
  EXPECT_GT(std::get<v1::Event>(within_the_second.at(1)).envelope().revision(), closed.revision());
  const auto at_once = std::get<v1::Event>(read_requests(changed(kRequest, "closed", "open")).at(1)).envelope();
  EXPECT_NE(at_once.id(), closed.id()) << "a conflict, where a server changes the status and nothing else";
}

TEST(Open311Test, TheSameRequestHasTheSameIdAndAChangedOneAnother) {
  const auto id = [](const std::string& body) {
    return std::get<v1::Event>(read_requests(body).at(0)).envelope().id();
  };
  EXPECT_EQ(id(kRequest), id(kRequest));
  EXPECT_EQ(id(kRequest), id(changed(kRequest, "null", "\"\""))) << "null and nothing are the same";
  EXPECT_NE(id(kRequest), id(changed(kRequest, "Painted", "Washed")));
  EXPECT_NE(id(kRequest), id(changed(kRequest, "15T06", "16T06")));
}

TEST(Open311Test, ListsAreTakenOneByOneInAnyOfTheirForms) {
  const std::string list = "[" + std::string(kRequest) + ", 7, {\"status\":\"open\"}]";
  for (const std::string& body : {list, "{\"service_requests\":" + list + "}"}) {
    const std::vector<RequestItem> items = read_requests(body);
    ASSERT_EQ(items.size(), 4u);
    EXPECT_EQ(std::get<v1::RefusedInput>(items[2]).code(), static_cast<std::uint32_t>(Code::kUnreadable));
    EXPECT_EQ(std::get<v1::RefusedInput>(items[3]).reason(), "service_request_id: is required");
  }
  EXPECT_TRUE(read_requests("[]").empty());
  // What programs make of the standard's XML.
  const std::string one = kRequest;
  for (const std::string& body :
       {"{\"service_requests\":" + one + "}", "{\"service_requests\":{\"request\":" + one + "}}",
        "{\"service_requests\":{\"request\":[" + one + "]}}",
        changed(kRequest, "\"zipcode\"", "\"request\": {\"a\": 1}, \"zipcode\"")})
    EXPECT_EQ(read_requests(body).size(), 2u) << body;
  for (const char* body : {R"({"service_requests":null})", R"({"service_requests":""})"})
    EXPECT_TRUE(read_requests(body).empty()) << body;
  EXPECT_EQ(read_open311(R"({"service_requests":7})", kCouncil, Limits()).status().code(), Code::kUnreadable);
  for (const char* body : {"", "7", "\"text\"", "{", "[1,", "[]x"})
    EXPECT_EQ(read_open311(body, kCouncil, Limits()).status().code(), Code::kUnreadable) << body;
}

TEST(Open311Test, OlderServersCallTheListByAnotherName) {
  const std::string request =
      "<request><service_request_id>7</service_request_id><service_code>noise</service_code><status>open</status>"
      "<requested_datetime>2022-04-14T06:37:38+01:00</requested_datetime></request>";
  EXPECT_EQ(read_requests("<service_requests>" + request + "</service_requests>").size(), 1u);
  EXPECT_EQ(read_requests("<requests type=\"array\">" + request + request + "</requests>").size(), 2u);
}

TEST(Open311Xml, IsTheSameWithWhateverPrefixItsNamespaceHas) {
  const auto read = open311_requests_in_xml(
      "<g:service_requests xmlns:g=\"urn:g\" "
      "xmlns:x=\"urn:x\"><g:request><g:service_request_id>7</g:service_request_id>"
      "</g:request></g:service_requests>");
  ASSERT_TRUE(read.ok()) << read.status().message();
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ(read->at(0).at("service_request_id").as_string(), "7");
  const auto extended = open311_requests_in_xml(
      "<service_requests xmlns:x=\"urn:x\"><request><status>open</status><x:status>no</x:status></request>"
      "<request><x:status>no</x:status><status>open</status></request></service_requests>");
  ASSERT_TRUE(extended.ok()) << extended.status().message();
  for (const auto& request : *extended) EXPECT_EQ(request.at("status").as_string(), "open") << "the standard's own";
}

TEST(Open311Xml, TakesATextWholeHoweverItIsCutUp) {
  const auto read = open311_requests_in_xml(
      "<service_requests><request><service_request_id>7</service_request_id>"
      "<description><![CDATA[It said ]]]]><![CDATA[> & left]]> &amp; <!-- no --> came back</description>"
      "</request></service_requests>");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->at(0).at("description").as_string(), "It said ]]> & left &  came back");
}

TEST(Open311Xml, RefusesEntitiesDepthAndWhatIsNoRequest) {
  const auto reason = [](const std::string& xml) {
    const auto read = open311_requests_in_xml(xml);
    return read.ok() ? "taken" : read.status().message();
  };
  EXPECT_NE(reason("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><service_requests/>").find("document type"),
            std::string::npos);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_NE(reason("<service_requests>" + deep), "taken");
  std::string closed = "<service_requests><request>";
  for (int i = 0; i < 30; ++i) closed += "<a>";
  for (int i = 0; i < 30; ++i) closed += "</a>";
  EXPECT_NE(reason(closed + "</request></service_requests>").find("too deep"), std::string::npos);
  EXPECT_NE(reason("<errors><error/></errors>").find("expected <service_requests>"), std::string::npos);
  EXPECT_NE(reason("<service_requests>").find("not XML"), std::string::npos);
}

TEST(Open311Test, NamesTheFieldThatIsWrongAndNeverItsValue) {
  const auto reason = [](const std::string& from, const std::string& to) {
    const std::vector<RequestItem> items = read_requests(changed(kRequest, from, to));
    const auto* refused = items.empty() ? nullptr : std::get_if<v1::RefusedInput>(&items[0]);
    return refused == nullptr ? "taken" : refused->reason();
  };
  EXPECT_EQ(reason("\"closed\"", "\"Secretname\""), "status: expected open or closed");
  EXPECT_EQ(reason("2022-04-14T06:37:38+01:00", "Secretname").substr(0, 19), "requested_datetime:");
  EXPECT_EQ(reason("2022-04-14T06:37:38+01:00", "2022-04-14T06:37:38").substr(0, 19), "requested_datetime:")
      << "a time without an offset";
  EXPECT_EQ(reason("51.5", "\"Secretname\""), "lat, long: expected numbers of degrees");
  EXPECT_EQ(reason("51.5", "null"), "lat: is required, where there is a long");
  EXPECT_EQ(reason("Graffiti/Tags", "///"), "service_code: has no letter or digit");
  EXPECT_EQ(reason("638344", "\" \""), "service_request_id: is required");
}

TEST(Open311Test, EveryPublishedExampleIsTakenOrRefusedWithASentence) {
  const char* shared = std::getenv("MOOT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED is not set";
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(shared) / "data/open311")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string text = *read_whole_file(entry.path());
    const Result<std::vector<RequestItem>> items = read_open311(text, kCouncil, Limits());
    std::string came;
    if (!items.ok()) came = items.status().message();
    if (items.ok() && items->empty()) came = "a list with nothing in it";
    for (const RequestItem& item : items.ok() ? *items : std::vector<RequestItem>())
      came += std::holds_alternative<v1::Event>(item) ? "event; " : std::get<v1::RefusedInput>(item).reason() + "; ";
    std::printf("%-40s %s\n", entry.path().filename().c_str(), came.c_str());
    EXPECT_FALSE(came.empty()) << entry.path();
    if (items.ok() && items->empty()) {
      EXPECT_EQ(entry.path().filename(), "service_requests_empty.xml");
    }
  }
  EXPECT_GE(files, 20u);
}

TEST(JsonDocumentTest, WordsBecomeCodes) {
  EXPECT_EQ(as_code("Sidewalk and Curb Issues"), "sidewalk-and-curb-issues");
  EXPECT_EQ(as_code("  006 "), "006");
  EXPECT_EQ(as_code("///"), "");
  EXPECT_EQ(as_code("Zaphod was here 07700900000"), "") << "what somebody typed is no code, and is not sealed as one";
  EXPECT_EQ(as_code("he came again to the door and shouted at her"), "");
  EXPECT_EQ(as_code("Nuisance \xe2\x80\x93 noise"), "nuisance-noise");
  EXPECT_TRUE(check_code("code", as_code(std::string(100, 'x') + " y")).ok());
}

}  // namespace
}  // namespace moot
