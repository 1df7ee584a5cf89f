// What linkage sees of one mention of a person: values already normalised (person_values.h), so that equal means equal.
// Thread: values and pure functions.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "consumers/linkage/known_names.h"
#include "consumers/linkage/person_field.h"
#include "proto/event.pb.h"

namespace moot {

inline constexpr std::size_t kPersonFields = 12;

// The fields that mentions are compared by, and what an explanation calls them: forename, surname, middle names, birth
// date, sex, address, property (UPRN), postcode, phone, e-mail, mobile phone, own reference.
std::span<const std::pair<FieldKind, std::string>> person_fields();

struct PersonRecord {
  // Begins with the source: its reference for the person where it gives one, else the record and the place in it.
  std::string key;
  std::string mention;    // the record and the place in it
  Instant seen;           // when the event that names the person happened
  std::string source;     // the system of an agency; two of its systems may use one number for different people
  std::string reference;  // the system's; empty = not supplied
  std::array<std::string, kPersonFields> values;
  std::span<const std::string> values_but_reference() const { return std::span(values).first(kPersonFields - 1); }
};

// Names where a record names somebody, whichever version of it.
std::string mention_key(const v1::Envelope& envelope, int index);
std::string mention_key(std::string_view source, std::string_view record, int index);
// PersonRecord::key alone, of the person that the event names at `index`.
std::string person_key(const v1::Event& event, int index);
// Of the person that the event names at `index`.
PersonRecord person_record(const v1::Event& event, int index, KnownNames& names);

// "p-…": a digest, keyed with the partnership's secret, of the earliest of one person's mentions (by time, then key):
// stable, whatever the order they came in.
std::string person_id(const Key& secret, const std::string& key);
// Of the cluster, the record that was earliest.
std::size_t earliest_of(const std::vector<PersonRecord>& records, const std::vector<std::size_t>& cluster);
std::string person_id(const Key& secret, const std::vector<PersonRecord>& records,
                      const std::vector<std::size_t>& cluster);

}  // namespace moot
