// The rules an event must keep to be accepted. Pure: no clock, no registry of agencies.
//
// The publisher's own agency, duplicates and history known in the future are judged in broker/ingest, which knows them.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// Ok, or kInvalid / kTooLarge with a sentence that names the field and the rule, never the value of a personal field.
Status validate(const v1::Event& event, const Limits& limits);

// "incident", "contact", …; empty when the facts have no body.
std::string_view body_name(const v1::Facts& facts);
// The stage of the body as it stands in a type: "reported", "case-closed"; empty when unspecified or without a body.
std::string stage_name(const v1::Facts& facts);
// "uk.csp.incident.reported.v1", from the facts; empty when they have no body or no stage.
std::string type_of(const v1::Facts& facts);

// The same by the numbers of the language, for who reads an event without parsing it (plain_event.h); empty when there
// is no such body or stage.
std::string_view name_of_body(int body);
std::string_view type_of(int body, int stage);
// Facts that are dates, by name: they are printed and compared as such. Every other text among the facts is a code.
bool is_date_field(std::string_view name);
// Has the body rules that the kinds of its fields do not tell? Then every event of it is parsed and validated.
bool has_rules_of_its_own(int body);

// Sets the body and its stage from a type of that form. kInvalid when there is no such body or stage.
// Fields already in a body of that kind are kept.
Status set_body_and_stage(std::string_view type, v1::Facts& facts);

// A code: what facts and the envelope's classifications may hold. 1 to 64 of [a-z0-9], '-', '_', '.', '/', ':';
// free text cannot hide in it. `field` names it in the sentence.
Status check_code(std::string_view field, std::string_view value);
bool is_code(std::string_view value);
// What an agency's own keys are: 1 to 200 visible ASCII characters without spaces and semicolons.
bool is_key(std::string_view value);

// The record an event is a version of: `record`, or the id where it has none.
const std::string& record_of(const v1::Envelope& envelope);

}  // namespace moot
