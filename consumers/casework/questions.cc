#include "consumers/casework/questions.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "broker/core/event_rules.h"
#include "broker/core/seal.h"
#include "consumers/casework/meeting_events.h"

namespace moot {
namespace {

constexpr std::string_view kAnswers = "answers";  // the rel of a link

std::string item_of(const v1::Envelope& envelope) {
  const Digest digest = keyed_digest(Key{}, "question\n" + envelope.source() + "\n" + record_of(envelope));
  return "ask-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 5));
}

bool is_answer(v1::Knowledge::Stage stage) {
  return stage == v1::Knowledge::YES || stage == v1::Knowledge::NO || stage == v1::Knowledge::DECLINED;
}

// A meeting that was held.
struct Held {
  std::string area;  // where it was; empty = the board's one meeting
  std::string day;   // YYYY-MM-DD
};

// By board.
std::map<std::string, std::vector<Held>> held_meetings(const CaseSet& set) {
  std::map<std::string, std::vector<Held>> held;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kMeeting)) {
    const v1::Event& event = *set.records()[i];
    if (event.facts().meeting().stage() != v1::Meeting::HELD) continue;
    const std::string day = meeting_day(event);
    if (!day.empty()) held[event.facts().meeting().board()].push_back({event.envelope().area(), day});
  }
  return held;
}

// Of a board that meets in each area apart, a meeting in one is none of another's. ISO dates compare as texts.
bool was_held(const std::vector<Held>& meetings, const std::string& area, const std::string& on) {
  return std::any_of(meetings.begin(), meetings.end(), [&](const Held& held) {
    const bool is_of_area = area.empty() || held.area.empty() || held.area == area;
    return is_of_area && held.day >= on;
  });
}

class Answers {
 public:
  explicit Answers(const CaseSet& set) : set_(set) {
    for (const std::uint32_t i : set.records().of_body(v1::Facts::kKnowledge)) take(i);
  }

  bool has(std::size_t question, const std::string& agency) const {
    const v1::Event& asked = *set_.records()[question];
    if (to_questions_.contains({&asked, agency})) return true;
    const v1::Knowledge& knowledge = asked.facts().knowledge();
    for (const std::size_t person : set_.people_of(question, {})) {
      const auto found = of_people_.find({person, agency, knowledge.board()});
      if (found != of_people_.end() && found->second >= time_of(asked)) return true;
    }
    return false;
  }

 private:
  void take(std::size_t position) {
    const v1::Event& event = *set_.records()[position];
    if (!is_answer(event.facts().knowledge().stage())) return;
    const std::string& agency = event.envelope().agency();
    for (const v1::Link& link : event.envelope().links())
      if (link.rel() == kAnswers)
        if (const v1::Event* asked = set_.find(link.source(), link.id())) to_questions_.insert({asked, agency});
    for (const std::size_t person : set_.people_of(position, {})) {
      Instant& at = of_people_[{person, agency, event.facts().knowledge().board()}];
      at = std::max(at, time_of(event));
    }
  }

  const CaseSet& set_;
  std::set<std::pair<const v1::Event*, std::string>> to_questions_;
  std::map<std::tuple<std::size_t, std::string, std::string>, Instant> of_people_;  // the latest
};

}  // namespace

std::vector<OpenQuestion> unanswered_questions(const CaseSet& set) {
  const std::map<std::string, std::vector<Held>> held = held_meetings(set);
  const Answers answers(set);
  std::vector<OpenQuestion> open;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kKnowledge)) {
    const v1::Event& event = *set.records()[i];
    const v1::Knowledge& knowledge = event.facts().knowledge();
    if (knowledge.stage() != v1::Knowledge::ASKED || knowledge.on().empty()) continue;
    const std::string& agency = knowledge.agency().empty() ? event.envelope().agency() : knowledge.agency();
    if (answers.has(i, agency)) continue;
    const auto meetings = held.find(knowledge.board());
    const bool over = meetings != held.end() && was_held(meetings->second, event.envelope().area(), knowledge.on());
    open.push_back({item_of(event.envelope()), agency, i, over});
  }
  std::sort(open.begin(), open.end(), [&](const OpenQuestion& a, const OpenQuestion& b) {
    const std::string& a_on = set.records()[a.record]->facts().knowledge().on();
    const std::string& b_on = set.records()[b.record]->facts().knowledge().on();
    return std::tie(a_on, a.agency, a.item) < std::tie(b_on, b.agency, b.item);
  });
  return open;
}

std::vector<OpenQuestion> open_questions(const CaseSet& set) {
  std::vector<OpenQuestion> open = unanswered_questions(set);
  std::erase_if(open, [](const OpenQuestion& question) { return question.over; });
  return open;
}

std::vector<v1::Event> taking_back(const CaseSet& set, const std::string& board, const std::string& asker, Date today,
                                   Instant now) {
  std::vector<v1::Event> events;
  for (const OpenQuestion& question : unanswered_questions(set)) {
    const v1::Event& asked = *set.records()[question.record];
    const v1::Knowledge& knowledge = asked.facts().knowledge();
    const bool is_own = knowledge.board() == board && asked.envelope().agency() == asker;
    // A date that was mistyped when the meeting was said to be held takes nothing back of meetings to come.
    if (question.over && is_own && knowledge.on() <= to_iso(today)) events.push_back(taken_back_event(asked, now));
  }
  return events;
}

Silence silence_of(const CaseSet& set, const std::string& board, Date on) {
  Silence silence;
  for (const OpenQuestion& question : unanswered_questions(set)) {
    const v1::Knowledge& knowledge = set.records()[question.record]->facts().knowledge();
    if (knowledge.board() != board) continue;
    const bool over = question.over && knowledge.on() < to_iso(on);
    for (const std::size_t person : set.people_of(question.record, {}))
      (over ? silence.over : silence.waits).insert({person, question.agency});
  }
  return silence;
}

}  // namespace moot
