#include "consumers/delivery/mail_book.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "broker/core/seal.h"
#include "consumers/delivery/smtp.h"

namespace moot {
namespace {

constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kLongestWaitMinutes = 24 * 60;
// Beyond the time an attempt may take, whoever made it and has not said how it ended is gone.
constexpr std::int64_t kGoneAfterUs = 5 * kSecondUs;

Instant later_by(Instant at, std::int64_t us) { return Instant{at.us + us}; }

std::int64_t wait_minutes(const Mailings& mailings, std::size_t made) {
  std::int64_t minutes = mailings.retry_minutes;
  for (std::size_t i = 1; i < made && minutes < kLongestWaitMinutes; ++i) minutes *= 2;
  return std::min(minutes, kLongestWaitMinutes);
}

}  // namespace

bool MailAttempt::is_one() const { return !ended || taken || was_tried(reason); }

std::size_t MailRecord::made() const {
  return static_cast<std::size_t>(
      std::count_if(attempts.begin(), attempts.end(), [](const auto& attempt) { return attempt.second.is_one(); }));
}

void MailBook::apply(const v1::Event& event) {
  const v1::Governance& governance = event.facts().governance();
  const v1::Governance::Stage stage = governance.stage();
  if (stage < v1::Governance::DELIVERY_STARTED || stage > v1::Governance::DELIVERY_DROPPED) return;
  const std::string recipient = governance.recipients_size() == 1 ? governance.recipients(0) : "";
  MailRecord& record = mails_[{governance.definition(), governance.starts(), recipient}];
  record.digest = governance.digest();
  record.copy = static_cast<std::uint32_t>(std::strtoul(governance.version().c_str(), nullptr, 10));
  record.agency = governance.agency();
  if (stage == v1::Governance::DELIVERY_DROPPED) {
    record.dropped = governance.reason();
    return;
  }
  const Instant at = from_proto(event.envelope().time());
  MailAttempt& attempt = record.attempts[governance.attempt()];
  attempt.server = governance.server();
  if (stage == v1::Governance::DELIVERY_STARTED) {
    attempt.started = at;
    return;
  }
  if (attempt.started == Instant{}) attempt.started = at;
  attempt.ended = true;
  attempt.ended_at = at;
  attempt.taken = attempt.taken || stage == v1::Governance::DELIVERED;
  attempt.reason = attempt.taken ? "" : governance.reason();
  attempt.reply = governance.reply();
}

const MailRecord* MailBook::find(const MailKey& key) const {
  const auto found = mails_.find(key);
  return found == mails_.end() ? nullptr : &found->second;
}

MailStanding standing_of(const MailRecord* record, const Mailings& mailings, Instant now) {
  using What = MailStanding::What;
  MailStanding standing;
  if (record == nullptr) return standing;
  const auto is_taken = [](const auto& attempt) { return attempt.second.taken; };
  const auto& attempts = record->attempts;
  if (!record->dropped.empty() || std::any_of(attempts.begin(), attempts.end(), is_taken)) {
    standing.what = What::kDone;
    return standing;
  }
  if (attempts.empty()) return standing;
  for (const auto& [number, attempt] : attempts)
    if (!attempt.ended || may_have_arrived(attempt.reason)) standing.may_have_gone = attempt.started;
  const MailAttempt& last = attempts.rbegin()->second;
  const Instant gone = later_by(last.started, mailings.server.timeout_s * kSecondUs + kGoneAfterUs);
  if (!last.ended && now < gone) {
    standing.what = What::kUnderWay;
    standing.at = gone;
    return standing;
  }
  if (is_for_good(last.reason) || record->made() >= static_cast<std::size_t>(mailings.attempts)) {
    standing.what = What::kWaits;
    return standing;
  }
  if (!last.ended) return standing;
  standing.at = later_by(last.ended_at, wait_minutes(mailings, record->made()) * kMinuteUs);
  standing.what = now < standing.at ? What::kLater : What::kToSend;
  return standing;
}

std::uint32_t next_attempt(const MailRecord* record) {
  return record == nullptr || record->attempts.empty() ? 1 : record->attempts.rbegin()->first + 1;
}

std::string item_of(const MailKey& key) {
  const Digest digest = keyed_digest(Key{}, "mail\n" + key.definition + "\n" + key.on + "\n" + key.recipient);
  return "mail-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 5));
}

std::string why_not(const MailRecord& record) {
  if (record.attempts.empty()) return "nothing was tried";
  const MailAttempt& last = record.attempts.rbegin()->second;
  return last.ended ? failure_in_words(last.reason, last.reply)
                    : "it is not known how the attempt ended: the program was stopped during it";
}

v1::Event mail_event(std::string_view agency, std::string_view stage, const MailKey& key, const MailRecord& about,
                     std::uint32_t attempt, Instant at) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + std::string(agency) + "/mail");
  std::string id = key.definition + "/" + key.on + "/" + key.recipient + "/" + std::to_string(attempt);
  // One attempt ends once, and how is said once: what is said first counts.
  id += stage == "delivery-started" ? "/started" : stage == "delivery-dropped" ? "/dropped" : "/ended";
  envelope.set_id(id);
  envelope.set_type("uk.csp.governance." + std::string(stage) + ".v1");
  *envelope.mutable_time() = to_proto(at);
  MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *event.mutable_facts()));
  v1::Governance& governance = *event.mutable_facts()->mutable_governance();
  governance.set_definition(key.definition);
  governance.set_starts(key.on);
  governance.add_recipients(key.recipient);
  governance.set_attempt(attempt);
  governance.set_agency(about.agency);
  governance.set_digest(about.digest);
  if (about.copy > 0) governance.set_version(std::to_string(about.copy));
  if (stage == "delivery-dropped") {
    governance.set_reason(about.dropped);
    return event;
  }
  const auto made = about.attempts.find(attempt);
  if (made == about.attempts.end()) return event;
  governance.set_server(made->second.server);
  if (stage == "delivery-started") return event;
  governance.set_reason(made->second.reason);
  governance.set_reply(made->second.reply);
  return event;
}

}  // namespace moot
