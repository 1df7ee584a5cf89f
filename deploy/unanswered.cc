#include "deploy/unanswered.h"

#include <algorithm>
#include <iostream>

#include "consumers/casework/meeting_events.h"
#include "consumers/document/phrase.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/publish_events.h"

namespace moot {
namespace {

// What the partnership calls the board that events know by this code.
std::string board_title(const PartnershipFolder& folder, const std::string& known_as) {
  for (const auto& [id, board] : folder.boards)
    if (board.known_as == known_as) return board.title;
  return "meeting \"" + known_as + "\"";
}

UnansweredItem item_for(const Casework& casework, const OpenQuestion& question) {
  const CaseSet& cases = casework.cases();
  const v1::Event& event = *cases.records()[question.record];
  const v1::Knowledge& knowledge = event.facts().knowledge();
  UnansweredItem item;
  item.item = question.item;
  item.agency = question.agency;
  item.since = to_rfc3339(from_proto(event.envelope().recorded_time()));
  item.board = knowledge.board();
  item.on = knowledge.on();
  const std::vector<std::size_t> people = cases.people_of(question.record, {});
  if (!people.empty()) item.person = cases.persons()[people.front()].id;
  item.reason = "known to you? " + (item.person.empty() ? "somebody" : item.person) + ", asked for the " +
                board_title(casework.folder(), item.board) + " on " + date_in_words(item.on) +
                ": moot meeting answer " + item.item + " yes, no or declined";
  return item;
}

v1::Knowledge::Stage stage_named(const std::string& answer) {
  if (answer == "yes") return v1::Knowledge::YES;
  if (answer == "no") return v1::Knowledge::NO;
  return answer == "declined" ? v1::Knowledge::DECLINED : v1::Knowledge::STAGE_UNSPECIFIED;
}

}  // namespace

std::vector<UnansweredItem> unanswered_items(const Casework& casework, const std::string& agency) {
  std::vector<UnansweredItem> items;
  for (const OpenQuestion& question : open_questions(casework.cases()))
    if (agency.empty() || question.agency == agency) items.push_back(item_for(casework, question));
  return items;
}

boost::json::object as_json(const UnansweredItem& item) {
  return {{"item", item.item},    {"kind", "unanswered"},  {"since", item.since}, {"agency", item.agency},
          {"code", "unanswered"}, {"reason", item.reason}, {"file", ""},          {"row", 0},
          {"column", ""},         {"board", item.board},   {"on", item.on},       {"person", item.person}};
}

std::string in_words(const UnansweredItem& item) {
  return item.item + "  " + item.agency + "  not answered: " + item.reason;
}

bool is_unanswered_item(const std::string& item) { return item.starts_with("ask-"); }

int show_unanswered_item(const Options& options, const std::string& wanted) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const std::vector<UnansweredItem> items = unanswered_items(**casework, options.as);
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const UnansweredItem& item) { return item.item == wanted; });
  if (found == items.end())
    return tell(Status(Code::kNotFound, "no question \"" + wanted + "\" waits for an answer (any more)"));
  const Status noted = audit_shown((*casework)->reach(), options, {"person-find", found->item, "", 1, {}});
  if (!noted.ok()) return tell(noted);
  const CaseSet& cases = (*casework)->cases();
  std::string name, born;
  for (const PersonCase& person : cases.persons())
    if (person.id == found->person) {
      name = person.name;
      born = person.born;
    }
  if (options.json) {
    boost::json::object shown = as_json(*found);
    shown["name"] = name;
    shown["born"] = born;
    std::cout << boost::json::serialize(shown) << "\n";
    return kDone;
  }
  std::cout << in_words(*found) << "\nAbout: " << (name.empty() ? "name not supplied" : name)
            << (born.empty() ? "" : ", born " + date_in_words(born)) << "\n";
  return kDone;
}

Status answer_question(const Options& options, const std::string& wanted, const std::string& answer) {
  const v1::Knowledge::Stage stage = stage_named(answer);
  if (stage == v1::Knowledge::STAGE_UNSPECIFIED) return Status(Code::kUsage, "expected yes, no or declined");
  if (options.as.empty()) return Status(Code::kUsage, "an answer is the agency's own: give --as AGENCY");
  // Looked up as documents are made: to answer tells nothing of whom it is about.
  Options looking = options;
  looking.as.clear();
  const Result<std::unique_ptr<Casework>> casework = Casework::open(looking);
  if (!casework.ok()) return casework.status();
  // Also of a meeting that was held: an agency that may not read that has the question still.
  for (const OpenQuestion& question : unanswered_questions((*casework)->cases())) {
    if (question.item != wanted) continue;
    if (question.agency != options.as)
      return Status(Code::kNotAllowed, "that question was asked of \"" + question.agency + "\"");
    const v1::Event& asked = *(*casework)->cases().records()[question.record];
    return publish_events(options, (*casework)->reach(), {answer_event(asked, stage, options.as, SystemClock().now())},
                          false, options.as);
  }
  return Status(Code::kNotFound, "no question \"" + wanted + "\" waits for an answer (any more)");
}

}  // namespace moot
