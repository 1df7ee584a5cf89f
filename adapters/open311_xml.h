// Service requests of Open311 GeoReport v2 in XML, as the JSON of the same standard has them: <service_requests> with
// <request>s, or one <request>. An element with elements in it is not taken. No document type and so no entity of a
// sender's own is read; elements may stand 16 deep. Thread: a pure function, usable anywhere.
#pragma once

#include <boost/json/array.hpp>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// kUnreadable: not UTF-8, not XML, a document type, too deep, or another kind of document.
Result<boost::json::array> open311_requests_in_xml(std::string_view body);

}  // namespace moot
