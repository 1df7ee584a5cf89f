// A broker without sockets, and what peers say to it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "broker/sessions.h"
#include "tests/contract/broker_in_memory.h"
#include "tests/unit/example_event.h"

namespace moot {

class SessionsTest : public testing::Test {
 protected:
  // A reader says hello and asks to read from 0.
  void read(char name, const std::string& agency, std::uint64_t credit = 1 << 20, const v1::Filter& filter = {}) {
    bus_.hello(name, agency);
    consume(name, agency, credit, filter);
  }
  void consume(char name, const std::string& agency, std::uint64_t credit, const v1::Filter& filter = {},
               std::uint64_t from = 0) {
    v1::Request request;
    request.mutable_consume()->set_credit_bytes(credit);
    request.mutable_consume()->set_from_offset(from);
    request.mutable_consume()->set_reader("view");
    *request.mutable_consume()->mutable_filter() = filter;
    bus_.say(name, agency, request);
  }
  void grant(char name, const std::string& agency, std::uint64_t bytes) {
    v1::Request request;
    request.mutable_credit()->set_bytes(bytes);
    bus_.say(name, agency, request);
  }
  void publish(const std::string& id) { bus_.publish('p', "north-police", example_event(id)); }
  // Soha's events are the council's to read, until its end is published.
  void sign() {
    v1::Event event = example_event("core/1/1", "/operator/agreements");
    event.clear_personal();
    event.mutable_envelope()->set_type("uk.csp.governance.agreement-signed.v1");
    v1::Governance& clause = *event.mutable_facts()->mutable_governance();
    clause.set_stage(v1::Governance::AGREEMENT_SIGNED);
    clause.set_definition("core");
    clause.set_version("1");
    clause.set_clause(1);
    clause.set_clauses(1);
    clause.add_readers("council");
    clause.add_providers("soha");
    clause.set_grade("content");
    clause.set_starts("2021-03-01");
    bus_.hello('o', "operator");
    bus_.publish('o', "operator", event);
    bus_.turn();
  }
  void end_agreement() {
    v1::Event event = example_event("core/1/ended", "/operator/agreements");
    event.clear_personal();
    event.mutable_envelope()->set_type("uk.csp.governance.agreement-ended.v1");
    v1::Governance& governance = *event.mutable_facts()->mutable_governance();
    governance.set_stage(v1::Governance::AGREEMENT_ENDED);
    governance.set_definition("core");
    governance.set_version("1");
    governance.set_ends("2021-03-10");
    bus_.publish('o', "operator", event);
  }
  // The council reads, does not take what it is sent, and has it waiting.
  void leave_a_batch_waiting() {
    sign();
    read('c', "council");
    bus_.hello('s', "soha");
    bus_.turn();
    bus_.got('c');
    bus_.takes[bus_.peer('c')] = Outlet::Sent::kFull;
    bus_.publish('s', "soha", example_event("1", "/soha/cases"));
    bus_.turn();
    bus_.turn();
  }
  static Code code(const BrokerInMemory::Got& got) { return static_cast<Code>(got.reply.refusal().code()); }
  static std::size_t events_in(const std::vector<BrokerInMemory::Got>& all) {
    std::size_t events = 0;
    for (const auto& got : all) events += got.events.size();
    return events;
  }

  BrokerInMemory bus_;
};

}  // namespace moot
