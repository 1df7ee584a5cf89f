#include "adapters/mapped_row.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>

#include "adapters/csv_cells.h"
#include "adapters/field_value.h"
#include "adapters/national_grid.h"
#include "adapters/workbook.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What Excel and LibreOffice write into an export where a formula had no result (ECMA-376 part 1, 18.17.2 errors, and
// those of later versions).
constexpr std::string_view kNoValue = "#N/A";
constexpr std::string_view kSheetErrors[] = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!",   "#NAME?",
                                             "#NUM!",  "#SPILL!", "#CALC!",  "#FIELD!", "#BLOCKED!"};

bool is_sheet_error(std::string_view cell) {
  return cell.starts_with('#') &&
         std::find(std::begin(kSheetErrors), std::end(kSheetErrors), cell) != std::end(kSheetErrors);
}

// What web pages and spreadsheets write for a blank that is not to break a line: nobody sees the difference.
constexpr std::string_view kHardBlank = "\xc2\xa0";

std::string_view without_blanks(std::string_view cell) {
  for (std::string_view text = trimmed(cell);; cell = text, text = trimmed(text)) {
    if (text.starts_with(kHardBlank)) text.remove_prefix(kHardBlank.size());
    if (text.ends_with(kHardBlank)) text.remove_suffix(kHardBlank.size());
    if (text.size() == cell.size()) return text;
  }
}

// What stands in a cell. Some exports write ="00123", so that a spreadsheet program leaves the zeros.
std::string_view content(std::string_view cell) {
  const std::string_view text = without_blanks(cell);
  if (text.size() > 3 && text.starts_with("=\"") && text.find('"', 2) == text.size() - 1)
    return without_blanks(text.substr(2, text.size() - 3));
  return text == kNoValue ? std::string_view() : text;
}

std::string versioned(const std::string& key, std::uint64_t revision) { return key + "/" + std::to_string(revision); }

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Reads one row. The first refusal is kept; after it every value reads as not supplied, so that the code stays
// straight.
class RowReading {
 public:
  RowReading(const Mapping& mapping, std::span<const std::string> cells, const std::string& keyless_id)
      : mapping_(mapping), cells_(cells), keyless_id_(keyless_id) {}

  std::variant<v1::Event, Refusal> event();

 private:
  std::string_view cell(ColumnIndex column) const { return content(cells_[column]); }
  void refuse_sheet_errors();
  void refuse(ColumnIndex column, Code code, std::string_view why);
  std::string required(ColumnIndex column, std::string_view what);
  // The values of a source; empty = not supplied. More than one only where it has a separator.
  std::vector<std::string> values(const ValueSource& source);
  std::optional<std::string> listed_value(const ValueSource& source, std::string_view cell);
  std::optional<std::string> value_of_cell(const ValueSource& source, std::string_view cell);
  std::string value(const ValueSource& source);
  std::string value(const std::optional<ValueSource>& source) { return source ? value(*source) : std::string(); }
  void refuse_source(const std::optional<ValueSource>& source, Code code, std::string_view why);
  std::optional<double> degrees(const std::optional<ValueSource>& source);

  void read_ids(v1::Envelope& envelope);
  struct Time {
    Instant instant;
    v1::TimePrecision precision;
  };
  std::optional<Time> read_time(const TimeSource& source);
  void read_times(v1::Envelope& envelope);
  void read_links(v1::Envelope& envelope);
  void read_facts(const std::string& type, v1::Facts& facts);
  void read_person(const PersonSource& source, v1::Personal& personal);
  void read_place(const PlaceSource& source, v1::Personal& personal);
  void read_personal(v1::Event& event);

  const Mapping& mapping_;
  std::span<const std::string> cells_;
  const std::string& keyless_id_;
  std::optional<Refusal> refusal_;
};

void RowReading::refuse(ColumnIndex column, Code code, std::string_view why) {
  if (refusal_) return;
  const std::string& name = mapping_.columns[column];
  refusal_ = Refusal{name, code, "column \"" + name + "\": " + std::string(why)};
}

void RowReading::refuse_source(const std::optional<ValueSource>& source, Code code, std::string_view why) {
  if (source && source->column) return refuse(*source->column, code, why);
  if (!refusal_) refusal_ = Refusal{"", code, "a place's latitude or longitude " + std::string(why)};
}

void RowReading::refuse_sheet_errors() {
  for (ColumnIndex column = 0; column < cells_.size(); ++column) {
    const std::string_view text = cell(column);
    if (is_sheet_error(text))
      refuse(column, Code::kUnreadable, "holds " + std::string(text) + ", an error of the spreadsheet it comes from");
    if (text == kNotWorkedOut)
      refuse(column, Code::kUnreadable,
             "holds a formula that was never worked out; open the file in a spreadsheet program and save it");
  }
}

std::string RowReading::required(ColumnIndex column, std::string_view what) {
  const std::string_view text = cell(column);
  if (text.empty()) refuse(column, Code::kMissing, "is empty; it should hold " + std::string(what));
  return std::string(text);
}

std::optional<std::string> RowReading::listed_value(const ValueSource& source, std::string_view cell) {
  if (source.codes) {
    const auto found = source.codes->find(cell);
    if (found != source.codes->end()) return found->second;
  }
  AreaTable::Found area;
  if (source.areas && mapping_.areas) area = mapping_.areas->find(cell);
  if (!area.code.empty()) return std::string(area.code);
  if (cell.empty() || source.unmapped == ValueSource::Unmapped::kOmit) return std::nullopt;
  if (source.unmapped == ValueSource::Unmapped::kUse) return source.otherwise;
  std::string_view why = "holds a code that is not in the mapping's list for it";
  if (source.areas) why = "is not the code, name or alias of an area of the partnership";
  if (area.ambiguous) why = "is a name or alias of more than one area of the partnership";
  refuse(*source.column, Code::kUnmapped, why);
  return std::nullopt;
}

std::optional<std::string> RowReading::value_of_cell(const ValueSource& source, std::string_view cell) {
  if (source.codes || source.areas) return listed_value(source, cell);
  if (cell.empty()) return std::nullopt;
  if (!source.format) return std::string(cell);
  const std::optional<LocalTime> read = source.format->read(cell);
  if (read) return to_iso(read->date);
  refuse(*source.column, Code::kUnreadable, "not a date of the form " + source.format->words());
  return std::nullopt;
}

std::vector<std::string> RowReading::values(const ValueSource& source) {
  if (!source.column) return {source.constant};
  std::vector<std::string> found;
  std::string_view rest = cell(*source.column);
  while (true) {
    const std::size_t end = source.separator == '\0' ? std::string_view::npos : rest.find(source.separator);
    std::optional<std::string> one = value_of_cell(source, trimmed(rest.substr(0, end)));
    if (one && !one->empty()) found.push_back(std::move(*one));
    if (end == std::string_view::npos) return found;
    rest.remove_prefix(end + 1);
  }
}

std::string RowReading::value(const ValueSource& source) {
  std::vector<std::string> found = values(source);
  return found.empty() ? std::string() : std::move(found.front());
}

void RowReading::read_ids(v1::Envelope& envelope) {
  envelope.set_source(mapping_.source);
  const std::string key = mapping_.key ? required(*mapping_.key, "the record's key") : keyless_id_;
  envelope.set_id(key);
  if (mapping_.revision) {
    const std::string text = required(*mapping_.revision, "the record's revision");
    const std::optional<std::uint64_t> revision = whole_number(text);
    if (!revision) refuse(*mapping_.revision, Code::kUnreadable, "not a whole number");
    envelope.set_record(key);
    envelope.set_revision(revision.value_or(0));
    envelope.set_id(versioned(key, revision.value_or(0)));
  }
  if (mapping_.subject) envelope.set_subject(std::string(cell(*mapping_.subject)));
}

std::optional<RowReading::Time> RowReading::read_time(const TimeSource& source) {
  constexpr int kFirstYear = 1900;
  std::string words;
  for (const DateFormat& format : source.formats) {
    const std::optional<LocalTime> local = format.read(cell(source.column));
    words += (words.empty() ? "" : " or ") + format.words();
    if (!local) continue;
    if (local->date.year >= kFirstYear)
      return Time{source.zone.instant(*local), source.precision.value_or(format.precision())};
    refuse(source.column, Code::kInvalid, "is before 1900; is its year written in full?");
    return std::nullopt;
  }
  const std::string_view what = source.formats.front().has_time_of_day() ? "time" : "date";
  refuse(source.column, Code::kUnreadable, "not a " + std::string(what) + " of the form " + words);
  return std::nullopt;
}

void RowReading::read_times(v1::Envelope& envelope) {
  required(mapping_.time.column, "the time when it happened");
  if (const std::optional<Time> time = read_time(mapping_.time)) {
    *envelope.mutable_time() = to_proto(time->instant);
    envelope.set_time_precision(time->precision);
  }
  if (!mapping_.known_time || cell(mapping_.known_time->column).empty()) return;
  if (const std::optional<Time> known = read_time(*mapping_.known_time))
    *envelope.mutable_known_time() = to_proto(known->instant);
}

void RowReading::read_links(v1::Envelope& envelope) {
  for (const LinkSource& source : mapping_.links) {
    const std::string id = value(source.id);
    if (id.empty()) continue;
    v1::Link& link = *envelope.add_links();
    link.set_rel(source.rel);
    link.set_source(source.source);
    link.set_id(id);
  }
}

void RowReading::read_facts(const std::string& type, v1::Facts& facts) {
  if (type.empty()) return;
  MOOT_CHECK_OK(set_body_and_stage(type, facts));  // every type a mapping can give was tried when it was loaded
  const auto* oneof = v1::Facts::descriptor()->FindOneofByName("body");
  const FieldDescriptor* body_field = facts.GetReflection()->GetOneofFieldDescriptor(facts, oneof);
  Message& body = *facts.GetReflection()->MutableMessage(&facts, body_field);
  for (const NamedSource& fact : mapping_.facts) {
    const FieldDescriptor* field = body.GetDescriptor()->FindFieldByName(fact.field);
    if (field == nullptr) continue;  // a fact of another of the mapping's types
    for (const std::string& value : values(fact.value)) {
      if (set_field(body, field, value)) continue;
      MOOT_CHECK(fact.value.column.has_value());  // constants were tried when the mapping was loaded
      refuse(*fact.value.column, Code::kUnreadable, "not " + std::string(expected_of(kind_of(field))));
    }
  }
}

void RowReading::read_person(const PersonSource& source, v1::Personal& personal) {
  v1::Person person;
  person.set_reference(value(source.reference));
  v1::Name name;
  name.set_full(value(source.name));
  name.set_given(value(source.given));
  name.set_family(value(source.family));
  if (name.ByteSizeLong() > 0) *person.add_names() = name;
  person.set_born(value(source.born));
  person.set_sex(value(source.sex));
  v1::Address address;
  address.set_uprn(value(source.uprn));
  address.set_lines(value(source.address));
  address.set_postcode(value(source.postcode));
  if (address.ByteSizeLong() > 0) *person.add_addresses() = address;
  if (const std::string phone = value(source.phone); !phone.empty()) person.add_phones(phone);
  if (const std::string email = value(source.email); !email.empty()) person.add_emails(email);
  if (person.ByteSizeLong() == 0) return;
  person.set_role(source.role);
  *personal.add_people() = std::move(person);
}

std::optional<double> RowReading::degrees(const std::optional<ValueSource>& source) {
  const std::string text = value(source);
  if (text.empty()) return std::nullopt;
  const std::optional<double> number = read_decimal(text);
  if (!number) refuse_source(source, Code::kUnreadable, "not a number of degrees");
  return number.value_or(0);
}

void RowReading::read_place(const PlaceSource& source, v1::Personal& personal) {
  v1::Place place;
  v1::Address address;
  address.set_uprn(value(source.uprn));
  address.set_lines(value(source.address));
  address.set_postcode(value(source.postcode));
  if (address.ByteSizeLong() > 0) *place.mutable_address() = address;
  const std::optional<double> latitude = degrees(source.latitude), longitude = degrees(source.longitude);
  if (latitude.has_value() != longitude.has_value())
    refuse_source(latitude ? source.longitude : source.latitude, Code::kMissing,
                  "is empty, and the other coordinate is not");
  // Two zeros are how some exports write that there is no point.
  const bool somewhere = latitude && longitude && (*latitude != 0 || *longitude != 0);
  if (somewhere && !is_in_united_kingdom({*latitude, *longitude}))
    refuse_source(source.latitude, Code::kInvalid,
                  "is not in the United Kingdom together with the longitude; are they the wrong way round?");
  place.set_latitude(latitude.value_or(0));
  place.set_longitude(longitude.value_or(0));
  if (place.ByteSizeLong() == 0) return;
  place.set_role(source.role);
  *personal.add_places() = std::move(place);
}

void RowReading::read_personal(v1::Event& event) {
  v1::Personal personal;
  for (const PersonSource& source : mapping_.people) read_person(source, personal);
  for (const PlaceSource& source : mapping_.places) read_place(source, personal);
  for (const TextSource& source : mapping_.texts) {
    const std::string text = value(source.value);
    if (text.empty()) continue;
    v1::Text& entry = *personal.add_texts();
    entry.set_field(source.field);
    entry.set_text(text);
  }
  if (personal.ByteSizeLong() > 0) *event.mutable_personal() = std::move(personal);
}

std::variant<v1::Event, Refusal> RowReading::event() {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  refuse_sheet_errors();
  read_ids(envelope);
  const std::string type = value(mapping_.type);
  if (type.empty()) refuse(mapping_.type.column.value_or(0), Code::kMissing, "is empty; it should give the type");
  envelope.set_type(type);
  read_times(envelope);
  for (const NamedSource& source : mapping_.envelope) {
    const FieldDescriptor* field = v1::Envelope::descriptor()->FindFieldByName(source.field);
    if (const std::string text = value(source.value); !text.empty()) MOOT_CHECK(set_field(envelope, field, text));
  }
  read_links(envelope);
  read_facts(type, *event.mutable_facts());
  read_personal(event);
  if (refusal_) return *refusal_;
  return event;
}

}  // namespace

std::variant<v1::Event, Refusal> event_from_row(const Mapping& mapping, std::span<const std::string> cells,
                                                const std::string& keyless_id) {
  MOOT_CHECK(cells.size() == mapping.columns.size());
  return RowReading(mapping, cells, keyless_id).event();
}

std::string id_of_row(const Mapping& mapping, std::span<const std::string> cells) {
  const std::string key(content(cells[mapping.key.value()]));
  if (key.empty() || !mapping.revision) return key;
  const std::optional<std::uint64_t> revision = whole_number(content(cells[*mapping.revision]));
  return revision ? versioned(key, *revision) : "";
}

}  // namespace moot
