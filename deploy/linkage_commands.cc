#include "deploy/linkage_commands.h"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>

#include "consumers/document/phrase.h"
#include "deploy/casework.h"
#include "deploy/command.h"

namespace moot {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextMax = 3'900;      // characters of one text of an event; the limit is 4,000
constexpr std::size_t kChangesPrinted = 20;  // in words; --json has all

// What a model would make of the people: those that hold other mentions than now.
struct Change {
  std::size_t people_before = 0, people_after = 0;
  struct Piece {
    std::vector<std::string> from;     // people of now
    std::vector<std::string> records;  // one of each
  };
  std::vector<Piece> joined, split;
};

// Mentions by person, now and then.
Change change_between(const CaseSet& now, const CaseSet& then) {
  Change change;
  change.people_before = now.persons().size();
  change.people_after = then.persons().size();
  for (const PersonCase& person : then.persons()) {
    std::map<std::size_t, Mention> of_now;
    for (const Mention& mention : person.mentions) of_now.try_emplace(*now.person_at(mention), mention);
    if (of_now.size() < 2) continue;
    Change::Piece& piece = change.joined.emplace_back();
    for (const auto& [one, mention] : of_now) {
      piece.from.push_back(now.persons()[one].id);
      piece.records.push_back(word_for(now, mention));
    }
  }
  for (const PersonCase& person : now.persons()) {
    std::map<std::size_t, Mention> of_then;
    for (const Mention& mention : person.mentions) of_then.try_emplace(*then.person_at(mention), mention);
    if (of_then.size() < 2) continue;
    Change::Piece& piece = change.split.emplace_back();
    piece.from = {person.id};
    for (const auto& [one, mention] : of_then) piece.records.push_back(word_for(now, mention));
  }
  return change;
}

json::array list_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::object as_json(const Change& change) {
  json::array joined, split;
  for (const Change::Piece& piece : change.joined)
    joined.push_back(json::object{{"people", list_of(piece.from)}, {"records", list_of(piece.records)}});
  for (const Change::Piece& piece : change.split)
    split.push_back(json::object{{"person", piece.from[0]}, {"records", list_of(piece.records)}});
  return {{"people_before", change.people_before},
          {"people_after", change.people_after},
          {"joined", std::move(joined)},
          {"split", std::move(split)}};
}

void print_words(const Change& change) {
  std::cout << "People now: " << change.people_before << "; with this model: " << change.people_after << ".\n";
  std::cout << counted(change.joined.size(), "person") << " would be joined of several; "
            << counted(change.split.size(), "person") << " would be split.\n";
  std::size_t printed = 0;
  for (const Change::Piece& piece : change.joined)
    if (++printed <= kChangesPrinted) std::cout << "  joined: " << in_list(piece.from) << "\n";
  for (const Change::Piece& piece : change.split)
    if (++printed <= kChangesPrinted)
      std::cout << "  split:  " << piece.from[0] << " into " << piece.records.size() << ", by "
                << in_list(piece.records) << "\n";
  if (printed > kChangesPrinted) std::cout << "  and " << printed - kChangesPrinted << " more (--json has all)\n";
}

// Of a reference not how usual it is, but what another one says in its system.
bool is_of_systems(std::size_t field) { return field_model(person_fields()[field].first).of_system; }

void print_model(const ModelEpoch& epoch, const RecordTable& rows) {
  std::cout << "Model " << epoch.version << ": before anything is compared "
            << static_cast<int>(to_bits(epoch.model.prior)) << " bits. In bits, the same / another:\n";
  for (std::size_t f = 0; f < kPersonFields; ++f) {
    char line[96];
    const FieldModel& field = epoch.model.fields[f];
    std::snprintf(line, sizeof line, "  %-9s %+6.1f / %+6.1f   %zu %s\n", person_fields()[f].second.c_str(),
                  to_bits(field.new_same), to_bits(field.chance[static_cast<std::size_t>(Level::kDifferent)]),
                  epoch.values[f].size(), is_of_systems(f) ? "systems judged" : "usual values weigh less");
    std::cout << line;
  }
  std::cout << "Looked at where these are equal: " << epoch.plan.words(rows) << ".\n";
}

json::object as_json(const ModelEpoch& epoch, const RecordTable& rows) {
  json::array fields;
  for (std::size_t f = 0; f < kPersonFields; ++f) {
    json::array levels;
    for (std::size_t level = 0; level + 1 < kLevels; ++level)
      levels.push_back(json::object{
          {"level", level_words(person_fields()[f].first, static_cast<Level>(level))},
          {"weight", to_bits(level == 0 ? epoch.model.fields[f].new_same : epoch.model.fields[f].chance[level])}});
    fields.push_back(json::object{{"field", person_fields()[f].second},
                                  {"levels", std::move(levels)},
                                  {is_of_systems(f) ? "systems_judged" : "usual_values", epoch.values[f].size()}});
  }
  return {{"model", epoch.version},
          {"prior", to_bits(epoch.model.prior)},
          {"fields", std::move(fields)},
          {"blocking", epoch.plan.words(rows)}};
}

Result<ModelEpoch> wanted_epoch(const Casework& casework, const LinkageOrder& order) {
  if (order.usual) return usual_epoch(casework.casebook().secret());
  return estimate_epoch(casework.cases().linkage().table(), casework.casebook().secret());
}

int show_command(const Options& options) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const CaseSet& cases = (*casework)->cases();
  const ModelEpoch& epoch = (*casework)->casebook().epoch_at(cases.as_at());
  const std::string problem = (*casework)->casebook().epoch_problem_at(cases.as_at());
  if (options.json) {
    json::object out = as_json(epoch, cases.linkage().table());
    out["problem"] = problem.empty() ? json::value(nullptr) : json::value(json::string(problem));
    std::cout << json::serialize(out) << "\n";
  } else {
    if (!problem.empty()) std::cout << "The model that was pinned is not in force: " << problem << ".\n";
    print_model(epoch, cases.linkage().table());
  }
  return kDone;
}

int estimate_command(const Options& options, const LinkageOrder& order, bool preview) {
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const Result<ModelEpoch> epoch = wanted_epoch(**casework, order);
  if (!epoch.ok()) return tell(epoch.status());
  const CaseSet& now = (*casework)->cases();
  json::object told = as_json(*epoch, now.linkage().table());
  if (!options.json) print_model(*epoch, now.linkage().table());
  if (preview) {
    const CaseSet then = (*casework)->casebook().as_at(now.as_at(), *epoch);
    const Change change = change_between(now, then);
    told["change"] = as_json(change);
    if (!options.json) print_words(change);
  }
  if (options.json)
    std::cout << json::serialize(told) << "\n";
  else
    std::cout << "Nothing is changed. To put this model in force: moot linkage pin " << epoch->version
              << (order.usual ? " --usual\n" : "\n");
  return kDone;
}

v1::Event pinned_event(const ModelEpoch& epoch, Instant now) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + std::string(kOperator) + "/linkage");
  envelope.set_id("model/" + epoch.version + "/" + std::to_string(now.us));
  envelope.set_type("uk.csp.governance.linkage-model-pinned.v1");
  *envelope.mutable_time() = to_proto(now);
  v1::Governance& pinned = *event.mutable_facts()->mutable_governance();
  pinned.set_stage(v1::Governance::LINKAGE_MODEL_PINNED);
  pinned.set_definition("linkage-model");
  pinned.set_version(epoch.version);
  const std::string text = epoch_text(epoch);
  for (std::size_t from = 0; from < text.size(); from += kTextMax) {
    v1::Text& part = *event.mutable_personal()->add_texts();
    part.set_field("linkage-model");
    part.set_text(text.substr(from, kTextMax));
  }
  return event;
}

int pin_command(const Options& options, const LinkageOrder& order) {
  const Instant now = SystemClock().now();
  std::optional<Date> from;
  if (!order.from.empty()) {
    const Result<Date> date = parse_date(order.from);
    if (!date.ok()) return tell(Status(Code::kUsage, "--from: " + date.status().message()));
    if (local_midnight(*date) > now)
      return tell(Status(Code::kUsage, "--from: a model cannot hold from a day to come"));
    from = *date;
  }
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return tell(casework.status());
  const Result<ModelEpoch> epoch = wanted_epoch(**casework, order);
  if (!epoch.ok()) return tell(epoch.status());
  if (!order.version.empty() && order.version != epoch->version)
    return tell(Status(Code::kConflict, "the records have changed since model " + order.version +
                                            " was looked at; now it would be " + epoch->version +
                                            ": look again with moot linkage preview"));
  v1::Event event = pinned_event(*epoch, now);
  if (from) *event.mutable_envelope()->mutable_known_time() = to_proto(local_midnight(*from));
  const std::size_t before = (*casework)->cases().persons().size();
  const Status published = (*casework)->publish({event}, from.has_value());
  if (!published.ok()) return tell(published);
  const std::size_t after = (*casework)->cases().persons().size();
  if (options.json)
    std::cout << json::serialize(
                     json::object{{"model", epoch->version}, {"people_before", before}, {"people_after", after}})
              << "\n";
  else
    std::cout << "Model " << epoch->version << " is in force" << (from ? " from " + to_words(*from) + " on" : "")
              << ". People before: " << before << "; now: " << after << ".\n";
  return kDone;
}

}  // namespace

void add_linkage_commands(CLI::App& app, const Options& options, LinkageOrder& order, std::function<int()>& run) {
  CLI::App* linkage = app.add_subcommand("linkage", "The model that tells who is one person");
  linkage->require_subcommand(1);
  CLI::App* command = linkage->add_subcommand("show", "The model in force");
  command->callback([&options, &run] { run = [&options] { return show_command(options); }; });
  for (const bool preview : {false, true}) {
    command = linkage->add_subcommand(preview ? "preview" : "estimate",
                                      preview ? "Whose links a model estimated from the records would change"
                                              : "Estimate a model from the records; change nothing");
    command->add_flag("--usual", order.usual, "The model that Moot comes with, rather than an estimated one");
    command->callback([&options, &order, &run, preview] {
      run = [&options, &order, preview] { return estimate_command(options, order, preview); };
    });
  }
  command = linkage->add_subcommand("pin", "Put the estimated model in force: an event");
  command->add_option("version", order.version, "Only if it is still this one, as preview printed it");
  command->add_option("--from", order.from, "For history loaded later: it holds from this date on (default: from now)");
  command->add_flag("--usual", order.usual, "Go back to the model that Moot comes with");
  command->callback([&options, &order, &run] { run = [&options, &order] { return pin_command(options, order); }; });
}

}  // namespace moot
