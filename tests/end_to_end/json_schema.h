// Whether a JSON value is as a schema of an OpenAPI document says: as much of JSON Schema as such documents here use
// ($ref, type, const, enum, required, properties, additionalProperties, items). A keyword it does not know is a fault.
// Thread: pure functions.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace moot {

// What is wrong, as "PATH: what"; empty when nothing is. `document` is what $ref is looked up in.
std::vector<std::string> schema_faults(const boost::json::value& value, const boost::json::value& schema,
                                       const boost::json::value& document);
// Follows "#/components/…" of a {"$ref": …}; anything else is itself.
const boost::json::value& resolved(const boost::json::value& schema, const boost::json::value& document);

}  // namespace moot
