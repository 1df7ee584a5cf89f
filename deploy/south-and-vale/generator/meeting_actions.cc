#include "deploy/south-and-vale/generator/meeting_actions.h"

#include <algorithm>

namespace south_and_vale {
namespace {

const Moment kEnd = at(2021, 4, 1);

struct Task {
  std::string owner;  // "landlord": the person's, or the council where there is none
  const char* text;
};

const std::vector<Task>& tasks_for(const std::string& why) {
  static const std::map<std::string, std::vector<Task>> kTasks = {
      {"frequent-caller",
       {{"thames-valley-police", "Neighbourhood officer to visit and agree one point of contact."},
        {"community-safety", "Write to explain what to report where."},
        {"oxford-health", "Say whether a review of the care plan is due."},
        {"landlord", "Visit together with the neighbourhood officer."}}},
      {"repeat-victim",
       {{"landlord", "Install sound-monitoring equipment and share the readings."},
        {"community-safety", "Offer mediation to both households."},
        {"community-safety", "Offer a covert camera and explain the terms."},
        {"thames-valley-police", "Speak to the other party and record the advice given."}}},
      {"domestic-abuse",
       {{"odas", "Go through the safety plan again and offer outreach."},
        {"thames-valley-police", "Put a marker on the address and check the bail conditions."},
        {"community-safety", "Order security works under the sanctuary scheme."},
        {"landlord", "Change the locks and offer a move."}}},
      {"prolific-offender",
       {{"thames-valley-police", "Bring a community protection warning to the next meeting."},
        {"thames-valley-police", "Curfew checks for four weeks."},
        {"turning-point", "Offer an appointment within two days of release."}}},
      {"vulnerable",
       {{"thames-valley-police", "Weekly welfare visits; note who answers the door."},
        {"landlord", "Change the locks and consider a managed move."},
        {"oxfordshire-fire", "Safe and well visit."},
        {"turning-point", "Outreach worker to make contact."},
        {"oxford-health", "Say whether a capacity assessment was made."}}},
  };
  return kTasks.at(why);
}

std::string landlord_of(const Person& person) {
  if (person.landlord == Landlord::kSoha) return "soha";
  if (person.landlord == Landlord::kSovereign) return "sovereign";
  return in_south_oxfordshire(person.town) ? "south-oxfordshire" : "vale-of-white-horse";
}

bool is_final(const std::string& stage) { return stage == "done" || stage == "overtaken"; }

}  // namespace

ActionLog::Action& ActionLog::add(Moment meeting, std::string owner, const Person& person, Moment due,
                                  std::string text) {
  today_ = meeting;
  Action action;
  action.meeting = meeting;
  action.number = ++numbers_[meeting];
  action.owner = std::move(owner);
  action.person = &person;
  action.text = std::move(text);
  action.steps.push_back({"set", at_hour(meeting, 15, 30 + action.number), due, 0});
  actions_.push_back(std::move(action));
  return actions_.back();
}

void ActionLog::tell(Moment meeting) {
  today_ = meeting;
  for (const ToldAction& told : told_actions()) {
    if (told.meeting != meeting) continue;
    Action& action = add(meeting, told.owner, cast_[told.person], told.due, told.text);
    for (const ToldStep& step : told_steps()) {
      if (step.meeting != meeting || step.action != action.number) continue;
      const Moment due = step.due == Moment{} ? action.steps.back().due : step.due;
      action.steps.push_back({step.stage, step.when, due, std::max(step.carried, action.steps.back().carried)});
    }
  }
}

void ActionLog::set(int month, const Matter& matter) {
  const Task& task = random_.pick(tasks_for(matter.why));
  const std::string owner = task.owner == "landlord" ? landlord_of(*matter.person) : task.owner;
  const Moment due = plus_days(second_tuesday(month + 1), -random_.below(8));
  decide_fate(add(second_tuesday(month), owner, *matter.person, due, task.text), month);
}

// Half are done in time; of the rest most are carried over or late, and some are never done.
void ActionLog::decide_fate(Action& action, int month) {
  const auto step = [&](const char* stage, Moment day, Moment due, int carried) {
    action.steps.push_back({stage, random_.time_of(day, 9, 16), due, carried});
  };
  const auto carry = [&](int meeting) {
    action.steps.push_back({"updated", at_hour(second_tuesday(meeting), 11, 15),
                            plus_days(second_tuesday(meeting + 1), -3), action.steps.back().carried + 1});
  };
  const Moment due = action.steps.front().due;
  const int roll = random_.below(100);
  if (roll < 50) {
    step("done", plus_days(action.meeting, random_.between(6, 20)), due, 0);
  } else if (roll < 62) {
    carry(month + 1);
    step("done", plus_days(second_tuesday(month + 1), random_.between(8, 24)), action.steps.back().due, 1);
  } else if (roll < 72) {
    carry(month + 1);
    carry(month + 2);
    const bool escalated = random_.chance(60);
    step(escalated ? "escalated" : "done", plus_days(second_tuesday(month + 2), random_.between(8, 24)),
         action.steps.back().due, 2);
    if (escalated)
      step("done", plus_days(second_tuesday(month + 3), random_.between(8, 24)), action.steps.back().due, 2);
  } else if (roll < 80) {
    // The meeting asks again, or sees that it no longer matters.
    action.steps.push_back({"not-done", at_hour(second_tuesday(month + 1), 11, 15), due, 0});
    const bool done = random_.chance(60);
    step(done ? "done" : "overtaken", plus_days(second_tuesday(month + 2), -random_.between(1, 9)), due, 0);
  } else if (roll < 88) {
    step("overtaken", plus_days(action.meeting, random_.between(6, 20)), due, 0);
  } else {
    step("done", plus_days(second_tuesday(month + 1), random_.between(2, 9)), due, 0);
  }
}

bool ActionLog::has_open(const Person& person) const {
  return std::any_of(actions_.begin(), actions_.end(), [&](const Action& action) {
    return action.person == &person && !(is_final(action.steps.back().stage) && action.steps.back().when < today_);
  });
}

Minute ActionLog::minute_of(const Action& action, std::size_t index) const {
  const Step& step = action.steps[index];
  const std::string meeting = "JTM-" + iso_day(action.meeting);
  Minute minute;
  minute.record = meeting + "/A" + std::to_string(action.number);
  minute.revision = static_cast<int>(index) + 1;
  minute.id = minute.record + "/" + std::to_string(minute.revision);
  minute.source = "/community-safety/jtm";
  minute.type = "action." + step.stage;
  minute.time = step.when;
  minute.known = index == 0 ? at_hour(action.meeting, 17, 10) : plus_minutes(step.when, 5);
  minute.subject = meeting;
  minute.area = area_code(area_of(action.person->town));
  minute.facts = facts_of("action", {{"board", "jtm"},
                                     {"setOn", iso_day(action.meeting)},
                                     {"owner", action.owner},
                                     {"due", iso_day(step.due)},
                                     {"carried", step.carried == 0 ? "" : std::to_string(step.carried)}});
  if (index > 0) return minute;
  minute.people.push_back({action.person, "subject", "", ""});
  minute.text_field = "action";
  minute.text = action.text;
  return minute;
}

void ActionLog::finish(std::vector<Minute>& minutes) const {
  for (const Action& action : actions_)
    for (std::size_t i = 0; i < action.steps.size(); ++i)
      if (action.steps[i].when < kEnd) minutes.push_back(minute_of(action, i));
}

}  // namespace south_and_vale
