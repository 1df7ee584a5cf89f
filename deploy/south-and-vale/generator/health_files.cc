// The mental health trust and the drug and alcohol service: referrals, and answers to "known to you?".
#include <algorithm>
#include <array>
#include <set>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/cloud_event.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

// Told in full: agency | key | person | scheme | stage | when | recorded | reason
constexpr const char* kTold[] = {
    "health|R-4471|martin|amht|accepted|2020-11-24 11:00|2020-11-24 16:05|",
    "health|R-4712|joan-44|amht|accepted|2020-12-14 09:30|2020-12-14 12:00|",
    "health|R-4590|martin|hospital-admission|started|2021-01-11 20:30|2021-01-12 08:40|",
    "turning|TP-0812|martin|turning-point|made|2021-01-12 14:00|2021-01-12 14:30|substance-misuse",
    "turning|TP-0812|martin|turning-point|accepted|2021-01-19 10:00|2021-01-19 10:20|",
    "health|R-4590|martin|hospital-admission|completed|2021-02-09 12:00|2021-02-09 15:15|",
    "turning|TP-0812|martin|turning-point|started|2021-02-09 14:00|2021-02-09 16:45|",
};

// In short: agency | person | reason | made on | then, some days apart: a accepted, d declined, s started, c completed
constexpr const char* kShort[] = {
    "health|wilfred|low-mood|2019-05-20|asc",
    "health|ffion|anxiety|2019-09-11|as",
    "health|norris|paranoia|2019-10-02|as",
    "health|ottoline|anxiety|2019-08-19|d",
    "health|stanley|low-mood|2020-02-17|asc",
    "health|percival|self-neglect|2020-07-28|as",
    "health|isolde|psychosis|2020-05-06|as",
    "health|edmund|anxiety|2020-08-12|d",
    "health|ivor|low-mood|2020-11-05|as",
    "health|brandon|low-mood|2020-09-17|as",
    "health|cuthbert|self-neglect|2020-09-30|ad",
    "health|agnes|memory|2021-01-20|a",
    "health|kwame|trauma|2021-03-03|a",
    "health|zoe|anxiety|2020-04-22|asc",
    "turning|shane|substance-misuse|2019-06-13|ad",
    "turning|shane|substance-misuse|2020-06-25|as",
    "turning|lorcan|substance-misuse|2020-07-21|asc",
    "turning|brandon|substance-misuse|2020-09-24|as",
    "turning|jasper|alcohol|2020-12-03|a",
    "turning|percival|substance-misuse|2020-11-12|d",
    "turning|hamish|substance-misuse|2020-07-02|asc",
    "turning|callum|alcohol|2021-02-08|a",
    "turning|isolde|alcohol|2020-06-10|as",
    "turning|kyle|substance-misuse|2020-10-19|ad",
    "turning|tyrone|substance-misuse|2021-01-25|a",
};

struct Service {
  const char* name;  // in the tables above
  const char* agency;
  const char* source;
  const char* scheme;
  std::string (*reference)(const Person&);
  std::vector<const char*> reasons;
};

const std::vector<Service>& services() {
  static const std::vector<Service> kServices = {
      {"health",
       "oxford-health",
       "/oxford-health/mental-health",
       "amht",
       health_reference,
       {"low-mood", "anxiety", "paranoia", "self-neglect"}},
      {"turning",
       "turning-point",
       "/turning-point/referrals",
       "turning-point",
       turning_point_reference,
       {"alcohol", "substance-misuse"}},
  };
  return kServices;
}

// The health trust has another postcode for Martin than everybody else.
Mentioned mention(const Person& person, const Service& service) {
  const bool moved = person.key == "martin" && std::string(service.name) == "health";
  return {&person, "subject", service.reference(person), moved ? "OX99 2ZZ" : ""};
}

class Referrals {
 public:
  Referrals(const Cast& cast, const Service& service)
      : cast_(cast), service_(service), random_("referrals of " + std::string(service.agency)) {}

  std::vector<CloudEvent> write() {
    for (const char* row : kTold) tell(row);
    for (const char* row : kShort) tell_short(row);
    add_crowd();
    std::stable_sort(events_.begin(), events_.end(),
                     [](const CloudEvent& a, const CloudEvent& b) { return a.known < b.known; });
    return std::move(events_);
  }

 private:
  void add(const std::string& key, const Person& person, const std::string& scheme, const std::string& stage,
           Moment time, Moment known, const std::string& reason) {
    if (known >= at(2021, 4, 1)) return;
    CloudEvent event;
    event.id = key + "/" + stage;
    event.source = service_.source;
    event.type = "referral." + stage;
    event.time = time;
    event.known = known;
    event.area = area_code(area_of(person.town));
    event.facts = facts_of("referral", {{"scheme", scheme}, {"reason", reason}});
    event.people.push_back(mention(person, service_));
    events_.push_back(std::move(event));
  }

  void tell(std::string_view row) {
    const auto cells = fields(row, 8);
    if (cells[0] != service_.name) return;
    add(std::string(cells[1]), cast_[cells[2]], std::string(cells[3]), std::string(cells[4]), moment(cells[5]),
        moment(cells[6]), std::string(cells[7]));
  }

  void add_steps(const Person& person, const std::string& reason, Moment made, std::string_view steps) {
    const std::string key =
        std::string(service_.name == std::string("health") ? "R-" : "TP-") +
        std::to_string(service_.name == std::string("health") ? 6000 + 3 * ++number_ : 2000 + 3 * ++number_);
    Moment time = random_.time_of(made, 9, 16);
    add(key, person, service_.scheme, "made", time, plus_minutes(time, random_.between(5, 200)), reason);
    for (const char step : steps) {
      time = random_.time_of(plus_days(time, random_.between(5, 28)), 9, 16);
      const char* stage = step == 'a' ? "accepted" : step == 'd' ? "declined" : step == 's' ? "started" : "completed";
      add(key, person, service_.scheme, stage, time, plus_minutes(time, random_.between(5, 200)), "");
    }
  }

  void tell_short(std::string_view row) {
    const auto cells = fields(row, 5);
    if (cells[0] == service_.name) add_steps(cast_[cells[1]], std::string(cells[2]), moment(cells[3]), cells[4]);
  }

  void add_crowd() {
    static constexpr std::array<const char*, 5> kWays = {"a", "as", "asc", "d", ""};
    for (int month = 0; month < kMonths; ++month)
      for (int i = random_.between(1, 2); i > 0; --i) {
        const Person& person = cast_.somebody(random_);
        const std::string reason = random_.pick(service_.reasons);
        const Moment made = random_.day_from(month_start(month), 28);
        add_steps(person, reason, made, random_.pick(kWays));
      }
  }

  const Cast& cast_;
  const Service& service_;
  Random random_;
  int number_ = 0;
  std::vector<CloudEvent> events_;
};

// The health trust's answers before the meetings of January and April 2021: key | person | asked | answer | answered
constexpr const char* kToldAnswers[] = {
    "K-001|martin|2021-01-05 10:00|yes|2021-01-07 14:30",
    "K-002|sian|2021-01-05 10:05|no|2021-01-07 14:40",
    "K-003|desmond|2021-01-05 10:10||",
    "K-004|joan-44|2021-01-05 10:15|yes|2021-01-08 09:20",
    "K-005|priya|2021-01-05 10:20|declined|2021-01-08 09:30",
    "K-006|marguerite|2021-01-05 10:25|no|2021-01-08 09:35",
    "K-007|kwame|2021-03-29 11:00|yes|2021-03-31 15:10",
    "K-008|joan-90|2021-03-29 11:05|no|2021-03-31 15:20",
    "K-009|desmond|2021-03-29 11:10|no|2021-03-31 15:25",
    "K-010|geraldine|2021-03-29 11:15||",
};

class Answers {
 public:
  Answers(const Cast& cast, const Service& service)
      : cast_(cast), service_(service), random_("answers of " + std::string(service.agency)) {
    for (const char* row : kShort) {
      const auto cells = fields(row, 5);
      if (cells[0] == service.name) known_.insert(std::string(cells[1]));
    }
    known_.insert("martin");
  }

  std::vector<CloudEvent> write(const std::vector<Question>& questions) {
    const bool told = service_.name == std::string("health");
    if (told)
      for (const char* row : kToldAnswers) tell(row);
    for (const Question& question : questions) {
      const bool in_the_story = month_index(question.asked) == 21 || question.asked >= at(2021, 3, 20);
      if (!(told && in_the_story)) answer(question);
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const CloudEvent& a, const CloudEvent& b) { return a.known < b.known; });
    return std::move(events_);
  }

 private:
  void add(const std::string& key, int revision, const std::string& stage, const Person& person, Moment time,
           Moment known) {
    CloudEvent event;
    event.id = key + "/" + std::to_string(revision);
    event.source = "/" + std::string(service_.agency) + "/answers";
    event.type = "knowledge." + stage;
    event.time = time;
    event.known = known;
    event.record = key;
    event.revision = revision;
    event.facts = facts_of("knowledge", {{"board", "jtm"}});
    event.people.push_back(mention(person, service_));
    events_.push_back(std::move(event));
  }

  void tell(std::string_view row) {
    const auto cells = fields(row, 5);
    const std::string key(cells[0]);
    add(key, 1, "asked", cast_[cells[1]], moment(cells[2]), moment(cells[2]));
    if (!cells[3].empty())
      add(key, 2, std::string(cells[3]), cast_[cells[1]], moment(cells[4]), plus_minutes(moment(cells[4]), 4));
  }

  void answer(const Question& question) {
    const std::string key = "K-" + std::to_string(1000 + ++number_);
    add(key, 1, "asked", *question.person, question.asked, question.asked);
    const int roll = random_.below(100);
    if (roll < 12) return;  // no answer ever came
    const bool known = known_.contains(question.person->key);
    const Moment time = random_.time_of(plus_days(question.asked, random_.between(1, 3)), 9, 16);
    if (time >= at(2021, 4, 1)) return;
    add(key, 2, roll < 20 ? "declined" : known ? "yes" : "no", *question.person, time, plus_minutes(time, 4));
  }

  const Cast& cast_;
  const Service& service_;
  Random random_;
  std::set<std::string> known_;
  int number_ = 0;
  std::vector<CloudEvent> events_;
};

}  // namespace

void write_health_referrals(const Cast& cast, const Folder& out) {
  for (const Service& service : services())
    write_lines(Referrals(cast, service).write(), out / service.agency / "referrals.jsonl");
}

void write_answers(const Cast& cast, const std::vector<Question>& questions, const Folder& out) {
  for (const Service& service : services())
    write_lines(Answers(cast, service).write(questions), out / service.agency / "answers.jsonl");
}

}  // namespace south_and_vale
