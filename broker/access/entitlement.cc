#include "broker/access/entitlement.h"

#include "broker/access/registry.h"

namespace moot {

Status may_publish(const AgencyId& publisher, std::string_view source, bool governs) {
  if (publisher.value() == kCasebook) return Status(Code::kNotAllowed, "the casebook reads events and publishes none");
  if (agency_of_source(source) != publisher.value())
    return Status(Code::kWrongAgency, "agency \"" + publisher.value() +
                                          "\" may publish only sources that start with /" + publisher.value() + "/");
  if (governs && publisher.value() != kOperator)
    return Status(Code::kNotAllowed,
                  "what happens to the data and to the rules is the operator's to say, not agency \"" +
                      publisher.value() + "\"'s");
  return {};
}

}  // namespace moot
