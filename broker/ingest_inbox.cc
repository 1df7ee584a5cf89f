// A part of broker/ingest.h: what is refused, and what of it waits for a person.
#include "broker/ingest.h"

namespace moot {

namespace {

// Each of what is said of a refused input: the reason, the file's name and so on.
constexpr std::size_t kSaidBytesMax = 4000;

// Not in the middle of a character: what is no text could not be read again.
void cut(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  text.resize(bytes_max);
}

}  // namespace

void Ingest::refuse(const AgencyId& publisher, v1::RefusedInput refused, bool backfill, bool keep) {
  // A code of the publisher's own making would be counted for ever.
  if (refused.code() == 0 || code_name(static_cast<Code>(refused.code())) == "unknown")
    refused.set_code(static_cast<std::uint32_t>(Code::kInvalid));
  parts_.refusals->count(static_cast<Code>(refused.code()), publisher.value());
  if (!keep) return;
  // Lists show these of every item.
  for (std::string* said :
       {refused.mutable_reason(), refused.mutable_origin()->mutable_file(), refused.mutable_column(),
        refused.mutable_format(), refused.mutable_mapping(), refused.mutable_key()})
    cut(*said, kSaidBytesMax);
  v1::InboxItem item;
  item.set_kind("refused");
  item.set_since(to_rfc3339(now()));
  item.set_agency(publisher.value());
  item.set_code(refused.code());
  item.set_reason(refused.reason());
  item.set_file(refused.origin().file());
  item.set_row(refused.origin().row());
  item.set_column(refused.column());
  item.set_format(refused.format());
  item.set_mapping(refused.mapping());
  item.set_key(refused.key());
  item.set_backfill(backfill);
  *item.mutable_header() = std::move(*refused.mutable_header());
  *item.mutable_input() = std::move(*refused.mutable_input());
  AgencyTraffic& traffic = staged_kept_[publisher.value()];
  ++traffic.events;
  traffic.bytes += item.ByteSizeLong();
  inbox_items_.push_back(std::move(item));
}

// This event of this file was refused before, and is stored now: what waits for a person is done with. Another version
// of the record settles nothing, nor does a duplicate, which was there when the one that waits was refused.
void Ingest::resolve(const AgencyId& publisher, const v1::Origin& origin) {
  if (origin.file().empty()) return;
  const std::string event_id(said_.parts().id);
  for (const std::string& id : parts_.inbox->waiting_for(publisher.value(), origin.file(), event_id))
    resolved_items_.push_back(id);
}

// Whether what is refused of it waits in the inbox already.
bool Ingest::is_kept(const AgencyId& publisher, const v1::Publish& publish) {
  if (publish.of_item().empty()) return false;
  const Result<v1::InboxItem> item = parts_.inbox->find(publish.of_item());
  return item.ok() && item->agency() == publisher.value() && item->state() == v1::InboxItem::WAITING;
}

AgencyTraffic Ingest::staged_of(const AgencyId& publisher) const {
  const auto staged = staged_traffic_.find(publisher.value());
  AgencyTraffic traffic = staged == staged_traffic_.end() ? AgencyTraffic() : staged->second;
  const auto kept = staged_kept_.find(publisher.value());
  if (kept == staged_kept_.end()) return traffic;
  traffic.events += kept->second.events;
  traffic.bytes += kept->second.bytes;
  return traffic;
}

Status Ingest::settle_inbox() {
  const Result<std::vector<const v1::InboxItem*>> kept = parts_.inbox->put(inbox_items_);
  if (!kept.ok()) return kept.status();
  for (const v1::InboxItem* item : *kept) parts_.traffic->kept(item->agency(), 1, item->ByteSizeLong(), last_recorded_);
  inbox_items_.clear();
  staged_kept_.clear();
  std::vector<v1::InboxItem> resolved;
  for (const std::string& id : resolved_items_) {
    Result<v1::InboxItem> item = parts_.inbox->find(id);
    if (!item.ok()) return item.status();
    item->set_state(v1::InboxItem::RESOLVED);
    item->set_note("the record was accepted when the file was published again");
    resolved.push_back(std::move(*item));
  }
  MOOT_RETURN_IF_ERROR(parts_.inbox->replace(resolved));
  resolved_items_.clear();
  return {};
}

}  // namespace moot
