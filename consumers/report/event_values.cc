#include "consumers/report/event_values.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"

namespace moot {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array<std::string_view, 8> kCommon = {"area", "agency", "source", "compartment",
                                                     "role", "sex",    "month",  "stage"};

std::string folded(const std::string& text) {
  std::string out;
  for (const char c : text)
    out.push_back(c == ' ' || c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
  return out;
}

struct BodyField {
  const Message* body = nullptr;
  const FieldDescriptor* field = nullptr;
};

BodyField find_field(const v1::Facts& facts, const std::string& name) {
  const auto* oneof = v1::Facts::descriptor()->FindOneofByName("body");
  const FieldDescriptor* body = facts.GetReflection()->GetOneofFieldDescriptor(facts, oneof);
  if (body == nullptr) return {};
  const Message& message = facts.GetReflection()->GetMessage(facts, body);
  return {&message, message.GetDescriptor()->FindFieldByName(name)};
}

void add_if(std::vector<std::string>& values, const std::string& value) {
  if (!value.empty()) values.push_back(value);
}

}  // namespace

std::vector<std::string> values_of_body(const v1::Facts& facts, const std::string& name) {
  const BodyField found = find_field(facts, name);
  if (found.field == nullptr) return {};
  if (found.field->has_presence() && !found.body->GetReflection()->HasField(*found.body, found.field)) return {};
  const auto& reflection = *found.body->GetReflection();
  std::vector<std::string> values;
  if (found.field->is_repeated()) {
    if (found.field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return {};
    for (int i = 0; i < reflection.FieldSize(*found.body, found.field); ++i)
      values.push_back(reflection.GetRepeatedString(*found.body, found.field, i));
    return values;
  }
  switch (found.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      add_if(values, reflection.GetString(*found.body, found.field));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      values.push_back(reflection.GetBool(*found.body, found.field) ? "true" : "false");
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      values.push_back(std::to_string(reflection.GetInt32(*found.body, found.field)));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      values.push_back(std::to_string(reflection.GetInt64(*found.body, found.field)));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      values.push_back(std::to_string(reflection.GetUInt32(*found.body, found.field)));
      break;
    default:
      break;
  }
  return values;
}

AreaNames::AreaNames(const std::vector<Area>& areas) {
  for (const Area& area : areas) {
    codes_.try_emplace(folded(area.code), area.code);
    codes_.try_emplace(folded(area.name), area.code);
    for (const std::string& alias : area.aliases) codes_.try_emplace(folded(alias), area.code);
  }
}

std::string AreaNames::code_of(const std::string& given) const {
  const auto found = codes_.find(folded(given));
  return found == codes_.end() ? given : found->second;
}

bool AreaNames::knows(const std::string& given) const { return codes_.contains(folded(given)); }

bool is_common_name(std::string_view name) { return std::find(kCommon.begin(), kCommon.end(), name) != kCommon.end(); }

std::vector<std::string> values_of(const v1::Event& event, const std::string& name, const AreaNames& areas) {
  const v1::Envelope& envelope = event.envelope();
  std::vector<std::string> values;
  if (name == "area") {
    if (!envelope.area().empty()) values.push_back(areas.code_of(envelope.area()));
  } else if (name == "agency") {
    add_if(values, envelope.agency());
  } else if (name == "source") {
    add_if(values, envelope.source());
  } else if (name == "compartment") {
    add_if(values, envelope.compartment());
  } else if (name == "month") {
    values.push_back(to_iso(local_date(from_proto(envelope.time()))).substr(0, 7));
  } else if (name == "stage") {
    add_if(values, stage_name(event.facts()));
  } else if (name == "role" || name == "sex") {
    for (const v1::Person& person : event.personal().people())
      add_if(values, name == "role" ? person.role() : person.sex());
  } else {
    return values_of_body(event.facts(), name);
  }
  return values;
}

std::optional<double> number_of(const v1::Event& event, const std::string& field) {
  const BodyField found = find_field(event.facts(), field);
  if (found.field == nullptr || found.field->is_repeated()) return std::nullopt;
  const auto& reflection = *found.body->GetReflection();
  if (found.field->has_presence() && !reflection.HasField(*found.body, found.field)) return std::nullopt;
  switch (found.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(*found.body, found.field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(*found.body, found.field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(*found.body, found.field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(*found.body, found.field);
    default:
      return std::nullopt;
  }
}

}  // namespace moot
