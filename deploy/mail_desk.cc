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

bool is_of_actions(const Mailing& mailing) { return mailing.what == Mailing::What::kActions; }

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

// What is on record by now: a meeting's actions are often typed in after the day on which they are told has begun. In
// a process that stays, as of its last look at the plan.
Instant MailDesk::latest(Date on) const {
  const Casebook& casebook = source_.documents.casebook();
  if (planned_from_ != Instant{}) return planned_from_;
  return casebook.last_instant() == Instant{} ? casebook.default_as_at(on) : casebook.last_instant();
}

Result<const std::map<std::string, OwnActions>*> MailDesk::owners(const Mailing& mailing, Date on, Instant as_at) {
  const auto [at, fresh] = owners_.try_emplace({mailing.definition(), on, as_at});
  if (!fresh) return &at->second;
  const Result<v1::Agenda> agenda = whole_agenda(source_, mailing.definition(), on, as_at);
  if (!agenda.ok()) {
    owners_.erase(at);
    return agenda.status();
  }
  at->second = open_by_owner(*agenda);
  return &at->second;
}

// The copy that the recipient was issued and nobody asked back.
std::optional<IssuedDocument> MailDesk::issued_for(const Letter& letter) const {
  std::optional<IssuedDocument> issued;
  for (const IssuedDocument& copy : copies_.all())
    if (copy.definition == letter.key.definition && copy.on == letter.key.on &&
        copy.recipient == letter.key.recipient && copy.recalled.empty() && copy.format == letter.mailing->format &&
        (!is_of_actions(*letter.mailing) || copy.agency == letter.agency))
      issued = copy;
  return issued;
}

// To each who has something to do, or was issued a list of it, and to each owner whom nobody is named for.
Result<std::vector<Letter>> MailDesk::letters_of_actions(const Mailing& mailing, Date on, Instant as_at) {
  const auto found = owners(mailing, on, as_at);
  if (!found.ok()) return found.status();
  std::map<std::string, OwnActions> owners_left = **found;
  std::vector<Letter> letters;
  for (const std::string& id : mailing.to) {
    const MailRecipient* recipient = mailings().find_recipient(id);
    Letter letter{&mailing, {mailing.definition(), to_iso(on), id}, recipient, recipient->agency, as_at, {}};
    if (!(*found)->contains(recipient->agency) && !issued_for(letter)) continue;
    letters.push_back(std::move(letter));
    owners_left.erase(recipient->agency);
  }
  for (const auto& [owner, actions] : owners_left)
    if (!owner.empty())
      letters.push_back({&mailing, {mailing.definition(), to_iso(on), owner}, nullptr, owner, as_at, {}});
  return letters;
}

// Of the mailing's document for that day. Papers are as at their day, whenever they go; a list of actions is as at the
// instant given.
Result<std::vector<Letter>> MailDesk::letters(const Mailing& mailing, Date on, Instant as_at) {
  if (is_of_actions(mailing)) return letters_of_actions(mailing, on, as_at);
  std::vector<Letter> letters;
  for (const std::string& id : mailing.to) {
    const MailRecipient* recipient = mailings().find_recipient(id);
    letters.push_back({&mailing,
                       {mailing.definition(), to_iso(on), id},
                       recipient,
                       recipient->agency,
                       source_.documents.casebook().default_as_at(on),
                       {}});
  }
  return letters;
}

// The meetings that were scheduled are looked for among all cases, and they seldom change.
void MailDesk::plan(Instant now) {
  const Casebook& casebook = source_.documents.casebook();
  const bool another_day = local_date(now) != local_date(planned_at_);
  const bool news = casebook.last_instant() != planned_from_ && now.us - planned_at_.us >= kPlanEveryUs;
  if (!another_day && !news) return;
  planned_at_ = now;
  // Of the lists as at a midnight nothing changes by what comes later.
  std::erase_if(owners_,
                [](const auto& of) { return std::get<Instant>(of.first) > local_midnight(std::get<Date>(of.first)); });
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

// Whether of the planned days of its mailing that are due this is the last: what is told on it takes the place of what
// was to be told before.
bool MailDesk::is_last_due(std::size_t planned, Instant now) const {
  return std::none_of(planned_.begin(), planned_.end(), [&](const auto& other) {
    return other.first == planned_[planned].first && other.second.on > planned_[planned].second.on &&
           now >= other.second.due;
  });
}

Result<MailDesk::Due> MailDesk::due() {
  const Instant now = clock_.now();
  plan(now);
  Due due;
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    const auto& [mailing, day] = planned_[i];
    if (now < day.due) continue;
    // An action that is typed in late is told once, with the last list, and not with each that went before.
    const bool is_last = is_last_due(i, now), stands = !day.missed && is_last;
    const Instant as_at = stands ? latest(day.on) : source_.documents.casebook().default_as_at(day.on);
    const Result<std::vector<Letter>> found = letters(*mailing, day.on, as_at);
    if (is_of_the_document(found.status())) continue;  // no version of the board holds; its agenda says why
    if (!found.ok()) return found.status();
    for (const Letter& letter : *found) {
      if (standing(letter).what != MailStanding::What::kToSend) continue;
      const bool untried = book_.find(letter.key) == nullptr;
      if (untried && is_of_actions(*mailing) && !is_last) continue;  // the last list tells it
      const bool missed = day.missed && untried;
      (missed ? due.missed : due.letters).push_back(letter);
    }
  }
  MOOT_RETURN_IF_ERROR(add_due_of_feeds(due.letters));
  return due;
}

Result<std::vector<Letter>> MailDesk::of_meeting(const std::string& board, Date meeting) {
  std::vector<Letter> all;
  bool any = false;
  MeetingDay met;
  met.on = meeting;
  for (const Mailing& mailing : mailings().mailings) {
    if (mailing.what == Mailing::What::kFeeds || (!board.empty() && mailing.board != board)) continue;
    any = true;
    const MailingDay day = mailing_day(mailing, met, working_days(), clock_.now());
    if (is_of_actions(mailing) && clock_.now() < day.due) continue;
    Result<std::vector<Letter>> found = letters(mailing, day.on, latest(day.on));
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
        mailing.what == Mailing::What::kFeeds ? feed_letters(mailing, key.on) : letters(mailing, *on, latest(*on));
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

// The instant of a new copy. What was typed in between the look at the plan and the mail is on a list of actions too,
// unless nothing is left to do by then.
Result<Instant> MailDesk::as_at_of(const Letter& letter) {
  const Result<Date> on = parse_date(letter.key.on);
  const Instant last = source_.documents.casebook().last_instant();
  if (!is_of_actions(*letter.mailing) || last <= letter.as_at) return letter.as_at;
  const auto all = owners(*letter.mailing, *on, last);
  if (!all.ok()) return all.status();
  return (*all)->contains(letter.agency) ? last : letter.as_at;
}

Result<IssuedDocument> MailDesk::issue(const Letter& letter, std::string& bytes) {
  const Result<Instant> as_at = as_at_of(letter);
  if (!as_at.ok()) return as_at.status();
  IssuedDocument copy;
  copy.definition = letter.key.definition;
  copy.on = letter.key.on;
  copy.number = copies_of(copies_.all(), copy.definition, copy.on) + 1;
  copy.recipient = letter.key.recipient;
  copy.known_by = *as_at;
  copy.format = letter.mailing->format;
  if (is_of_actions(*letter.mailing)) copy.agency = letter.agency;
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

// The one that was issued, or a new one.
Result<IssuedDocument> MailDesk::copy_for(const Letter& letter, std::string& bytes) {
  const std::optional<IssuedDocument> issued = issued_for(letter);
  if (!issued) return issue(letter, bytes);
  Result<std::string> again = bytes_of_copy(source_, *issued);
  if (!again.ok()) return again.status();
  // What it was made from has changed since: what is handed out now is another copy.
  if (sha256_hex(*again) != issued->digest) return issue(letter, bytes);
  bytes = std::move(*again);
  return *issued;
}

// What the copy says that its agency has to do; nothing of papers.
Result<OwnActions> MailDesk::actions_in(const IssuedDocument& copy, const Letter& letter) {
  const Result<Date> on = parse_date(copy.on);
  if (!is_of_actions(*letter.mailing)) return OwnActions();
  const auto all = owners(*letter.mailing, *on, copy.known_by);
  if (!all.ok()) return all.status();
  const auto found = (*all)->find(letter.agency);
  return found == (*all)->end() ? OwnActions() : found->second;
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
  const Result<OwnActions> actions = actions_in(*copy, letter);
  if (!actions.ok()) return actions.status();
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
                          local_date(copy->known_by),
                          *actions,
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
