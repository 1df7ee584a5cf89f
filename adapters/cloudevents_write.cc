// Writing an event as a CloudEvent: the order of attributes is fixed, and what has its default value is left out.
#include <google/protobuf/util/json_util.h>

#include <boost/json.hpp>

#include "adapters/cloudevents.h"
#include "broker/core/instant.h"

namespace moot {

namespace {

namespace json = boost::json;

void add_text(json::object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.emplace(name, text);
}

std::string precision_name(v1::TimePrecision precision) {
  std::string name = v1::TimePrecision_Name(precision);
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name.empty() ? std::to_string(precision) : name;
}

std::string links_text(const v1::Envelope& envelope) {
  std::string text;
  for (const v1::Link& link : envelope.links())
    text += (text.empty() ? "" : "; ") + link.rel() + " " + link.source() + " " + link.id();
  return text;
}

json::object attributes(const v1::Envelope& e) {
  json::object out;
  out.emplace("specversion", "1.0");
  add_text(out, "id", e.id());
  add_text(out, "source", e.source());
  add_text(out, "type", e.type());
  add_text(out, "subject", e.subject());
  if (e.has_time()) out.emplace("time", to_rfc3339(from_proto(e.time())));
  if (e.has_known_time()) out.emplace("knowntime", to_rfc3339(from_proto(e.known_time())));
  if (e.time_precision() != v1::EXACT) out.emplace("timeprecision", precision_name(e.time_precision()));
  add_text(out, "record", e.record());
  if (e.revision() > 0) out.emplace("revision", e.revision());
  add_text(out, "area", e.area());
  add_text(out, "lsoa", e.lsoa());
  add_text(out, "marking", e.marking());
  add_text(out, "compartment", e.compartment());
  add_text(out, "regime", e.regime());
  add_text(out, "basis", e.basis());
  add_text(out, "consent", e.consent());
  add_text(out, "retention", e.retention());
  add_text(out, "links", links_text(e));
  add_text(out, "traceparent", e.traceparent());
  if (e.backfill()) out.emplace("backfill", true);
  add_text(out, "agency", e.agency());
  if (e.has_recorded_time()) {  // it comes from the log, and so has an offset, which may be 0
    out.emplace("offset", std::to_string(e.offset()));
    out.emplace("recordedtime", to_rfc3339(from_proto(e.recorded_time())));
  }
  out.emplace("datacontenttype", "application/json");
  return out;
}

}  // namespace

std::string cloudevent_from_event(const v1::Event& event) {
  v1::Event data;
  if (event.has_facts()) *data.mutable_facts() = event.facts();
  if (event.has_personal()) *data.mutable_personal() = event.personal();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string data_json;
  MOOT_CHECK(google::protobuf::util::MessageToJsonString(data, &data_json, options).ok());
  std::string line = json::serialize(attributes(event.envelope()));
  line.pop_back();
  return line + ",\"data\":" + data_json + "}";
}

}  // namespace moot
