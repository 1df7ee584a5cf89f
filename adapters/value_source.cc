#include "adapters/value_source.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <limits>

#include "adapters/field_value.h"

namespace moot {

namespace {

using google::protobuf::FieldDescriptor;

// One value as the field takes it, written as text.
std::string read_value(Definition& table, const std::string& key, const FieldDescriptor* field) {
  switch (kind_of(field)) {
    case ValueKind::kFlag:
      return table.flag_or(key, false) ? "true" : "false";
    case ValueKind::kWhole:
      return std::to_string(
          table.integer_or(key, 0, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()));
    default:
      return table.text_or(key, "");
  }
}

void read_unmapped(Definition& table, const FieldDescriptor* field, ValueSource& source) {
  if (!table.has("unmapped")) return;
  const std::optional<std::string> word = table.text_if("unmapped");
  if (word == "refuse") return;
  if (word == "omit") {
    source.unmapped = ValueSource::Unmapped::kOmit;
    return;
  }
  if (word) {
    table.mistake("unmapped", "expected \"refuse\", \"omit\" or a table such as { value = \"other\" }");
    return;
  }
  std::optional<Definition> instead = table.table("unmapped");
  if (!instead) return;
  if (!instead->has("value")) instead->mistake("value", "is required: the value to use");
  source.unmapped = ValueSource::Unmapped::kUse;
  source.otherwise = read_value(*instead, "value", field);
}

void read_separator(Definition& table, const FieldDescriptor* field, ValueSource& source) {
  if (!table.has("separator")) return;
  const std::string separator = table.text("separator");
  if (separator.size() != 1 || field == nullptr || !field->is_repeated())
    table.mistake("separator", "expected one character, and a field that takes several values");
  else
    source.separator = separator.front();
}

}  // namespace

ColumnIndex column_index(std::string_view name, Mapping& mapping) {
  const auto found = std::find(mapping.columns.begin(), mapping.columns.end(), name);
  const auto index = static_cast<ColumnIndex>(found - mapping.columns.begin());
  if (found == mapping.columns.end()) mapping.columns.emplace_back(name);
  return index;
}

ColumnIndex read_column(Definition& table, std::string_view key, Mapping& mapping) {
  return column_index(table.text(key), mapping);
}

DateFormat read_date_format(Definition& table, std::string_view key) {
  const std::string pattern = table.text(key);
  Result<DateFormat> format = DateFormat::parse(pattern);
  if (format.ok()) return *format;
  table.mistake(key, format.status().message());
  return {};
}

ValueSource read_value_table(Definition& table, const FieldDescriptor* field, Mapping& mapping, bool is_area) {
  ValueSource source;
  source.column = read_column(table, "column", mapping);
  if (std::optional<Definition> codes = table.table("codes")) {
    source.codes.emplace();
    for (const std::string& cell : codes->keys()) source.codes->emplace(cell, read_value(*codes, cell, field));
  }
  if (is_area) source.areas = table.flag_or("areas", false);
  if (table.has("unmapped") && !source.codes && !source.areas)
    table.mistake("unmapped", is_area ? "expected codes or areas beside it" : "expected codes beside it");
  read_unmapped(table, field, source);
  read_separator(table, field, source);
  if (table.has("format")) {
    source.format = read_date_format(table, "format");
    if (source.codes || source.areas) table.mistake("format", "expected either a format or codes, not both");
    if (!source.format->has_day()) table.mistake("format", "expected a day, a month and a year");
  }
  return source;
}

std::optional<ValueSource> read_column_or_table(Definition& table, std::string_view key, Mapping& mapping) {
  if (!table.has(key)) return std::nullopt;
  if (table.text_if(key)) {
    ValueSource source;
    source.column = read_column(table, key, mapping);
    return source;
  }
  std::optional<Definition> value = table.table(key);
  return value ? read_value_table(*value, nullptr, mapping) : ValueSource();
}

ValueSource read_constant_or_table(Definition& table, std::string_view key, Mapping& mapping, bool is_area) {
  ValueSource source;
  if (!table.has(key) || table.text_if(key)) {
    source.constant = table.text(key);
    return source;
  }
  std::optional<Definition> value = table.table(key);
  return value ? read_value_table(*value, nullptr, mapping, is_area) : source;
}

std::vector<std::string> values_in_mapping(const ValueSource& source) {
  std::vector<std::string> values;
  if (!source.column) values.push_back(source.constant);
  if (source.codes)
    for (const auto& [cell, value] : *source.codes) values.push_back(value);
  if (source.unmapped == ValueSource::Unmapped::kUse) values.push_back(source.otherwise);
  return values;
}

}  // namespace moot
