#include "broker/administration.h"

#include "broker/audited.h"

namespace moot {

v1::Reply refusal_reply(std::uint64_t number, const Status& status) {
  v1::Reply reply;
  reply.set_number(number);
  reply.mutable_refusal()->set_code(static_cast<std::uint32_t>(status.code()));
  reply.mutable_refusal()->set_reason(status.message());
  return reply;
}

v1::Reply Administration::answer(const Caller& caller, AuditReading& reading, const v1::Request& request,
                                 const std::function<BusFigures()>& figures) {
  v1::Reply reply;
  reply.set_number(request.number());
  const Status filled = fill(caller, reading, request, figures, reply);
  if (!filled.ok()) reply = refusal_reply(request.number(), filled);
  if (std::optional<v1::AuditEntry> entry = audited(request, reply)) {
    entry->set_actor(caller.name);
    parts_.audit->note(std::move(*entry));
  }
  return reply;
}

Status Administration::fill(const Caller& caller, AuditReading& reading, const v1::Request& request,
                            const std::function<BusFigures()>& figures, v1::Reply& reply) {
  switch (request.kind_case()) {
    case v1::Request::kAgencyAdd: {
      MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "add agencies"));
      const v1::AgencyAdd& add = request.agency_add();
      const Result<NewKey> key =
          add_member(add.id(), add.name(), add.member_of(), {add.roles().begin(), add.roles().end()}, add.expires_us());
      if (!key.ok()) return key.status();
      reply.mutable_agency_added()->set_key_file(key->key_file);
      return {};
    }
    case v1::Request::kAgencyRotate:
      return rotate_key(caller, request.agency_rotate(), *reply.mutable_agency_added());
    case v1::Request::kAgencyRevoke:
      MOOT_RETURN_IF_ERROR(revoke_keys(caller, request.agency_revoke()));
      reply.mutable_agency_revoked();
      return {};
    case v1::Request::kAgencyList:
      list_agencies(caller, *reply.mutable_agencies());
      return {};
    case v1::Request::kInboxList:
      return list_inbox(caller, request.inbox_list(), *reply.mutable_inbox_items());
    case v1::Request::kInboxShow:
      return show_inbox(caller, request.inbox_show().item(), *reply.mutable_inbox_items());
    case v1::Request::kInboxChange:
      return change_inbox(caller, request.inbox_change(), *reply.mutable_inbox_items());
    case v1::Request::kAuditQuery:
      return search_audit(caller, reading, request.audit_query(), *reply.mutable_audit_entries());
    case v1::Request::kAuditNote:
      reply.mutable_audit_entries();
      return check_note(request.audit_note().entry(), caller.has(Right::kAdminister));
    case v1::Request::kBackupStart:
    case v1::Request::kBackupQuery:
      return back_up(caller, request, *reply.mutable_backup());
    case v1::Request::kErase:
      MOOT_RETURN_IF_ERROR(may(caller, Right::kErase, "erase people"));
      if (parts_.erasure == nullptr) return Status(Code::kBadRequest, "this broker erases nobody");
      return parts_.erasure->erase(request.erase(), *reply.mutable_erased());
    case v1::Request::kAgencyLimit:
      reply.mutable_agency_limited();
      return limit_agency(caller, request.agency_limit());
    case v1::Request::kStatus: {
      MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "see the broker's status"));
      Result<v1::BrokerStatus> told = status(figures());
      if (!told.ok()) return told.status();
      *reply.mutable_status() = std::move(*told);
      return {};
    }
    default:
      return Status(Code::kBadRequest, "the broker does not know this request; is it a newer program's?");
  }
}

namespace {

// What is in it, not only that it is there: its own agency's who may read, and those who protect data.
bool may_see(const Caller& caller, const v1::InboxItem& item) {
  return caller.is_operator() || (caller.has(Right::kErase) && caller.has(Right::kRead)) ||
         (caller.agency.value() == item.agency() && (!caller.is_person() || caller.has(Right::kRead)));
}

}  // namespace

Status Administration::list_inbox(const Caller& caller, const v1::InboxList& asked, v1::InboxItems& reply) const {
  Result<Inbox::Page> page = parts_.inbox->page(asked.after());
  if (!page.ok()) return page.status();
  if (!page->next.empty() && !asked.pages())
    return Status(Code::kTooLarge, "more waits in the inbox than an answer holds (" + std::to_string(Inbox::kPageMax) +
                                       " items); a newer program asks for it in pages");
  for (v1::InboxItem& item : page->items) {
    // An agency sees its own refusals. What was refused is shown by `inbox show`, not in lists.
    const bool own = item.agency() == caller.agency.value();
    if (own || caller.has(Right::kAdminister) || may_see(caller, item)) *reply.add_items() = std::move(item);
  }
  reply.set_next(page->next);
  return {};
}

Status Administration::show_inbox(const Caller& caller, const std::string& id, v1::InboxItems& reply) const {
  const Result<v1::InboxItem> item = parts_.inbox->find(id);
  if (!item.ok()) return item.status();
  // To another agency it is as if it were not there.
  if (!may_see(caller, *item) && caller.has(Right::kAdminister))
    return Status(Code::kNotAllowed, "\"" + caller.name + "\" sees that the item waits, and not what is in it");
  if (!may_see(caller, *item)) return Status(Code::kNotFound, "there is no item \"" + id + "\" in the inbox");
  *reply.add_items() = *item;
  return {};
}

Status Administration::change_inbox(const Caller& caller, const v1::InboxChange& change, v1::InboxItems& reply) {
  MOOT_RETURN_IF_ERROR(show_inbox(caller, change.item(), reply));
  v1::InboxItem& item = *reply.mutable_items(0);
  constexpr std::size_t kReasonMax = 4000;
  for (const std::string* text : {&change.resolved(), &change.dropped()})
    if (text->size() > kReasonMax)
      return Status(Code::kTooLarge, "a reason has at most " + std::to_string(kReasonMax) + " characters");
  if (const std::size_t most = parts_.limits.csv_record_bytes_max; change.mended().input().size() > most)
    return Status(Code::kTooLarge, "a record has at most " + std::to_string(most) + " bytes");
  if (item.state() != v1::InboxItem::WAITING)
    return Status(Code::kNotAllowed, "the item \"" + change.item() + "\" does not wait any more");
  switch (change.change_case()) {
    case v1::InboxChange::kMended:
      if (item.original_input().empty()) item.set_original_input(item.input());
      item.set_input(change.mended().input());
      item.set_format(change.mended().format());
      break;
    case v1::InboxChange::kResolved:
      item.set_state(v1::InboxItem::RESOLVED);
      item.set_note(change.resolved());
      break;
    case v1::InboxChange::kDropped:
      if (change.dropped().empty()) return Status(Code::kInvalid, "dropping an item needs a reason");
      item.set_state(v1::InboxItem::DROPPED);
      item.set_note(change.dropped());
      break;
    default:
      return Status(Code::kBadRequest, "the broker does not know this change; is it a newer program's?");
  }
  return parts_.inbox->replace({&item, 1});
}

Status Administration::search_audit(const Caller& caller, AuditReading& reading, const v1::AuditQuery& query,
                                    v1::AuditEntries& entries) const {
  MOOT_RETURN_IF_ERROR(may(caller, Right::kAudit, "read the audit log"));
  Result<v1::AuditEntries> found = reading.answer(*parts_.audit, query);
  if (!found.ok()) return found.status();
  entries = std::move(*found);
  return {};
}

Status Administration::back_up(const Caller& caller, const v1::Request& request, v1::BackupState& state) {
  MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "make backups"));
  if (parts_.backups == nullptr) return Status(Code::kBadRequest, "this broker makes no backups");
  std::uint64_t number = request.backup_query().number();
  if (request.has_backup_start()) {
    const Result<std::uint64_t> started = parts_.backups->start(request.backup_start());
    if (!started.ok()) return started.status();
    number = *started;
  }
  const Result<v1::BackupState> known = parts_.backups->state(number);
  if (!known.ok()) return known.status();
  state = *known;
  return {};
}

}  // namespace moot
