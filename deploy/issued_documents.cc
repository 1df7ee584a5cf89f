#include "deploy/issued_documents.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "deploy/governance_log.h"
#include "deploy/publish_events.h"

namespace moot {
namespace {

constexpr std::size_t kDigestLeast = 8;

// Publishes as whom the command acts.
Status publish_one(const Options& options, const Reach& reach, const v1::Event& event) {
  const Status published = publish_events(options, reach, {event});
  if (published.code() == Code::kConflict)
    return Status(Code::kConflict, "somebody else issues a copy of this document at the same moment; do it again");
  return published;
}

// `stage`: "document-issued" or "document-recalled".
Result<v1::Event> event_of(const Reach& reach, const std::string& stage, const IssuedDocument& copy) {
  const Result<KeyFile> key = reach.acting();
  if (!key.ok()) return key.status();
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + key->agency.value() + "/documents");
  envelope.set_id(copy.definition + "/" + copy.on + "/" + std::to_string(copy.number) +
                  (stage == "document-recalled" ? "/recalled" : ""));
  envelope.set_type("uk.csp.governance." + stage + ".v1");
  *envelope.mutable_time() = to_proto(SystemClock().now());
  MOOT_RETURN_IF_ERROR(set_body_and_stage(envelope.type(), *event.mutable_facts()));
  v1::Governance& governance = *event.mutable_facts()->mutable_governance();
  governance.set_definition(copy.definition);
  governance.set_starts(copy.on);
  governance.set_version(std::to_string(copy.number));
  governance.set_digest(copy.digest);
  if (!copy.recipient.empty()) governance.add_recipients(copy.recipient);
  governance.set_reason(copy.recalled);
  governance.set_known_by_us(copy.known_by.us);
  governance.set_format(copy.format);
  governance.set_agency(copy.agency);
  return event;
}

}  // namespace

void IssuedCopies::apply(const v1::Event& event) {
  const v1::Governance& governance = event.facts().governance();
  if (governance.stage() == v1::Governance::DOCUMENT_RECALLED) recalled_[governance.digest()] = governance.reason();
  if (governance.stage() != v1::Governance::DOCUMENT_ISSUED) return;
  IssuedDocument copy;
  copy.definition = governance.definition();
  copy.on = governance.starts();
  copy.number = static_cast<std::uint32_t>(std::strtoul(governance.version().c_str(), nullptr, 10));
  if (governance.recipients_size() > 0) copy.recipient = governance.recipients(0);
  copy.digest = governance.digest();
  copy.known_by = Instant{governance.known_by_us()};
  copy.format = governance.format();
  copy.agency = governance.agency();
  copy.by = event.envelope().agency();
  copy.at = from_proto(event.envelope().recorded_time());
  add(copy);
}

void IssuedCopies::add(const IssuedDocument& copy) {
  if (places_.try_emplace({copy.definition, copy.on, copy.number}, copies_.size()).second) copies_.push_back(copy);
}

std::vector<IssuedDocument> IssuedCopies::all() const {
  std::vector<IssuedDocument> issued = copies_;
  for (IssuedDocument& copy : issued)
    if (const auto found = recalled_.find(copy.digest); found != recalled_.end()) copy.recalled = found->second;
  return issued;
}

Result<std::vector<IssuedDocument>> issued_documents(const Options& options, const Reach& reach) {
  const Result<std::unique_ptr<GovernanceLog>> log = GovernanceLog::open(options, reach);
  if (!log.ok()) return log.status();
  IssuedCopies issued;
  MOOT_RETURN_IF_ERROR((*log)->catch_up([&](const v1::Event& event) { issued.apply(event); }));
  return issued.all();
}

Result<IssuedDocument> find_issued(const std::vector<IssuedDocument>& issued, const std::string& digest) {
  if (digest.size() < kDigestLeast)
    return Status(Code::kUsage, "give at least the first eight characters of the digest");
  const IssuedDocument* found = nullptr;
  for (const IssuedDocument& copy : issued) {
    if (!copy.digest.starts_with(digest)) continue;
    if (found != nullptr && found->digest != copy.digest)
      return Status(Code::kUsage, "several copies have a digest that begins so; give more of it");
    found = &copy;
  }
  if (found == nullptr) return Status(Code::kNotFound, "no issued copy has that digest; moot document list has them");
  return *found;
}

std::uint32_t copies_of(const std::vector<IssuedDocument>& issued, const std::string& definition,
                        const std::string& on) {
  std::uint32_t highest = 0;
  for (const IssuedDocument& copy : issued)
    if (copy.definition == definition && copy.on == on) highest = std::max(highest, copy.number);
  return highest;
}

Status record_issue(const Options& options, const Reach& reach, const IssuedDocument& copy) {
  const Result<v1::Event> event = event_of(reach, "document-issued", copy);
  return event.ok() ? publish_one(options, reach, *event) : event.status();
}

Result<IssuedDocument> recall_document(const Options& options, const Reach& reach, const std::string& digest,
                                       const std::string& reason) {
  const Status code = check_code("reason", reason);
  if (reason.empty() || !code.ok())
    return Status(Code::kUsage, "--reason takes a code in small letters, such as sent-to-the-wrong-person");
  const Result<std::vector<IssuedDocument>> issued = issued_documents(options, reach);
  if (!issued.ok()) return issued.status();
  Result<IssuedDocument> found = find_issued(*issued, digest);
  if (!found.ok()) return found.status();
  IssuedDocument recalled = *found;
  if (!recalled.recalled.empty())
    return Status(Code::kConflict, "that copy was recalled already: " + recalled.recalled);
  recalled.recalled = reason;
  const Result<v1::Event> event = event_of(reach, "document-recalled", recalled);
  if (!event.ok()) return event.status();
  MOOT_RETURN_IF_ERROR(publish_one(options, reach, *event));
  return recalled;
}

Result<std::vector<std::string>> recipients_in(const std::string& words) {
  std::vector<std::string> recipients;
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t end = std::min(words.find(',', from), words.size());
    const std::string one = words.substr(from, end - from);
    if (one.empty() || !check_code("recipient", one).ok())
      return Status(Code::kUsage, "--to takes codes with commas between them, such as an agency's id");
    if (std::find(recipients.begin(), recipients.end(), one) == recipients.end()) recipients.push_back(one);
    from = end + 1;
  }
  return recipients;
}

std::vector<std::string> recipients_or_none(const std::string& words) {
  Result<std::vector<std::string>> recipients = recipients_in(words);
  return recipients.ok() ? std::move(*recipients) : std::vector<std::string>();
}

}  // namespace moot
