// A protobuf message out of JSON, as proto3 JSON has it, with sentences that name a field by its path and never repeat
// a value, as protobuf's own would. It takes less than protobuf does: enumerations by their names alone, no number that
// is not finite, nothing twice. Protobuf's own reader makes a type resolver for each text, which took most of the time
// of a file of events.
//
// Thread: a pure function, usable anywhere.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace google::protobuf {
class Message;
}

namespace moot {

// `value` is what a parser made of `raw`, without a depth to fear. Numbers are read from `raw`, since Boost.JSON 1.81
// reads some decimals off by the last bit. Adds to `message`; what is in it after a failure means nothing. kInvalid.
Status fill_from_json(const boost::json::value& value, std::string_view raw, std::string_view path,
                      google::protobuf::Message& message);

// A name out of a file, fit to be printed after "has no field": itself where it is short and plain, else a description.
std::string printable_name(std::string_view name);

}  // namespace moot
