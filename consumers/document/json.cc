#include "consumers/document/json.h"

#include <google/protobuf/util/json_util.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "broker/core/status.h"

namespace moot {
namespace {

void print(const boost::json::value& value, std::string indent, std::string& out) {
  const std::string inner = indent + "  ";
  bool first = true;
  const auto next = [&] {
    out += first ? "\n" : ",\n";
    out += inner;
    first = false;
  };
  if (const boost::json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    out += "{";
    for (const auto& [key, member] : *object) {
      next();
      out += boost::json::serialize(boost::json::value(key)) + ": ";
      print(member, inner, out);
    }
    out += "\n" + indent + "}";
  } else if (const boost::json::array* array = value.if_array(); array != nullptr && !array->empty()) {
    out += "[";
    for (const boost::json::value& member : *array) {
      next();
      print(member, inner, out);
    }
    out += "\n" + indent + "]";
  } else if (const double* number = value.if_double()) {
    std::array<char, 400> digits;  // the longest double, written out
    out.append(digits.data(),
               std::to_chars(digits.data(), digits.data() + digits.size(), *number, std::chars_format::fixed).ptr);
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

std::string to_json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string compact;
  MOOT_CHECK(google::protobuf::util::MessageToJsonString(message, &compact, options).ok());
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(compact, error);
  MOOT_CHECK(!error);
  return to_json(value);
}

std::string to_json(const boost::json::value& value) {
  std::string out;
  print(value, "", out);
  return out + "\n";
}

}  // namespace moot
