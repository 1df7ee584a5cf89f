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

bool is_done(std::string_view act) { return std::find(kDone.begin(), kDone.end(), act) != kDone.end(); }

v1::AuditEntry entry_of(const char* act, const std::string& what) {
  v1::AuditEntry entry;
  entry.set_act(act);
  entry.set_what(what.substr(0, kWhatMax));
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
      v1::AuditEntry entry = entry_of("audit-read", request.audit_query().act());
      entry.set_count(static_cast<std::uint64_t>(reply.audit_entries().entries_size()));
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

Status check_note(const v1::AuditEntry& entry, bool administers) {
  if (is_done(entry.act()) && !administers)
    return Status(Code::kNotAllowed, "tokens and certificates are given out by those who administer");
  if (!is_done(entry.act()) && std::find(kShown.begin(), kShown.end(), entry.act()) == kShown.end())
    return Status(Code::kBadRequest, "that is no act that a command tells of");
  if (entry.what().size() > kWhatMax || entry.as_of().size() > kWhatMax || entry.recipients_size() > kRecipientsMax)
    return Status(Code::kTooLarge, "an audit note has at most " + std::to_string(kWhatMax) + " characters and " +
                                       std::to_string(kRecipientsMax) + " recipients");
  for (const std::string* text : {&entry.what(), &entry.as_of()})
    if (!std::all_of(text->begin(), text->end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }))
      return Status(Code::kInvalid, "an audit note is one line of text");
  MOOT_RETURN_IF_ERROR(check_code("purpose", entry.purpose()));
  for (const std::string& recipient : entry.recipients()) MOOT_RETURN_IF_ERROR(check_code("recipients", recipient));
  return {};
}

}  // namespace moot
