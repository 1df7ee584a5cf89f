#include "deploy/erasure_commands.h"

#include <boost/json.hpp>
#include <iostream>
#include <set>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "consumers/casework/erasure_events.h"
#include "consumers/document/phrase.h"
#include "deploy/casework.h"
#include "deploy/command.h"

namespace moot {
namespace {

namespace json = boost::json;

// Somebody as they are meant by it: by all of their records, and not erased yet.
Result<std::size_t> whole_person(const Casework& casework, const std::string& word) {
  const Result<Meant> meant = casework.find(word);
  if (!meant.ok()) return meant.status();
  const PersonCase& person = casework.cases().persons()[meant->person];
  if (person.erased) return Status(Code::kErased, person.id + " is erased already; only roles and dates are left");
  return meant->person;
}

// What the broker makes of it: its refusal as a status.
Result<v1::Erased> ask_to_erase(const Casework& casework, std::size_t person, const std::string& reason) {
  const CaseSet& cases = casework.cases();
  const Result<v1::Reply> reply =
      casework.reach().ask(erase_request(cases, erasing_of(cases, person).mentions, reason));
  if (!reply.ok()) return reply.status();
  if (reply->has_refusal()) return Status(static_cast<Code>(reply->refusal().code()), reply->refusal().reason());
  return reply->erased();
}

std::vector<std::string> agencies_of(const CaseSet& cases, const std::vector<Mention>& mentions) {
  std::set<std::string> agencies;
  for (const Mention& mention : mentions) agencies.insert(cases.record(mention).envelope().agency());
  return {agencies.begin(), agencies.end()};
}

// What is told of it, whoever it was.
struct Whose {
  std::string person;
  std::size_t records = 0;
  std::vector<std::string> others;  // ids: told apart from them, and gone with them
  std::vector<std::string> agencies;
};

int tell_erased(const Options& options, const PersonOrder& order, const Whose& whose, const v1::Erased& erased) {
  if (options.json) {
    std::cout << json::serialize(json::object{
                     {"person", whose.person},
                     {"erased", !order.dry_run},
                     {"records", whose.records},
                     {"others", json::array(whose.others.begin(), whose.others.end())},
                     {"versions", erased.people()},
                     {"keys", erased.keys()},
                     {"agencies", json::array(whose.agencies.begin(), whose.agencies.end())},
                     {"offset", order.dry_run ? json::value() : json::value(std::to_string(erased.offset()))}})
              << "\n";
    return kDone;
  }
  std::cout << whose.person << (order.dry_run ? " would be erased from " : " is erased from ")
            << counted(whose.records, "record") << " of " << in_list(whose.agencies) << " ("
            << counted(erased.people(), "version") << ", " << counted(erased.keys(), "key")
            << (order.dry_run ? "); nothing was done.\n" : " destroyed).\n");
  if (!whose.others.empty())
    std::cout << "With them " << (order.dry_run ? "would go" : "went")
              << " what their agency has under the same reference of " << in_list(whose.others)
              << ", told apart from them: one key opens all of it.\n";
  if (!order.dry_run)
    std::cout << "Copies of the keys still open it: make a backup of them now (moot backup DEST --keys-to KEYDEST), "
                 "which gives up those made before, and delete every other copy within 30 days.\n";
  return kDone;
}

int erase_command(const Options& options, const PersonOrder& order) {
  if (order.reason.empty() && !order.dry_run)
    return tell(Status(Code::kUsage, "--reason: erasing needs a reason, a code such as subject-request"));
  if (!order.reason.empty())
    if (const Status code = check_code("--reason", order.reason); !code.ok())
      return tell(Status(Code::kUsage, code.message()));
  const Result<std::unique_ptr<Casework>> opened = Casework::open(options);
  if (!opened.ok()) return tell(opened.status());
  Casework& casework = **opened;
  const Result<std::size_t> found = whole_person(casework, order.a);
  if (!found.ok()) return tell(found.status());
  const CaseSet& cases = casework.cases();
  const Erasing erasing = erasing_of(cases, *found);
  Whose whose{cases.persons()[*found].id, erasing.mentions.size(), {}, agencies_of(cases, erasing.mentions)};
  for (const std::size_t other : erasing.others) whose.others.push_back(cases.persons()[other].id);
  Result<v1::Erased> erased = ask_to_erase(casework, *found, "");
  if (!erased.ok()) return tell(erased.status());
  if (!order.dry_run) {
    // Before their words go: whose records these are. Asked for again afterwards, for what was published meanwhile.
    const Instant at = SystemClock().now();
    std::vector<v1::Event> whose_records = remembered(cases, cases.persons()[*found], at);
    for (const std::size_t other : erasing.others)
      for (v1::Event& event : remembered(cases, cases.persons()[other], at)) whose_records.push_back(std::move(event));
    const Status written = casework.publish(whose_records, false);
    if (!written.ok()) return tell(written);
    const Result<Meant> now = casework.find(whose.person);
    if (!now.ok()) return tell(now.status());
    erased = ask_to_erase(casework, now->person, order.reason);
    if (!erased.ok()) return tell(erased.status());
    // Begins again, so that no snapshot of before is left behind.
    if (const Status forgotten = casework.look_again(); !forgotten.ok()) return tell(forgotten);
  }
  return tell_erased(options, order, whose, *erased);
}

int tell_held(const Options& options, const PersonOrder& order, const std::string& person, std::size_t records) {
  if (options.json) {
    std::cout << json::serialize(
                     json::object{{"person", person},
                                  {"on_hold", !order.release},
                                  {"records", records},
                                  {"reason", order.reason.empty() ? json::value() : json::value(order.reason)},
                                  {"until", order.until.empty() ? json::value() : json::value(order.until)}})
              << "\n";
  } else if (order.release) {
    std::cout << person << " is on hold no more, and may be erased.\n";
  } else {
    std::cout << person << " is on hold (" << order.reason << ") "
              << (order.until.empty() ? "until released" : "until " + date_in_words(order.until)) << ": "
              << counted(records, "record") << ". To end it: moot person hold " << person << " --release\n";
  }
  return kDone;
}

Status check_hold(const PersonOrder& order) {
  if (order.release)
    return order.reason.empty() && order.until.empty()
               ? Status()
               : Status(Code::kUsage, "--release ends a hold: it takes neither --reason nor --until");
  if (order.reason.empty())
    return Status(Code::kUsage, "--reason: a hold needs a reason, a code such as court-proceedings; or give --release");
  if (const Status code = check_code("--reason", order.reason); !code.ok()) return Status(Code::kUsage, code.message());
  if (order.until.empty()) return {};
  const Result<Date> until = parse_date(order.until);
  if (!until.ok()) return Status(Code::kUsage, "--until: " + until.status().message());
  if (*until <= local_date(SystemClock().now())) return Status(Code::kUsage, "--until: must be a day to come");
  return {};
}

int hold_command(const Options& options, const PersonOrder& order) {
  if (const Status usable = check_hold(order); !usable.ok()) return tell(usable);
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const Result<std::size_t> found = whole_person(**casework, order.a);
  if (!found.ok()) return tell(found.status());
  PersonCase person = (*casework)->cases().persons()[*found];
  std::erase_if(person.mentions, [&](const Mention& mention) { return (*casework)->cases().person(mention).erased(); });
  if (order.release) {
    const Status held = ask_to_erase(**casework, *found, "").status();
    if (held.ok()) return tell(Status(Code::kNotFound, person.id + " is not on hold"));
    if (held.code() != Code::kOnHold) return tell(held);
  }
  const HoldWish wish{order.release, order.reason, order.until, SystemClock().now()};
  const Status published = (*casework)->publish(hold_events((*casework)->cases(), person, wish), false);
  if (!published.ok()) return tell(published);
  return tell_held(options, order, person.id, person.mentions.size());
}

}  // namespace

void add_erasure_commands(CLI::App& person, const Options& options, PersonOrder& order, std::function<int()>& run) {
  CLI::App* command = person.add_subcommand("hold", "Keep somebody for a legal hold: until then nobody erases them");
  command->add_option("person", order.a, "A person (p-…), or a record (SOURCE#ID) that names them")->required();
  command->add_option("--reason", order.reason, "A code, as court-proceedings");
  command->add_option("--until", order.until, "The first day on which it holds no more, as 2021-03-02");
  command->add_flag("--release", order.release, "End the hold");
  command->callback([&] { run = [&] { return hold_command(options, order); }; });
  command = person.add_subcommand("erase", "Erase somebody for good: what was said of them can be read no more");
  command->add_option("person", order.a, "A person (p-…), or a record (SOURCE#ID) that names them")->required();
  command->add_option("--reason", order.reason, "A code, as subject-request");
  command->add_flag("--dry-run", order.dry_run, "Only tell what would be erased");
  command->callback([&] { run = [&] { return erase_command(options, order); }; });
}

}  // namespace moot
