// A small, valid event to start a test from; a test changes what it is about.
#pragma once

#include <string>

#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

inline google::protobuf::Timestamp at(const std::string& rfc3339) { return to_proto(*parse_rfc3339(rfc3339)); }

// A call to the police about anti-social behaviour by one person.
inline v1::Event example_event(const std::string& id = "1", const std::string& source = "/north-police/cad") {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_id(id);
  envelope.set_source(source);
  envelope.set_type("uk.csp.contact.received.v1");
  *envelope.mutable_time() = at("2021-03-02T09:05:00Z");
  v1::Contact& contact = *event.mutable_facts()->mutable_contact();
  contact.set_stage(v1::Contact::RECEIVED);
  contact.set_channel("101");
  contact.set_category("asb");
  v1::Person& person = *event.mutable_personal()->add_people();
  person.set_role("caller");
  person.set_reference("C-77");
  person.add_names()->set_full("Avery Inventedname");
  person.set_born("1980-05-17");
  return event;
}

}  // namespace moot
