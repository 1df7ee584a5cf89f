#include "broker/governance.h"

#include "broker/access/registry.h"
#include "broker/audited.h"
#include "broker/log_walk.h"

namespace moot {

Status read_agreements(const EventLog& log, Agreements& agreements) {
  v1::Filter filter;
  filter.add_types("governance");
  return walk_log(log, filter, [&](const v1::StoredEvent& stored) {
    if (stored.facts().has_governance()) agreements.apply(stored.envelope(), stored.facts().governance());
    return Status();
  });
}

// The clauses of one agreement are one act.
void note_governance(AuditLog& audit, const std::string& actor, std::span<const v1::Event> said) {
  std::vector<v1::AuditEntry> acts;
  for (const v1::Event& event : said) {
    std::optional<v1::AuditEntry> entry = audited(event);
    if (!entry) continue;
    if (!acts.empty() && acts.back().act() == entry->act() && acts.back().what() == entry->what())
      acts.back().set_count(acts.back().count() + entry->count());
    else
      acts.push_back(std::move(*entry));
  }
  for (v1::AuditEntry& entry : acts) {
    entry.set_actor(actor);
    audit.note(std::move(entry));
  }
}

Status sign_agreements(const std::vector<v1::Event>& clauses, Ingest& ingest, AuditLog& audit) {
  if (clauses.empty()) return {};
  std::vector<std::string> bytes;
  for (const v1::Event& clause : clauses) bytes.push_back(clause.SerializeAsString());
  const std::vector<std::string_view> events(bytes.begin(), bytes.end());
  ingest.offer(*AgencyId::parse(kOperator), v1::Publish(), events);
  note_governance(audit, std::string(kOperator), ingest.staged_governance());
  MOOT_RETURN_IF_ERROR(audit.commit(ingest.stored()));
  const Result<std::vector<v1::PublishAck>> acks = ingest.commit();
  if (!acks.ok()) return acks.status();
  for (const v1::Exception& told : acks->back().exceptions()) {
    if (told.kind() != v1::Exception::REFUSED) continue;
    const v1::Governance& clause = clauses[told.frame()].facts().governance();
    const std::string which = "agreement \"" + clause.definition() + "\", version " + clause.version() + ", clause " +
                              std::to_string(clause.clause());
    if (told.code() == static_cast<std::uint32_t>(Code::kConflict))
      return Status(Code::kConflict, which + " was signed with another content; what changes gets a new version");
    return Status(static_cast<Code>(told.code()), which + ": " + told.reason());
  }
  return {};
}

}  // namespace moot
