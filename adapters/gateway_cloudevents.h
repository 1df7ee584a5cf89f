// CloudEvents 1.0 over HTTP: which of its modes a request is in, and the events of its body.
//
// Structured: Content-Type application/cloudevents+json. Batch: application/cloudevents-batch+json, a JSON list.
// Binary: the attributes in fields that begin with "ce-", percent-encoded; the body is `data` (application/json).
// Thread: pure functions, usable anywhere.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/request_item.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "broker/http/http_message.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

enum class CloudEventsMode { kStructured, kBatch, kBinary };

// kInvalid, with what is expected, for any other request: the sender's media type is not one of these.
Result<CloudEventsMode> cloudevents_mode(const HttpHead& head);

// One item for each event of the body, in order. kUnreadable when the body is no list although it should be one.
Result<std::vector<RequestItem>> read_cloudevents(CloudEventsMode mode, const HttpHead& head, std::string_view body,
                                                  const Limits& limits);

}  // namespace moot
