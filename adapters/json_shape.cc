#include "adapters/json_shape.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>

namespace moot {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
namespace json = boost::json;

Status expected(const std::string& path, std::string_view what) {
  return Status(Code::kInvalid, path + ": expected " + std::string(what));
}

const FieldDescriptor* find_field(const Descriptor& message, std::string_view name) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (field->name() == name || field->json_name() == name) return field;
  }
  return nullptr;
}

Status check_enum(const json::value& value, const EnumDescriptor& type, const std::string& path) {
  if (value.is_string() && type.FindValueByName(std::string(value.as_string())) != nullptr) return {};
  std::string names;
  for (int i = 1; i < type.value_count(); ++i) names += (i == 1 ? "" : ", ") + type.value(i)->name();
  return expected(path, "one of " + names);
}

Status check_single(const json::value& value, const FieldDescriptor& field, const std::string& path) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return check_json_shape(value, *field.message_type(), path);
    case FieldDescriptor::CPPTYPE_STRING:
      return value.is_string() ? Status() : expected(path, "a text");
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.is_bool() ? Status() : expected(path, "true or false");
    case FieldDescriptor::CPPTYPE_ENUM:
      return check_enum(value, *field.enum_type(), path);
    default:
      // Proto3 JSON writes whole numbers of 64 bits as texts.
      return value.is_number() || value.is_string() ? Status() : expected(path, "a number");
  }
}

Status check_field(const json::value& value, const FieldDescriptor& field, const std::string& path) {
  if (value.is_null()) return {};  // as good as absent
  if (!field.is_repeated()) return check_single(value, field, path);
  if (!value.is_array()) return expected(path, "a list");
  std::size_t i = 0;
  for (const json::value& element : value.as_array())
    MOOT_RETURN_IF_ERROR(check_single(element, field, path + "[" + std::to_string(i++) + "]"));
  return {};
}

}  // namespace

std::string printable_name(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return plain ? "\"" + std::string(name) + "\"" : "a name that is long or not plain";
}

Status check_json_shape(const json::value& value, const Descriptor& message, const std::string& path) {
  if (!value.is_object()) return expected(path, "an object in braces");
  std::set<int> seen;
  std::set<const google::protobuf::OneofDescriptor*> chosen;
  for (const json::key_value_pair& member : value.as_object()) {
    const FieldDescriptor* field = find_field(message, member.key());
    if (field == nullptr)
      return Status(Code::kInvalid, path + ": has no field " + printable_name(member.key()) + "; is it misspelt?");
    if (!seen.insert(field->number()).second)
      return Status(Code::kInvalid, path + "." + field->name() + ": is given twice");
    if (field->containing_oneof() != nullptr && !chosen.insert(field->containing_oneof()).second)
      return Status(Code::kInvalid, path + ": expected only one " + field->containing_oneof()->name());
    MOOT_RETURN_IF_ERROR(check_field(member.value(), *field, path + "." + field->name()));
  }
  return {};
}

}  // namespace moot
