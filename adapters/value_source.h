// Reading where a value comes from out of a mapping file. Mistakes are recorded in the Definition, at their line.
// Thread: one, the loader's.
#pragma once

#include <string_view>

#include "adapters/mapping.h"
#include "broker/core/definition.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace moot {

// The place of a column among the mapping's columns; added when it is new.
ColumnIndex column_index(std::string_view name, Mapping& mapping);

// A column's name, required.
ColumnIndex read_column(Definition& table, std::string_view key, Mapping& mapping);

// { column = …, codes = …, areas = …, unmapped = …, format = …, separator = … }. `field` is what the value is for, by
// which the values of the codes are read as texts, numbers or true and false; null = a text. `areas` is taken only of
// an event's area; elsewhere it is a misspelt key.
ValueSource read_value_table(Definition& table, const google::protobuf::FieldDescriptor* field, Mapping& mapping,
                             bool is_area = false);

// A plain text is a column's name; or a table as above. Nothing when the key is not there.
std::optional<ValueSource> read_column_or_table(Definition& table, std::string_view key, Mapping& mapping);

// A plain text is a constant; or a table as above.
ValueSource read_constant_or_table(Definition& table, std::string_view key, Mapping& mapping, bool is_area = false);

// Every value that the mapping itself gives: the constant, those of the codes, and the one for unlisted cells.
std::vector<std::string> values_in_mapping(const ValueSource& source);

DateFormat read_date_format(Definition& table, std::string_view key);

}  // namespace moot
