// A document as JSON: proto3 JSON with the names of document.proto, empty lists and zeros printed, two spaces a level,
// a newline at the end. The same message gives the same bytes. Thread: pure function.
#pragma once

#include <google/protobuf/message.h>

#include <boost/json/fwd.hpp>
#include <string>

namespace moot {

std::string to_json(const google::protobuf::Message& message);
// Any value, likewise; numbers that are not whole are written out, as 83.1.
std::string to_json(const boost::json::value& value);

}  // namespace moot
