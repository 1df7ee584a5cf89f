#include "adapters/cloudevents.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "adapters/encoding.h"
#include "adapters/field_value.h"
#include "adapters/json_document.h"
#include "adapters/json_member.h"
#include "adapters/json_message.h"
#include "broker/core/base64.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "broker/http/http_message.h"

namespace moot {

namespace {

namespace json = boost::json;
namespace pb = google::protobuf;

// An event needs eight levels; more is somebody's attempt.
constexpr std::size_t kDepthMax = 16;

// Attributes of the standard that say nothing here: of which schema the data is (the type says that), and, beside
// traceparent (the tracing extension), a word among programs on its way, which ends here.
constexpr std::array<std::string_view, 2> kNotTaken = {"dataschema", "tracestate"};

// Attributes that are texts of the envelope under the same name.
constexpr std::array<std::string_view, 14> kTexts = {"id",    "source",  "type",      "subject",     "record",
                                                     "area",  "lsoa",    "marking",   "compartment", "regime",
                                                     "basis", "consent", "retention", "traceparent"};
constexpr std::array<std::string_view, 4> kTheBrokers = {"backfill", "agency", "offset", "recordedtime"};

constexpr std::array<std::string_view, 5> kRequired = {"specversion", "id", "source", "type", "time"};

template <typename List>
bool contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

Status unreadable(std::string why) { return Status(Code::kUnreadable, std::move(why)); }
Status expected(std::string_view attribute, std::string_view what) {
  return Status(Code::kInvalid, std::string(attribute) + ": expected " + std::string(what));
}

Result<json::object> parse_object(std::string_view text) {
  Result<json::value> value = parse_json_document(text, kDepthMax);
  if (!value.ok()) return value.status();
  if (!value->is_object()) return unreadable("not an event: expected an object in braces");
  return std::move(value->as_object());
}

bool is_json_in_utf8(std::string_view content_type) {
  const MediaType type = parse_media_type(content_type);
  return (type.name == "application/json" || type.name.ends_with("+json")) &&
         (type.charset.empty() || type.charset == "utf-8" || type.charset == "us-ascii");
}

Status read_time(std::string_view name, std::string_view text, pb::Timestamp& time) {
  const Result<Instant> instant = parse_rfc3339(text);
  if (!instant.ok()) return expected(name, "a time with its offset, such as 2021-03-02T09:05:00Z");
  time = to_proto(*instant);
  return {};
}

Status read_precision(std::string_view text, v1::Envelope& envelope) {
  std::string name(text);
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : '?');
  v1::TimePrecision precision = v1::EXACT;
  if (!v1::TimePrecision_Parse(name, &precision)) return expected("timeprecision", "exact, day, month or approximate");
  envelope.set_time_precision(precision);
  return {};
}

// `rel source id; rel source id`: none of the three may hold a blank or a semicolon (event_rules.h).
Status read_links(std::string_view text, v1::Envelope& envelope) {
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    std::string_view link = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    while (link.starts_with(' ')) link.remove_prefix(1);
    const std::size_t source = link.find(' ');
    const std::size_t id = source == std::string_view::npos ? source : link.find(' ', source + 1);
    if (id == std::string_view::npos || link.find(' ', id + 1) != std::string_view::npos)
      return expected("links", "`rel source id`, joined by semicolons");
    v1::Link& out = *envelope.add_links();
    out.set_rel(std::string(link.substr(0, source)));
    out.set_source(std::string(link.substr(source + 1, id - source - 1)));
    out.set_id(std::string(link.substr(id + 1)));
  }
  return {};
}

Status read_revision(const json::value& value, v1::Envelope& envelope) {
  if (value.is_uint64())
    envelope.set_revision(value.as_uint64());
  else if (value.is_int64() && value.as_int64() >= 0)
    envelope.set_revision(static_cast<std::uint64_t>(value.as_int64()));
  else
    return expected("revision", "a whole number from 0");
  return {};
}

Status read_attribute(std::string_view name, const json::value& value, v1::Envelope& envelope) {
  if (name == "data" || name == "data_base64" || contains(kTheBrokers, name)) return {};
  if (name == "revision") return read_revision(value, envelope);
  if (contains(kNotTaken, name)) return value.is_string() ? Status() : expected(name, "a text");
  const bool known = name == "specversion" || name == "datacontenttype" || name == "time" || name == "knowntime" ||
                     name == "timeprecision" || name == "links" || contains(kTexts, name);
  if (!known) return Status(Code::kInvalid, "has no attribute " + printable_name(name) + "; is it misspelt?");
  if (!value.is_string()) return expected(name, "a text");
  const std::string_view text = value.as_string();
  if (name == "specversion") return text == "1.0" ? Status() : expected(name, "1.0");
  if (name == "datacontenttype") return is_json_in_utf8(text) ? Status() : expected(name, "application/json");
  if (name == "time") return read_time(name, text, *envelope.mutable_time());
  if (name == "knowntime") return read_time(name, text, *envelope.mutable_known_time());
  if (name == "timeprecision") return read_precision(text, envelope);
  if (name == "links") return read_links(text, envelope);
  MOOT_CHECK(set_field(envelope, v1::Envelope::descriptor()->FindFieldByName(std::string(name)), text));
  return {};
}

// `raw` is the text of `data`. Adds to an event that is empty but for its envelope.
Status fill_data(const json::value& data, std::string_view raw, v1::Event& event) {
  if (!data.is_object()) return expected("data", "an object in braces, with facts and personal");
  for (const json::key_value_pair& member : data.as_object()) {
    if (member.key() != "facts" && member.key() != "personal")
      return Status(Code::kInvalid,
                    "data: has no field " + printable_name(member.key()) + "; expected facts and personal");
  }
  return fill_from_json(data, raw, "data", event);
}

// What programs make of a body that they have as bytes: the same JSON, wrapped.
Status read_wrapped_data(const json::value& wrapped, v1::Event& event) {
  const std::optional<std::string> raw =
      wrapped.is_string() ? bytes_from_base64(wrapped.as_string()) : std::optional<std::string>();
  if (!raw) return expected("data_base64", "a text in base64");
  const Result<json::object> data = parse_object(*raw);
  if (!data.ok()) return data.status().with("data_base64");
  return fill_data(*data, *raw, event);
}

Status read_data(const json::object& attributes, std::string_view text, v1::Event& event) {
  const json::value* data = attributes.if_contains("data");
  if (const json::value* wrapped = attributes.if_contains("data_base64")) {
    if (data != nullptr) return Status(Code::kInvalid, "data_base64: stands beside data; an event has one of them");
    return read_wrapped_data(*wrapped, event);
  }
  if (data == nullptr) return Status(Code::kMissing, "data: is required");
  const std::optional<std::string_view> raw = raw_member(text, "data");
  if (!raw) return Status(Code::kInvalid, "data: is given twice, or its name is written with escapes");
  return fill_data(*data, *raw, event);
}

// The body and its stage may be left to the type; what is given stays, for the rules to judge.
Status fill_stage(v1::Event& event) {
  if (!stage_name(event.facts()).empty()) return {};
  v1::Facts facts = event.facts();
  MOOT_RETURN_IF_ERROR(set_body_and_stage(event.envelope().type(), facts));
  const bool other =
      event.facts().body_case() != v1::Facts::BODY_NOT_SET && body_name(facts) != body_name(event.facts());
  if (other) return Status(Code::kInvalid, "type: does not agree with data.facts, which hold another body");
  *event.mutable_facts() = std::move(facts);
  return {};
}

}  // namespace

Result<v1::Event> event_from_cloudevent(std::string_view text) {
  Result<json::object> attributes = parse_object(text);
  if (!attributes.ok()) return attributes.status();
  // The standard's JSON format: null is as if it were not there.
  for (auto attribute = attributes->begin(); attribute != attributes->end();)
    attribute = attribute->value().is_null() ? attributes->erase(attribute) : std::next(attribute);
  const auto has = [&](std::string_view name) { return attributes->contains(name); };
  if (std::none_of(kRequired.begin(), kRequired.end(), has))
    return Status(Code::kMissing, "not a CloudEvent: it has none of specversion, id, source, type and time");
  for (const std::string_view name : kRequired)
    if (!has(name)) return Status(Code::kMissing, std::string(name) + ": is required");
  v1::Event event;
  MOOT_RETURN_IF_ERROR(read_data(*attributes, text, event));
  for (const json::key_value_pair& attribute : *attributes)
    MOOT_RETURN_IF_ERROR(read_attribute(attribute.key(), attribute.value(), *event.mutable_envelope()));
  MOOT_RETURN_IF_ERROR(fill_stage(event));
  return event;
}

Result<v1::Event> event_from_binary_cloudevent(const std::vector<std::pair<std::string, std::string>>& attributes,
                                               std::string_view data) {
  const Result<json::object> object = parse_object(data);
  if (!object.ok()) return object.status().with("data");
  v1::Event event;
  MOOT_RETURN_IF_ERROR(fill_data(*object, data, event));
  std::vector<std::string_view> given;
  for (const auto& [name, text] : attributes) {
    if (!is_utf8(text)) return unreadable("an attribute is not text in UTF-8");
    if (contains(given, name)) return Status(Code::kInvalid, "an attribute is given twice");
    given.push_back(name);
    if (name == "data") return Status(Code::kInvalid, "has no attribute data in this mode; it is the body");
    json::value value = json::string(text);
    std::uint64_t revision = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), revision);
    if (name == "revision" && read.ec == std::errc() && read.ptr == text.data() + text.size()) value = revision;
    MOOT_RETURN_IF_ERROR(read_attribute(name, value, *event.mutable_envelope()));
  }
  for (const std::string_view name : kRequired)
    if (!contains(given, name)) return Status(Code::kMissing, std::string(name) + ": is required");
  MOOT_RETURN_IF_ERROR(fill_stage(event));
  return event;
}

}  // namespace moot
