// What the mail desk tells agencies' contacts of their feeds.
#include <algorithm>

#include "broker/core/sha256.h"
#include "deploy/data_tokens.h"
#include "deploy/mail_desk.h"
#include "deploy/waiting_items.h"

namespace moot {
namespace {

constexpr std::int64_t kLookEveryUs = 600 * kSecondUs;

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

Instant soon(const std::string& rfc3339, Instant now) {
  const Result<Instant> end = parse_rfc3339(rfc3339);
  return end.ok() && end->us - now.us <= kExpiryWarningUs ? *end : Instant{};
}

}  // namespace

// As things stand now, by agency.
Result<std::map<std::string, FeedState>> MailDesk::feed_states() const {
  const Instant now = clock_.now();
  std::map<std::string, FeedState> states;
  v1::Request of_status;
  of_status.mutable_status();
  const Result<v1::Reply> status = source_.reach.ask(of_status);
  if (!status.ok()) return status.status();
  const Result<std::vector<v1::InboxItem>> inbox = waiting_items(source_.reach);
  if (!inbox.ok()) return inbox.status();
  for (const v1::BrokerStatus::Agency& row : status->status().agencies()) {
    FeedState& state = states[row.id()];
    state.agency = row.id();
    state.silent = row.silent();
    state.rhythm_days = static_cast<int>(row.rhythm_days());
    const Result<Instant> last = parse_rfc3339(row.last_recorded());
    if (last.ok()) state.last = *last;
    if (!row.revoked()) state.key_ends = soon(row.key_until(), now);
  }
  for (const v1::InboxItem& item : *inbox)
    if (item.kind() == "refused" && states.contains(item.agency()))
      ++states[item.agency()].waits[std::string(code_name(static_cast<Code>(item.code())))];
  const Result<std::vector<BearerToken>> tokens = read_tokens(tokens_of(source_.options));
  if (!tokens.ok()) return tokens.status();
  for (const BearerToken& token : *tokens) {
    const bool ends_soon = token.valid(now) && token.last().us - now.us <= kExpiryWarningUs;
    const bool replaced = std::any_of(tokens->begin(), tokens->end(), [&](const BearerToken& next) {
      return next.valid(now) &&
             (next.replaces == token.id ||
              (token.certificate && next.certificate && next.agency == token.agency && next.last() > token.last()));
    });
    if (ends_soon && !replaced && states.contains(token.agency.value()))
      states[token.agency.value()].tokens.push_back({token.id, token.certificate, token.last()});
  }
  return states;
}

// To each recipient whose agency has something to be told, whether it was told or not.
Result<std::vector<Letter>> MailDesk::feed_letters(const Mailing& mailing, const std::string& on) const {
  const Result<std::map<std::string, FeedState>> states = feed_states();
  if (!states.ok()) return states.status();
  std::vector<Letter> letters;
  for (const std::string& id : mailing.to) {
    const MailRecipient* recipient = mailings().find_recipient(id);
    const auto state = states->find(recipient->agency);
    if (state == states->end()) continue;
    Letter letter{&mailing, {mailing.definition(), on, id}, recipient, recipient->agency, {}, {}};
    letter.lines = notice_lines(state->second);
    if (!letter.lines.empty()) letters.push_back(std::move(letter));
  }
  return letters;
}

// The whole inbox is asked for: seldom.
Status MailDesk::add_due_of_feeds(std::vector<Letter>& due) {
  const Instant now = clock_.now();
  if (feeds_looked_at_ != Instant{} && now.us - feeds_looked_at_.us < kLookEveryUs) return {};
  feeds_looked_at_ = now;
  const Date today = local_date(now);
  for (const Mailing& mailing : mailings().mailings) {
    const bool time = now.us >= local_midnight(today).us + mailing.at * (kHourUs / 60) && mailing.starts <= today;
    if (mailing.what != Mailing::What::kFeeds || !time) continue;
    const Result<std::vector<Letter>> found = feed_letters(mailing, to_iso(today));
    if (!found.ok()) return found.status();
    for (const Letter& letter : *found)
      if (is_due(book_, letter.key.recipient, digest_of_notice(letter), today) &&
          standing(letter).what == MailStanding::What::kToSend)
        due.push_back(letter);
  }
  return {};
}

std::string MailDesk::digest_of_notice(const Letter& letter) { return sha256_hex(text_of(letter.lines)); }

Result<std::optional<Mail>> MailDesk::begin_notice(const Letter& letter, std::uint32_t number, Instant may_have_gone) {
  const std::string digest = digest_of_notice(letter);
  about_[letter.key].digest = digest;
  MOOT_RETURN_IF_ERROR(record(letter, "delivery-started", number));
  return std::optional<Mail>(notice_mail(
      {source_.folder.partnership, mailings(), *letter.recipient, letter.key, letter.lines, digest, may_have_gone},
      clock_.now()));
}

}  // namespace moot
