#include "broker/audited.h"

#include <algorithm>
#include <array>

#include "broker/core/event_rules.h"

namespace moot {

namespace {

constexpr std::array<std::string_view, 6> kShown = {"document",      "person-find",     "person-explain",
                                                    "person-export", "linkage-preview", "file-replay"};
// What a command does beside the broker, on behalf of who administers.
constexpr std::array<std::string_view, 4> kDone = {"token-add", "token-rotate", "token-revoke", "certificate-add"};
constexpr std::size_t kWhatMax = 200;
constexpr int kRecipientsMax = 50;

// A document, which may be a file's name; or a code, or two. No name of anybody: those are words with capitals.
bool names_what(std::string_view what) {
  const std::size_t space = what.find(' ');
  if (space == std::string_view::npos) return what.empty() || is_key(what);
  return is_code(what.substr(0, space)) && is_code(what.substr(space + 1));
}

bool is_done(std::string_view act) { return std::find(kDone.begin(), kDone.end(), act) != kDone.end(); }

// A request that is refused tells what was asked for in words of the asker's making: only a code stands in an entry.
v1::AuditEntry entry_of(const char* act, const std::string& what) {
  v1::AuditEntry entry;
  entry.set_act(act);
  entry.set_what(what.empty() || is_code(what) ? what : "not-a-code");
  return entry;
}

const char* act_of(const v1::InboxChange& change) {
  switch (change.change_case()) {
    case v1::InboxChange::kMended:
      return "inbox-mend";
    case v1::InboxChange::kResolved:
      return "inbox-resolve";
    case v1::InboxChange::kDropped:
      return "inbox-drop";
    default:
      return "inbox-change";
  }
}

std::optional<v1::AuditEntry> asked(const v1::Request& request, const v1::Reply& reply) {
  switch (request.kind_case()) {
    case v1::Request::kAgencyAdd:
      return entry_of("agency-add", request.agency_add().id());
    case v1::Request::kAgencyRotate:
      return entry_of("agency-rotate", request.agency_rotate().id());
    case v1::Request::kAgencyRevoke:
      return entry_of("agency-revoke", request.agency_revoke().id());
    case v1::Request::kAgencyLimit:
      return entry_of("agency-limit", request.agency_limit().id());
    case v1::Request::kInboxShow:
      return entry_of("inbox-show", request.inbox_show().item());
    case v1::Request::kInboxChange:
      return entry_of(act_of(request.inbox_change()), request.inbox_change().item());
    case v1::Request::kBackupStart:
      return entry_of("backup", "");
    case v1::Request::kErase: {
      // Without a reason it only tells what would go.
      const char* act = request.erase().reason().empty() ? "erase-preview" : "erase";
      v1::AuditEntry entry = entry_of(act, request.erase().reason());
      entry.set_count(reply.erased().people());
      return entry;
    }
    case v1::Request::kAuditQuery: {
      if (!reply.has_refusal() && (request.audit_query().counting() || reply.audit_entries().goes_on()))
        return std::nullopt;
      v1::AuditEntry entry = entry_of("audit-read", request.audit_query().act());
      entry.set_count(reply.audit_entries().count());
      return entry;
    }
    case v1::Request::kAuditNote: {
      const v1::AuditEntry& entry = request.audit_note().entry();
      if (!reply.has_refusal()) return entry;
      return is_done(entry.act()) ? std::optional(entry_of(entry.act().c_str(), "")) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<v1::AuditEntry> audited(const v1::Request& request, const v1::Reply& reply) {
  std::optional<v1::AuditEntry> entry = asked(request, reply);
  if (entry && reply.has_refusal()) entry->set_code(reply.refusal().code());
  return entry;
}

std::optional<v1::AuditEntry> audited(const v1::Event& governance) {
  using Said = v1::Governance;
  switch (governance.facts().governance().stage()) {
    case Said::STAGE_UNSPECIFIED:
    case Said::ERASURE:
    case Said::DOCUMENT_ISSUED:
    case Said::DELIVERY_STARTED:
    case Said::DELIVERED:
    case Said::UNDELIVERED:
      return std::nullopt;
    default:
      break;
  }
  // "agreement-signed" of "uk.csp.governance.agreement-signed.v1".
  std::string_view act = governance.envelope().type();
  act.remove_suffix(act.size() - act.rfind('.'));
  act.remove_prefix(act.rfind('.') + 1);
  const std::string& definition = governance.facts().governance().definition();
  v1::AuditEntry entry =
      entry_of(std::string(act).c_str(), definition.empty() ? governance.envelope().id() : definition);
  for (const std::string& recipient : governance.facts().governance().recipients()) entry.add_recipients(recipient);
  if (governance.facts().governance().stage() == Said::AGREEMENT_SIGNED) entry.set_count(1);  // a clause
  return entry;
}

Status check_note(const v1::AuditEntry& entry, bool administers) {
  if (is_done(entry.act()) && !administers)
    return Status(Code::kNotAllowed, "tokens and certificates are given out by those who administer");
  if (!is_done(entry.act()) && std::find(kShown.begin(), kShown.end(), entry.act()) == kShown.end())
    return Status(Code::kBadRequest, "that is no act that a command tells of");
  if (entry.what().size() > kWhatMax || entry.as_of().size() > kWhatMax || entry.recipients_size() > kRecipientsMax)
    return Status(Code::kTooLarge, "an audit note has at most " + std::to_string(kWhatMax) + " characters and " +
                                       std::to_string(kRecipientsMax) + " recipients");
  if (!names_what(entry.what()) || !(entry.as_of().empty() || is_code(entry.as_of())))
    return Status(
        Code::kInvalid,
        "an audit note names a document, a person's id or two of them, and a date or a period, in codes: a to "
        "z, 0 to 9 and - _ . / :");
  MOOT_RETURN_IF_ERROR(check_code("purpose", entry.purpose()));
  for (const std::string& recipient : entry.recipients()) MOOT_RETURN_IF_ERROR(check_code("recipients", recipient));
  return {};
}

}  // namespace moot
