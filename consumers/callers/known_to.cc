#include "consumers/callers/known_to.h"

#include <algorithm>
#include <vector>

namespace moot {
namespace {

std::string answer_of(v1::Knowledge::Stage stage) {
  switch (stage) {
    case v1::Knowledge::YES:
      return "yes";
    case v1::Knowledge::NO:
      return "no";
    case v1::Knowledge::DECLINED:
      return "declined";
    default:
      return "not answered";
  }
}

// Who is asked or answers. Somebody else may say that an agency was asked; only itself, what it answers.
const std::string& agency_asked(const v1::Event& event) {
  const v1::Knowledge& knowledge = event.facts().knowledge();
  const bool named = knowledge.stage() == v1::Knowledge::ASKED && !knowledge.agency().empty();
  return named ? knowledge.agency() : event.envelope().agency();
}

}  // namespace

bool is_record_of_own(const v1::Facts& facts) {
  return facts.has_incident() || facts.has_contact() || facts.has_referral() || facts.has_closure() ||
         facts.has_risk() || facts.has_order() || facts.has_review() || facts.has_register_();
}

namespace {

// An answer stands over a question asked again before it.
std::map<std::string, KnownAnswer> answers_of(const CaseSet& set, const PersonCase& person, const std::string& board) {
  std::vector<const v1::Event*> events;
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (!event.facts().has_knowledge()) continue;
    const std::string& of_board = event.facts().knowledge().board();
    if (board.empty() || of_board.empty() || of_board == board) events.push_back(&event);
  }
  std::sort(events.begin(), events.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
  std::map<std::string, KnownAnswer> answers;
  for (const v1::Event* event : events) {
    const v1::Knowledge::Stage stage = event->facts().knowledge().stage();
    KnownAnswer& answer =
        answers.try_emplace(agency_asked(*event), KnownAnswer{"not answered", time_of(*event)}).first->second;
    if (stage != v1::Knowledge::ASKED) answer = {answer_of(stage), time_of(*event)};
  }
  return answers;
}

}  // namespace

std::map<std::string, KnownAnswer> known_answers(const CaseSet& set, const PersonCase& person,
                                                 const std::string& board) {
  std::map<std::string, KnownAnswer> known = answers_of(set, person, board);
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (!is_record_of_own(event.facts())) continue;
    const auto [place, is_new] = known.try_emplace(event.envelope().agency(), KnownAnswer{"yes", time_of(event), true});
    KnownAnswer& answer = place->second;
    if (answer.answer == "not answered" || answer.at <= time_of(event)) answer = {"yes", time_of(event), true};
  }
  return known;
}

std::set<std::string> agencies_that_know(const CaseSet& set, const PersonCase& person, const std::string& board) {
  std::set<std::string> agencies;
  for (const auto& [agency, known] : known_answers(set, person, board))
    if (known.answer == "yes") agencies.insert(agency);
  return agencies;
}

}  // namespace moot
