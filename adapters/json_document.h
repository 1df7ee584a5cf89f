// A JSON text from outside, parsed within limits; and its members read as leniently as senders write them. Sentences
// never repeat a value. Thread: pure functions, usable anywhere.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// kUnreadable: not UTF-8, not JSON, brackets deeper than `depth_max`, or more text behind it.
Result<boost::json::value> parse_json_document(std::string_view text, std::size_t depth_max);

// A member that says something, as text: a text that is not blank, a number, true or false. Nothing for null, "",
// lists, objects, and members that are not there.
std::optional<std::string> said(const boost::json::object& object, std::string_view member);
// A member that is an object, or a list; nullptr otherwise.
const boost::json::object* object_in(const boost::json::object& object, std::string_view member);
const boost::json::array* list_in(const boost::json::object& object, std::string_view member);

// "Sidewalk and Curb Issues" as "sidewalk-and-curb-issues": what facts can hold of a sender's own code. Empty when
// nothing is left.
std::string as_code(std::string_view text);

}  // namespace moot
