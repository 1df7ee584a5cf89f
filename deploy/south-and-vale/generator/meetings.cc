#include <algorithm>
#include <map>
#include <set>

#include "deploy/south-and-vale/generator/meeting.h"
#include "deploy/south-and-vale/generator/meeting_actions.h"

namespace south_and_vale {
namespace {

constexpr std::size_t kCasesMax = 8;
constexpr std::size_t kCasesToldMonths = 5;  // beside the story's
constexpr int kFirstToldWinter = 20;         // December 2020
constexpr int kQuietDays = 60;

std::string meeting_name(Moment meeting) { return "JTM-" + iso_day(meeting); }

class Minutes {
 public:
  Minutes(const Cast& cast, const std::vector<Call>& calls, const std::vector<Incident>& incidents)
      : cast_(cast), calls_(calls), incidents_(incidents), actions_(cast) {}

  MeetingPlan plan() {
    for (int month = 0; month < kMonths; ++month) hold(month);
    ask_before_april();
    actions_.finish(plan_.minutes);
    std::stable_sort(plan_.minutes.begin(), plan_.minutes.end(),
                     [](const Minute& a, const Minute& b) { return a.known < b.known; });
    disorder();
    return std::move(plan_);
  }

 private:
  Minute& add(Moment meeting, const std::string& stage, const std::string& id, Moment time, Moment known) {
    Minute minute;
    minute.id = meeting_name(meeting) + "/" + id;
    minute.source = "/community-safety/jtm";
    minute.type = "meeting." + stage;
    minute.time = time;
    minute.known = known;
    minute.subject = meeting_name(meeting);
    minute.facts = facts_of("meeting", {{"board", "jtm"}, {"on", iso_day(meeting)}});
    plan_.minutes.push_back(std::move(minute));
    return plan_.minutes.back();
  }

  void add_case(Moment meeting, const std::string& stage, const Person& person, const std::string& reason) {
    ++case_number_;
    const bool raised = stage == "raised";
    const Moment time = raised ? at_hour(plus_days(meeting, -7), 10, 30) : at_hour(meeting, 14, 20 + case_number_);
    Minute& minute = add(meeting, stage, stage + "-" + std::to_string(case_number_), time,
                         raised ? plus_minutes(time, 20) : at_hour(meeting, 17, 5));
    minute.area = area_code(area_of(person.town));
    minute.people.push_back({&person, "subject", "", ""});
    minute.facts = facts_of("meeting", {{"board", "jtm"}, {"on", iso_day(meeting)}, {"reason", reason}});
  }

  void hold(int month) {
    const Moment meeting = second_tuesday(month);
    case_number_ = 0;
    add(meeting, "held", "held", at_hour(meeting, 14), at_hour(meeting, 17));
    attend(meeting);
    const bool has_story = tell_story(meeting);
    const std::vector<Matter> matters = matters_before(meeting, calls_, incidents_);
    ask(matters, month);
    const std::size_t most = has_story || month >= kFirstToldWinter ? kCasesToldMonths : kCasesMax;
    std::size_t discussed = 0;
    std::set<int> now;
    for (const Matter& matter : matters) {
      if (discussed == most) break;
      if (is_told(*matter.person, month)) continue;
      discuss(month, matter);
      now.insert(matter.person->number);
      ++discussed;
    }
    remove_quiet(month, now);
  }

  bool tell_story(Moment meeting) {
    bool told = false;
    for (const ToldMinute& minute : told_minutes()) {
      if (minute.meeting != meeting) continue;
      add_case(meeting, minute.stage, cast_[minute.person], minute.reason);
      told = true;
    }
    actions_.tell(meeting);
    return told;
  }

  void attend(Moment meeting) {
    static const std::vector<const char*> kOthers = {"south-oxfordshire", "vale-of-white-horse", "sovereign",
                                                     "oxford-health",     "turning-point",       "odas",
                                                     "oxfordshire-fire"};
    std::vector<std::string> present = {"community-safety", "thames-valley-police", "soha"};
    for (const char* agency : kOthers)
      if (random_.chance(70)) present.emplace_back(agency);
    for (const std::string& agency : present)
      add(meeting, "attendance", "attendance-" + agency, at_hour(meeting, 14), at_hour(meeting, 17)).facts =
          facts_of("meeting", {{"board", "jtm"}, {"on", iso_day(meeting)}, {"agency", agency}});
  }

  void discuss(int month, const Matter& matter) {
    const Moment meeting = second_tuesday(month);
    const Person& person = *matter.person;
    if (listed_.emplace(person.number, &person).second) add_case(meeting, "raised", person, matter.why);
    add_case(meeting, random_.chance(75) ? "discussed" : "kept", person, matter.why);
    if (!actions_.has_open(person) && random_.chance(60)) actions_.set(month, matter);
  }

  // Off the list: whoever was discussed before and of whom nothing was heard for eight weeks.
  void remove_quiet(int month, const std::set<int>& now) {
    const Moment meeting = second_tuesday(month);
    for (auto it = listed_.begin(); it != listed_.end();) {
      const Person& person = *it->second;
      if (now.contains(it->first) || is_told(person, month) ||
          !is_quiet(person, meeting, kQuietDays, calls_, incidents_)) {
        ++it;
        continue;
      }
      add_case(meeting, "removed", person, "no-reports-for-eight-weeks");
      it = listed_.erase(it);
    }
  }

  void ask(const std::vector<Matter>& matters, int month) {
    int asked = 0;
    for (const Matter& matter : matters) {
      const bool sought =
          matter.why == "frequent-caller" || matter.why == "vulnerable" || matter.why == "repeat-victim";
      if (!sought || asked == 4) continue;
      ask_about(*matter.person, plus_days(second_tuesday(month), -7), asked++);
    }
  }

  void ask_about(const Person& person, Moment day, int number) {
    plan_.questions.push_back({&person, at_hour(day, 10, 5 * number)});
  }

  // The questions before the meeting of 13 April 2021 went out in March.
  void ask_before_april() {
    int number = 0;
    for (const char* key : {"kwame", "joan-90", "desmond", "geraldine"})
      ask_about(cast_[key], at(2021, 3, 29), number++);
  }

  // Lines do not always come in order: at times one stands before the line it follows from.
  void disorder() {
    for (std::size_t i = 1; i < plan_.minutes.size(); ++i)
      if (random_.chance(6)) std::swap(plan_.minutes[i - 1], plan_.minutes[i]);
  }

  const Cast& cast_;
  const std::vector<Call>& calls_;
  const std::vector<Incident>& incidents_;
  Random random_{"meetings"};
  ActionLog actions_;
  MeetingPlan plan_;
  std::map<int, const Person*> listed_;  // by Person::number
  int case_number_ = 0;
};

}  // namespace

MeetingPlan plan_meetings(const Cast& cast, const std::vector<Call>& calls, const std::vector<Incident>& incidents) {
  return Minutes(cast, calls, incidents).plan();
}

}  // namespace south_and_vale
