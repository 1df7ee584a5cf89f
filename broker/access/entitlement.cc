#include "broker/access/entitlement.h"

#include "broker/access/registry.h"

namespace moot {

Grade grade_of(const AgencyId& reader, const v1::Envelope& envelope) {
  if (reader.value() == kOperator || reader.value() == kCasebook) return Grade::kContent;
  return reader.value() == envelope.agency() ? Grade::kContent : Grade::kNone;
}

Status may_publish(const AgencyId& publisher, std::string_view source) {
  if (publisher.value() == kCasebook) return Status(Code::kNotAllowed, "the casebook reads events and publishes none");
  if (agency_of_source(source) == publisher.value()) return {};
  return Status(Code::kWrongAgency, "agency \"" + publisher.value() + "\" may publish only sources that start with /" +
                                        publisher.value() + "/");
}

Status may_administer(const AgencyId& caller, std::string_view what) {
  if (caller.value() == kOperator) return {};
  return Status(Code::kNotAllowed, "agency \"" + caller.value() + "\" may not " + std::string(what));
}

}  // namespace moot
