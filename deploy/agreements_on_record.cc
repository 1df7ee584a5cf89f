#include "deploy/agreements_on_record.h"

#include <algorithm>
#include <optional>

#include "broker/client/consumer.h"

namespace moot {
namespace {

template <typename List>
bool names(const List& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool gives_people(const v1::Governance& clause, const Recipient& reader, const std::string& provider) {
  return clause.grade() != "existence" && names(clause.readers(), reader.agency.value()) &&
         (clause.purposes().empty() || names(clause.purposes(), reader.purpose)) &&
         (clause.providers().empty() || names(clause.providers(), provider));
}

}  // namespace

Result<Agreements> agreements_by(const Options& options, const KeyFile& key, Instant as_at) {
  ConsumerOptions reading;
  reading.timeout_ms = options.timeout_ms();
  reading.purpose = options.purpose.empty() ? "operations" : options.purpose;
  reading.filter.add_types("governance");
  const Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(key, reading);
  if (!consumer.ok()) return consumer.status();
  Agreements agreements;
  std::optional<Offset> end;  // as it was when the reading began
  for (;;) {
    const Result<Delivery> delivery = (*consumer)->next(1000);
    if (!delivery.ok()) return delivery.status();
    if (delivery->end == Delivery::kNotKnown) continue;
    if (!end) end = delivery->end;
    for (const v1::Event& event : delivery->events)
      if (from_proto(event.envelope().recorded_time()) <= as_at)
        agreements.apply(event.envelope(), event.facts().governance());
    if (delivery->through >= *end) return agreements;
  }
}

std::set<std::string> may_not_say(const Agreements& agreements, const Recipient& reader, const Partnership& partnership,
                                  Date today) {
  std::set<std::string> closed;
  if (reader.agency.value() == kCasebook && agreements.all().empty()) return closed;
  for (const Agency& agency : partnership.agencies) {
    const std::string& id = agency.id.value();
    bool open = id == reader.agency.value();
    for (const auto& [name, agreement] : agreements.all())
      for (const auto& [number, clause] : agreement.clauses)
        open = open || (in_force(agreement, clause, today) && gives_people(clause, reader, id));
    if (!open) closed.insert(id);
  }
  return closed;
}

}  // namespace moot
