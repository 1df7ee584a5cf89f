#include "adapters/mapped_columns.h"

#include <array>

#include "adapters/csv_cells.h"
#include "broker/core/text_form.h"

namespace moot {

namespace {

using Uses = std::vector<std::vector<std::string>>;

void add(Uses& uses, const std::optional<ColumnIndex>& column, std::string use) {
  if (column) uses[*column].push_back(std::move(use));
}

void add(Uses& uses, const std::optional<ValueSource>& source, const std::string& use) {
  if (source) add(uses, source->column, use);
}

void add_person(Uses& uses, const PersonSource& person) {
  add(uses, person.reference, person.role + ": reference");
  add(uses, person.name, person.role + ": name");
  add(uses, person.given, person.role + ": given name");
  add(uses, person.family, person.role + ": family name");
  add(uses, person.born, person.role + ": born");
  add(uses, person.sex, person.role + ": sex");
  add(uses, person.address, person.role + ": address");
  add(uses, person.postcode, person.role + ": postcode");
  add(uses, person.uprn, person.role + ": uprn");
  add(uses, person.phone, person.role + ": phone");
  add(uses, person.email, person.role + ": email");
}

void add_place(Uses& uses, const PlaceSource& place) {
  const std::string start = "place " + place.role + ": ";
  add(uses, place.address, start + "address");
  add(uses, place.postcode, start + "postcode");
  add(uses, place.uprn, start + "uprn");
  add(uses, place.latitude, start + "latitude");
  add(uses, place.longitude, start + "longitude");
}

using Test = bool (*)(std::string_view);

// The first of the columns whose cell does not pass; nothing when all do.
std::optional<ColumnIndex> first_failing(std::initializer_list<const std::optional<ValueSource>*> sources,
                                         std::span<const std::string> cells, Test passes) {
  for (const std::optional<ValueSource>* source : sources) {
    if (!*source || !(*source)->column) continue;
    const std::string_view cell = trimmed(cells[*(*source)->column]);
    if (!cell.empty() && !passes(cell)) return (*source)->column;
  }
  return std::nullopt;
}

// For the rules on people and places, where the sentence tells the field but not whose it is.
std::optional<ColumnIndex> personal_column(const Mapping& mapping, std::span<const std::string> cells,
                                           std::string_view field) {
  for (const PersonSource& person : mapping.people) {
    std::optional<ColumnIndex> found;
    if (field == "people.born" && person.born && !person.born->format)
      found = first_failing({&person.born}, cells, is_partial_date);
    if (field == "people.addresses.uprn") found = first_failing({&person.uprn}, cells, is_uprn);
    if (found) return found;
  }
  for (const PlaceSource& place : mapping.places) {
    if (field == "places.address.uprn")
      if (const auto found = first_failing({&place.uprn}, cells, is_uprn)) return found;
    if (field == "places" && place.latitude) return place.latitude->column;
  }
  return std::nullopt;
}

std::optional<ColumnIndex> named_column(const std::vector<NamedSource>& sources, std::string_view field) {
  for (const NamedSource& named : sources)
    if (named.field == field) return named.value.column;
  return std::nullopt;
}

std::optional<ColumnIndex> longest_over(const Mapping& mapping, std::span<const std::string> cells,
                                        std::size_t characters) {
  const Uses uses = uses_of_columns(mapping);
  for (ColumnIndex i = 0; i < cells.size(); ++i)
    if (!uses[i].empty() && count_characters(trimmed(cells[i])) > characters) return i;
  return std::nullopt;
}

}  // namespace

Uses uses_of_columns(const Mapping& mapping) {
  Uses uses(mapping.columns.size());
  add(uses, mapping.key, "key");
  add(uses, mapping.revision, "revision");
  add(uses, mapping.subject, "subject");
  add(uses, mapping.type.column, "type");
  add(uses, mapping.time.column, "time");
  if (mapping.known_time) add(uses, mapping.known_time->column, "time known");
  for (const NamedSource& named : mapping.envelope) add(uses, named.value.column, named.field);
  for (const NamedSource& named : mapping.facts) add(uses, named.value.column, "fact " + named.field);
  for (const PersonSource& person : mapping.people) add_person(uses, person);
  for (const PlaceSource& place : mapping.places) add_place(uses, place);
  for (const TextSource& text : mapping.texts) add(uses, text.value.column, "text " + text.field);
  for (const LinkSource& link : mapping.links) add(uses, link.id.column, "link " + link.rel);
  return uses;
}

// A sentence of the rules begins with the field.
std::optional<ColumnIndex> column_at_fault(const Mapping& mapping, std::span<const std::string> cells,
                                           const Status& broken, const Limits& limits) {
  const std::string_view sentence = broken.message();
  const std::string_view field = sentence.substr(0, sentence.find_first_of(" :"));
  if (field == "id" || field == "record") return mapping.key;
  if (field == "subject") return mapping.subject;
  if (field == "time") return mapping.time.column;
  if (field == "knowntime" && mapping.known_time) return mapping.known_time->column;
  if (field == "links.id" && mapping.links.size() == 1) return mapping.links.front().id.column;
  if (field.starts_with("personal.")) return longest_over(mapping, cells, limits.field_characters_max);
  if (field.starts_with("people") || field.starts_with("places")) return personal_column(mapping, cells, field);
  if (const auto found = named_column(mapping.envelope, field)) return found;
  const std::size_t dot = field.find('.');
  return dot == std::string_view::npos ? std::nullopt : named_column(mapping.facts, field.substr(dot + 1));
}

}  // namespace moot
