#include "tests/end_to_end/json_schema.h"

#include <algorithm>
#include <set>

namespace moot {

namespace json = boost::json;

namespace {

bool is_type(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

class Check {
 public:
  explicit Check(const json::value& document) : document_(document) {}

  void look(const json::value& value, const json::value& given, const std::string& path) {
    const json::object& schema = resolved(given, document_).as_object();
    for (const json::key_value_pair& keyword : schema) {
      static const std::set<std::string_view> kKnown = {
          "type", "const", "enum", "required", "properties", "additionalProperties", "items", "description"};
      if (!kKnown.contains(keyword.key())) fault(path, "the schema has a keyword unknown here");
    }
    if (const auto* type = schema.if_contains("type"); type != nullptr && !has_type(value, *type))
      return fault(path, "is of another type than " + json::serialize(*type));
    if (const auto* only = schema.if_contains("const"); only != nullptr && *only != value)
      fault(path, "is not " + json::serialize(*only));
    if (const auto* list = schema.if_contains("enum")) {
      const json::array& values = list->as_array();
      if (std::find(values.begin(), values.end(), value) == values.end()) fault(path, "is none of the values allowed");
    }
    if (value.is_object()) look_into(value.as_object(), schema, path);
    if (const auto* items = schema.if_contains("items"); items != nullptr && value.is_array())
      for (std::size_t i = 0; i < value.as_array().size(); ++i)
        look(value.as_array()[i], *items, path + "/" + std::to_string(i));
  }
  std::vector<std::string> take_faults() { return std::move(faults_); }

 private:
  static bool has_type(const json::value& value, const json::value& type) {
    if (type.is_string()) return is_type(value, type.as_string());
    const json::array& any = type.as_array();
    return std::any_of(any.begin(), any.end(), [&](const json::value& one) { return is_type(value, one.as_string()); });
  }
  void look_into(const json::object& value, const json::object& schema, const std::string& path) {
    if (const auto* required = schema.if_contains("required"))
      for (const json::value& name : required->as_array())
        if (!value.contains(name.as_string())) fault(path, "lacks " + json::serialize(name));
    const auto* properties = schema.if_contains("properties");
    const auto* more = schema.if_contains("additionalProperties");
    for (const json::key_value_pair& member : value) {
      const auto* known = properties == nullptr ? nullptr : properties->as_object().if_contains(member.key());
      if (known != nullptr)
        look(member.value(), *known, path + "/" + std::string(member.key()));
      else if (more != nullptr && *more == json::value(false))
        fault(path, "has \"" + std::string(member.key()) + "\", which the schema does not");
    }
  }
  void fault(const std::string& path, const std::string& what) { faults_.push_back(path + ": " + what); }

  const json::value& document_;
  std::vector<std::string> faults_;
};

}  // namespace

const json::value& resolved(const json::value& schema, const json::value& document) {
  const auto* reference = schema.as_object().if_contains("$ref");
  if (reference == nullptr) return schema;
  return document.at_pointer(std::string_view(reference->as_string()).substr(1));
}

std::vector<std::string> schema_faults(const json::value& value, const json::value& schema,
                                       const json::value& document) {
  Check check(document);
  check.look(value, schema, "");
  return check.take_faults();
}

}  // namespace moot
