#include "deploy/person_commands.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "adapters/cloudevents.h"
#include "broker/core/ids.h"
#include "consumers/casework/link_decision.h"
#include "consumers/casework/person_search.h"
#include "consumers/casework/subject_access.h"
#include "consumers/casework/why_linked.h"
#include "consumers/document/phrase.h"
#include "deploy/audit_command.h"
#include "deploy/casework.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"
#include "deploy/erasure_commands.h"

namespace moot {
namespace {

namespace json = boost::json;

json::object reference(const CaseSet& cases, const Mention& mention) {
  const v1::Envelope& envelope = cases.record(mention).envelope();
  json::object found{{"source", envelope.source()}, {"id", envelope.id()}};
  if (mention.index > 0) found["person"] = mention.index + 1;  // the record names several
  return found;
}

json::array references(const CaseSet& cases, const std::vector<Mention>& mentions) {
  json::array list;
  for (const Mention& mention : mentions) list.push_back(reference(cases, mention));
  return list;
}

json::array texts(const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); }
json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

std::vector<std::string> words_of(const CaseSet& cases, const std::vector<Mention>& mentions) {
  std::vector<std::string> words;
  for (const Mention& mention : mentions) words.push_back(word_for(cases, mention));
  return words;
}

int find_command(const Options& options, const PersonOrder& order) {
  PersonQuery query{order.words, order.born};
  if (const Status usable = check(query); !usable.ok()) return tell(usable);
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  json::array people;
  const std::vector<FoundPerson> all = find_people(cases, query);
  const Status noted = audit_shown((*casework)->reach(), options, {"person-find", "", "", all.size(), {}});
  if (!noted.ok()) return tell(noted);
  for (const FoundPerson& found : all) {
    const PersonCase& person = cases.persons()[found.person];
    if (options.json) {
      people.push_back(json::object{{"person", person.id},
                                    {"names", texts(found.names)},
                                    {"born", text_or_null(person.born)},
                                    {"agencies", texts(found.agencies)},
                                    {"records", references(cases, person.mentions)}});
      continue;
    }
    std::cout << person.id << "  " << (found.names.empty() ? "name not supplied" : in_list(found.names))
              << (person.born.empty() ? ", birth date not supplied" : ", born " + date_in_words(person.born))
              << "; known to " << in_list(found.agencies) << "\n";
    for (const std::string& word : words_of(cases, person.mentions)) std::cout << "    " << word << "\n";
  }
  if (options.json)
    std::cout << json::serialize(json::object{{"people", std::move(people)}}) << "\n";
  else if (find_people(cases, query).empty())
    std::cout << "Nobody is found.\n";
  return kDone;
}

json::object as_json(const CaseSet& cases, const WhyLinked& why) {
  json::array fields{json::object{
      {"field", "before"}, {"level", prior_words(why.explained.link)}, {"weight", to_bits(why.explained.link.prior)}}};
  for (const ExplainedField& field : why.explained.link.fields)
    fields.push_back(json::object{{"field", field.field}, {"level", field.level}, {"weight", to_bits(field.weight)}});
  json::array path;
  for (const std::size_t number : why.explained.path) path.push_back(reference(cases, cases.linked_mention(number)));
  const auto& decided = why.explained.link.decided;
  return {{"decision", std::string(answer_name(why.explained.link.answer))},
          {"weight", to_bits(why.explained.link.weight)},
          {"probability", why.explained.link.probability},
          {"fields", std::move(fields)},
          {"path", std::move(path)},
          {"apart", texts(why.explained.link.apart)},
          {"decided_by_a_person", decided.has_value()},
          {"same_reference", why.explained.same_reference},
          {"people", texts({cases.persons()[why.person_a].id, cases.persons()[why.person_b].id})},
          {"records", references(cases, {why.a, why.b})},
          {"model", cases.model_version()}};
}

int explain_command(const Options& options, const PersonOrder& order) {
  std::string format = order.format.empty() ? "text" : order.format;
  if (options.json) format = "json";
  if (format != "text" && format != "json" && format != "svg")
    return tell(Status(Code::kUsage, "--format: an explanation is text, json or svg"));
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  Result<Meant> a = (*casework)->find(order.a);
  if (!a.ok()) return tell(a.status());
  Result<Meant> b = (*casework)->find(order.b);
  if (!b.ok()) return tell(b.status());
  tell_apart(*a, *b);
  for (const Meant* one : {&*a, &*b})
    if (std::all_of(one->mentions.begin(), one->mentions.end(),
                    [&](const Mention& mention) { return cases.person(mention).erased(); }))
      return tell(Status(Code::kErased,
                         "somebody who was erased is not compared: what was said of them is gone, and "
                         "the links that they had stay as they were"));
  const Result<WhyLinked> why = explain_people(cases, a->mentions, b->mentions);
  if (!why.ok()) return tell(why.status());
  const Status noted = audit_shown(
      (*casework)->reach(), options,
      {"person-explain", cases.persons()[why->person_a].id + " " + cases.persons()[why->person_b].id, "", 2, {}});
  if (!noted.ok()) return tell(noted);
  std::string text;
  if (format == "json")
    text = json::serialize(as_json(cases, *why)) + "\n";
  else if (format == "svg")
    text = explanation_svg(why->explained.link);
  else
    text = why_in_words(cases, *why);
  if (!order.output.empty()) return tell(write_out(text, order.output));
  std::cout << text;
  return kDone;
}

// What a decision is about, and what came of it.
int tell_decision(const Options& options, const Casework& casework, const PersonOrder& order, const v1::Event& event,
                  bool linked) {
  const CaseSet& cases = casework.cases();
  const DecisionOutcome outcome = outcome_of(cases, event);
  if (options.json) {
    std::cout << json::serialize(json::object{
                     {"decision", linked ? "linked" : "unlinked"},
                     {"event", json::object{{"source", event.envelope().source()}, {"id", event.envelope().id()}}},
                     {"people", texts(outcome.people)},
                     {"holds", outcome.holds}})
              << "\n";
  } else if (outcome.holds && linked) {
    std::cout << order.a << " and " << order.b << " are one person: " << in_list(outcome.people)
              << ". To take it back: moot person unlink " << order.a << " " << order.b << "\n";
  } else if (outcome.holds) {
    std::cout << order.a << " and " << order.b << " are kept apart: " << in_list(outcome.people) << ".\n";
  }
  if (!outcome.holds)
    std::cerr << "moot: the decision is on record and does not show: the records do not count together as at now, or "
                 "this reader may not decide of them\n";
  return outcome.holds ? kDone : kRefused;
}

int decide_command(const Options& options, const PersonOrder& order, bool linked) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  Result<Meant> a = (*casework)->find(order.a);
  if (!a.ok()) return tell(a.status());
  Result<Meant> b = (*casework)->find(order.b);
  if (!b.ok()) return tell(b.status());
  tell_apart(*a, *b);
  const std::string agency = options.as.empty() ? std::string(kOperator) : options.as;
  const Result<Decided> decided = decide(cases, {a->mentions, b->mentions, linked, agency, SystemClock().now()});
  if (!decided.ok()) return tell(decided.status());
  // It would have no effect, and tell everybody who may read the agency of records that they may not know of.
  for (const v1::Link& link : decided->event.envelope().links())
    if (!options.as.empty() && options.as != kOperator && agency_of_source(link.source()) != options.as)
      return tell(Status(Code::kNotAllowed, "an agency decides of its own records alone, and " + link.source() +
                                                " is another's: ask the operator to decide"));
  const Status published = (*casework)->publish({decided->event}, decided->backfill);
  if (!published.ok()) return tell(published);
  return tell_decision(options, **casework, order, decided->event, linked);
}

int export_command(const Options& options, const PersonOrder& order) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  const Result<Meant> meant = (*casework)->find(order.a);
  if (!meant.ok()) return tell(meant.status());
  const PersonCase& person = cases.persons()[meant->person];
  json::array records;
  int others = 0, with_text = 0;
  for (const HeldRecord& held : held_of((*casework)->casebook(), cases, meant->person)) {
    others += held.others;
    with_text += held.has_text ? 1 : 0;
    records.push_back(json::object{{"current", held.current},
                                   {"others_left_out", held.others},
                                   {"free_text_may_name_others", held.has_text},
                                   {"event", json::parse(cloudevent_from_event(held.event))}});
  }
  const std::size_t held_records = records.size();
  const json::object held{{"person", person.id},
                          {"names", person.name.empty() ? json::array() : json::array{person.name}},
                          {"born", text_or_null(person.born)},
                          {"others_left_out", others},
                          {"records", std::move(records)}};
  const Status noted = audit_shown((*casework)->reach(), options, {"person-export", person.id, "", held_records, {}});
  if (!noted.ok()) return tell(noted);
  const std::string text = json::serialize(held) + "\n";
  if (order.output.empty()) {
    std::cout << text;
  } else if (const Status written = write_out(text, order.output); !written.ok()) {
    return tell(written);
  }
  std::cerr << "moot: before it is handed over: " << counted(static_cast<std::size_t>(with_text), "record")
            << " with free text, which may name others. Other people named beside them were left out: " << others
            << ".\n";
  return kDone;
}

}  // namespace

CLI::App& add_person_commands(CLI::App& app, const Options& options, PersonOrder& order, std::function<int()>& run) {
  CLI::App* person = app.add_subcommand("person", "Who is who: find, explain, link, unlink; hold and erase");
  person->require_subcommand(1);
  CLI::App* command = person->add_subcommand("find", "Find people by name, or by an agency's reference");
  command->add_option("who", order.words, "A name or a reference; in quotes where it has several words")->required();
  command->add_option("--born", order.born, "Only who may be born then: 1980-02-29, 1980-02 or 1980");
  command->callback([&] { run = [&] { return find_command(options, order); }; });
  const auto two = [&order](CLI::App& both) {
    both.add_option("a", order.a, "A person (p-…) or a record (SOURCE#ID)")->required();
    both.add_option("b", order.b, "Another")->required();
  };
  command = person->add_subcommand("explain", "Why two are one person, may be, or are not");
  two(*command);
  command->add_option("--format", order.format, "text (the default), json or svg");
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->callback([&] { run = [&] { return explain_command(options, order); }; });
  command = person->add_subcommand("link", "Decide that two are one person: an event, undone by unlink");
  two(*command);
  command->callback([&] { run = [&] { return decide_command(options, order, true); }; });
  command = person->add_subcommand("unlink", "Decide that two are not one person: an event, undone by link");
  two(*command);
  command->callback([&] { run = [&] { return decide_command(options, order, false); }; });
  command = person->add_subcommand("export", "Everything held of a person, for a request for access (JSON)");
  command->add_option("person", order.a, "A person (p-…), or a record (SOURCE#ID) that names them")->required();
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->callback([&] { run = [&] { return export_command(options, order); }; });
  add_erasure_commands(*person, options, order, run);
  return *person;
}

}  // namespace moot
