#include "consumers/linkage/person_record.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "broker/core/filler.h"
#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/person_values.h"

namespace moot {
namespace {

enum At : std::size_t {
  kGivenAt,
  kFamilyAt,
  kMiddleAt,
  kBornAt,
  kSexAt,
  kAddressAt,
  kUprnAt,
  kPostcodeAt,
  kPhoneAt,
  kEmailAt,
  kMobileAt,
  kReferenceAt
};

// The first that says something.
template <typename Values>
std::string first_normal(FieldKind kind, const Values& written) {
  for (const std::string& value : written)
    if (std::string normal = normal_value(kind, value); !normal.empty()) return normal;
  return {};
}

// A month or a year alone is evidence too; a full date only where it can be somebody's.
std::string birth_date(const std::string& born, Instant seen) {
  if (born.size() >= 10 && linking_birth_date(born, seen).empty()) return {};
  return normal_value(FieldKind::kBorn, born);
}

// "Female", "F" and 2 (ISO 5218) are one; anything but the two tells nobody apart.
std::string sex_of(const std::string& written) {
  const std::string normal = normal_value(FieldKind::kSex, written);
  if (normal.starts_with("m") || normal == "1") return "m";
  return normal.starts_with("f") || normal == "2" ? "f" : "";
}

// Lines that end in the postcode are the same address as those that do not.
std::string address_lines(const v1::Address& address) {
  std::string lines = normal_value(FieldKind::kAddress, address.lines());
  std::string code = normal_value(FieldKind::kAddress, address.postcode());
  if (!code.empty() && lines.ends_with(code)) lines.resize(lines.size() - code.size());
  while (lines.ends_with(' ')) lines.pop_back();
  return lines;
}

}  // namespace

std::span<const std::pair<FieldKind, std::string>> person_fields() {
  static const std::array<std::pair<FieldKind, std::string>, kPersonFields> fields = {{
      {FieldKind::kGiven, "given"},
      {FieldKind::kFamily, "family"},
      {FieldKind::kMiddle, "middle"},
      {FieldKind::kBorn, "born"},
      {FieldKind::kSex, "sex"},
      {FieldKind::kAddress, "address"},
      {FieldKind::kProperty, "uprn"},
      {FieldKind::kPostcode, "postcode"},
      {FieldKind::kPhone, "phone"},
      {FieldKind::kEmail, "email"},
      {FieldKind::kMobile, "mobile"},
      {FieldKind::kOwnReference, "reference"},
  }};
  return fields;
}

std::string mention_key(std::string_view source, std::string_view record, int index) {
  return std::string(source) + "\nrecord\n" + std::string(record) + "\n" + std::to_string(index);
}

std::string mention_key(const v1::Envelope& envelope, int index) {
  return mention_key(envelope.source(), record_of(envelope), index);
}

std::string person_key(const v1::Event& event, int index) {
  const std::string& reference = event.personal().people(index).reference();
  return is_filler(reference) ? mention_key(event.envelope(), index)
                              : event.envelope().source() + "\nreference\n" + reference;
}

PersonRecord person_record(const v1::Event& event, int index, KnownNames& names) {
  const v1::Envelope& envelope = event.envelope();
  const v1::Person& person = event.personal().people(index);
  PersonRecord record;
  record.seen = from_proto(envelope.time());
  record.source = envelope.source();
  if (!is_filler(person.reference())) {
    record.reference = person.reference();
    record.values[kReferenceAt] = record.source + "\n" + record.reference;
  }
  record.mention = mention_key(envelope, index);
  record.key = person_key(event, index);
  for (const v1::Name& name : person.names()) {
    const NameForms& forms = names.forms_of(name);
    if (forms.nobody) continue;
    record.values[kGivenAt] = forms.parts.given;
    record.values[kFamilyAt] = forms.parts.family;
    record.values[kMiddleAt] = forms.parts.middle;
    break;
  }
  record.values[kBornAt] = birth_date(person.born(), record.seen);
  record.values[kSexAt] = sex_of(person.sex());
  for (const v1::Address& address : person.addresses()) {
    if (is_home_of_many(address.lines())) continue;
    if (record.values[kAddressAt].empty()) record.values[kAddressAt] = address_lines(address);
    if (record.values[kUprnAt].empty()) record.values[kUprnAt] = normal_value(FieldKind::kProperty, address.uprn());
    if (record.values[kPostcodeAt].empty())
      record.values[kPostcodeAt] = normal_value(FieldKind::kPostcode, address.postcode());
  }
  for (const std::string& written : person.phones()) {
    std::string phone = normal_value(FieldKind::kPhone, written);
    std::string& place = record.values[is_mobile(phone) ? kMobileAt : kPhoneAt];
    if (place.empty()) place = std::move(phone);
  }
  record.values[kEmailAt] = first_normal(FieldKind::kEmail, person.emails());
  return record;
}

std::size_t earliest_of(const std::vector<PersonRecord>& records, const std::vector<std::size_t>& cluster) {
  MOOT_CHECK(!cluster.empty());
  return *std::min_element(cluster.begin(), cluster.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(records[a].seen, records[a].key, records[a].mention) <
           std::tie(records[b].seen, records[b].key, records[b].mention);
  });
}

std::string person_id(const Key& secret, const std::vector<PersonRecord>& records,
                      const std::vector<std::size_t>& cluster) {
  return person_id(secret, records[earliest_of(records, cluster)].key);
}

std::string person_id(const Key& secret, const std::string& key) {
  const Digest digest = keyed_digest(secret, key);
  return "p-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

}  // namespace moot
