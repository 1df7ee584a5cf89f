// POST /upload from outside: a file is published while it arrives, nothing of it rests in the clear, and a file that
// breaks off is made whole by sending it again.
#include <csignal>
#include <thread>

#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class GatewayUpload : public GatewayFixture {
 protected:
  static constexpr const char* kTarget = "/upload?mapping=calls&file=march.csv";
};

TEST_F(GatewayUpload, IsReadByItsMappingAndAnsweredLikePublish) {
  const std::string file = PartnershipFixture::calls_csv(0, 500);
  const WireResponse first = post(kWardens, kTarget, "text/csv", file);
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(number_in(json(first), "read"), 500);
  EXPECT_EQ(number_in(json(first), "accepted"), 500);
  EXPECT_EQ(json(first).at("first_offset").as_string(), "0");
  EXPECT_EQ(json(first).at("last_offset").as_string(), "499");
  EXPECT_EQ(json(first).at("files").at(0).at("file").as_string(), "march.csv");
  const WireResponse again = post(kWardens, kTarget, "text/csv", file);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(number_in(json(again), "duplicate"), 500);
  EXPECT_EQ(here_.offset(), 500u);
}

TEST_F(GatewayUpload, GivesTheSameEventsAsPublishDoes) {
  const std::filesystem::path file = folder_ / "march.csv";
  write_text(file, PartnershipFixture::calls_csv(0, 50));
  EXPECT_EQ(post(kWardens, kTarget, "text/csv", read_text(file)).status, 201);
  const Ended published = here_.moot(
      {"publish", file.string(), "--as", kWardens, "--mapping", partnership_.calls_mapping().string(), "--json"});
  EXPECT_EQ(number_in(json_of(published.out), "duplicate"), 50) << published.out << published.err;
}

TEST_F(GatewayUpload, TellsWhichRowsWereRefusedAndKeepsThemInTheInbox) {
  const std::string file = PartnershipFixture::calls_csv(0, 3) + "one cell\n";
  const WireResponse response = post(kWardens, kTarget, "text/csv", file);
  EXPECT_EQ(response.status, 207) << response.body;
  EXPECT_EQ(number_in(json(response), "accepted"), 3);
  EXPECT_EQ(number_in(json(response), "refused"), 1);
  EXPECT_EQ(number_in(json(response).at("refusals").at(0).as_object(), "row"), 5);
  const Ended inbox = here_.moot({"inbox", "list", "--json"});
  EXPECT_NE(inbox.out.find("march.csv"), std::string::npos) << inbox.out;
  // The file as a whole.
  const WireResponse header = post(kWardens, kTarget, "text/csv", "Other,Header\n1,2\n");
  EXPECT_EQ(header.status, 422) << header.body;
  EXPECT_EQ(json(header).at("code").as_string(), "missing");
  EXPECT_EQ(post(kWardens, kTarget, "application/octet-stream", "PK\x03\x04" + std::string(600, 'z')).status, 400);
  EXPECT_EQ(post(kWardens, kTarget, "text/csv", PartnershipFixture::calls_header() + "\none cell\n").status, 422);
}

TEST_F(GatewayUpload, OfATrialChecksEverythingAndKeepsNothing) {
  const WireResponse response =
      post(kWardens, std::string(kTarget) + "&trial=1", "text/csv", PartnershipFixture::calls_csv(0, 5) + "one cell\n");
  EXPECT_EQ(response.status, 207) << response.body;
  EXPECT_TRUE(json(response).at("trial").as_bool());
  EXPECT_TRUE(json(response).at("first_offset").is_null());
  EXPECT_EQ(here_.offset(), 0u);
  EXPECT_EQ(number_in(here_.status(), "inbox"), 0);
}

TEST_F(GatewayUpload, IsRefusedByItsHeadWhereThatIsEnough) {
  const std::string file = PartnershipFixture::calls_csv(0, 1);
  EXPECT_EQ(post("", kTarget, "text/csv", file).status, 401);
  EXPECT_EQ(post(kHomes, kTarget, "text/csv", file).status, 403) << "another agency's mapping";
  EXPECT_EQ(post(kWardens, "/upload?mapping=nothing", "text/csv", file).status, 404);
  EXPECT_EQ(post(kWardens, "/upload?mapping=..%2fcalls", "text/csv", file).status, 404);
  EXPECT_EQ(post(kWardens, "/upload", "text/csv", file).status, 400);
  EXPECT_EQ(post(kWardens, "/upload?mapping=calls&format=tarot", "text/csv", file).status, 400);
  EXPECT_EQ(post(kWardens, kTarget, "multipart/form-data; boundary=x", file).status, 415);
  EXPECT_EQ(post(kWardens, kTarget, "text/csv", file, {{"Content-Encoding", "gzip"}}).status, 415);
  HttpWire wire(address());
  std::string large = request(kWardens, kTarget, "text/csv", "");
  large.insert(large.size() - 2, "Content-Length: 268435457\r\n");
  EXPECT_EQ(wire.ask(large)->status, 413);
  EXPECT_EQ(here_.offset(), 0u);
  EXPECT_EQ(number_in(here_.status(), "inbox"), 0);
}

TEST_F(GatewayUpload, ThatBreaksOffIsPublishedUpToThereAndMadeWholeByTheNext) {
  const std::string file = PartnershipFixture::calls_csv(0, 4000);
  {
    HttpWire wire(address());
    const std::string bytes = request(kWardens, kTarget, "text/csv", file);
    wire.send(bytes.substr(0, bytes.size() - file.size() / 2));
    for (int i = 0; i < 500 && here_.offset() < 500; ++i) std::this_thread::sleep_for(milliseconds(20));
  }
  const auto broken_off = [&] { return here_.moot({"inbox", "list"}).out.find("march.csv") != std::string::npos; };
  for (int i = 0; i < 500 && !broken_off(); ++i) std::this_thread::sleep_for(milliseconds(20));
  EXPECT_TRUE(broken_off()) << "nobody is told where it stopped";
  const std::uint64_t before = here_.offset();
  EXPECT_GT(before, 0u);
  EXPECT_LT(before, 4000u);
  const WireResponse whole = post(kWardens, kTarget, "text/csv", file);
  EXPECT_EQ(whole.status, 201) << whole.body;
  EXPECT_EQ(number_in(json(whole), "accepted"), static_cast<std::int64_t>(4000 - before));
  EXPECT_EQ(number_in(json(whole), "duplicate"), static_cast<std::int64_t>(before));
}

// Those that hold something, and no sockets, pipes and devices.
std::set<std::string> regular_files_of(const std::string& process) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + process + "/fd")) {
    std::error_code error;
    if (std::filesystem::is_regular_file(entry.path(), error) && std::filesystem::file_size(entry.path(), error) > 0)
      files.insert(std::filesystem::read_symlink(entry.path(), error).string());
  }
  return files;
}

TEST_F(GatewayUpload, LeavesNoPersonalValueInTheClearAnywhereWhileItArrivesOrAfter) {
  const std::filesystem::path scratch = folder_ / "scratch";
  std::filesystem::create_directories(scratch);
  const std::string file = PartnershipFixture::calls_csv(0, 4000, 100);
  HttpWire wire(address());
  const std::string bytes = request(kWardens, kTarget, "text/csv", file);
  wire.send(bytes.substr(0, bytes.size() - file.size() / 3));
  for (int i = 0; i < 500 && here_.offset() < 500; ++i) std::this_thread::sleep_for(milliseconds(20));
  // None of the files that the gateway has open and this test has not, whose own it may have got: none holds a row.
  std::set<std::string> opened = regular_files_of(std::to_string(gateway_->pid()));
  for (const std::string& ours : regular_files_of("self")) opened.erase(ours);
  EXPECT_EQ(opened, std::set<std::string>()) << "the gateway writes a file";
  std::set<std::string> people;
  for (const std::string& line : here_.replay()) {
    const boost::json::value event = boost::json::parse(line);
    const auto& personal = event.at("data").at("personal").as_object();
    if (const auto* list = personal.if_contains("people"))
      for (const auto& person : list->as_array())
        if (person.as_object().contains("names"))
          for (const auto& name : person.at("names").as_array())
            for (const auto& part : name.as_object()) people.insert(std::string(part.value().as_string()));
    if (people.size() > 20) break;
  }
  std::erase_if(people, [](const std::string& text) { return text.size() < ByteScan::kShortest; });
  ASSERT_GT(people.size(), 3u);
  const ByteScan::Below found = ByteScan(people).found_below(here_.data());
  EXPECT_GT(found.files, 0u);
  EXPECT_TRUE(found.findings.empty()) << found.findings.front();
}

TEST_F(GatewayUpload, TakesSoManyAtOnceAndTellsTheOthersToComeBack) {
  std::vector<std::unique_ptr<HttpWire>> open;
  const std::string file = PartnershipFixture::calls_csv(0, 10);
  const std::string bytes = request(kWardens, kTarget, "text/csv", file);
  // Half of the four places: one agency must not shut the others out.
  for (int i = 0; i < 2; ++i) {
    open.push_back(std::make_unique<HttpWire>(address()));
    open.back()->send(bytes.substr(0, bytes.size() - 5));
  }
  std::this_thread::sleep_for(milliseconds(300));
  const WireResponse busy = post(kWardens, kTarget, "text/csv", file);
  EXPECT_EQ(busy.status, 429) << busy.body;
  EXPECT_EQ(busy.fields.count("retry-after"), 1u);
  const WireResponse others =
      post(kHomes, "/upload?mapping=cases&file=cases.csv", "text/csv", read_text(partnership_.cases_file()));
  EXPECT_LT(others.status, 300) << others.body;
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201) << "events go on";
  for (const auto& wire : open) {
    wire->send(bytes.substr(bytes.size() - 5));
    EXPECT_LT(wire->receive()->status, 300);
  }
  EXPECT_EQ(post(kWardens, kTarget, "text/csv", file).status, 200);
}

TEST_F(GatewayUpload, WaitsForABrokerThatIsAwayAndThenSaysSoWithoutASpool) {
  start_gateway_without_spool();
  broker_->signal(SIGTERM);
  broker_->wait(seconds(10));
  const WireResponse away = post(kWardens, kTarget, "text/csv", PartnershipFixture::calls_csv(0, 10));
  EXPECT_EQ(away.status, 503) << away.body;
  EXPECT_EQ(away.fields.count("retry-after"), 1u);
}

}  // namespace
}  // namespace moot
