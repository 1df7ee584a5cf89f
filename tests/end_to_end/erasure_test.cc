// Somebody is erased, as a data-protection officer would do it: what can be read of them, in documents, replay, files
// and backups, before and after; killed in the middle; with older copies put back (promise G11).
#include <gtest/gtest.h>

#include <iostream>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/backup_fixture.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/faults/recording.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::seconds;

// The fixture's most frequent caller, tenant and patient: what its files say of her.
const std::set<std::string> kHers = {"Wilhelmina Fabrikam", "FABRIKAM, Wilhelmina",
                                     "1950-01-03",          "Wilhelmina0@callers.example",
                                     "01632 960100",        "CARD-0700",
                                     "NHS-INVENTED-1",      "\"3 Invented Row, Flat 1\"",
                                     "noise recorder",      "Drums behind the"};
constexpr const char* kHer = "Wilhelmina Fabrikam";
constexpr const char* kAnother = "Odalric Testwright";  // the next in the files

// What a document says but for the words: who is where, how often, with how many points, by which events.
json::value shape_of(const json::value& value) {
  if (const json::array* array = value.if_array()) {
    json::array shape;
    for (const json::value& one : *array) shape.push_back(shape_of(one));
    return shape;
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return value;
  json::object shape;
  for (const auto& [key, one] : *object)
    if (key != "name" && key != "born" && key != "title" && key != "text") shape[key] = shape_of(one);
  return shape;
}

class ErasureScenario : public BackupFixture {
 protected:
  static constexpr const char* kDay = "2022-06-14";

  json::object asked(Words words, int exit_code = 0) const {
    words.emplace_back("--json");
    const Ended ended = here_.moot(words, seconds(120));
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    return ended.out.empty() ? json::object() : json_of(ended.out);
  }
  std::string person_named(const std::string& name) const {
    const json::object found = asked({"person", "find", name});
    EXPECT_EQ(found.at("people").as_array().size(), 1u) << name;
    return found.at("people").as_array().empty()
               ? ""
               : std::string(found.at("people").as_array()[0].as_object().at("person").as_string());
  }
  json::object callers() const { return asked({"callers", "--on", kDay}); }
  json::object agenda() const { return asked({"agenda", "table", "--on", kDay}); }
  std::set<std::string> readable(const Installation& where) const {
    std::string all;
    for (const std::string& event : where.replay()) all += event + "\n";
    for (const char* command : {"callers", "agenda"}) {
      Words words = {command};
      if (words[0] == "agenda") words.emplace_back("table");
      words.insert(words.end(), {"--on", kDay, "--format", "html"});
      all += where.moot(words, seconds(60)).out;
    }
    return scan_.found_in(all);
  }
  // Of events that name her: they are there, without her and what was written of her.
  void expect_she_is_not_in(const Installation& where, const Words& events) const {
    std::string all;
    for (const std::string& event : where.replay(events)) all += event + "\n";
    EXPECT_NE(all.find("\"erased\":true"), std::string::npos) << "she did not call";
    EXPECT_EQ(scan_.found_in(all), std::set<std::string>());
  }
  bool on_record() const { return !here_.replay({"--type", "governance"}).empty(); }

  const ByteScan scan_{kHers};
};

TEST_F(ErasureScenario, TakesEverythingThatWasSaidAndLeavesCountsAndPlaces) {
  const json::object callers_before = callers(), agenda_before = agenda();
  const std::string her = person_named(kHer);
  ASSERT_EQ(readable(here_), kHers) << "the scan must be able to find all of it";
  EXPECT_EQ(asked({"person", "erase", her, "--reason", "subject-request", "--dry-run"}).at("erased"), false);
  EXPECT_EQ(readable(here_).size(), kHers.size());
  const Ended erased = here_.moot({"person", "erase", her, "--reason", "subject-request"});
  ASSERT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_NE(erased.out.find(her + " is erased from"), std::string::npos) << erased.out;
  EXPECT_EQ(scan_.found_in(erased.out + erased.err), std::set<std::string>());
  EXPECT_EQ(readable(here_), std::set<std::string>());
  // She has her place in the list, by the id she had, and her points.
  EXPECT_EQ(shape_of(callers()), shape_of(callers_before));
  EXPECT_EQ(shape_of(agenda()), shape_of(agenda_before));
  const json::object first = callers().at("callers").as_array().at(0).as_object();
  EXPECT_EQ(first.at("name").as_string(), "erased");
  EXPECT_EQ(first.at("person").as_string(), her);
  EXPECT_TRUE(asked({"person", "find", kHer}).at("people").as_array().empty());
  EXPECT_EQ(here_.moot({"verify", here_.data().string()}).exit_code, 0);
  // A second time, and somebody who is not there.
  const Ended again = here_.moot({"person", "erase", her, "--reason", "subject-request"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.err.find("is erased already"), std::string::npos) << again.err;
  EXPECT_EQ(here_.moot({"person", "erase", "p-none", "--reason", "subject-request"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"person", "erase", her}).exit_code, 2) << "without a reason";
  EXPECT_EQ(here_
                .moot({"person", "erase", person_named("Odalric Testwright"), "--reason", "x", "--as",
                       PartnershipFixture::kHomes})
                .exit_code,
            1)
      << "the operator's alone";
}

TEST_F(ErasureScenario, TonightsExportDoesNotBringThePersonBack) {
  ASSERT_EQ(here_.moot({"person", "erase", person_named(kHer), "--reason", "retention"}).exit_code, 0);
  const std::unique_ptr<Process> broker = here_.start_broker();
  const json::object before = callers();
  for (Words words : partnership_.publications()) {
    words.emplace_back("--json");
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number_in(json_of(ended.out), "accepted"), 0) << ended.out;
    EXPECT_EQ(number_in(json_of(ended.out), "duplicate"), number_in(json_of(ended.out), "read"));
  }
  EXPECT_EQ(shape_of(callers()), shape_of(before));
  // Calls that are new: hers come without her, those of others as they are.
  const std::uint64_t at = here_.offset();
  publish(calls("more.csv", partnership_.events() + 1000, 60));
  EXPECT_EQ(here_.offset(), at + 60);
  std::string later;
  for (const std::string& event : here_.replay({"--offset", std::to_string(at) + ".." + std::to_string(at + 60)}))
    later += event + "\n";
  EXPECT_NE(later.find("\"erased\":true"), std::string::npos) << "she did not call";
  EXPECT_NE(later.find("Testwright"), std::string::npos);
  EXPECT_EQ(readable(here_), std::set<std::string>());
}

TEST_F(ErasureScenario, NoFileAndNoBackupOpensWhatWasErased) {
  back_up({"--keys-to", key_backup_.string()});
  const fs::path old_keys = folder_ / "old-keys";
  fs::copy(here_.keys(), old_keys, fs::copy_options::recursive);
  ASSERT_EQ(here_.moot({"person", "erase", person_named(kHer), "--reason", "subject-request"}).exit_code, 0);
  EXPECT_EQ(ByteScan(kHers).found_below(here_.data()).findings, std::vector<std::string>());
  // A backup of before, with the keys as they are: the data alone does not bring her back.
  const Ended restored_before = run(Installation(folder_ / "before", partnership_.config(), here_.keys())
                                        .command({"restore", backup_.string(), "--json"}),
                                    seconds(120));
  ASSERT_EQ(restored_before.exit_code, 0) << restored_before.err;
  EXPECT_EQ(readable(Installation(folder_ / "before", partnership_.config(), here_.keys())), std::set<std::string>());
  // The next backup of the keys gives up those of before, whatever it would keep; what it holds opens everything else.
  back_up({"--keys-to", key_backup_.string(), "--keep", "5"});
  std::size_t generations = 0;
  for (const auto& entry : fs::directory_iterator(key_backup_))
    generations += entry.path().filename().string().starts_with("generation-") && entry.path().extension().empty();
  EXPECT_EQ(generations, 1u);
  ASSERT_EQ(verify(backup_).exit_code, 0);
  ASSERT_EQ(verify(key_backup_).exit_code, 0);
  const Ended ended = restore("restored");
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(readable(restored("restored")), std::set<std::string>());
  EXPECT_EQ(restored("restored").replay().size(), here_.replay().size());
  // Keys of before under a log that knows: the erasure is done again before anything is read.
  fs::remove_all(here_.keys());
  fs::copy(old_keys, here_.keys(), fs::copy_options::recursive);
  EXPECT_EQ(readable(here_), std::set<std::string>());
  const Ended sound = here_.moot({"verify", here_.data().string()});
  EXPECT_EQ(sound.exit_code, 0) << sound.out;
}

// The first erasure writes a file of keys; a later one writes it anew and removes the one before.
class ErasureKilled : public ErasureScenario, public testing::WithParamInterface<int> {};

TEST_P(ErasureKilled, InTheMiddleTheNextStartFinishes) {
  const int erased_before = GetParam();
  const fs::path pristine = folder_ / "pristine";
  const std::string her = person_named(kHer);
  if (erased_before > 0) {
    ASSERT_EQ(here_.moot({"person", "erase", person_named(kAnother), "--reason", "subject-request"}).exit_code, 0);
  }
  const std::size_t told_before = here_.replay({"--type", "governance"}).size();
  fs::create_directories(pristine);
  fs::copy(here_.data(), pristine / "data", fs::copy_options::recursive);
  fs::copy(here_.keys(), pristine / "data.keys", fs::copy_options::recursive);
  int killed = 0, finished = 0, count = 0;
  std::vector<const char*> rules = {
      "kill-after sync 1 once */data/log/*.log", "kill-after sync 2 once */data/log/*.log",
      "kill-before unlink 1 once */views/*",     "kill-before create 1 once */events/*",
      "kill-after write 1 once */events/*",      "kill-after rename 1 once */events/*",
      "kill-before rename 1 once *epoch.key*",   "kill-after rename 1 once *epoch.key*"};
  if (erased_before > 0)
    rules.insert(rules.end(), {"kill-before unlink 1 once */events/*", "kill-after unlink 1 once */events/*"});
  for (const char* rule : rules) {
    const fs::path root = folder_ / ("disk-" + std::to_string(++count));
    fs::copy(pristine, root, fs::copy_options::recursive);
    const Installation there(root / "data", partnership_.config());
    const Recording recording(root, folder_ / ("recording-" + std::to_string(count)), "/dev/null");
    Process broker(recording.command(there.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    ASSERT_TRUE(there.wait_until_up(broker)) << broker.err();
    recording.arm(std::string(rule) + "\n");
    const Ended erase = there.moot({"person", "erase", her, "--reason", "subject-request", "--timeout", "2"});
    const bool struck = broker.wait(seconds(5)).has_value();
    EXPECT_TRUE(struck) << rule << " was not reached: " << erase.err;
    EXPECT_NE(erase.exit_code, 0) << rule << ": it said that it was done";
    killed += struck;
    broker.kill();
    // Either it is on record, and then all of it is done, or nothing is.
    const std::unique_ptr<Process> again = there.start_broker();
    const bool recorded = there.replay({"--type", "governance"}).size() > told_before;
    EXPECT_EQ(readable(there), recorded ? std::set<std::string>() : kHers) << rule;
    finished += recorded;
    again->kill();
    EXPECT_EQ(there.moot({"verify", there.data().string()}).exit_code, 0) << rule;
    const std::string generation = "-" + std::to_string(erased_before + (recorded ? 1 : 0)) + ".keys";
    for (const auto& file : fs::recursive_directory_iterator(there.keys() / "logs")) {
      const std::string name = file.path().filename().string();
      EXPECT_TRUE(!name.ends_with(".keys") || name.ends_with(generation)) << name;
    }
    fs::remove_all(root);
  }
  std::cout << killed << " kills while somebody was erased; " << finished << " were finished by the next start\n";
  EXPECT_GE(finished, erased_before > 0 ? 7 : 5);
}
INSTANTIATE_TEST_SUITE_P(Erased, ErasureKilled, testing::Values(0, 1), [](const auto& info) {
  return info.param == 0 ? std::string("NobodyBefore") : std::string("SomebodyBefore");
});

// The disk refuses somewhere in the middle: whoever asked is told so, naming the place, and once it is mended the next
// start does what is left. Never is somebody said to be erased who is not; and where the broker goes on meanwhile, the
// export that comes then does not bring her back.
TEST_F(ErasureScenario, ADiskThatRefusesLeavesItToTheNextStart) {
  const fs::path pristine = folder_ / "pristine";
  const std::string her = person_named(kHer);
  const std::size_t told_before = here_.replay({"--type", "governance"}).size();
  fs::create_directories(pristine);
  fs::copy(here_.data(), pristine / "data", fs::copy_options::recursive);
  fs::copy(here_.keys(), pristine / "data.keys", fs::copy_options::recursive);
  const std::pair<const char*, const char*> rules[] = {
      {"ENOSPC write 1 always */events/*", "/events"}, {"EIO sync 1 always */events/*", "/events"},
      {"EIO rename 1 once */events/*", "/events"},     {"ENOSPC write 1 always *epoch.key*", "epoch.key"},
      {"EIO sync 1 always *epoch.key*", "epoch.key"},  {"EIO rename 1 once *epoch.key", "epoch.key"},
      {"EIO unlink 1 always */views/*", "views"}};
  int count = 0, went_on = 0;
  for (const auto& [rule, names] : rules) {
    SCOPED_TRACE(rule);
    const fs::path root = folder_ / ("disk-" + std::to_string(++count));
    fs::copy(pristine, root, fs::copy_options::recursive);
    const Installation there(root / "data", partnership_.config());
    const Recording recording(root, folder_ / ("recording-" + std::to_string(count)), "/dev/null");
    Process broker(recording.command(there.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    ASSERT_TRUE(there.wait_until_up(broker)) << broker.err();
    ASSERT_EQ(there.moot(calls("met.csv", partnership_.events() + 1000, 60)).exit_code, 0)
        << "now she is known by heart";
    recording.arm(std::string(rule) + "\n");
    const Ended erase = there.moot({"person", "erase", her, "--reason", "subject-request", "--timeout", "5"});
    EXPECT_EQ(erase.exit_code, 1) << "it said that it was done: " << erase.out;
    EXPECT_NE((erase.err + broker.err()).find(names), std::string::npos) << erase.err << broker.err();
    Words later;
    if (broker.running()) {
      ++went_on;
      const std::uint64_t at = there.offset();
      ASSERT_EQ(there.moot(calls("later.csv", partnership_.events() + 2000, 60)).exit_code, 0);
      later = {"--offset", std::to_string(at) + ".." + std::to_string(at + 60)};
      expect_she_is_not_in(there, later);
    }
    broker.kill();
    const std::unique_ptr<Process> again = there.start_broker();
    if (!later.empty()) expect_she_is_not_in(there, later);
    EXPECT_GT(there.replay({"--type", "governance"}).size(), told_before) << "it was on record before a key went";
    EXPECT_EQ(readable(there), std::set<std::string>());
    again->kill();
    EXPECT_EQ(there.moot({"verify", there.data().string()}).exit_code, 0);
    fs::remove_all(root);
  }
  EXPECT_GE(went_on, 1) << "a broker that goes on was never met";
}

// They are for what agencies send. What the operator's own commands write down is as large as it is.
TEST_F(ErasureScenario, GoesUnderTheLeastLimitsToo) {
  write_text(partnership_.config(),
             read_text(partnership_.config()) + "\n[limits]\nevent_bytes = 8192\nfield_characters = 200\npeople = 1\n");
  const Ended pinned = here_.moot({"linkage", "pin", "--usual"}, seconds(60));
  EXPECT_EQ(pinned.exit_code, 0) << pinned.err;
  const std::string her = person_named(kHer);
  const Ended held = here_.moot({"person", "hold", her, "--reason", "court-proceedings"});
  EXPECT_EQ(held.exit_code, 0) << held.err;
  EXPECT_EQ(here_.moot({"person", "hold", her, "--release"}).exit_code, 0);
  const Ended erased = here_.moot({"person", "erase", her, "--reason", "subject-request"});
  EXPECT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_EQ(readable(here_), std::set<std::string>());
}

TEST_F(ErasureScenario, AHoldKeepsSomebodyUntilItIsReleased) {
  const std::string her = person_named(kHer);
  EXPECT_EQ(here_.moot({"person", "hold", her}).exit_code, 2) << "without a reason";
  EXPECT_EQ(here_.moot({"person", "hold", her, "--reason", "court", "--until", "2021-01-01"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"person", "hold", her, "--release"}).exit_code, 1) << "there is none";
  EXPECT_TRUE(asked({"person", "hold", her, "--reason", "court-proceedings"}).at("on_hold").as_bool());
  const Ended refused = here_.moot({"person", "erase", her, "--reason", "subject-request"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("on hold since"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("(court-proceedings)"), std::string::npos) << refused.err;
  EXPECT_TRUE(here_.replay({"--type", "identity"}).empty()) << "something was written down all the same";
  EXPECT_EQ(readable(here_).size(), kHers.size());
  EXPECT_FALSE(asked({"person", "hold", her, "--release"}).at("on_hold").as_bool());
  EXPECT_EQ(here_.moot({"person", "erase", her, "--reason", "subject-request"}).exit_code, 0);
  EXPECT_EQ(readable(here_), std::set<std::string>());
}

}  // namespace
}  // namespace moot
