#include "deploy/document_copies_command.h"

#include <boost/json.hpp>
#include <iostream>

#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "deploy/command.h"
#include "deploy/issued_documents.h"

namespace moot {
namespace {

namespace json = boost::json;

Result<Reach> reach_of(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  return Reach::open(options, *folder);
}

std::string in_words(const IssuedDocument& copy) {
  return copy.definition + " for " + date_in_words(copy.on) + ", copy " + std::to_string(copy.number) +
         (copy.recipient.empty() ? std::string() : " for " + copy.recipient) + ", issued on " +
         to_local_words(copy.at) + " by " + copy.by +
         (copy.recalled.empty() ? std::string() : "; recalled: " + code_as_words(copy.recalled));
}

int list_command(const Options& options) {
  const Result<Reach> reach = reach_of(options);
  if (!reach.ok()) return tell(reach.status());
  const Result<std::vector<IssuedDocument>> issued = issued_documents(options, *reach);
  if (!issued.ok()) return tell(issued.status());
  json::array rows;
  for (const IssuedDocument& copy : *issued) {
    rows.push_back(
        json::object{{"document", copy.definition},
                     {"on", copy.on},
                     {"copy", copy.number},
                     {"recipient", copy.recipient},
                     {"digest", copy.digest},
                     {"issued", to_local_rfc3339(copy.at)},
                     {"by", copy.by},
                     {"recalled", copy.recalled.empty() ? json::value(nullptr) : json::value(copy.recalled)}});
    if (!options.json) std::cout << copy.digest << "  " << in_words(copy) << "\n";
  }
  if (options.json)
    std::cout << to_json(json::value{{"documents", std::move(rows)}});
  else if (issued->empty())
    std::cout << "No document was issued.\n";
  return kDone;
}

int recall_command(const Options& options, const CopiesOrder& order) {
  const Result<Reach> reach = reach_of(options);
  if (!reach.ok()) return tell(reach.status());
  const Result<IssuedDocument> copy = recall_document(options, *reach, order.digest, order.reason);
  if (!copy.ok()) return tell(copy.status());
  std::cout << "Recalled: " << in_words(*copy)
            << ". Ask whoever has it to destroy it; Moot cannot take it out of their hands.\n";
  return kDone;
}

}  // namespace

void add_document_copies(CLI::App& app, const Options& options, CopiesOrder& order, std::function<int()>& run) {
  CLI::App* document = app.add_subcommand("document", "Copies of documents that were issued");
  document->require_subcommand(1);
  CLI::App* command = document->add_subcommand("list", "List them: to whom, when, with which digest");
  command->callback([&] { run = [&] { return list_command(options); }; });
  command = document->add_subcommand("recall", "Ask a copy back; that it was issued stays on record");
  command->add_option("digest", order.digest, "Its SHA-256, or the first eight characters of it or more")->required();
  command->add_option("--reason", order.reason, "Why, a code such as wrong-recipient")->required();
  command->callback([&] { run = [&] { return recall_command(options, order); }; });
}

}  // namespace moot
