#include "deploy/mail_desk.h"

#include <algorithm>

#include "broker/core/sha256.h"
#include "broker/core/whole_file.h"
#include "consumers/delivery/mail_text.h"
#include "deploy/audit_command.h"
#include "deploy/publish_events.h"

namespace moot {
namespace {

constexpr std::int64_t kPlanEveryUs = 60 * kSecondUs;

std::string type_of_file(const std::string& format) {
  if (format == "html") return "text/html; charset=utf-8";
  if (format == "pdf") return "application/pdf";
  if (format == "odt") return "application/vnd.oasis.opendocument.text";
  if (format == "json") return "application/json";
  return "text/markdown; charset=utf-8";
}

// Faults of the definitions or the events, rather than of the way to them.
bool is_of_the_document(const Status& status) {
  return status.code() == Code::kDefinition || status.code() == Code::kUsage || status.code() == Code::kMissing;
}

}  // namespace

Result<std::unique_ptr<MailDesk>> MailDesk::open(const CopySource& source, const Clock& clock) {
  MOOT_CHECK(source.folder.mailings.has_value());
  std::unique_ptr<MailDesk> desk(new MailDesk(source, clock));
  const Result<KeyFile> key = source.reach.acting();
  if (!key.ok()) return key.status();
  desk->acting_ = key->agency.value();
  Result<std::unique_ptr<GovernanceLog>> log = GovernanceLog::open(source.options, source.reach);
  if (!log.ok()) return log.status();
  desk->log_ = std::move(*log);
  MOOT_RETURN_IF_ERROR(desk->catch_up());
  return desk;
}

Status MailDesk::catch_up() {
  return log_->catch_up([this](const v1::Event& event) {
    book_.apply(event);
    copies_.apply(event);
  });
}

const WorkingDays& MailDesk::working_days() const {
  static const WorkingDays weekdays;
  const RulePack* pack = source_.folder.rules_in_force();
  return pack == nullptr ? weekdays : pack->working_days;
}

MailStanding MailDesk::standing(const Letter& letter) const {
  return standing_of(book_.find(letter.key), mailings(), clock_.now());
}

Result<const std::map<std::string, OwnActions>*> MailDesk::owners(const Mailing& mailing, Date on) {
  const auto [at, fresh] = owners_.try_emplace({mailing.definition(), on});
  if (!fresh) return &at->second;
  const Result<v1::Agenda> agenda =
      whole_agenda(source_, mailing.definition(), on, source_.documents.casebook().default_as_at(on));
  if (!agenda.ok()) {
    owners_.erase(at);
    return agenda.status();
  }
  at->second = open_by_owner(*agenda);
  return &at->second;
}

// Of the mailing's document for that day: to each recipient, or each who has something to do and nobody is named for.
Result<std::vector<Letter>> MailDesk::letters(const Mailing& mailing, Date on) {
  std::vector<Letter> letters;
  const bool of_actions = mailing.what == Mailing::What::kActions;
  std::map<std::string, OwnActions> owners_left;
  if (of_actions) {
    const auto found = owners(mailing, on);
    if (!found.ok()) return found.status();
    owners_left = **found;
  }
  const std::map<std::string, OwnActions> all_owners = owners_left;
  for (const std::string& id : mailing.to) {
    const MailRecipient* recipient = mailings().find_recipient(id);
    const auto owner = all_owners.find(recipient->agency);
    if (of_actions && owner == all_owners.end()) continue;
    letters.push_back({&mailing,
                       {mailing.definition(), to_iso(on), id},
                       recipient,
                       recipient->agency,
                       of_actions ? owner->second : OwnActions(),
                       {}});
    owners_left.erase(recipient->agency);
  }
  for (const auto& [owner, actions] : owners_left)
    if (!owner.empty())
      letters.push_back({&mailing, {mailing.definition(), to_iso(on), owner}, nullptr, owner, actions, {}});
  return letters;
}

// The meetings that were scheduled are looked for among all cases, and they seldom change.
void MailDesk::plan(Instant now) {
  const Casebook& casebook = source_.documents.casebook();
  const bool another_day = local_date(now) != local_date(planned_at_);
  const bool news = casebook.last_instant() != planned_from_ && now.us - planned_at_.us >= kPlanEveryUs;
  if (!another_day && !news) return;
  planned_at_ = now;
  planned_from_ = casebook.last_instant();
  planned_.clear();
  const std::shared_ptr<const CaseSet> cases = casebook.cases_at(now, {});
  for (const Mailing& mailing : mailings().mailings) {
    if (mailing.what == Mailing::What::kFeeds) continue;
    const Board& board = *source_.folder.find_board(mailing.board);
    const DaysLookedAt days = days_looked_at(mailing, now);
    for (const MeetingDay& meeting : meeting_days(*cases, board, mailing.area, working_days(), days.from, days.to))
      planned_.emplace_back(&mailing, mailing_day(mailing, meeting, working_days(), now));
  }
}

Status MailDesk::record_missed(const Letter& letter, Instant now) {
  MailRecord& about = about_[letter.key];
  about.agency = letter.agency;
  about.attempts[0] = {now, true, now, false, "missed", 0, ""};  // 0: none was made
  return record(letter, "undelivered", 0);
}

Status MailDesk::put_on_record(const std::vector<Letter>& missed) {
  for (const Letter& letter : missed) MOOT_RETURN_IF_ERROR(record_missed(letter, clock_.now()));
  return {};
}

Result<MailDesk::Due> MailDesk::due() {
  const Instant now = clock_.now();
  plan(now);
  Due due;
  for (const auto& [mailing, day] : planned_) {
    if (now < day.due) continue;
    const Result<std::vector<Letter>> found = letters(*mailing, day.on);
    if (is_of_the_document(found.status())) continue;  // no version of the board holds; its agenda says why
    if (!found.ok()) return found.status();
    for (const Letter& letter : *found) {
      if (standing(letter).what != MailStanding::What::kToSend) continue;
      const bool missed = day.missed && book_.find(letter.key) == nullptr;
      (missed ? due.missed : due.letters).push_back(letter);
    }
  }
  MOOT_RETURN_IF_ERROR(add_due_of_feeds(due.letters));
  return due;
}

Result<std::vector<Letter>> MailDesk::of_meeting(const std::string& board, Date meeting) {
  std::vector<Letter> all;
  bool any = false;
  for (const Mailing& mailing : mailings().mailings) {
    if (mailing.what == Mailing::What::kFeeds || (!board.empty() && mailing.board != board)) continue;
    any = true;
    const MailingDay day = mailing_day(mailing, {meeting, {}, false, {}, 0, {}}, working_days(), clock_.now());
    if (mailing.what == Mailing::What::kActions && clock_.now() < day.due) continue;
    Result<std::vector<Letter>> found = letters(mailing, day.on);
    if (!found.ok()) return found.status();
    all.insert(all.end(), found->begin(), found->end());
  }
  if (!any) return Status(Code::kUsage, "nothing is sent for a board \"" + board + "\": no [[mailing]] names it");
  return all;
}

Result<Letter> MailDesk::of_key(const MailKey& key) {
  const Result<Date> on = parse_date(key.on);
  for (const Mailing& mailing : mailings().mailings) {
    if (mailing.definition() != key.definition || !on.ok()) continue;
    const Result<std::vector<Letter>> found =
        mailing.what == Mailing::What::kFeeds ? feed_letters(mailing, key.on) : letters(mailing, *on);
    if (!found.ok()) return found.status();
    for (const Letter& letter : *found)
      if (letter.key == key) return letter;
  }
  return Status(Code::kNotFound, "the mailings send \"" + key.definition + "\" for " + key.on + " to \"" +
                                     key.recipient + "\" no more; drop it, or put the mailing back");
}

// A code of why nothing can be sent; empty = it can.
Result<std::string> MailDesk::why_it_cannot(const Letter& letter) const {
  if (letter.recipient == nullptr) return std::string("no-recipient");
  if (letter.recipient->email.empty()) return std::string("no-address");
  v1::Request request;
  request.mutable_status();
  const Result<v1::Reply> reply = source_.reach.ask(request);
  if (!reply.ok()) return reply.status();
  const auto& agencies = reply->status().agencies();
  const bool there = std::any_of(agencies.begin(), agencies.end(), [&](const v1::BrokerStatus::Agency& agency) {
    return agency.id() == letter.agency && !agency.revoked();
  });
  return std::string(there ? "" : "not-an-agency");
}

Result<IssuedDocument> MailDesk::issue(const Letter& letter, std::string& bytes) {
  const Result<Date> on = parse_date(letter.key.on);
  IssuedDocument copy;
  copy.definition = letter.key.definition;
  copy.on = letter.key.on;
  copy.number = copies_of(copies_.all(), copy.definition, copy.on) + 1;
  copy.recipient = letter.key.recipient;
  copy.known_by = source_.documents.casebook().default_as_at(*on);
  copy.format = letter.mailing->format;
  if (letter.mailing->what == Mailing::What::kActions) copy.agency = letter.agency;
  Result<std::string> made = bytes_of_copy(source_, copy);
  if (!made.ok()) return made.status();
  bytes = std::move(*made);
  copy.digest = sha256_hex(bytes);
  MOOT_RETURN_IF_ERROR(
      audit_shown(source_.reach, source_.options, {"document", copy.definition, copy.on, 0, {letter.agency}}));
  MOOT_RETURN_IF_ERROR(record_issue(source_.options, source_.reach, copy));
  copies_.add(copy);
  return copy;
}

// The copy that the recipient was issued and nobody asked back, or a new one.
Result<IssuedDocument> MailDesk::copy_for(const Letter& letter, std::string& bytes) {
  std::optional<IssuedDocument> issued;
  for (const IssuedDocument& copy : copies_.all())
    if (copy.definition == letter.key.definition && copy.on == letter.key.on &&
        copy.recipient == letter.key.recipient && copy.recalled.empty() && copy.format == letter.mailing->format)
      issued = copy;
  if (!issued) return issue(letter, bytes);
  Result<std::string> again = bytes_of_copy(source_, *issued);
  if (!again.ok()) return again.status();
  // What it was made from has changed since: what is handed out now is another copy.
  if (sha256_hex(*again) != issued->digest) return issue(letter, bytes);
  bytes = std::move(*again);
  return *issued;
}

Result<std::optional<Mail>> MailDesk::begin(const Letter& letter) {
  const Instant now = clock_.now();
  const std::uint32_t number = next_attempt(book_.find(letter.key));
  const MailStanding before = standing(letter);
  MailRecord& about = about_[letter.key];
  about = MailRecord();
  about.agency = letter.agency;
  MailAttempt& attempt = about.attempts[number];
  attempt = {now, false, {}, false, "", 0, mailings().server.name()};
  const auto cannot = [&](const std::string& reason) -> Result<std::optional<Mail>> {
    attempt.reason = reason;
    MOOT_RETURN_IF_ERROR(record(letter, "undelivered", number));
    return std::optional<Mail>();
  };
  const Result<std::string> reason = why_it_cannot(letter);
  if (!reason.ok()) return reason.status();
  if (!reason->empty()) return cannot(*reason);
  if (letter.mailing->what == Mailing::What::kFeeds) return begin_notice(letter, number, before.may_have_gone);
  std::string bytes;
  const Result<IssuedDocument> copy = copy_for(letter, bytes);
  if (is_of_the_document(copy.status())) return cannot("not-made");
  if (!copy.ok()) return copy.status();
  about.digest = copy->digest;
  about.copy = copy->number;
  const std::string file = file_of_copy(letter.key, copy->number, copy->digest, copy->format);
  if (!mailings().copies.empty()) {
    MOOT_RETURN_IF_ERROR(make_folder(mailings().copies));
    MOOT_RETURN_IF_ERROR(write_whole_file(mailings().copies / file, bytes));
  }
  MOOT_RETURN_IF_ERROR(record(letter, "delivery-started", number));
  const Board& board = *source_.folder.find_board(letter.mailing->board);
  const MailMatter matter{source_.folder.partnership,
                          mailings(),
                          *letter.mailing,
                          *letter.recipient,
                          board.title,
                          letter.key,
                          copy->digest,
                          copy->number,
                          letter.actions,
                          before.may_have_gone};
  Mail mail = mail_of(matter, now);
  if (letter.mailing->attach) mail.attachment = {file, type_of_file(copy->format), std::move(bytes)};
  return std::optional<Mail>(std::move(mail));
}

Status MailDesk::end(const Letter& letter, const MailOutcome& outcome) {
  MailRecord& about = about_[letter.key];
  MOOT_CHECK(!about.attempts.empty());
  auto& [number, attempt] = *about.attempts.rbegin();
  attempt.reason = outcome.reason;
  attempt.reply = outcome.reply;
  return record(letter, outcome.taken ? "delivered" : "undelivered", number);
}

Status MailDesk::drop(const MailKey& key, const std::string& reason) {
  const MailRecord* record = book_.find(key);
  MailRecord about = record == nullptr ? MailRecord() : *record;
  about.dropped = reason;
  const std::uint32_t number = record == nullptr ? 0 : next_attempt(record) - 1;
  return publish(mail_event(acting_, "delivery-dropped", key, about, number, clock_.now()));
}

Status MailDesk::record(const Letter& letter, std::string_view stage, std::uint32_t number) {
  return publish(mail_event(acting_, stage, letter.key, about_[letter.key], number, clock_.now()));
}

Status MailDesk::publish(const v1::Event& event) {
  const Status published = publish_events(source_.options, source_.reach, {event});
  if (published.code() == Code::kConflict)
    return Status(Code::kConflict, "somebody else sends this mail at the same moment");
  MOOT_RETURN_IF_ERROR(published);
  book_.apply(event);
  return {};
}

}  // namespace moot
