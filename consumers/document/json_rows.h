// A document's JSON read back, as comparing two of them needs it: what is not there, or is something else, is empty.
// Thread: pure functions.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace moot {

inline std::string text_in(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The rows of a list; none where there is no such list.
inline std::vector<const boost::json::object*> rows_in(const boost::json::object& object, std::string_view key) {
  std::vector<const boost::json::object*> rows;
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return rows;
  for (const boost::json::value& row : value->get_array())
    if (row.is_object()) rows.push_back(&row.get_object());
  return rows;
}

}  // namespace moot
