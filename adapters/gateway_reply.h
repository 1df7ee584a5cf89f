// What the gateway answers: receipts, and refusals as application/problem+json.
//
//   {"read":2,"accepted":1,"duplicate":0,"superseding":0,"refused":1,"first_offset":"7","last_offset":"7","results":[
//     {"status":201,"outcome":"accepted","source":"/soha/cases","id":"7","offset":"7"},
//     {"status":422,"outcome":"refused","source":"…","id":"…","problem":{"type":"urn:moot:problem:invalid",…}}]}
//
// 201: something was stored and nothing refused. 202: the broker is away; it is kept here, durable, and handed over
// when the broker is back ("outcome":"kept", and "kept" with how many; whoever sends it again then gets its offset).
// 200: all was there already, or it was a trial. 207: some was taken and some refused, each result with its status;
// what was refused waits in the inbox, so that a client that looks at no more than "2xx" loses nothing and need not
// send again. All refused: the status that all refusals share, or 422, with the same members in a problem document.
//
// Thread: pure functions, usable anywhere.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "broker/client/outcome.h"
#include "broker/core/status.h"
#include "broker/http/http_message.h"

namespace moot {

unsigned http_status(Code code);

// The members of a problem document: type, title, status, detail, code.
boost::json::object problem_members(unsigned status, const Status& why);
HttpResponse problem_response(const Status& why);  // with Retry-After or WWW-Authenticate where that helps
HttpResponse problem_response(unsigned status, const Status& why);
HttpResponse busy_response(std::string_view why);  // 429, Retry-After

// One event of a request, in its order.
struct ItemAnswer {
  std::string source, id;  // empty where they could not be read
  Outcome outcome;
};
// `notes`: what was taken although it is not as its standard has it; sentences, without a value.
HttpResponse items_response(const std::vector<ItemAnswer>& items, bool trial, const std::vector<std::string>& notes);

// For the counts of several records: see above.
struct Counts {
  std::uint64_t taken = 0;  // accepted and superseding
  std::uint64_t refused = 0;
  std::uint64_t read = 0;
  std::uint64_t kept = 0;  // in the spool
};
// 0 when all was refused: the caller knows better which.
unsigned status_by_counts(const Counts& counts, bool trial);

}  // namespace moot
