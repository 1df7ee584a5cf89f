#include "adapters/open311.h"

#include <boost/json.hpp>

#include "adapters/field_value.h"
#include "adapters/json_document.h"
#include "adapters/open311_xml.h"
#include "adapters/record_version.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 16;

Status missing(std::string_view field) { return Status(Code::kMissing, std::string(field) + ": is required"); }

// Reads one request; the first thing wrong with it stays.
class Reading {
 public:
  Reading(const json::object& request, const Publisher& publisher) : request_(request), publisher_(publisher) {}

  Result<std::vector<v1::Event>> read();

 private:
  std::string required(std::string_view field) {
    std::optional<std::string> text = said(request_, field);
    if (!text && wrong_.ok()) wrong_ = missing(field);
    return text.value_or("");
  }
  std::optional<Instant> time(std::string_view field);
  void read_envelope();
  void read_personal();
  void add_text(std::string_view field, std::string_view as);
  void add_place();
  void add_person();
  bool was_changed() const { return from_proto(event_.envelope().known_time()) > from_proto(event_.envelope().time()); }
  v1::Event closure(v1::Closure::Stage stage) const;

  const json::object& request_;
  const Publisher& publisher_;
  v1::Event event_;
  Status wrong_;
};

std::optional<Instant> Reading::time(std::string_view field) {
  const std::optional<std::string> text = said(request_, field);
  if (!text) return std::nullopt;
  const Result<Instant> instant = parse_rfc3339(*text);
  if (instant.ok()) return *instant;
  if (wrong_.ok())
    wrong_ = Status(Code::kInvalid,
                    std::string(field) + ": expected a time with its offset, such as 2021-03-02T09:05:00+00:00");
  return std::nullopt;
}

void Reading::read_envelope() {
  v1::Envelope& envelope = *event_.mutable_envelope();
  envelope.set_source("/" + publisher_.agency.value() + "/open311");
  envelope.set_record(required("service_request_id"));
  envelope.set_subject(envelope.record());
  const std::optional<Instant> requested = time("requested_datetime");
  const std::optional<Instant> updated = time("updated_datetime");
  if (!requested && wrong_.ok()) wrong_ = missing("requested_datetime");
  if (!wrong_.ok()) return;
  const Instant known = updated.value_or(*requested);
  *envelope.mutable_time() = to_proto(*requested);
  *envelope.mutable_known_time() = to_proto(known);
  envelope.set_revision(revision_at(known));
}

void Reading::add_text(std::string_view field, std::string_view as) {
  const std::optional<std::string> text = said(request_, field);
  if (!text) return;
  v1::Text& out = *event_.mutable_personal()->add_texts();
  out.set_field(std::string(as));
  out.set_text(*text);
}

void Reading::add_place() {
  const std::optional<std::string> address = said(request_, "address"), zipcode = said(request_, "zipcode");
  const std::optional<std::string> latitude = said(request_, "lat"), longitude = said(request_, "long");
  if (latitude.has_value() != longitude.has_value() && wrong_.ok())
    wrong_ = Status(Code::kMissing,
                    latitude ? "long: is required, where there is a lat" : "lat: is required, where there is a long");
  if (!address && !zipcode && !latitude) return;
  v1::Place& place = *event_.mutable_personal()->add_places();
  place.set_role("scene");
  if (address) place.mutable_address()->set_lines(*address);
  if (zipcode) place.mutable_address()->set_postcode(*zipcode);
  if (!latitude || !longitude) return;
  const std::optional<double> north = read_decimal(*latitude), east = read_decimal(*longitude);
  if ((!north || !east) && wrong_.ok()) wrong_ = Status(Code::kInvalid, "lat, long: expected numbers of degrees");
  place.set_latitude(north.value_or(0));
  place.set_longitude(east.value_or(0));
}

void Reading::add_person() {
  v1::Person person;
  const std::optional<std::string> given = said(request_, "first_name"), family = said(request_, "last_name");
  if (given || family) {
    v1::Name& name = *person.add_names();
    name.set_given(given.value_or(""));
    name.set_family(family.value_or(""));
  }
  if (const auto email = said(request_, "email")) person.add_emails(*email);
  if (const auto phone = said(request_, "phone")) person.add_phones(*phone);
  if (person.ByteSizeLong() == 0) return;
  person.set_role("reporter");
  *event_.mutable_personal()->add_people() = std::move(person);
}

void Reading::read_personal() {
  add_person();
  add_place();
  add_text("description", "description");
  add_text("service_name", "service");
  add_text("status_notes", "status");
}

// That it ended, about the incident that it was; or that it did not, should it have been said before.
v1::Event Reading::closure(v1::Closure::Stage stage) const {
  v1::Event closed;
  *closed.mutable_envelope() = event_.envelope();
  v1::Envelope& envelope = *closed.mutable_envelope();
  envelope.set_record(event_.envelope().record() + "/closed");
  *envelope.mutable_time() = event_.envelope().known_time();
  v1::Link& link = *envelope.add_links();
  link.set_rel("about");
  link.set_source(envelope.source());
  link.set_id(event_.envelope().record());
  closed.mutable_facts()->mutable_closure()->set_stage(stage);
  envelope.set_type(type_of(closed.facts()));
  // A request may be open and closed with all else the same.
  envelope.set_id(envelope.record() + "/" + version_of(stage == v1::Closure::RESOLVED ? event_ : closed, publisher_));
  return closed;
}

Result<std::vector<v1::Event>> Reading::read() {
  read_envelope();
  const std::string status = as_code(required("status")), code = as_code(required("service_code"));
  if (wrong_.ok() && status != "open" && status != "closed")
    wrong_ = Status(Code::kUnmapped, "status: expected open or closed");
  if (wrong_.ok() && code.empty()) wrong_ = Status(Code::kInvalid, "service_code: has no letter or digit");
  read_personal();
  if (!wrong_.ok()) return wrong_;
  event_.mutable_facts()->mutable_incident()->set_stage(v1::Incident::REPORTED);
  event_.mutable_facts()->mutable_incident()->set_category(code);
  v1::Envelope& envelope = *event_.mutable_envelope();
  envelope.set_type(type_of(event_.facts()));
  const std::string this_version = version_of(event_, publisher_);
  std::vector<v1::Event> events;
  if (status == "closed") events.push_back(closure(v1::Closure::RESOLVED));
  if (status == "open" && was_changed()) events.push_back(closure(v1::Closure::WITHDRAWN));
  envelope.set_id(envelope.record() + "/" + this_version);
  events.insert(events.begin(), event_);
  return events;
}

const json::array* requests_in(const json::value& document, json::array& single) {
  if (document.is_array()) return &document.as_array();
  if (!document.is_object()) return nullptr;
  const json::object* object = &document.as_object();
  // What programs make of the standard's XML: one request where there is a list of one, and a level of "request".
  for (const std::string_view level : {"service_requests", "request"}) {
    const json::value* inner = object->if_contains(level);
    if (inner == nullptr || object->contains("service_request_id")) continue;
    if (inner->is_array()) return &inner->as_array();
    if (inner->is_null() || *inner == "") return &single;
    if (!inner->is_object()) return nullptr;
    object = &inner->as_object();
  }
  single.push_back(*object);
  return &single;
}

}  // namespace

Result<std::vector<RequestItem>> read_open311(std::string_view body, const Publisher& publisher, const Limits& limits) {
  json::array in_xml, single;
  const json::array* requests = &in_xml;
  Result<json::value> document = json::value();
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && body[first] == '<') {
    Result<json::array> read = open311_requests_in_xml(body.substr(first));
    if (!read.ok()) return read.status();
    in_xml = std::move(*read);
  } else {
    document = parse_json_document(body, kDepthMax);
    if (!document.ok()) return document.status();
    requests = requests_in(*document, single);
  }
  if (requests == nullptr) return Status(Code::kUnreadable, "expected a service request, or a list of them");
  std::vector<RequestItem> items;
  for (const json::value& request : *requests) {
    const auto refuse = [&](const Status& why) {
      items.emplace_back(refused_item(why, json::serialize(request).substr(0, limits.event_bytes_max), "open311"));
    };
    if (!request.is_object()) {
      refuse(Status(Code::kUnreadable, "expected an object in braces"));
      continue;
    }
    Result<std::vector<v1::Event>> events = Reading(request.as_object(), publisher).read();
    if (!events.ok()) {
      refuse(events.status());
      continue;
    }
    for (v1::Event& event : *events) items.emplace_back(std::move(event));
  }
  return items;
}

}  // namespace moot
