#include "adapters/ihub.h"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

#include "adapters/date_format.h"
#include "adapters/field_value.h"
#include "adapters/json_document.h"
#include "adapters/record_version.h"
#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 32;

std::optional<std::string> first_said(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (auto text = said(object, name)) return text;
  return std::nullopt;
}

bool says_yes(const json::object& attributes, std::string_view name) {
  const std::string text = as_code(said(attributes, name).value_or(""));
  return text == "true" || text == "yes" || text == "y" || text == "1";
}

bool says_no(const json::object& attributes, std::string_view name) {
  const std::string text = as_code(said(attributes, name).value_or(""));
  return text == "false" || text == "no" || text == "n" || text == "0";
}

// With its offset, or without one as London's.
std::optional<Instant> read_time(std::string text) {
  if (const Result<Instant> instant = parse_rfc3339(text); instant.ok()) return *instant;
  constexpr std::size_t kSecondsEnd = 19;  // of 2021-03-02T09:05:00; parts of a second may follow
  if (const std::size_t point = text.find('.'); point == kSecondsEnd && point + 1 < text.size() &&
                                                text.find_first_not_of("0123456789", point + 1) == std::string::npos)
    text.resize(point);
  for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"})
    if (const auto local = DateFormat::parse(form).value().read(text)) return Zone::london().instant(*local);
  return std::nullopt;
}

// One document: its included resources by type and id, and its incidents.
class IhubDocument {
 public:
  IhubDocument(const json::object& root, const Publisher& publisher) : publisher_(publisher) {
    if (const json::array* included = list_in(root, "included"))
      for (const json::value& one : *included)
        if (const json::object* resource = one.if_object()) included_[key_of(*resource)] = resource;
  }
  Result<v1::Event> read(const json::object& incident) const;

 private:
  static std::string key_of(const json::object& resource) {
    return said(resource, "type").value_or("") + "\n" + said(resource, "id").value_or("");
  }
  // The attributes of what a relationship names.
  std::vector<const json::object*> related(const json::object& incident, std::string_view name) const;
  const json::object* submission(const json::object& incident) const;
  Status set_times(const json::object& incident, const json::object& attributes, v1::Envelope& envelope) const;
  void set_people(const json::object& incident, v1::Personal& personal) const;
  Status set_place(const json::object& incident, v1::Personal& personal) const;

  const Publisher& publisher_;
  std::map<std::string, const json::object*> included_;
};

std::vector<const json::object*> IhubDocument::related(const json::object& incident, std::string_view name) const {
  std::vector<const json::object*> found;
  const json::object* relationships = object_in(incident, "relationships");
  const json::object* relationship = relationships == nullptr ? nullptr : object_in(*relationships, name);
  const json::value* data = relationship == nullptr ? nullptr : relationship->if_contains("data");
  if (data == nullptr) return found;
  const auto add = [&](const json::value& named) {
    const auto at = named.is_object() ? included_.find(key_of(named.as_object())) : included_.end();
    if (at == included_.end()) return;
    if (const json::object* attributes = object_in(*at->second, "attributes")) found.push_back(attributes);
  };
  if (const json::array* list = data->if_array())
    for (const json::value& named : *list) add(named);
  else
    add(*data);
  return found;
}

// Named by a relationship, or the only one there is: of several nothing tells which an incident came with.
const json::object* IhubDocument::submission(const json::object& incident) const {
  for (const json::object* named : related(incident, "submission")) return named;
  const json::object* only = nullptr;
  for (const auto& [key, resource] : included_) {
    if (!key.starts_with("submission\n")) continue;
    if (only != nullptr) return nullptr;
    only = resource;
  }
  return only == nullptr ? nullptr : object_in(*only, "attributes");
}

Status IhubDocument::set_times(const json::object& incident, const json::object& attributes,
                               v1::Envelope& envelope) const {
  std::optional<std::string> start = said(attributes, "incidentStartDateTime");
  if (const json::object* span = object_in(attributes, "incidentStartDateTime")) start = said(*span, "dateFrom");
  const json::object* sent = submission(incident);
  const std::optional<std::string> submitted = sent == nullptr ? std::nullopt : said(*sent, "submitTime");
  const std::optional<Instant> known = submitted ? read_time(*submitted) : std::nullopt;
  if (submitted && !known)
    return Status(Code::kInvalid, "submitTime: expected a time such as 2021-03-02T09:05:00+00:00");
  const bool exact = start.has_value();
  if (!start) start = said(attributes, "incidentApproximateDate");
  if (!start) start = submitted;
  if (!start) return Status(Code::kMissing, "incidentStartDateTime: is required");
  const std::optional<Instant> time = read_time(*start);
  if (!time)
    return Status(Code::kInvalid, std::string(exact ? "incidentStartDateTime" : "incidentApproximateDate") +
                                      ": expected a time such as 2021-03-02T09:05:00+00:00");
  *envelope.mutable_time() = to_proto(*time);
  const bool to_the_day = exact && start->size() <= 10;
  const bool about = !exact || says_no(attributes, "incidentExactTimeKnown");
  envelope.set_time_precision(to_the_day ? v1::DAY : about ? v1::APPROXIMATE : v1::EXACT);
  if (known) *envelope.mutable_known_time() = to_proto(*known);
  envelope.set_revision(revision_at(known.value_or(*time)));
  return {};
}

void IhubDocument::set_people(const json::object& incident, v1::Personal& personal) const {
  constexpr std::pair<std::string_view, std::string_view> kRoles[] = {
      {"victim", "victim"}, {"witness", "witness"}, {"personReporting", "reporter"}, {"knownSuspect", "suspect"}};
  for (const auto& [relationship, role] : kRoles)
    for (const json::object* attributes : related(incident, relationship)) {
      v1::Person person;
      v1::Name name;
      name.set_given(first_said(*attributes, {"firstName", "givenName", "forename"}).value_or(""));
      name.set_family(first_said(*attributes, {"lastName", "familyName", "surname"}).value_or(""));
      if (name.ByteSizeLong() > 0) *person.add_names() = std::move(name);
      person.set_born(said(*attributes, "dateOfBirth").value_or("").substr(0, 10));
      person.set_sex(said(*attributes, "gender").value_or(""));
      if (const auto phone = first_said(*attributes, {"phone", "phoneNumber", "mobile"})) person.add_phones(*phone);
      if (const auto email = first_said(*attributes, {"email", "emailAddress"})) person.add_emails(*email);
      if (person.ByteSizeLong() == 0) continue;
      person.set_role(std::string(role));
      *personal.add_people() = std::move(person);
    }
}

Status IhubDocument::set_place(const json::object& incident, v1::Personal& personal) const {
  for (const json::object* attributes : related(incident, "incidentLocation")) {
    v1::Place place;
    v1::Address address;
    std::string lines;
    for (const std::string_view part : {"subBuildingName", "buildingName", "buildingNumber", "street", "cityOrTown"})
      if (const auto text = said(*attributes, part)) lines += (lines.empty() ? "" : ", ") + *text;
    address.set_lines(lines);
    address.set_uprn(said(*attributes, "UPRN").value_or(""));
    address.set_postcode(said(*attributes, "postcode").value_or(""));
    if (address.ByteSizeLong() > 0) *place.mutable_address() = std::move(address);
    const auto latitude = said(*attributes, "latitude"), longitude = said(*attributes, "longitude");
    if (latitude && longitude) {
      const auto north = read_decimal(*latitude), east = read_decimal(*longitude);
      if (!north || !east) return Status(Code::kInvalid, "latitude, longitude: expected numbers of degrees");
      place.set_latitude(*north);
      place.set_longitude(*east);
    }
    if (place.ByteSizeLong() == 0) continue;
    place.set_role("scene");
    *personal.add_places() = std::move(place);
  }
  return {};
}

Result<v1::Event> IhubDocument::read(const json::object& incident) const {
  if (said(incident, "type") != "incident") return Status(Code::kUnmapped, "type: expected incident");
  const std::optional<std::string> id = said(incident, "id");
  if (!id) return Status(Code::kMissing, "id: is required");
  const json::object* attributes = object_in(incident, "attributes");
  if (attributes == nullptr) return Status(Code::kMissing, "attributes: is required");
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + publisher_.agency.value() + "/ihub");
  envelope.set_record(*id);
  envelope.set_subject(*id);
  MOOT_RETURN_IF_ERROR(set_times(incident, *attributes, envelope));
  v1::Incident& fact = *event.mutable_facts()->mutable_incident();
  fact.set_stage(v1::Incident::REPORTED);
  envelope.set_type(type_of(event.facts()));
  const std::string asb_class = as_code(said(*attributes, "asbClass").value_or(""));
  for (const std::string_view known : {"personal", "nuisance", "environmental"})
    if (asb_class.find(known) != std::string::npos) fact.set_nsir_class(std::string(known));
  const bool asb = !asb_class.empty() || said(*attributes, "asbType").has_value();
  fact.set_category(asb ? "asb" : as_code(said(*attributes, "crimeType").value_or("")));
  fact.set_hate(says_yes(*attributes, "subjectedToHateCrime"));
  fact.set_weapon(says_yes(*attributes, "hadWeapon"));
  fact.set_child_present(says_yes(*attributes, "childPresent"));
  v1::Personal personal;
  set_people(incident, personal);
  MOOT_RETURN_IF_ERROR(set_place(incident, personal));
  if (const auto description = said(*attributes, "incidentDescription")) {
    v1::Text& text = *personal.add_texts();
    text.set_field("description");
    text.set_text(*description);
  }
  if (personal.ByteSizeLong() > 0) *event.mutable_personal() = std::move(personal);
  envelope.set_id(envelope.record() + "/" + version_of(event, publisher_));
  return event;
}

}  // namespace

Result<std::vector<RequestItem>> read_ihub(std::string_view body, const Publisher& publisher, const Limits& limits) {
  const Result<json::value> document = parse_json_document(body, kDepthMax);
  if (!document.ok()) return document.status();
  const json::object* root = document->if_object();
  const json::value* data = root == nullptr ? nullptr : root->if_contains("data");
  if (data == nullptr || !data->is_structured())
    return Status(Code::kUnreadable, "expected {\"data\": an incident or a list of them, \"included\": […]}");
  const IhubDocument ihub(*root, publisher);
  std::vector<RequestItem> items;
  const auto add = [&](const json::value& one) {
    Result<v1::Event> event = one.is_object()
                                  ? ihub.read(one.as_object())
                                  : Result<v1::Event>(Status(Code::kUnreadable, "expected an object in braces"));
    if (event.ok())
      items.emplace_back(std::move(*event));
    else
      items.emplace_back(refused_item(event.status(), json::serialize(one).substr(0, limits.event_bytes_max), "ihub"));
  };
  if (const json::array* list = data->if_array())
    for (const json::value& one : *list) add(one);
  else
    add(*data);
  return items;
}

}  // namespace moot
