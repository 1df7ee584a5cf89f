// Whether a JSON value has the form of a protobuf message, told in sentences that name the field by its path and never
// repeat a value, as protobuf's own would. Thread: a pure function, usable anywhere.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "broker/core/status.h"

namespace google::protobuf {
class Descriptor;
}

namespace moot {

// Ok, or kInvalid. Ranges of numbers are left to protobuf.
Status check_json_shape(const boost::json::value& value, const google::protobuf::Descriptor& message,
                        const std::string& path);

// A name out of a file, fit to be printed: itself where it is short and plain, else a description.
std::string printable_name(std::string_view name);

}  // namespace moot
