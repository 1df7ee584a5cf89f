// FHIR, as it becomes events.
#include <gtest/gtest.h>

#include "adapters/fhir.h"
#include "adapters/record_version.h"
#include "broker/core/event_rules.h"
#include "tests/unit/changed_document.h"

namespace moot {
namespace {

using test::changed;
using test::reason_of;

const Publisher kHospital = {*AgencyId::parse("mill-trust"), Key{}};

// The NHS Booking and Referral shape, with the traps of its published example.
constexpr const char* kReferral = R"({"resourceType":"Bundle","type":"message","timestamp":"2022-04-14T10:00:00+01:00",
 "entry":[
  {"fullUrl":"urn:uuid:m","resource":{"resourceType":"MessageHeader","id":"m",
    "eventCoding":{"system":"https://fhir.nhs.uk/CodeSystem/message-events-bars","code":"servicerequest-request"}}},
  {"fullUrl":"urn:uuid:s","resource":{"resourceType":"ServiceRequest","id":"SR-7","status":"active","intent":"plan",
    "basedOn":{"reference":"ServiceRequest/SR-6"},"PatientInstruction":"Come on Tuesday",
    "category":[
     {"coding":[{"system":"https://fhir.nhs.uk/CodeSystem/usecases-categories-bars","code":"Mental Health"}]}],
    "subject":{"reference":"urn:uuid:p"},"authoredOn":"2022-04-14"}},
  {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p",
    "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],
    "name":[{"use":"old","family":"Beforename"},{"family":"Inventedname","given":["Avery","Jo"]}],
    "gender":"female","birthDate":"1971-03-14","address":[{"line":["1 Invented Row"],"postalCode":"ZZ97 1AA"}],
    "telecom":[{"system":"phone","value":"01632 960001"},{"system":"email","value":"avery@people.example"}]}}]})";

std::vector<RequestItem> fhir(const std::string& body, std::vector<std::string>* warnings = nullptr) {
  std::vector<std::string> unused;
  Result<std::vector<RequestItem>> items = read_fhir(body, kHospital, Limits(), warnings ? *warnings : unused);
  EXPECT_TRUE(items.ok()) << items.status().message();
  return items.ok() ? *items : std::vector<RequestItem>();
}

TEST(FhirTest, AMessageOfTheNhsIsAReferralOfItsPatient) {
  std::vector<std::string> warnings;
  const std::vector<RequestItem> items = fhir(kReferral, &warnings);
  ASSERT_EQ(items.size(), 1u);
  ASSERT_EQ(reason_of(items[0]), "taken");
  const auto& event = std::get<v1::Event>(items[0]);
  EXPECT_TRUE(validate(event, Limits()).ok()) << validate(event, Limits()).message();
  EXPECT_EQ(event.envelope().type(), "uk.csp.referral.made.v1");
  EXPECT_EQ(event.envelope().source(), "/mill-trust/fhir");
  EXPECT_EQ(event.envelope().record(), "ServiceRequest/SR-7");
  EXPECT_EQ(event.envelope().time_precision(), v1::DAY);
  EXPECT_EQ(event.facts().referral().scheme(), "mental-health");
  ASSERT_EQ(event.personal().people_size(), 1);
  const v1::Person& person = event.personal().people(0);
  EXPECT_EQ(person.names_size(), 1) << "an old name is none";
  EXPECT_EQ(person.names(0).given(), "Avery Jo");
  EXPECT_EQ(person.born(), "1971-03-14");
  EXPECT_EQ(person.phones(0), "01632 960001");
  EXPECT_EQ(event.DebugString().find("9990000018"), std::string::npos) << "the NHS number itself goes nowhere";
  EXPECT_TRUE(person.reference().starts_with("nhs-"));
  EXPECT_EQ(event.DebugString().find("Tuesday"), std::string::npos) << "no instruction is taken";
  ASSERT_EQ(event.envelope().links_size(), 1);
  EXPECT_EQ(event.envelope().links(0).id(), "ServiceRequest/SR-6");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0], "basedOn is one object where FHIR has a list");
}

TEST(FhirTest, TheSameAgainIsTheSameEventAndAChangeIsAnother) {
  const auto id = [](const std::string& body) { return std::get<v1::Event>(fhir(body)[0]).envelope().id(); };
  EXPECT_EQ(id(kReferral), id(kReferral));
  EXPECT_NE(id(kReferral), id(changed(kReferral, "active", "revoked")));
  EXPECT_NE(id(kReferral), id(changed(kReferral, "ZZ97 1AA", "ZZ97 2AB")));
}

TEST(FhirTest, ATaskIsAnActionAndItsStatusSaysWhichStage) {
  const std::string task = R"({"resourceType":"Task","id":"T1","status":"requested","intent":"order",
    "focus":{"reference":"https://trust.example/fhir/ServiceRequest/SR-7"},"for":{"reference":"Patient/p"},
    "description":"Ring the tenant","authoredOn":"2022-05-02T09:05:00Z",
    "restriction":{"period":{"end":"2022-06-01"}}})";
  const auto set = std::get<v1::Event>(fhir(task)[0]);
  EXPECT_TRUE(validate(set, Limits()).ok()) << validate(set, Limits()).message();
  EXPECT_EQ(set.envelope().type(), "uk.csp.action.set.v1");
  EXPECT_EQ(set.facts().action().due(), "2022-06-01");
  EXPECT_EQ(set.envelope().links(0).id(), "ServiceRequest/SR-7");
  EXPECT_EQ(set.personal().people(0).reference(), "Patient/p");
  EXPECT_EQ(std::get<v1::Event>(fhir(changed(task, "requested", "rejected"))[0]).envelope().type(),
            "uk.csp.action.not-done.v1");
  EXPECT_NE(reason_of(fhir(changed(task, "requested", "draft"))[0]).find("status: expected one of"), std::string::npos);
}

std::string referral_of(const std::string& id, const std::string& subject, const std::string& more = "") {
  return R"({"resourceType":"ServiceRequest","id":")" + id +
         R"(","status":"active","intent":"order","authoredOn":"2021-04-03T10:00:00+01:00","subject":)" + subject +
         more + "}";
}
std::string bundle_of(const std::vector<std::string>& entries) {
  std::string text = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  for (std::size_t i = 0; i < entries.size(); ++i) text += (i > 0 ? "," : "") + entries[i];
  return text + "]}";
}
std::vector<std::string> references(const std::string& body) {
  std::vector<std::string> found;
  for (const RequestItem& item : fhir(body))
    found.push_back(std::get<v1::Event>(item).personal().people(0).reference());
  return found;
}

// The same id is another person in another resource, and at another server.
TEST(FhirTest, PatientsAreToldApartByWhereTheirIdsHold) {
  const auto contained = [](const std::string& id, const std::string& name) {
    return R"({"resource":)" +
           referral_of(id, R"({"reference":"#p"})",
                       R"(,"contained":[{"resourceType":"Patient","id":"p","name":[{"family":")" + name + R"("}]}])") +
           "}";
  };
  EXPECT_EQ(references(bundle_of({contained("c1", "Ghost"), contained("c2", "Wraith")})),
            (std::vector<std::string>{"ServiceRequest/c1#p", "ServiceRequest/c2#p"}));
  EXPECT_EQ(references(referral_of("a", R"({"reference":"https://hospital-a.example/fhir/Patient/1"})")),
            std::vector<std::string>{"hospital-a.example/fhir/Patient/1"});
  EXPECT_EQ(references(referral_of("a", R"({"reference":"https://hospital-a.example/fhir/Patient/1/_history/3"})")),
            std::vector<std::string>{"hospital-a.example/fhir/Patient/1"})
      << "of whichever version";
  EXPECT_EQ(references(referral_of("a", R"({"reference":"Patient/1"})")), std::vector<std::string>{"Patient/1"});
  const auto at = [](const std::string& server, const std::string& resource, const std::string& kind) {
    return R"({"fullUrl":"https://)" + server + "/fhir/" + kind + R"(","resource":)" + resource + "}";
  };
  const auto patient = [](const std::string& name) {
    return R"({"resourceType":"Patient","id":"1","name":[{"family":")" + name + R"("}]})";
  };
  const std::string two = bundle_of(
      {at("a.example", patient("Ghost"), "Patient/1"), at("b.example", patient("Wraith"), "Patient/1"),
       at("a.example", referral_of("r", R"({"reference":"https://b.example/fhir/Patient/1"})"), "ServiceRequest/r"),
       at("b.example", referral_of("s", R"({"reference":"Patient/1"})"), "ServiceRequest/s"),
       at("a.example", referral_of("t", R"({"reference":"https://a.example/fhir/Patient/1"})"), "ServiceRequest/t")});
  EXPECT_EQ(references(two), (std::vector<std::string>{"b.example/fhir/Patient/1", "b.example/fhir/Patient/1",
                                                       "a.example/fhir/Patient/1"}));
  const std::vector<RequestItem> items = fhir(two);
  EXPECT_EQ(std::get<v1::Event>(items[0]).personal().people(0).names(0).family(), "Wraith");
  EXPECT_EQ(std::get<v1::Event>(items[1]).personal().people(0).names(0).family(), "Wraith") << "of its own server";
  EXPECT_EQ(std::get<v1::Event>(items[2]).personal().people(0).names(0).family(), "Ghost");
}

TEST(FhirTest, SaysSoWhereNothingTellsWhichVersionIsNewer) {
  std::vector<std::string> warnings;
  fhir(referral_of("q", R"({"reference":"Patient/1"})"), &warnings);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("neither meta.lastUpdated nor meta.versionId"), std::string::npos) << warnings[0];
  warnings.clear();
  fhir(referral_of("q", R"({"reference":"Patient/1"})", R"(,"meta":{"versionId":"2"})"), &warnings);
  EXPECT_TRUE(warnings.empty());
  const std::vector<RequestItem> refused = fhir(
      R"({"resourceType":"Task","id":"T1","status":"requested","authoredOn":"2022-05-02",
          "restriction":{"period":{"end":"soon"}}})",
      &warnings);
  EXPECT_NE(reason_of(refused.at(0)), "taken");
  EXPECT_TRUE(warnings.empty()) << "it is refused, and warnings are of what is taken all the same";
}

// State is the highest revision's. Each step below is what a sender does next.
TEST(FhirTest, TimeOrdersTheVersionsOfARecordAndTheirNumbersOnlyWithinIt) {
  const auto revision = [](const std::string& meta) {
    const std::vector<RequestItem> items = fhir(referral_of("q", R"({"reference":"Patient/1"})", R"(,"meta":)" + meta));
    return std::get<v1::Event>(items.at(0)).envelope().revision();
  };
  const auto deleted = [](const std::string& response) {
    const std::vector<RequestItem> items =
        fhir(R"({"resourceType":"Bundle","type":"history","timestamp":"2022-05-03T09:00:00Z","entry":[)"
             R"({"request":{"method":"DELETE","url":"ServiceRequest/q"})" +
             response + "}]}");
    return std::get<v1::Event>(items.at(0)).envelope().revision();
  };
  const std::uint64_t steps[] = {
      revision(R"({"versionId":"2"})"),
      revision(R"({"versionId":"11"})"),
      revision(R"({"lastUpdated":"2022-05-02T09:00:00.100Z"})"),
      revision(R"({"lastUpdated":"2022-05-02T09:00:00.200Z","versionId":"1"})"),  // many number all versions 1
      revision(R"({"lastUpdated":"2022-05-02T09:00:00.201Z","versionId":"1"})"),
      revision(R"({"lastUpdated":"2022-05-02T10:00:00.201Z","versionId":"9"})"),
      revision(R"({"lastUpdated":"2022-05-02T10:00:00.201Z","versionId":"10"})"),
      deleted(R"(,"response":{"lastModified":"2022-05-02T10:00:00.201Z","etag":"W/\"11\""})"),
      deleted(R"(,"response":{"lastModified":"2022-05-02T10:00:00.201Z"})"),
      deleted(""),
      revision(R"({"lastUpdated":"2022-05-03T09:00:00.001Z","versionId":"1"})"),  // the id is used again
      revision(R"({"lastUpdated":"9999-12-31T23:59:59Z","versionId":"18446744073709551615"})"),
  };
  for (std::size_t i = 1; i < std::size(steps); ++i) EXPECT_GT(steps[i], steps[i - 1]) << i;
}

TEST(FhirTest, SaysWhatIsWrongWithoutAValue) {
  EXPECT_EQ(reason_of(fhir(changed(kReferral, "\"authoredOn\":\"2022-04-14\"", "\"x\":1"))[0]),
            "authoredOn: is required");
  EXPECT_NE(reason_of(fhir(changed(kReferral, "2022-04-14\"}}", "soon\"}}"))[0]).find("expected a day"),
            std::string::npos);
  EXPECT_NE(reason_of(fhir(R"({"resourceType":"Patient","id":"1"})")[0]).find("a Patient alone"), std::string::npos);
  EXPECT_NE(reason_of(fhir(R"({"resourceType":"Bundle"})")[0]).find("no ServiceRequest"), std::string::npos);
  std::vector<std::string> warnings;
  EXPECT_FALSE(read_fhir("[]", kHospital, Limits(), warnings).ok());
  EXPECT_FALSE(read_fhir(std::string(100'000, '['), kHospital, Limits(), warnings).ok());
}

TEST(FhirTest, ADeletionWithdrawsItsRecord) {
  const auto with_deletion = [](const std::string& request, const std::string& more = "") {
    return changed(changed(kReferral, R"({"fullUrl":"urn:uuid:p")",
                           R"({"request":{"method":"DELETE",)" + request + "}" + more + R"(},{"fullUrl":"urn:uuid:p")"),
                   "\"type\":\"message\"", "\"type\":\"transaction\"");
  };
  const std::vector<RequestItem> items = fhir(with_deletion(R"("url":"ServiceRequest/SR-5")"));
  ASSERT_EQ(items.size(), 2u) << "what came beside it was passed over, or the deletion was";
  const auto deletion = [](const RequestItem& item) { return std::get<v1::Event>(item).envelope(); };
  const v1::Envelope gone = std::get<v1::Event>(items[0]).envelope().record() == "ServiceRequest/SR-5"
                                ? deletion(items[0])
                                : deletion(items[1]);
  EXPECT_TRUE(validate(std::get<v1::Event>(items[0]), Limits()).ok());
  EXPECT_TRUE(validate(std::get<v1::Event>(items[1]), Limits()).ok());
  EXPECT_EQ(gone.record(), "ServiceRequest/SR-5");
  EXPECT_EQ(gone.type(), "uk.csp.referral.withdrawn.v1");
  EXPECT_EQ(to_rfc3339(from_proto(gone.time())), "2022-04-14T09:00:00Z");
  const std::uint64_t last = revision_at(from_proto(gone.time()), kLastVersion);
  EXPECT_EQ(gone.revision(), last);
  const auto revision = [&](const std::string& request, const std::string& more = "") {
    return deletion(fhir(with_deletion(request, more))[0]).revision();
  };
  EXPECT_EQ(revision(R"("url":"Task/T1","ifMatch":"W/\"3\"")"), last) << "older than what has no number";
  EXPECT_EQ(revision(R"("url":"Task/T1")", R"(,"response":{"etag":"W/\"7\""})"),
            revision_at(from_proto(gone.time()), 7));
  for (const char* other : {R"(W/\"\")", R"(W/\"a3\")", "3", R"(\")"})
    EXPECT_EQ(revision(R"("url":"Task/T1")", R"(,"response":{"etag":")" + std::string(other) + "\"}"), last) << other;
  EXPECT_NE(reason_of(fhir(with_deletion(R"("url":"Patient/p")"))[0]).find("named by its id"), std::string::npos);
  EXPECT_NE(reason_of(fhir(with_deletion(R"("url":"Task?code=x")"))[0]).find("named by its id"), std::string::npos);
  const std::string timeless = changed(with_deletion(R"("url":"Task/T1")"), "timestamp", "other");
  EXPECT_NE(reason_of(fhir(timeless)[0]).find("Bundle.timestamp: is required"), std::string::npos);
}

TEST(FhirTest, ARequestThatSomethingIsNotDoneIsNoReferral) {
  const std::string request = changed(kReferral, "\"intent\":\"plan\"", "\"intent\":\"plan\",\"doNotPerform\":true");
  EXPECT_NE(reason_of(fhir(request)[0]).find("doNotPerform: is true"), std::string::npos);
  EXPECT_EQ(reason_of(fhir(changed(request, ":true", ":false"))[0]), "taken");
}

TEST(FhirTest, ANationalNumberIsOnePersonHoweverItIsGiven) {
  const auto reference = [](const std::string& body) { return references(body).at(0); };
  const std::string token = reference(kReferral);
  EXPECT_EQ(reference(changed(kReferral, "9990000018", "999 000 0018")), token);
  EXPECT_EQ(reference(changed(kReferral, "9990000018", "999-000-0018")), token);
  EXPECT_NE(reference(changed(kReferral, "9990000018", "9990000026")), token);
  const std::string identifier = R"("identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"})";
  EXPECT_EQ(reference(referral_of("i", "{" + identifier + "}")), token) << "without a reference";
  EXPECT_EQ(reference(referral_of("i", R"({"reference":"Patient/77",)" + identifier + "}")), token);
}

TEST(FhirTest, ATimeThatCannotBeReadIsNotPassedOver) {
  const std::string task = R"({"resourceType":"Task","id":"T1","status":"requested","authoredOn":"2022-05-02",
    "restriction":{"period":{"end":"2022-06-01"}},"meta":{"lastUpdated":"2022-05-02T09:05:00Z"}})";
  EXPECT_EQ(reason_of(fhir(task)[0]), "taken");
  EXPECT_EQ(reason_of(fhir(changed(task, "2022-06-01", "soon"))[0]).substr(0, 23), "restriction.period.end:");
  const auto due = [&](const std::string& end) {
    return std::get<v1::Event>(fhir(changed(task, "2022-06-01", end))[0]).facts().action().due();
  };
  EXPECT_EQ(due("2022-06-01"), "2022-06-01");
  EXPECT_EQ(due("2022-06-01T23:30:00Z"), "2022-06-02") << "a day of London";
  EXPECT_EQ(due("2022-06"), "2022-06-30");
  EXPECT_EQ(due("2022-12"), "2022-12-31");
  EXPECT_EQ(reason_of(fhir(changed(task, "2022-05-02T09:05:00Z", "late"))[0]).substr(0, 17), "meta.lastUpdated:");
  EXPECT_EQ(reason_of(fhir(changed(kReferral, "2022-04-14T10:00:00+01:00", "late"))[0]).substr(0, 17),
            "Bundle.timestamp:");
}

}  // namespace
}  // namespace moot
