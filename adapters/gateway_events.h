// Events that a request brought, in whichever format: tried, or published through a courier, and answered. What of a
// batch was refused goes to the inbox; a single event that was refused does not (its sender has been told), but for a
// conflict, which the broker keeps.
//
// Thread: http. The response is given by the courier's thread.
#pragma once

#include <string>
#include <vector>

#include "adapters/courier.h"
#include "adapters/request_item.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/http/http_server.h"

namespace moot {

struct EventsOrder {
  AgencyId agency;
  bool trial = false;     // check everything, keep nothing
  bool backfill = false;  // history, loaded later than it happened
  // What the inbox is to name as the file of refused items, "POST /events"; empty = they are not kept.
  std::string origin;
  std::string traceparent;         // of the request, for events that have none of their own; empty = none
  std::vector<std::string> notes;  // for the answer: what is taken although it is not as its standard has it
  Instant now;
  Limits limits;
};

void publish_items(std::vector<RequestItem> items, const EventsOrder& order, Courier& courier, Respond respond);
HttpResponse try_items(const std::vector<RequestItem>& items, const EventsOrder& order);

}  // namespace moot
