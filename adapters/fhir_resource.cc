#include "adapters/fhir_resource.h"

#include <boost/json.hpp>

#include <algorithm>

#include "adapters/json_document.h"
#include "adapters/record_version.h"
#include "broker/core/calendar.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::string_view kNhsNumber = "https://fhir.nhs.uk/Id/nhs-number";

bool is_old(const json::object& object) { return said(object, "use") == "old"; }

std::string joined_texts(const json::object& object, std::string_view member, std::string_view between) {
  std::string all;
  const json::array* list = list_in(object, member);
  if (list == nullptr) return said(object, member).value_or("");
  for (const json::value& one : *list)
    if (const json::string* text = one.if_string())
      all += (all.empty() ? "" : std::string(between)) + std::string(std::string_view(*text));
  return all;
}

void add_name(const json::object& name, v1::Person& person) {
  const std::string given = joined_texts(name, "given", " "), family = said(name, "family").value_or("");
  v1::Name out;
  if (given.empty() && family.empty()) {
    out.set_full(said(name, "text").value_or(""));
  } else {
    out.set_given(given);
    out.set_family(family);
  }
  if (out.ByteSizeLong() > 0) *person.add_names() = std::move(out);
}

void add_address(const json::object& address, v1::Person& person) {
  v1::Address out;
  std::string lines = joined_texts(address, "line", ", ");
  if (lines.empty()) lines = said(address, "text").value_or("");
  if (const auto city = said(address, "city"); city && !lines.empty()) lines += ", " + *city;
  out.set_lines(lines);
  out.set_postcode(said(address, "postalCode").value_or(""));
  if (out.ByteSizeLong() > 0) *person.add_addresses() = std::move(out);
}

}  // namespace

void FhirResource::warn(std::string sentence) const {
  if (std::find(warnings_->begin(), warnings_->end(), sentence) == warnings_->end())
    warnings_->push_back(std::move(sentence));
}

const json::value* FhirResource::find(std::string_view member) const {
  if (const json::value* found = json_->if_contains(member)) return found;
  std::string capital(member);
  capital.front() = static_cast<char>(capital.front() - 'a' + 'A');
  const json::value* found = json_->if_contains(capital);
  if (found != nullptr) warn(capital + " is taken as " + std::string(member) + "; FHIR writes it with a small letter");
  return found;
}

std::optional<std::string> FhirResource::text(std::string_view member) const {
  return find(member) == nullptr ? std::nullopt
         : said(*json_, member)  ? said(*json_, member)
                                 : [&] {
                                    std::string capital(member);
                                    capital.front() = static_cast<char>(capital.front() - 'a' + 'A');
                                    return said(*json_, capital);
                                  }();
}

const json::object* FhirResource::object(std::string_view member) const {
  const json::value* found = find(member);
  return found == nullptr ? nullptr : found->if_object();
}

std::vector<const json::object*> FhirResource::objects(std::string_view member) const {
  std::vector<const json::object*> all;
  const json::value* found = find(member);
  if (found == nullptr) return all;
  if (const json::object* one = found->if_object()) {
    warn(std::string(member) + " is one object where FHIR has a list");
    all.push_back(one);
  }
  if (const json::array* list = found->if_array())
    for (const json::value& one : *list)
      if (one.is_object()) all.push_back(&one.as_object());
  return all;
}

std::optional<FhirTime> read_fhir_time(std::string_view text) {
  if (text.size() > 10) {
    const Result<Instant> instant = parse_rfc3339(text);
    return instant.ok() ? std::optional(FhirTime{*instant, v1::EXACT}) : std::nullopt;
  }
  v1::TimePrecision precision = v1::DAY;
  std::string day(text);
  if (day.size() == 7) {
    day += "-01";
    precision = v1::MONTH;
  }
  const Result<Date> date = parse_date(day);
  return date.ok() ? std::optional(FhirTime{local_midnight(*date), precision}) : std::nullopt;
}

std::string national_number_of(const json::object& identifier, const Publisher& publisher) {
  constexpr std::size_t kDigits = 10;
  const std::optional<std::string> value = said(identifier, "value");
  if (!value || said(identifier, "system") != kNhsNumber) return "";
  std::string digits;
  for (const char c : *value)
    if (c >= '0' && c <= '9')
      digits += c;
    else if (c != ' ' && c != '-')
      return token_of("nhs", *value, publisher);
  return token_of("nhs", digits.size() == kDigits ? digits : *value, publisher);
}

v1::Person person_of_patient(const FhirResource& patient, const Publisher& publisher) {
  v1::Person person;
  person.set_role("subject");
  for (const json::object* identifier : patient.objects("identifier"))
    if (std::string number = national_number_of(*identifier, publisher); !number.empty())
      person.set_reference(std::move(number));
  if (const auto id = patient.text("id"); id && person.reference().empty()) person.set_reference("Patient/" + *id);
  for (const json::object* name : patient.objects("name"))
    if (!is_old(*name)) add_name(*name, person);
  person.set_born(patient.text("birthDate").value_or(""));
  person.set_sex(patient.text("gender").value_or(""));
  for (const json::object* address : patient.objects("address"))
    if (!is_old(*address)) add_address(*address, person);
  for (const json::object* telecom : patient.objects("telecom")) {
    const auto value = said(*telecom, "value"), system = said(*telecom, "system");
    if (!value || is_old(*telecom)) continue;
    if (system == "phone" || system == "sms") person.add_phones(*value);
    if (system == "email") person.add_emails(*value);
  }
  return person;
}

}  // namespace moot
