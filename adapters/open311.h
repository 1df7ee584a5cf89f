// Reads service requests as Open311 GeoReport v2 writes them, in JSON or XML (adapters/open311_xml.h): what GET
// /requests gives, a list, one request, or either in "service_requests" and "request". Numbers and texts are taken
// alike; null, "" and blanks are things not supplied.
//
//   service_request_id   record; required. The id is <service_request_id>/<16 characters of a digest>
//   service_code         facts.incident.category, as a code: small letters, "-" for anything else; required
//   requested_datetime   time, with its offset; required
//   updated_datetime     knowntime and the revision, in seconds; where it is missing, requested_datetime
//   status               open, closed, in whatever capitals; required. A closed request is two events: the incident,
//                        and a closure about it. So is an open one that was changed since it was made: it may have been
//                        closed before, and that closure is withdrawn
//   service_name         personal: text "service"
//   description          personal: text "description"
//   status_notes         personal: text "status"
//   address, zipcode     personal: place "scene"
//   lat, long            personal: place "scene"; both or none
//   first_name, last_name, email, phone     personal: person "reporter"
//
// Not taken: agency_responsible, service_notice, expected_datetime, address_id, media_url (a picture may show anybody),
// and whatever else a server adds. The source is /<agency>/open311. The digest is of all that was taken, keyed with the
// publisher's secret: the same request again is a duplicate, a changed one a new version.
//
// Errors: kUnreadable for a body that is not such a document; what is wrong with one request is its refusal, and names
// the field, never its value. Thread: pure function, usable anywhere.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/publisher.h"
#include "adapters/request_item.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

Result<std::vector<RequestItem>> read_open311(std::string_view body, const Publisher& publisher, const Limits& limits);

}  // namespace moot
