#include "adapters/json_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <bitset>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace moot {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
namespace json = boost::json;

constexpr std::size_t kFieldsMax = 128;  // of a message of the language

// What of a text its parsed value does not tell.
struct Written {
  std::vector<std::string_view> numbers;  // as they stand, in their order
  std::size_t members = 0;                // of all objects, those given twice too
};

Written written(std::string_view raw) {
  Written found;
  constexpr std::string_view kNumber = "+-.0123456789eE";
  for (std::size_t at = 0; at < raw.size(); ++at) {
    const char c = raw[at];
    if (c == '"') {
      for (++at; at < raw.size() && raw[at] != '"'; ++at) at += raw[at] == '\\' ? 1 : 0;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      const std::size_t end = std::min(raw.find_first_not_of(kNumber, at), raw.size());
      found.numbers.push_back(raw.substr(at, end - at));
      at = end - 1;
    } else {
      found.members += c == ':' ? 1 : 0;
    }
  }
  return found;
}

std::optional<double> decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Whole, however it is written ("7", "7.0", "7e0"), and within the type.
template <typename Whole>
std::optional<Whole> whole(std::string_view text) {
  Whole number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  const std::optional<double> wide = decimal(text);
  constexpr double kBeyond = static_cast<double>(std::numeric_limits<Whole>::max() / 2 + 1) * 2.0;
  if (!wide || std::trunc(*wide) != *wide || *wide >= kBeyond ||
      *wide < static_cast<double>(std::numeric_limits<Whole>::min()))
    return std::nullopt;
  return static_cast<Whole>(*wide);
}

// Where in the message something stands; made into words only where it is wrong.
struct Path {
  const Path* above = nullptr;
  std::string_view name;
  std::optional<std::size_t> element = std::nullopt;  // of a list

  std::string words() const {
    std::string text = above == nullptr ? "" : above->words() + ".";
    text += name;
    return element ? text + "[" + std::to_string(*element) + "]" : text;
  }
};

Status expected(const Path& path, std::string_view what) {
  return Status(Code::kInvalid, path.words() + ": expected " + std::string(what));
}

const FieldDescriptor* find_field(const Descriptor& message, std::string_view name) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (field->name() == name || field->json_name() == name) return field;
  }
  return nullptr;
}

class Filling {
 public:
  Filling(Written of_text, std::string_view top) : written_(std::move(of_text)), top_(top) {}

  Status fill(const json::value& value, const Path& path, Message& message);
  // Once all is filled: a member that a parser dropped in favour of a later one was not met.
  Status check_nothing_was_given_twice() const {
    if (members_ == written_.members && number_ == written_.numbers.size()) return {};
    return Status(Code::kInvalid, std::string(top_) + ": a name is given twice");
  }

 private:
  Status fill_field(const json::value& value, const FieldDescriptor& field, const Path& path, Message& message);
  Status fill_single(const json::value& value, const FieldDescriptor& field, const Path& path, Message& message);
  Status fill_enum(const json::value& value, const FieldDescriptor& field, const Path& path, Message& message);
  Status fill_number(std::string_view text, const FieldDescriptor& field, Message& message);
  template <typename Value, typename Set, typename Add>
  Status put(const std::optional<Value>& value, const FieldDescriptor& field, Message& message, Set set, Add add);
  std::string_view next_number() {
    return number_ < written_.numbers.size() ? written_.numbers[number_++] : std::string_view();
  }

  const Written written_;
  const std::string_view top_;
  std::size_t number_ = 0;   // met so far
  std::size_t members_ = 0;  // likewise
};

template <typename Value, typename Set, typename Add>
Status Filling::put(const std::optional<Value>& value, const FieldDescriptor& field, Message& message, Set set,
                    Add add) {
  if (!value)
    return Status(Code::kInvalid, std::string(top_) + ": a number is not one, or is out of its field's range");
  const Reflection* reflection = message.GetReflection();
  field.is_repeated() ? (reflection->*add)(&message, &field, *value) : (reflection->*set)(&message, &field, *value);
  return {};
}

Status Filling::fill_number(std::string_view text, const FieldDescriptor& field, Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(whole<std::int32_t>(text), field, message, &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(whole<std::uint32_t>(text), field, message, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return put(whole<std::int64_t>(text), field, message, &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(whole<std::uint64_t>(text), field, message, &Reflection::SetUInt64, &Reflection::AddUInt64);
    default:
      MOOT_CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE);  // the language has no others
      return put(decimal(text), field, message, &Reflection::SetDouble, &Reflection::AddDouble);
  }
}

Status Filling::fill_enum(const json::value& value, const FieldDescriptor& field, const Path& path, Message& message) {
  const EnumDescriptor& type = *field.enum_type();
  const EnumValueDescriptor* chosen =
      value.is_string() ? type.FindValueByName(std::string(value.as_string())) : nullptr;
  if (chosen != nullptr) {
    const Reflection* reflection = message.GetReflection();
    field.is_repeated() ? reflection->AddEnum(&message, &field, chosen) : reflection->SetEnum(&message, &field, chosen);
    return {};
  }
  std::string names;
  for (int i = 1; i < type.value_count(); ++i) names += (i == 1 ? "" : ", ") + type.value(i)->name();
  return expected(path, "one of " + names);
}

Status Filling::fill_single(const json::value& value, const FieldDescriptor& field, const Path& path,
                            Message& message) {
  const Reflection* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(value, path,
                  field.is_repeated() ? *reflection->AddMessage(&message, &field)
                                      : *reflection->MutableMessage(&message, &field));
    case FieldDescriptor::CPPTYPE_STRING: {
      if (!value.is_string()) return expected(path, "a text");
      std::string text(value.as_string());
      field.is_repeated() ? reflection->AddString(&message, &field, std::move(text))
                          : reflection->SetString(&message, &field, std::move(text));
      return {};
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!value.is_bool()) return expected(path, "true or false");
      field.is_repeated() ? reflection->AddBool(&message, &field, value.as_bool())
                          : reflection->SetBool(&message, &field, value.as_bool());
      return {};
    case FieldDescriptor::CPPTYPE_ENUM:
      return fill_enum(value, field, path, message);
    default:
      // Proto3 JSON writes whole numbers of 64 bits as texts.
      if (value.is_string()) return fill_number(std::string_view(value.as_string()), field, message);
      return value.is_number() ? fill_number(next_number(), field, message) : expected(path, "a number");
  }
}

Status Filling::fill_field(const json::value& value, const FieldDescriptor& field, const Path& path, Message& message) {
  if (value.is_null()) return {};  // as good as absent
  if (!field.is_repeated()) return fill_single(value, field, path, message);
  if (!value.is_array()) return expected(path, "a list");
  std::size_t i = 0;
  for (const json::value& element : value.as_array())
    MOOT_RETURN_IF_ERROR(fill_single(element, field, {path.above, path.name, i++}, message));
  return {};
}

Status Filling::fill(const json::value& value, const Path& path, Message& message) {
  if (!value.is_object()) return expected(path, "an object in braces");
  const Descriptor& type = *message.GetDescriptor();
  MOOT_CHECK(static_cast<std::size_t>(type.field_count()) <= kFieldsMax);
  std::bitset<kFieldsMax> seen, chosen;
  for (const json::key_value_pair& member : value.as_object()) {
    ++members_;
    const FieldDescriptor* field = find_field(type, member.key());
    if (field == nullptr)
      return Status(Code::kInvalid,
                    path.words() + ": has no field " + printable_name(member.key()) + "; is it misspelt?");
    const Path here{&path, field->name()};
    const auto index = static_cast<std::size_t>(field->index());
    if (seen[index]) return Status(Code::kInvalid, here.words() + ": is given twice");
    seen.set(index);
    if (const auto* oneof = field->containing_oneof()) {
      const auto which = static_cast<std::size_t>(oneof->index());
      if (chosen[which]) return expected(path, "only one " + oneof->name());
      chosen.set(which);
    }
    MOOT_RETURN_IF_ERROR(fill_field(member.value(), *field, here, message));
  }
  return {};
}

}  // namespace

std::string printable_name(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return plain ? "\"" + std::string(name) + "\"" : "of that name, which is long or not plain";
}

Status fill_from_json(const json::value& value, std::string_view raw, std::string_view path, Message& message) {
  Filling filling(written(raw), path);
  MOOT_RETURN_IF_ERROR(filling.fill(value, {nullptr, path}, message));
  return filling.check_nothing_was_given_twice();
}

}  // namespace moot
