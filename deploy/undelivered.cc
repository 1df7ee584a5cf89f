#include "deploy/undelivered.h"

#include <algorithm>
#include <iostream>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "consumers/delivery/smtp.h"
#include "consumers/document/phrase.h"
#include "deploy/command.h"
#include "deploy/mail_office.h"
#include "deploy/mail_run.h"

namespace moot {
namespace {

namespace json = boost::json;

std::string what_it_is(const MailKey& key) {
  return key.definition + " for " + date_in_words(key.on) + ", to " + key.recipient;
}

std::string in_words(std::uint32_t number, const MailAttempt& attempt) {
  const std::string which = attempt.is_one() ? "Attempt " + std::to_string(number) : "No attempt; noted";
  std::string text = which + " on " + to_local_words(attempt.started);
  if (attempt.is_one()) text += ", " + attempt.server;
  if (!attempt.ended) return text + ": how it ended is not known";
  return text + ": " + (attempt.taken ? "taken" : failure_in_words(attempt.reason, attempt.reply));
}

Result<UndeliveredItem> find_item(const Options& options, const std::string& wanted) {
  Result<std::vector<UndeliveredItem>> items = undelivered_items(options);
  if (!items.ok()) return items.status();
  for (UndeliveredItem& item : *items)
    if (item.item() == wanted) return std::move(item);
  return Status(Code::kNotFound, "no mail \"" + wanted + "\" waits (any more)");
}

}  // namespace

Result<std::vector<UndeliveredItem>> undelivered_items(const Options& options) {
  std::vector<UndeliveredItem> items;
  if (!options.as.empty() || !options.key.empty()) return items;
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<std::unique_ptr<GovernanceLog>> log = GovernanceLog::open(options, *reach);
  if (!log.ok()) return log.status();
  MailBook book;
  MOOT_RETURN_IF_ERROR((*log)->catch_up([&](const v1::Event& event) { book.apply(event); }));
  const Mailings mailings = folder->mailings.value_or(Mailings());
  const Instant now = SystemClock().now();
  for (const auto& [key, record] : book.all())
    if (standing_of(&record, mailings, now).what == MailStanding::What::kWaits) items.push_back({key, record});
  return items;
}

json::object as_json(const UndeliveredItem& item) {
  const MailAttempt& last = item.record.attempts.rbegin()->second;
  return {{"item", item.item()},
          {"kind", "undelivered"},
          {"since", to_rfc3339(last.ended ? last.ended_at : last.started)},
          {"agency", item.record.agency},
          {"code", last.ended ? last.reason : "not-confirmed"},
          {"reason", why_not(item.record)},
          {"file", ""},
          {"row", 0},
          {"column", ""},
          {"document", item.key.definition},
          {"on", item.key.on},
          {"recipient", item.key.recipient},
          {"attempts", item.record.made()}};
}

std::string in_words(const UndeliveredItem& item) {
  const std::size_t made = item.record.made();
  return item.item() + "  " + item.record.agency + "  not delivered: " + what_it_is(item.key) + ": " +
         why_not(item.record) + " (" + (made == 0 ? "no attempt" : counted(made, "attempt")) + ")";
}

bool is_undelivered_item(const std::string& item) { return item.starts_with("mail-"); }

int show_undelivered_item(const Options& options, const std::string& wanted) {
  const Result<UndeliveredItem> item = find_item(options, wanted);
  if (!item.ok()) return tell(item.status());
  if (options.json) {
    json::object shown = as_json(*item);
    json::array attempts;
    for (const auto& [number, attempt] : item->record.attempts)
      attempts.push_back({{"attempt", number},
                          {"started", to_rfc3339(attempt.started)},
                          {"server", attempt.server},
                          {"reason", attempt.reason},
                          {"reply", attempt.reply}});
    shown["attempts"] = std::move(attempts);
    shown["digest"] = item->record.digest;
    std::cout << json::serialize(shown) << "\n";
    return kDone;
  }
  std::cout << in_words(*item) << "\n";
  for (const auto& [number, attempt] : item->record.attempts) std::cout << in_words(number, attempt) << "\n";
  std::cout << "To settle it: moot inbox retry " << wanted << ", or moot inbox drop " << wanted << " --reason CODE\n";
  return kDone;
}

Result<Retried> retry_undelivered(const Options& options, const std::vector<std::string>& items, bool dry_run) {
  Retried retried;
  if (items.empty()) return retried;
  const Result<std::vector<UndeliveredItem>> waiting = undelivered_items(options);
  if (!waiting.ok()) return waiting.status();
  const Result<std::unique_ptr<MailOffice>> office = MailOffice::open(options);
  if (!office.ok()) return office.status();
  MailDesk& desk = (*office)->desk();
  MailRun run(desk, (*office)->folder().mailings->server, (*office)->clock());
  const StopSignal stop;
  for (const std::string& wanted : items) {
    if (stop.asked()) break;
    const auto found = std::find_if(waiting->begin(), waiting->end(),
                                    [&](const UndeliveredItem& item) { return item.item() == wanted; });
    if (found == waiting->end()) return Status(Code::kUsage, wanted + " does not wait any more");
    const auto refused = [&](const std::string& why) {
      ++retried.refused;
      std::cerr << "moot: " << wanted << " (" << what_it_is(found->key) << "): " << why << "\n";
    };
    const Result<Letter> letter = desk.of_key(found->key);
    if (!letter.ok()) {
      refused(letter.status().message());
      continue;
    }
    if (dry_run) {
      ++retried.taken;
      continue;
    }
    const Result<std::optional<MailOutcome>> outcome = run.send(*letter, stop);
    if (!outcome.ok()) return outcome.status();
    if (*outcome && (*outcome)->taken)
      ++retried.taken;
    else
      refused(why_not(*desk.book().find(found->key)));
  }
  return retried;
}

Status drop_undelivered(const Options& options, const std::string& wanted, const std::string& reason) {
  if (reason.empty() || !check_code("reason", reason).ok())
    return Status(Code::kUsage, "--reason: of a mail it is a code in small letters, such as handed-over");
  const Result<UndeliveredItem> item = find_item(options, wanted);
  if (!item.ok()) return item.status();
  const Result<std::unique_ptr<MailOffice>> office = MailOffice::open(options);
  if (!office.ok()) return office.status();
  return (*office)->desk().drop(item->key, reason);
}

}  // namespace moot
