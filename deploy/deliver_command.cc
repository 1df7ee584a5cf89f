#include "deploy/deliver_command.h"

#include <boost/json.hpp>
#include <iostream>

#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "deploy/command.h"
#include "deploy/mail_office.h"
#include "deploy/mail_run.h"

namespace moot {
namespace {

namespace json = boost::json;
using What = MailStanding::What;

class Delivering {
 public:
  Delivering(const Options& options, const DeliverOrder& order, MailOffice& office)
      : options_(options),
        order_(order),
        office_(office),
        run_(office.desk(), office.folder().mailings->server, office.clock()) {}

  Status run();
  bool all_gone() const { return all_gone_; }

 private:
  Result<std::vector<Letter>> letters();
  Status deliver(const Letter& letter);
  Status send(const Letter& letter);
  void tell(const Letter& letter, const std::string& state, const std::string& sentence);

  const Options& options_;
  const DeliverOrder& order_;
  MailOffice& office_;
  MailRun run_;
  const StopSignal stop_;
  json::array rows_;
  bool all_gone_ = true;
};

Result<std::vector<Letter>> Delivering::letters() {
  if (!order_.on.empty()) {
    const Result<Date> on = parse_date(order_.on);
    if (!on.ok()) return Status(Code::kUsage, "--on: " + on.status().message());
    return office_.desk().of_meeting(order_.board, *on);
  }
  Result<MailDesk::Due> due = office_.desk().due();
  if (!due.ok()) return due.status();
  if (!order_.dry_run) MOOT_RETURN_IF_ERROR(office_.desk().put_on_record(due->missed));
  const auto is_of_another = [&](const Letter& letter) {
    return !order_.board.empty() && letter.mailing->board != order_.board;
  };
  std::erase_if(due->letters, is_of_another);
  std::erase_if(due->missed, is_of_another);
  if (order_.dry_run)
    for (const Letter& letter : due->missed) tell(letter, "missed", "its time is over: it would wait in the inbox");
  return std::move(due->letters);
}

Status Delivering::run() {
  const Result<std::vector<Letter>> all = letters();
  if (!all.ok()) return all.status();
  for (const Letter& letter : *all) {
    if (stop_.asked()) break;
    MOOT_RETURN_IF_ERROR(deliver(letter));
  }
  if (options_.json)
    std::cout << to_json(json::value{{"mails", std::move(rows_)}});
  else if (all->empty() && rows_.empty())
    std::cout << "Nothing is to be sent.\n";
  return {};
}

void Delivering::tell(const Letter& letter, const std::string& state, const std::string& sentence) {
  const MailRecord* record = office_.desk().book().find(letter.key);
  const MailAttempt* last =
      record == nullptr || record->attempts.empty() ? nullptr : &record->attempts.rbegin()->second;
  const bool failed = state == "failed" || state == "waits";
  rows_.push_back({{"item", item_of(letter.key)},
                   {"document", letter.key.definition},
                   {"on", letter.key.on},
                   {"recipient", letter.key.recipient},
                   {"agency", letter.agency},
                   {"state", state},
                   {"attempt", last == nullptr ? 0 : record->attempts.rbegin()->first},
                   {"reason", last == nullptr || !failed ? "" : last->reason},
                   {"reply", last == nullptr ? 0 : last->reply},
                   {"copy", record == nullptr ? 0 : record->copy},
                   {"digest", record == nullptr ? "" : record->digest}});
  if (options_.json) return;
  std::cout << letter.key.definition << " for " << date_in_words(letter.key.on) << ", to " << letter.key.recipient
            << ": " << sentence << "\n";
}

Status Delivering::deliver(const Letter& letter) {
  const MailStanding standing = office_.desk().standing(letter);
  switch (standing.what) {
    case What::kDone:
      tell(letter, "done", "settled before, nothing is sent again");
      return {};
    case What::kUnderWay:
      tell(letter, "under-way", "being sent by another command");
      all_gone_ = false;
      return {};
    case What::kWaits:
      tell(letter, "waits",
           "waits in the inbox as " + item_of(letter.key) + ": " + why_not(*office_.desk().book().find(letter.key)));
      all_gone_ = false;
      return {};
    default:
      break;
  }
  if (!order_.dry_run) return send(letter);
  tell(letter, "would-send", letter.recipient == nullptr ? "nobody is named to get it" : "would be sent");
  return {};
}

Status Delivering::send(const Letter& letter) {
  const Result<std::optional<MailOutcome>> outcome = run_.send(letter, stop_);
  if (outcome.status().code() == Code::kConflict) {
    tell(letter, "under-way", "being sent by another command");
    all_gone_ = false;
    return {};
  }
  if (!outcome.ok()) return outcome.status();
  const MailRecord& record = *office_.desk().book().find(letter.key);
  if (*outcome && (*outcome)->taken) {
    const std::string copy = record.copy == 0 ? "" : ", copy " + std::to_string(record.copy);
    tell(letter, "sent", "sent" + copy + "; taken by " + office_.folder().mailings->server.name());
    return {};
  }
  all_gone_ = false;
  const MailStanding after = office_.desk().standing(letter);
  const std::string next = after.what == What::kLater ? "tried again from " + to_local_words(after.at) + " on"
                                                      : "it waits in the inbox as " + item_of(letter.key);
  tell(letter, "failed", "not sent, " + why_not(record) + "; " + next);
  return {};
}

int deliver_command(const Options& options, const DeliverOrder& order) {
  const Result<std::unique_ptr<MailOffice>> office = MailOffice::open(options);
  if (!office.ok()) return tell(office.status());
  Delivering delivering(options, order, **office);
  const Status status = delivering.run();
  if (!status.ok()) return tell(status);
  return delivering.all_gone() ? kDone : kRefused;
}

}  // namespace

void add_deliver(CLI::App& app, const Options& options, DeliverOrder& order, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand("deliver", "Send documents by e-mail: those that are due, or of one meeting");
  command->add_option("board", order.board, "Only of this board");
  command->add_option("--on", order.on, "Of the meeting on this date, due or not");
  command->add_flag("--dry-run", order.dry_run, "Only say what would be sent");
  command->callback([&] { run = [&] { return deliver_command(options, order); }; });
}

}  // namespace moot
