// Setting a field of a message from a written value, by reflection. Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <string_view>

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace moot {

enum class ValueKind { kText, kWhole, kDecimal, kFlag, kOther };

ValueKind kind_of(const google::protobuf::FieldDescriptor* field);  // null = a text

// "a whole number", "true or false", …: what a value of that kind looks like.
std::string_view expected_of(ValueKind kind);

// Sets the field, or adds to it where it is repeated. False when the text is no value of the field's type and range.
bool set_field(google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field,
               std::string_view text);

std::optional<double> read_decimal(std::string_view text);

}  // namespace moot
