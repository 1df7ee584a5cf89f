#include "broker/http/request_head.h"

#include <algorithm>
#include <array>

namespace moot {

namespace {

// Fields that say something once or are in doubt.
constexpr std::array<std::string_view, 8> kOnce = {"authorization", "content-encoding", "content-length",
                                                   "content-type",  "expect",           "host",
                                                   "content-range", "transfer-encoding"};

Status bad(std::string why) { return Status(Code::kBadRequest, std::move(why)); }

void make_lower(std::string& text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

// Repeated fields that are lists are joined, as HTTP has it.
Status add_field(HttpField field, std::vector<HttpField>& fields) {
  make_lower(field.first);
  const auto there =
      std::find_if(fields.begin(), fields.end(), [&](const HttpField& known) { return known.first == field.first; });
  if (there == fields.end()) {
    fields.push_back(std::move(field));
    return {};
  }
  if (std::find(kOnce.begin(), kOnce.end(), field.first) != kOnce.end())
    return bad("the field " + field.first + " stands twice");
  there->second += ", " + field.second;
  return {};
}

Status check_framing(const HttpHead& head, int version) {
  const auto length = head.field("content-length");
  std::optional<std::string_view> coding = head.field("transfer-encoding");
  if (length && coding) return bad("the body has two lengths: Content-Length and Transfer-Encoding");
  if (length && (length->empty() || length->find_first_not_of("0123456789") != std::string_view::npos))
    return bad("Content-Length is not a number");
  if (!coding) return {};
  std::string name(*coding);
  make_lower(name);
  if (name != "chunked") return Status(Code::kUsage, "the only transfer coding that is known here is chunked");
  return version < 11 ? bad("HTTP/1.0 has no transfer codings") : Status();
}

}  // namespace

Result<HttpHead> read_request_head(RawHead raw, std::string_view peer) {
  if (raw.version != 10 && raw.version != 11) return bad("the version is not HTTP/1.1");
  HttpHead head;
  head.method = raw.method;
  head.peer = peer;
  for (HttpField& field : raw.fields) MOOT_RETURN_IF_ERROR(add_field(std::move(field), head.fields));
  if (raw.version == 11 && !head.field("host")) return bad("the field host is missing");
  MOOT_RETURN_IF_ERROR(check_framing(head, raw.version));
  Result<HttpTarget> target = parse_target(raw.target);
  if (!target.ok()) return target.status();
  head.path = std::move(target->path);
  head.query = std::move(target->query);
  return head;
}

}  // namespace moot
