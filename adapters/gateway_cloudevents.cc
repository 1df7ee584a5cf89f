#include "adapters/gateway_cloudevents.h"

#include <sstream>

#include "adapters/cloudevents.h"
#include "adapters/cloudevents_reader.h"

namespace moot {

namespace {

constexpr std::string_view kPrefix = "ce-";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What stands between quotation marks around the whole: a backslash makes the next character mean itself.
std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

// As the HTTP binding writes attributes in fields: %XX for bytes outside printable ASCII. Older programs quote instead.
Result<std::string> decoded_attribute(std::string_view field) {
  const std::string value = unquoted(field);
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out += value[i];
      continue;
    }
    const int high = i + 2 < value.size() ? digit_of(value[i + 1]) : -1;
    const int low = i + 2 < value.size() ? digit_of(value[i + 2]) : -1;
    if (high < 0 || low < 0)
      return Status(Code::kUnreadable, "an attribute has a % that two hexadecimal digits do not follow");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

Result<v1::Event> read_binary(const HttpHead& head, std::string_view body) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const HttpField& field : head.fields) {
    if (!field.first.starts_with(kPrefix)) continue;
    Result<std::string> value = decoded_attribute(field.second);
    if (!value.ok()) return value.status();
    attributes.emplace_back(field.first.substr(kPrefix.size()), std::move(*value));
  }
  return event_from_binary_cloudevent(attributes, body);
}

bool is_json(const std::string& name) { return name == "application/json" || name.ends_with("+json"); }

Result<std::vector<RequestItem>> read_batch(std::string_view body, const Limits& limits) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || body[first] != '[')
    return Status(Code::kUnreadable, "a batch is a list of events in brackets, [ ]");
  const std::unique_ptr<Reader> reader =
      open_cloudevents(std::make_unique<std::istringstream>(std::string(body)), "", limits);
  std::vector<RequestItem> items;
  while (true) {
    Result<std::optional<InputRecord>> record = reader->next();
    if (!record.ok()) return record.status();
    if (!record->has_value()) return items;
    if (items.size() == kRequestItemsMax) return too_many_items();
    InputRecord& read = **record;
    if (auto* refused = std::get_if<v1::RefusedInput>(&read.content))
      refused->set_format(std::string(reader->format()));
    items.push_back(std::move(read.content));
  }
}

}  // namespace

Result<CloudEventsMode> cloudevents_mode(const HttpHead& head) {
  const MediaType type = parse_media_type(head.field("content-type").value_or(""));
  if (!type.charset.empty() && type.charset != "utf-8" && type.charset != "us-ascii")
    return Status(Code::kInvalid, "the body must be in UTF-8");
  if (type.name == "application/cloudevents+json") return CloudEventsMode::kStructured;
  if (type.name == "application/cloudevents-batch+json") return CloudEventsMode::kBatch;
  const bool other_format = type.name.starts_with("application/cloudevents");
  if (!other_format && head.field("ce-specversion") && is_json(type.name)) return CloudEventsMode::kBinary;
  return Status(Code::kInvalid,
                "expected Content-Type application/cloudevents+json, application/cloudevents-batch+json, or "
                "application/json with the event's attributes in ce- fields");
}

Result<std::vector<RequestItem>> read_cloudevents(CloudEventsMode mode, const HttpHead& head, std::string_view body,
                                                  const Limits& limits) {
  if (mode == CloudEventsMode::kBatch) return read_batch(body, limits);
  Result<v1::Event> event = mode == CloudEventsMode::kBinary ? read_binary(head, body) : event_from_cloudevent(body);
  std::vector<RequestItem> items;
  if (event.ok())
    items.emplace_back(std::move(*event));
  else
    items.emplace_back(refused_item(event.status()));
  return items;
}

}  // namespace moot
