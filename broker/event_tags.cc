#include "broker/event_tags.h"

#include "broker/core/event_rules.h"
#include "broker/core/instant.h"

namespace moot {

Tags tags_of(const std::string& agency, const v1::Envelope& envelope, const v1::Facts& facts) {
  return {.agency = agency,
          .type = envelope.type(),
          .body = std::string(body_name(facts)),
          .area = envelope.area(),
          .subject = envelope.subject(),
          .time_us = from_proto(envelope.time()).us};
}

}  // namespace moot
