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

// By board: the date of its latest meeting that was held.
std::map<std::string, std::string> last_held(const CaseSet& set) {
  std::map<std::string, std::string> held;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kMeeting)) {
    const v1::Meeting& meeting = set.records()[i]->facts().meeting();
    if (meeting.stage() != v1::Meeting::HELD) continue;
    const std::string day = meeting_day(*set.records()[i]);
    if (!day.empty()) held[meeting.board()] = std::max(held[meeting.board()], day);
  }
  return held;
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

std::vector<OpenQuestion> open_questions(const CaseSet& set) {
  const std::map<std::string, std::string> held = last_held(set);
  const Answers answers(set);
  std::vector<OpenQuestion> open;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kKnowledge)) {
    const v1::Event& event = *set.records()[i];
    const v1::Knowledge& knowledge = event.facts().knowledge();
    if (knowledge.stage() != v1::Knowledge::ASKED || knowledge.on().empty()) continue;
    const auto last = held.find(knowledge.board());
    if (last != held.end() && last->second >= knowledge.on()) continue;  // ISO dates compare as texts
    const std::string& agency = knowledge.agency().empty() ? event.envelope().agency() : knowledge.agency();
    if (!answers.has(i, agency)) open.push_back({item_of(event.envelope()), agency, i});
  }
  std::sort(open.begin(), open.end(), [&](const OpenQuestion& a, const OpenQuestion& b) {
    const std::string& a_on = set.records()[a.record]->facts().knowledge().on();
    const std::string& b_on = set.records()[b.record]->facts().knowledge().on();
    return std::tie(a_on, a.agency, a.item) < std::tie(b_on, b.agency, b.item);
  });
  return open;
}

}  // namespace moot
