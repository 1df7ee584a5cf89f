#include "deploy/mail_run.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>

namespace moot {
namespace {

constexpr std::int64_t kLookEveryUs = 10 * kSecondUs;
constexpr std::chrono::milliseconds kPause{20};

}  // namespace

MailOnItsWay::MailOnItsWay(const MailServer& server, Mail mail)
    : thread_([this, server, mail = std::move(mail)] {
        pthread_setname_np(pthread_self(), "mail");
        // A server that goes away while it is written to is an outcome, not the end of the process.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        outcome_ = send_mail(server, mail, stop_);
        ended_ = true;
      }) {}

MailOnItsWay::~MailOnItsWay() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

MailOutcome MailOnItsWay::outcome() {
  if (thread_.joinable()) thread_.join();
  return outcome_;
}

Status MailRun::note_outcome() {
  const MailOutcome outcome = mail_->outcome();
  mail_.reset();
  return desk_.end(letter_, outcome);
}

Status MailRun::step() {
  if (mail_ != nullptr) {
    if (!mail_->ended()) return {};
    MOOT_RETURN_IF_ERROR(note_outcome());
  }
  const Instant now = clock_.now();
  if (due_.empty()) {
    if (now < next_look_) return {};
    next_look_ = Instant{now.us + kLookEveryUs};
    MOOT_RETURN_IF_ERROR(desk_.catch_up());
    Result<MailDesk::Due> due = desk_.due();
    if (!due.ok()) return due.status();
    MOOT_RETURN_IF_ERROR(desk_.put_on_record(due->missed));
    due_ = std::move(due->letters);
    std::reverse(due_.begin(), due_.end());
  }
  while (!due_.empty() && mail_ == nullptr) {
    letter_ = due_.back();
    due_.pop_back();
    Result<std::optional<Mail>> mail = desk_.begin(letter_);
    if (mail.status().code() == Code::kConflict) continue;  // somebody else sends it
    if (!mail.ok()) return mail.status();
    if (*mail) mail_ = std::make_unique<MailOnItsWay>(server_, std::move(**mail));
  }
  return {};
}

Status MailRun::finish() {
  due_.clear();
  if (mail_ == nullptr) return {};
  mail_->stop();
  return note_outcome();
}

Result<std::optional<MailOutcome>> MailRun::send(const Letter& letter, const StopSignal& stop) {
  Result<std::optional<Mail>> mail = desk_.begin(letter);
  if (!mail.ok()) return mail.status();
  if (!*mail) return std::optional<MailOutcome>();
  MailOnItsWay on_its_way(server_, std::move(**mail));
  while (!on_its_way.ended()) {
    if (stop.asked()) on_its_way.stop();
    std::this_thread::sleep_for(kPause);
  }
  const MailOutcome outcome = on_its_way.outcome();
  MOOT_RETURN_IF_ERROR(desk_.end(letter, outcome));
  return std::optional<MailOutcome>(outcome);
}

}  // namespace moot
