#include "adapters/field_value.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace moot {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Calls `set` with the number the text says, and tells whether it says one.
template <typename Number, typename Set>
bool set_number(std::string_view text, Set set) {
  const std::optional<Number> value = read_number<Number>(text);
  if (value) set(*value);
  return value.has_value();
}

bool set_single(Message& m, const FieldDescriptor* f, std::string_view text) {
  const auto& r = *m.GetReflection();
  switch (f->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      r.SetString(&m, f, std::string(text));
      return true;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return false;
      r.SetBool(&m, f, text == "true");
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      return set_number<std::int32_t>(text, [&](auto value) { r.SetInt32(&m, f, value); });
    case FieldDescriptor::CPPTYPE_INT64:
      return set_number<std::int64_t>(text, [&](auto value) { r.SetInt64(&m, f, value); });
    case FieldDescriptor::CPPTYPE_UINT32:
      return set_number<std::uint32_t>(text, [&](auto value) { r.SetUInt32(&m, f, value); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return set_number<std::uint64_t>(text, [&](auto value) { r.SetUInt64(&m, f, value); });
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const std::optional<double> value = read_decimal(text);
      if (value) r.SetDouble(&m, f, *value);
      return value.has_value();
    }
    default:
      return false;
  }
}

}  // namespace

ValueKind kind_of(const FieldDescriptor* field) {
  if (field == nullptr) return ValueKind::kText;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return ValueKind::kText;
    case FieldDescriptor::CPPTYPE_BOOL:
      return field->is_repeated() ? ValueKind::kOther : ValueKind::kFlag;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return field->is_repeated() ? ValueKind::kOther : ValueKind::kDecimal;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return field->is_repeated() ? ValueKind::kOther : ValueKind::kWhole;
    default:
      return ValueKind::kOther;
  }
}

std::string_view expected_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::kText:
      return "a text";
    case ValueKind::kWhole:
      return "a whole number in the field's range";
    case ValueKind::kDecimal:
      return "a number";
    case ValueKind::kFlag:
      return "true or false";
    case ValueKind::kOther:
      return "";
  }
  return "";
}

std::optional<double> read_decimal(std::string_view text) {
  const std::optional<double> value = read_number<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool set_field(Message& message, const FieldDescriptor* field, std::string_view text) {
  if (!field->is_repeated()) return set_single(message, field, text);
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  message.GetReflection()->AddString(&message, field, std::string(text));
  return true;
}

}  // namespace moot
