// Loading a mapping file. Straight lines: Definition keeps the first mistake until finish().
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

#include "adapters/csv_cells.h"
#include "adapters/field_value.h"
#include "adapters/mapping.h"
#include "adapters/value_source.h"
#include "broker/core/definition.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::array<std::string_view, 8> kEnvelopeKeys = {"area",   "lsoa",  "marking", "compartment",
                                                           "regime", "basis", "consent", "retention"};

void check_source(Definition& table, std::string_view key, const std::string& source) {
  if (!AgencyId::parse(agency_of_source(source)).ok())
    table.mistake(key, "expected the form \"/<agency>/<system>\", the agency in a to z, 0 to 9 and -");
}

std::string read_code(Definition& table, std::string_view key) {
  std::string code = table.text(key);
  const Status status = check_code(key, code);
  if (!status.ok()) table.mistake(key, status.message());
  return code;
}

// One text, or a list of them.
void read_footers(Definition& file, Mapping& mapping) {
  if (!file.has("footer")) return;
  if (const std::optional<std::string> one = file.text_if("footer"))
    mapping.footers.push_back(*one);
  else
    mapping.footers = file.texts("footer");
  const auto is_blank = [](const std::string& footer) { return trimmed(footer) != footer || footer.empty(); };
  if (mapping.footers.empty() || std::any_of(mapping.footers.begin(), mapping.footers.end(), is_blank))
    file.mistake("footer", "expected how the footer begins, without blanks around it: a text, or a list of texts");
}

void read_file_form(Definition& root, Mapping& mapping) {
  std::optional<Definition> file = root.table("file");
  if (!file) return;
  const std::string encoding = file->text_or("encoding", "utf-8");
  if (encoding == "windows-1252")
    mapping.encoding = Encoding::kWindows1252;
  else if (encoding != "utf-8")
    file->mistake("encoding", "expected \"utf-8\" or \"windows-1252\"");
  const std::string delimiter = file->text_or("delimiter", ",");
  constexpr std::string_view kNotDelimiters = "\"\r\n ";
  if (delimiter.size() != 1 || kNotDelimiters.find(delimiter.front()) != std::string_view::npos)
    file->mistake("delimiter", "expected one character, not a quotation mark, a space or a line end");
  else
    mapping.delimiter = delimiter.front();
  mapping.sheet = file->text_or("sheet", "");
  mapping.skip_lines = static_cast<std::size_t>(file->integer_or("skip_lines", 0, 0, 1000));
  read_footers(*file, mapping);
  mapping.ends_with_line_end = file->flag_or("ends_with_line_end", false);
}

// The bodies that the mapping's types have.
std::vector<const Descriptor*> read_type(Definition& root, Mapping& mapping) {
  mapping.type = read_constant_or_table(root, "type", mapping);
  if (mapping.type.unmapped == ValueSource::Unmapped::kOmit)
    root.mistake("type", "every row needs a type: expected unmapped = \"refuse\" or a table with a value");
  if (mapping.type.column && !mapping.type.codes)
    root.mistake("type", "expected codes that give the type of each cell");
  std::vector<const Descriptor*> bodies;
  for (const std::string& type : values_in_mapping(mapping.type)) {
    v1::Facts facts;
    const Status status = set_body_and_stage(type, facts);
    if (!status.ok()) {
      root.mistake("type", status.message());
      continue;
    }
    const Descriptor* body = v1::Facts::descriptor()->FindFieldByName(std::string(body_name(facts)))->message_type();
    if (std::find(bodies.begin(), bodies.end(), body) == bodies.end()) bodies.push_back(body);
  }
  return bodies;
}

// One form, or a list of them: exports leave out the time where it is midnight, or write days by hand.
std::vector<DateFormat> read_formats(Definition& table) {
  if (!table.has("format") || table.text_if("format")) return {read_date_format(table, "format")};
  std::vector<DateFormat> formats;
  for (const std::string& pattern : table.texts("format")) {
    Result<DateFormat> format = DateFormat::parse(pattern);
    if (format.ok())
      formats.push_back(std::move(*format));
    else
      table.mistake("format", format.status().message());
  }
  if (formats.empty()) table.mistake("format", "expected a form such as \"%d/%m/%Y\", or a list of such forms");
  for (const DateFormat& one : formats)
    for (const DateFormat& other : formats)
      if (one.swaps_day_and_month_of(other))
        table.mistake("format", "expected day and month in one order: else nothing tells which of the two is the day");
  return formats;
}

// Nothing = what each cell's form can tell.
std::optional<v1::TimePrecision> read_precision(Definition& table, const std::vector<DateFormat>& formats) {
  const std::string word = table.text_or("precision", "");
  if (word.empty()) return std::nullopt;
  const auto all = [&](auto has) { return std::all_of(formats.begin(), formats.end(), has); };
  if (word == "exact" && all(std::mem_fn(&DateFormat::has_time_of_day))) return v1::EXACT;
  if (word == "day" && all(std::mem_fn(&DateFormat::has_day))) return v1::DAY;
  if (word == "month") return v1::MONTH;
  if (word == "approximate") return v1::APPROXIMATE;
  table.mistake("precision",
                "expected \"exact\", \"day\", \"month\" or \"approximate\", and no finer than the format is");
  return std::nullopt;
}

TimeSource read_time(Definition& table, Mapping& mapping) {
  TimeSource time;
  time.column = read_column(table, "column", mapping);
  time.formats = read_formats(table);
  const Result<Zone> zone = Zone::named(table.text_or("zone", "Europe/London"));
  if (zone.ok())
    time.zone = *zone;
  else
    table.mistake("zone", "expected the name of a time zone such as \"Europe/London\"");
  time.precision = read_precision(table, time.formats);
  return time;
}

void read_record(Definition& root, Mapping& mapping) {
  std::optional<Definition> record = root.table("record");
  if (!record) {
    root.mistake("record", "is required: a table with the key's column, or keyless = true");
    return;
  }
  if (record->flag_or("keyless", false)) {
    for (const char* key : {"key", "revision", "revisions", "complete", "gone_percent_max"})
      if (record->has(key))
        record->mistake(key, "rows that are keyless have no number to tell which record they are of");
    if (record->has("subject")) mapping.subject = read_column(*record, "subject", mapping);
    return;
  }
  mapping.key = read_column(*record, "key", mapping);
  if (record->has("revision")) mapping.revision = read_column(*record, "revision", mapping);
  const std::string revisions = record->text_or("revisions", "");
  mapping.complete = record->flag_or("complete", false);
  mapping.by_content = mapping.complete || revisions == "by-content";
  mapping.gone_percent_max = static_cast<int>(record->integer_or("gone_percent_max", 20, 0, 100));
  if (!revisions.empty() && revisions != "by-content") record->mistake("revisions", "expected \"by-content\"");
  if (mapping.by_content && mapping.revision)
    record->mistake("revision", "an export that numbers its versions needs neither revisions nor complete");
  if (record->has("gone_percent_max") && !mapping.complete)
    record->mistake("gone_percent_max", "needs complete = true");
  if (record->has("subject")) mapping.subject = read_column(*record, "subject", mapping);
}

void read_times(Definition& root, Mapping& mapping) {
  if (std::optional<Definition> time = root.table("time"))
    mapping.time = read_time(*time, mapping);
  else
    root.mistake("time", "is required: a table with column and format");
  if (std::optional<Definition> known = root.table("known_time")) mapping.known_time = read_time(*known, mapping);
}

void read_envelope(Definition& root, Mapping& mapping) {
  std::optional<Definition> envelope = root.table("envelope");
  if (!envelope) return;
  for (const std::string_view key : kEnvelopeKeys) {
    if (!envelope->has(key)) continue;
    mapping.envelope.push_back({std::string(key), read_constant_or_table(*envelope, key, mapping, key == "area")});
  }
}

const FieldDescriptor* find_fact(const std::vector<const Descriptor*>& bodies, const std::string& name) {
  for (const Descriptor* body : bodies)
    if (const FieldDescriptor* field = body->FindFieldByName(name)) return field;
  return nullptr;
}

std::string names_of(const std::vector<const Descriptor*>& bodies) {
  std::string names;
  for (const Descriptor* body : bodies) {
    for (int i = 0; i < body->field_count(); ++i) {
      if (body->field(i)->name() == "stage") continue;
      names += (names.empty() ? "" : ", ") + body->field(i)->name();
    }
  }
  return names;
}

// Free text does not become a fact by standing in a mapping, nor a number that its field cannot hold.
void check_fact_values(Definition& facts, const NamedSource& fact, const FieldDescriptor* field) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<google::protobuf::Message> scratch(factory->GetPrototype(field->containing_type())->New());
  for (const std::string& value : values_in_mapping(fact.value)) {
    if (value.empty()) continue;
    const Status status = kind_of(field) == ValueKind::kText ? check_code(fact.field, value) : Status();
    if (!status.ok()) facts.mistake(fact.field, status.message());
    if (!set_field(*scratch, field, value))
      facts.mistake(fact.field, "expected " + std::string(expected_of(kind_of(field))));
  }
}

// A constant of the field's own kind: `child_present = true`, `score = 3`, `category = "asb"`.
ValueSource read_constant(Definition& facts, const std::string& name, const FieldDescriptor* field) {
  ValueSource source;
  if (kind_of(field) == ValueKind::kFlag)
    source.constant = facts.flag_or(name, false) ? "true" : "false";
  else if (kind_of(field) == ValueKind::kWhole)
    source.constant = std::to_string(facts.integer_or(name, 0, INT64_MIN, INT64_MAX));
  else
    source.constant = facts.text(name);
  return source;
}

// `probe` is the same file once more: Definition tells a table from a plain value only by a mistake, and that copy's
// mistakes are nobody's.
void read_facts(Definition& root, Definition& probe, const std::vector<const Descriptor*>& bodies, Mapping& mapping) {
  std::optional<Definition> facts = root.table("facts");
  std::optional<Definition> probe_facts = probe.table("facts");
  if (!facts) return;
  for (const std::string& name : facts->keys()) {
    const FieldDescriptor* field = find_fact(bodies, name);
    std::optional<Definition> table = probe_facts->table(name) ? facts->table(name) : std::nullopt;
    if (field == nullptr || name == "stage" || kind_of(field) == ValueKind::kOther) {
      facts->mistake(
          name, name == "stage" ? "is given by the type" : "expected a field of the type's body: " + names_of(bodies));
      continue;
    }
    NamedSource fact{name, table ? read_value_table(*table, field, mapping) : read_constant(*facts, name, field)};
    check_fact_values(*facts, fact, field);
    mapping.facts.push_back(std::move(fact));
  }
}

void read_people(Definition& root, Mapping& mapping) {
  for (Definition& table : root.tables("people")) {
    PersonSource person;
    person.role = read_code(table, "role");
    const auto source = [&](std::string_view key) { return read_column_or_table(table, key, mapping); };
    person.reference = source("reference");
    person.name = source("name");
    person.given = source("given");
    person.family = source("family");
    person.born = source("born");
    person.sex = source("sex");
    person.address = source("address");
    person.postcode = source("postcode");
    person.uprn = source("uprn");
    person.phone = source("phone");
    person.email = source("email");
    if (person.name && (person.given || person.family))
      table.mistake("name", "expected either name, or given and family");
    if (person.born && person.born->format && !person.born->format->has_century())
      table.mistake("born", "expected a format with %Y: two digits do not tell the century of a birth");
    mapping.people.push_back(std::move(person));
  }
}

void read_places(Definition& root, Mapping& mapping) {
  for (Definition& table : root.tables("places")) {
    PlaceSource place;
    place.role = read_code(table, "role");
    place.address = read_column_or_table(table, "address", mapping);
    place.postcode = read_column_or_table(table, "postcode", mapping);
    place.uprn = read_column_or_table(table, "uprn", mapping);
    place.latitude = read_column_or_table(table, "latitude", mapping);
    place.longitude = read_column_or_table(table, "longitude", mapping);
    if (place.latitude.has_value() != place.longitude.has_value())
      table.mistake(place.latitude ? "latitude" : "longitude", "expected latitude and longitude together");
    mapping.places.push_back(std::move(place));
  }
}

void read_texts_and_links(Definition& root, Mapping& mapping) {
  for (Definition& table : root.tables("texts")) {
    TextSource text;
    text.field = read_code(table, "field");
    text.value.column = read_column(table, "column", mapping);
    mapping.texts.push_back(std::move(text));
  }
  for (Definition& table : root.tables("links")) {
    LinkSource link;
    link.rel = read_code(table, "rel");
    link.source = table.text("source");
    check_source(table, "source", link.source);
    link.id.column = read_column(table, "id", mapping);
    mapping.links.push_back(std::move(link));
  }
}

Result<Mapping> read_mapping(Definition& root, Definition& probe) {
  Mapping mapping;
  mapping.title = root.text_or("title", "");
  if (root.text("format") != "csv") root.mistake("format", "expected \"csv\" or \"police-uk\"");
  mapping.source = root.text("source");
  check_source(root, "source", mapping.source);
  read_file_form(root, mapping);
  const std::vector<const Descriptor*> bodies = read_type(root, mapping);
  read_record(root, mapping);
  read_times(root, mapping);
  read_envelope(root, mapping);
  read_facts(root, probe, bodies, mapping);
  read_people(root, mapping);
  read_places(root, mapping);
  read_texts_and_links(root, mapping);
  MOOT_RETURN_IF_ERROR(root.finish());
  mapping.agency = AgencyId::parse(agency_of_source(mapping.source)).value();
  return mapping;
}

}  // namespace

bool Mapping::needs_areas() const {
  return std::any_of(envelope.begin(), envelope.end(), [](const NamedSource& named) { return named.value.areas; });
}

Result<Mapping> load_mapping(const std::filesystem::path& file) {
  Result<Definition> root = Definition::load(file);
  if (!root.ok()) return root.status();
  Result<Definition> probe = Definition::load(file);
  if (!probe.ok()) return probe.status();
  return read_mapping(*root, *probe);
}

Result<Mapping> parse_mapping(std::string_view toml, std::string_view name) {
  Result<Definition> root = Definition::parse(toml, name);
  if (!root.ok()) return root.status();
  Result<Definition> probe = Definition::parse(toml, name);
  if (!probe.ok()) return probe.status();
  return read_mapping(*root, *probe);
}

}  // namespace moot
