#include "deploy/possible_links.h"

#include <iostream>

#include "consumers/casework/why_linked.h"
#include "deploy/audit_command.h"
#include "deploy/casework.h"
#include "deploy/command.h"

namespace moot {
namespace {

std::string item_of(const std::string& a, const std::string& b) {
  const Digest digest = keyed_digest(Key{}, "possible link\n" + a + "\n" + b);
  return "link-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 5));
}

PossibleItem item_for(const CaseSet& cases, const PossiblePerson& possible) {
  PossibleItem item;
  item.people[0] = cases.persons()[possible.a].id;
  item.people[1] = cases.persons()[possible.b].id;
  item.item = item_of(item.people[0], item.people[1]);
  item.records[0] = word_for(cases, possible.a_record);
  item.records[1] = word_for(cases, possible.b_record);
  item.probability = possible.probability;
  const v1::Event& a = cases.record(possible.a_record);
  const v1::Event& b = cases.record(possible.b_record);
  const Instant of_a = from_proto(a.envelope().recorded_time());
  const Instant of_b = from_proto(b.envelope().recorded_time());
  item.since = to_rfc3339(std::max(of_a, of_b));
  item.agency = (of_b < of_a ? a : b).envelope().agency();
  item.reason = item.people[0] + " and " + item.people[1] + " may be one person (" + in_percent(possible.probability) +
                " by their two most alike records): moot person explain, then link or unlink";
  return item;
}

}  // namespace

std::vector<PossibleItem> possible_items(const Casework& casework) {
  std::vector<PossibleItem> items;
  const CaseSet& cases = casework.cases();
  for (const PossiblePerson& possible : cases.possible()) items.push_back(item_for(cases, possible));
  return items;
}

boost::json::object as_json(const PossibleItem& item) {
  return {{"item", item.item},
          {"kind", "possible-link"},
          {"since", item.since},
          {"agency", item.agency},
          {"code", "possible-link"},
          {"reason", item.reason},
          {"file", ""},
          {"row", 0},
          {"column", ""},
          {"people", boost::json::array{item.people[0], item.people[1]}},
          {"records", boost::json::array{item.records[0], item.records[1]}},
          {"probability", item.probability}};
}

std::string in_words(const PossibleItem& item) {
  return item.item + "  " + item.agency + "  possible link: " + item.reason;
}

bool is_possible_item(const std::string& item) { return item.starts_with("link-"); }

int show_possible_item(const Options& options, const std::string& wanted) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  for (const PossiblePerson& possible : cases.possible()) {
    const PossibleItem item = item_for(cases, possible);
    if (item.item != wanted) continue;
    const Status noted = audit_shown((*casework)->reach(), options,
                                     {"person-explain", item.people[0] + " " + item.people[1], "", 2, {}});
    if (!noted.ok()) return tell(noted);
    if (options.json) {
      std::cout << boost::json::serialize(as_json(item)) << "\n";
      return kDone;
    }
    const Result<WhyLinked> why = explain_people(cases, {possible.a_record}, {possible.b_record});
    if (!why.ok()) return tell(why.status());
    std::cout << in_words(item) << "\n" << why_in_words(cases, *why);
    std::cout << "To settle it: moot person link " << item.people[0] << " " << item.people[1] << ", or unlink\n";
    return kDone;
  }
  return tell(Status(Code::kNotFound, "there is no possible link \"" + wanted + "\" (any more)"));
}

}  // namespace moot
