#include <algorithm>
#include <array>

#include "deploy/south-and-vale/generator/call.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

// Those who ring again and again: key | episodes in each month of 2019-20 | of 2020-21.
// An episode is one call, at times two or three within a few hours.
constexpr const char* kCallers[] = {
    "martin|000000000000|000001244000",   "sian|001100010010|010011323313",    "geraldine|000000000000|000000322123",
    "desmond|000000010000|000000212324",  "joan-44|000010000100|000100223022", "joan-90|000000000001|000100001203",
    "priya|010000000010|000010112022",    "tobias|000001000000|001000201011",  "callum|000000000000|000000022111",
    "bronwen|100000010000|000010111201",  "leon|000000000010|001000210010",    "agnes|000010000101|010011310022",
    "ivor|000100001000|000010111000",     "kwame|000000000000|000000101124",   "rosalind|000000000000|000000001130",
    "dominic|000000000000|000000001031",  "wilfred|343221100000|000000000000", "ottoline|233332110000|000010000000",
    "horace|122232221100|100000000000",   "delia|000123443321|100000000000",   "rhys|001111222332|221000000000",
    "ffion|212101212101|112110000000",    "stanley|000000122344|432110000000", "yasmin|111211121112|111210000000",
    "gethin|400000000210|001223110000",   "zoe|000000000012|344321000000",     "therese|010101000000|123332100000",
    "edmund|222110000001|122221000000",   "mabel|110000112210|001122010010",   "clifford|000110122100|011122110000",
    "hamish|011122110000|002222100000",   "edith|000000000000|000112211000",   "barnaby|000000000000|000001110000",
    "percival|000000000011|011101000100", "jasper|000100000010|100000010011",  "felix|000000000000|001221000000",
};

// Calls on which something turns: key | received | logged | how | what | log.
//   a call at half past midnight on 1 April 2020, which is still 31 March by the clock of Greenwich;
//   one at ten past midnight on 14 October 2020, the first minute of a window but the day before in Greenwich;
//   Martin's last; the last minute of a window; a report logged only after the meeting; one on the meeting's day;
//   reports of March 2020 that reached the log when the year's figures were out.
constexpr const char* kTurning[] = {
    "yasmin|2020-04-01 00:30|2020-04-01 00:41|999 call|ASB - nuisance|Party in the flat above, third night running.",
    "ivor|2020-10-14 00:10|2020-10-14 00:25|999 call|ASB - nuisance|Group drinking by the shelter, bottles on the "
    "path.",
    "martin|2021-01-10 21:40|2021-01-10 22:05|Single non-emergency number|ASB - nuisance|Caller says he has not slept. "
    "Ambulance offered, declined. Concern noted on the log.",
    "tobias|2021-01-11 23:50|2021-01-12 00:03|Single non-emergency number|ASB - nuisance|Loud music since the "
    "afternoon, bass through the wall, ongoing.",
    "leon|2021-01-09 18:20|2021-01-13 09:05|Online report|ASB - nuisance|Fireworks let off in the street, fourth "
    "evening running.",
    "priya|2021-01-12 19:15|2021-01-12 19:37|Single non-emergency number|ASB - personal|Caller reports a note pushed "
    "through the door, no threat in it, upset by it.",
    "rhys|2020-03-28 20:15|2020-04-17 10:30|Online report|ASB - environmental|Broken glass over the play area, council "
    "told as well.",
    "delia|2020-03-30 18:40|2020-04-20 09:10|Online report|ASB - personal|Caller says the person next door shouted at "
    "them over the fence again.",
    "desmond|2020-11-23 11:20|2020-11-23 11:32|Front counter|ASB - nuisance|Came to the counter about the motorbikes.",
    "sian|2021-03-09 11:03|2021-03-09 11:10|Front counter|ASB - personal|Came to the counter with her diary of the "
    "noise.",
};

// Made by somebody else for the person concerned.
constexpr const char* kForOthers[] = {
    "joan-44|2020-11-28 16:10|2020-11-28 16:22|Single non-emergency number|ASB - personal|Call made by her daughter, "
    "who says youths are knocking on the door and running off.",
    "joan-44|2020-12-20 15:30|2020-12-20 15:51|Single non-emergency number|ASB - personal|Call made by her daughter, "
    "who says youths are knocking on the door and running off.",
    "rosalind|2021-02-22 14:05|2021-02-22 14:15|Single non-emergency number|ASB - nuisance|Call made by a carer about "
    "noise from the flat above.",
    "stanley|2020-01-19 10:40|2020-01-19 10:52|Single non-emergency number|ASB - personal|Call made by his son, who "
    "says the gate was kicked in again.",
};

using Texts = std::vector<const char*>;

const Texts kPersonal = {"Caller says the person next door shouted at them over the fence again.",
                         "Caller was followed round the shop by three teenagers, calling names.",
                         "Caller reports a note pushed through the door, no threat in it, upset by it.",
                         "Caller says \"it never stops\", wants an officer to visit; advice given.",
                         "Eggs thrown at the window while the caller was watching television."};
const Texts kNuisance = {"Loud music since the afternoon, bass through the wall, ongoing.",
                         "Group drinking by the shelter, shouting, bottles on the path.",
                         "Off-road motorbike going up and down the cut-through, no plate seen.",
                         "Smell of cannabis from the stairwell, visitors at all hours.",
                         "Fireworks let off in the street, fourth evening running.",
                         "Ball kicked against the garage door for hours."};
const Texts kEnvironmental = {
    "Bin bags dumped behind the garages again.", "Graffiti on the underpass, fresh since yesterday.",
    "Broken glass over the play area, council told as well.", "Mattress set down on the verge, smouldering."};
const Texts kMartin = {"Caller reports shouting outside. Unit attended, all quiet, spoken to at the door.",
                       "Caller distressed, third call this week, says people in the stairwell are talking about him.",
                       "Caller says the lights opposite are switched on to annoy him. No offence; patrol to pass by.",
                       "Caller rang to say the noise has begun again, then \"never mind\", and put the phone down.",
                       "Caller says he has not slept. Ambulance offered, declined. Concern noted on the log."};
const Texts kElse = {"Passed to the right team.",
                     "Noted for the neighbourhood officers.",
                     "Two people trying car doors.",
                     "Parked lorry blocking the lane.",
                     "Traffic light stuck on red.",
                     "Van parked up overnight, engine running.",
                     "Neighbour not seen for two days, milk on the step; found well."};

std::string how_received(Random& random) {
  const int roll = random.below(100);
  return roll < 52 ? "Single non-emergency number" : roll < 77 ? "999 call" : "Online report";
}

void describe(Call& call, Random& random) {
  const int roll = random.below(100);
  const Texts& texts = roll < 40 ? kPersonal : roll < 75 ? kNuisance : kEnvironmental;
  call.what = roll < 40 ? "ASB - personal" : roll < 75 ? "ASB - nuisance" : "ASB - environmental";
  call.log = call.caller != nullptr && call.caller->key == "martin" ? random.pick(kMartin) : random.pick(texts);
  // Some logs have a second line, as operators type them.
  if (random.chance(3)) call.log += "\nRang back at 22:10, no reply; left for the day shift.";
}

Call ordinary(Random& random, Moment received, const Person* caller, std::string town) {
  Call call;
  call.received = received;
  call.logged = plus_minutes(received, random.between(1, 25));
  call.caller = caller;
  call.town = std::move(town);
  call.how = how_received(random);
  describe(call, random);
  return call;
}

// Episodes lie at least a day and a half apart, calls of one within five hours.
void add_episodes(std::vector<Call>& calls, Random& random, const Person& caller, int month, int episodes) {
  const Moment first = month_start(month);
  const int days = days_in_month(civil(first).year, civil(first).month);
  for (int i = 0; i < episodes; ++i) {
    const int from = 2 + (days - 2) * i / episodes;
    const int to = std::max(from, 2 + (days - 2) * (i + 1) / episodes - 3);
    const Moment day = plus_days(first, random.between(from, to) - 1);
    Moment received = random.time_of(day, 7, 16);
    calls.push_back(ordinary(random, received, &caller, caller.town));
    for (int again = 0; again < 2 && random.chance(20); ++again) {
      received = plus_minutes(received, random.between(20, 150));
      calls.push_back(ordinary(random, received, &caller, caller.town));
    }
  }
}

void add_regulars(std::vector<Call>& calls, const Cast& cast) {
  for (const char* row : kCallers) {
    const auto cells = fields(row, 3);
    Random random("calls of " + std::string(cells[0]));
    const std::string months = std::string(cells[1]) + std::string(cells[2]);
    for (int month = 0; month < kMonths; ++month)
      add_episodes(calls, random, cast[cells[0]], month, months[static_cast<std::size_t>(month)] - '0');
  }
}

void add_told(std::vector<Call>& calls, const Cast& cast, std::string_view row, bool third_party) {
  const auto cells = fields(row, 6);
  Call call;
  call.caller = &cast[cells[0]];
  call.town = call.caller->town;
  call.received = moment(cells[1]);
  call.logged = moment(cells[2]);
  call.how = cells[3];
  call.what = cells[4];
  call.log = cells[5];
  call.third_party = third_party;
  calls.push_back(std::move(call));
}

// Those who ring once, those who give no name, and what is no anti-social behaviour. More in the spring of 2020.
void add_others(std::vector<Call>& calls, const Cast& cast) {
  static constexpr std::array<const char*, 3> kKinds = {"Concern for safety", "Highway disruption",
                                                        "Suspicious circumstances"};
  Random random("calls of others");
  for (int month = 0; month < kMonths; ++month) {
    const bool locked_down = month == 12 || month == 13;
    const int once = random.between(5, 9) + (locked_down ? 8 : 0);
    const int nameless = random.between(0, 2);
    const int elsewise = random.between(3, 6);
    const Moment first = month_start(month);
    const int days = days_in_month(civil(first).year, civil(first).month);
    for (int i = 0; i < once + nameless + elsewise; ++i) {
      const Moment received = random.time_of(random.day_from(first, days), 7, 22);
      const Person& caller = cast.somebody(random);
      const bool named = i < once || i >= once + nameless;
      Call call = ordinary(random, received, named ? &caller : nullptr, caller.town);
      if (!named) call.log = "Caller would not give a name.";
      if (i >= once + nameless) {
        call.what = random.pick(kKinds);
        call.log = random.pick(kElse);
      }
      calls.push_back(std::move(call));
    }
  }
}

}  // namespace

std::vector<Call> plan_calls(const Cast& cast) {
  std::vector<Call> calls;
  add_regulars(calls, cast);
  for (const char* row : kTurning) add_told(calls, cast, row, false);
  for (const char* row : kForOthers) add_told(calls, cast, row, true);
  add_others(calls, cast);
  std::stable_sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.received < b.received; });
  return calls;
}

}  // namespace south_and_vale
