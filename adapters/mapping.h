// A mapping says how the rows of one agency's CSV export become events: data, written once per export as a TOML file
// (deploy/*/mappings has examples). The facts it may name are those of the language's bodies, found by reflection, so a
// new body needs no code here.
// Loading errors: kDefinition with file, line, key and what was expected; kMissing when there is no such file.
// Thread: values, read-only after loading, usable anywhere.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/area_table.h"
#include "adapters/date_format.h"
#include "adapters/encoding.h"
#include "broker/core/calendar.h"
#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// A position in Mapping::columns.
using ColumnIndex = std::size_t;

// Where one value comes from: a constant, or a column, perhaps through a list of codes, the partnership's areas or a
// form of date.
struct ValueSource {
  enum class Unmapped { kRefuse, kOmit, kUse };

  std::optional<ColumnIndex> column;  // nothing = the constant
  std::string constant;
  std::optional<std::map<std::string, std::string, std::less<>>> codes;
  bool areas = false;                     // a cell that the codes do not list is looked up among the areas
  Unmapped unmapped = Unmapped::kRefuse;  // what becomes of a cell that neither of them has
  std::string otherwise;                  // kUse: the value then
  std::optional<DateFormat> format;       // the cell is a date, and becomes YYYY-MM-DD
  char separator = '\0';                  // several values in one cell; '\0' = one
};

struct NamedSource {
  std::string field;  // of the envelope, or of the body
  ValueSource value;
};

struct TimeSource {
  ColumnIndex column = 0;
  std::vector<DateFormat> formats;  // one or more; a cell is of the first that reads it
  Zone zone = Zone::london();
  std::optional<v1::TimePrecision> precision;  // nothing = what the cell's form tells
};

// A part that is left out of the event when none of its columns has anything in the row.
struct PersonSource {
  std::string role;
  std::optional<ValueSource> reference, name, given, family, born, sex, address, postcode, uprn, phone, email;
};
struct PlaceSource {
  std::string role;
  std::optional<ValueSource> address, postcode, uprn, latitude, longitude;
};
struct TextSource {
  std::string field;
  ValueSource value;
};
struct LinkSource {
  std::string rel;
  std::string source;
  ValueSource id;
};

struct Mapping {
  std::string title;
  std::string source;
  AgencyId agency;  // whose source it is: its first segment
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::size_t skip_lines = 0;        // above the header
  std::string sheet;                 // of a spreadsheet; empty = the first that is not hidden
  std::vector<std::string> footers;  // a row that begins so is no record
  bool ends_with_line_end = false;   // without one after its last row the file was cut off
  // The partnership's, for values that are looked up there. Whoever loads a mapping gives them; null = none.
  std::shared_ptr<const AreaTable> areas;

  std::vector<std::string> columns;  // every column the mapping names, each once
  ValueSource type;
  std::optional<ColumnIndex> key;  // nothing: rows have no number of their own (csv_reader.h)
  std::optional<ColumnIndex> revision;
  bool by_content = false;    // the export repeats changed records, and does not number them (source_state.h)
  bool complete = false;      // each file holds all records there are; implies by_content
  int gone_percent_max = 20;  // more of them gone than that: then the file is thought to be cut off
  std::optional<ColumnIndex> subject;
  TimeSource time;
  std::optional<TimeSource> known_time;
  std::vector<NamedSource> envelope;
  std::vector<NamedSource> facts;
  std::vector<PersonSource> people;
  std::vector<PlaceSource> places;
  std::vector<TextSource> texts;
  std::vector<LinkSource> links;

  bool needs_areas() const;
};

Result<Mapping> load_mapping(const std::filesystem::path& file);
// `name` stands for the file in mistakes.
Result<Mapping> parse_mapping(std::string_view toml, std::string_view name);

}  // namespace moot
