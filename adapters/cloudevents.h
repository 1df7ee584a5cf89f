// One event as a structured CloudEvent in JSON, in and out: the form of CloudEvents files, and of `moot replay`.
//
//   {"specversion":"1.0","id":"7","source":"/north-police/cad","type":"uk.csp.contact.received.v1",
//    "time":"2021-03-02T09:05:00Z","datacontenttype":"application/json",
//    "data":{"facts":{"contact":{"channel":"101"}},"personal":{…}}}
//
// Attributes are those of the CloudEvents specification and of the envelope ("knowntime", "timeprecision", "record",
// "revision", "area", …); "links" is a text, `rel source id` joined by "; ". "backfill", "agency", "offset" and
// "recordedtime" are written, and ignored when read: they are the broker's; "dataschema" and "tracestate" are ignored
// too, and null is as if it were not there. `data` is proto3 JSON; "data_base64",
// the same as bytes in base64, is read too.
// Thread: pure functions, usable anywhere.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// kUnreadable: not JSON. kMissing: an attribute that must be there is not. kInvalid: an attribute or field that is not
// of the language, or holds another kind of value. The sentence names attribute or field, never its value. The rules of
// the language (broker/core/event_rules.h) are not judged here.
Result<v1::Event> event_from_cloudevent(std::string_view json);

// An event in the binary mode of the HTTP binding: attributes as texts, by name, and `data` as the body.
Result<v1::Event> event_from_binary_cloudevent(const std::vector<std::pair<std::string, std::string>>& attributes,
                                               std::string_view data);

// One line without its line end. The same event always gives the same bytes, and reading them gives the event again
// (without what the broker sets).
std::string cloudevent_from_event(const v1::Event& event);

}  // namespace moot
