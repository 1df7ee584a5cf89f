#include "deploy/document_copies_command.h"

#include <boost/json.hpp>
#include <iostream>

#include "broker/core/sha256.h"
#include "broker/core/whole_file.h"
#include "consumers/delivery/mail_book.h"
#include "consumers/delivery/mail_text.h"
#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"
#include "deploy/governance_log.h"
#include "deploy/issued_copy.h"
#include "deploy/issued_documents.h"

namespace moot {
namespace {

namespace json = boost::json;

Result<Reach> reach_of(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  return Reach::open(options, *folder);
}

// When and by which mail server the copy was taken, or nothing.
const MailAttempt* taken_of(const MailBook& mails, const IssuedDocument& copy) {
  const MailRecord* record = mails.find({copy.definition, copy.on, copy.recipient});
  if (record == nullptr || record->digest != copy.digest) return nullptr;
  for (const auto& [number, attempt] : record->attempts)
    if (attempt.taken) return &attempt;
  return nullptr;
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
  const Result<std::unique_ptr<GovernanceLog>> log = GovernanceLog::open(options, *reach);
  if (!log.ok()) return tell(log.status());
  IssuedCopies copies;
  MailBook mails;
  const Status read = (*log)->catch_up([&](const v1::Event& event) {
    copies.apply(event);
    mails.apply(event);
  });
  if (!read.ok()) return tell(read);
  const std::vector<IssuedDocument> issued = copies.all();
  json::array rows;
  for (const IssuedDocument& copy : issued) {
    const MailAttempt* taken = taken_of(mails, copy);
    rows.push_back(
        json::object{{"document", copy.definition},
                     {"on", copy.on},
                     {"copy", copy.number},
                     {"recipient", copy.recipient},
                     {"digest", copy.digest},
                     {"issued", to_local_rfc3339(copy.at)},
                     {"by", copy.by},
                     {"sent", taken == nullptr ? json::value(nullptr) : json::value(to_local_rfc3339(taken->ended_at))},
                     {"server", taken == nullptr ? json::value(nullptr) : json::value(taken->server)},
                     {"recalled", copy.recalled.empty() ? json::value(nullptr) : json::value(copy.recalled)}});
    if (options.json) continue;
    std::cout << copy.digest << "  " << in_words(copy);
    if (taken != nullptr) std::cout << "; sent on " << to_local_words(taken->ended_at) << " by " << taken->server;
    std::cout << "\n";
  }
  if (options.json)
    std::cout << to_json(json::value{{"documents", std::move(rows)}});
  else if (issued.empty())
    std::cout << (options.as.empty() && options.key.empty() ? "No document was issued.\n"
                                                            : "No document that it may see was issued.\n");
  return kDone;
}

// Makes the copy again, and gives it out only when it is the very one.
Status fetch(const Options& options, const CopiesOrder& order) {
  if (!options.as.empty() || !options.key.empty())
    return Status(Code::kUsage, "issued copies are the operator's to make again: leave --as and --key out");
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<std::vector<IssuedDocument>> issued = issued_documents(options, *reach);
  if (!issued.ok()) return issued.status();
  const Result<IssuedDocument> copy = find_issued(*issued, order.digest);
  if (!copy.ok()) return copy.status();
  if (!copy->recalled.empty()) return Status(Code::kNotAllowed, "that copy was recalled: " + copy->recalled);
  const Result<std::unique_ptr<Documents>> documents = Documents::open(options, *reach);
  if (!documents.ok()) return documents.status();
  MOOT_RETURN_IF_ERROR((*documents)->catch_up(options.timeout_ms()));
  const Result<std::string> bytes = bytes_of_copy({options, *reach, *folder, **documents}, *copy);
  if (!bytes.ok()) return bytes.status();
  if (sha256_hex(*bytes) != copy->digest)
    return Status(Code::kConflict,
                  "what is made from the log now is not the copy that was issued: definitions, agreements or what was "
                  "erased have changed since. Issue another");
  MOOT_RETURN_IF_ERROR(
      audit_shown(*reach, options, {"document", copy->definition, copy->on, 0, recipients_or_none(copy->recipient)}));
  return write_out(*bytes, order.output);
}

// The file that the link in the mail leads to, where it is that very copy. Whether there was one.
Result<bool> remove_file_of(const PartnershipFolder& folder, const IssuedDocument& copy) {
  if (!folder.mailings || folder.mailings->copies.empty()) return false;
  const MailKey key{copy.definition, copy.on, copy.recipient};
  const std::filesystem::path file = folder.mailings->copies / file_of_copy(key, copy.number, copy.digest, copy.format);
  const Result<std::string> bytes = read_whole_file(file);
  if (!bytes.ok() || sha256_hex(*bytes) != copy.digest) return false;
  std::error_code error;
  if (std::filesystem::remove(file, error)) return true;
  return Status(Code::kDisk,
                file.string() + " is the copy that was recalled and cannot be removed; remove it yourself");
}

int recall_command(const Options& options, const CopiesOrder& order) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<IssuedDocument> copy = recall_document(options, *reach, order.digest, order.reason);
  if (!copy.ok()) return tell(copy.status());
  const Result<bool> removed = remove_file_of(*folder, *copy);
  if (!removed.ok()) return tell(removed.status());
  std::cout << "Recalled: " << in_words(*copy) << (*removed ? ". Its file is no longer behind the link" : "")
            << ". Ask whoever has it to destroy it; Moot cannot take it out of their hands.\n";
  return kDone;
}

}  // namespace

void add_document_copies(CLI::App& app, const Options& options, CopiesOrder& order, std::function<int()>& run) {
  CLI::App* document = app.add_subcommand("document", "Copies of documents that were issued");
  document->require_subcommand(1);
  CLI::App* command = document->add_subcommand("list", "List them: to whom, when, with which digest");
  command->callback([&] { run = [&] { return list_command(options); }; });
  command = document->add_subcommand("fetch", "Make an issued copy again, the very bytes");
  command->add_option("digest", order.digest, "Its SHA-256, or the first eight characters of it or more")->required();
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->callback([&] { run = [&] { return tell(fetch(options, order)); }; });
  command = document->add_subcommand("recall", "Ask a copy back; that it was issued stays on record");
  command->add_option("digest", order.digest, "Its SHA-256, or the first eight characters of it or more")->required();
  command->add_option("--reason", order.reason, "Why, a code such as wrong-recipient")->required();
  command->callback([&] { run = [&] { return recall_command(options, order); }; });
}

}  // namespace moot
