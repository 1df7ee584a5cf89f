#include "broker/http/http_message.h"

#include <algorithm>
#include <array>

namespace moot {

namespace {

std::optional<std::string_view> value_of(const std::vector<HttpField>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const HttpField& f) { return f.first == name; });
  if (found == fields.end()) return std::nullopt;
  return std::string_view(found->second);
}

struct Reason {
  unsigned status;
  std::string_view text;
};
constexpr std::array<Reason, 26> kReasons = {{{200, "OK"},
                                              {201, "Created"},
                                              {204, "No Content"},
                                              {207, "Multi-Status"},
                                              {304, "Not Modified"},
                                              {400, "Bad Request"},
                                              {401, "Unauthorized"},
                                              {403, "Forbidden"},
                                              {404, "Not Found"},
                                              {405, "Method Not Allowed"},
                                              {408, "Request Timeout"},
                                              {409, "Conflict"},
                                              {411, "Length Required"},
                                              {413, "Content Too Large"},
                                              {414, "URI Too Long"},
                                              {415, "Unsupported Media Type"},
                                              {417, "Expectation Failed"},
                                              {422, "Unprocessable Content"},
                                              {429, "Too Many Requests"},
                                              {431, "Request Header Fields Too Large"},
                                              {500, "Internal Server Error"},
                                              {501, "Not Implemented"},
                                              {502, "Bad Gateway"},
                                              {503, "Service Unavailable"},
                                              {504, "Gateway Timeout"},
                                              {505, "HTTP Version Not Supported"}}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Status bad_target(std::string_view why) { return Status(Code::kBadRequest, "the address " + std::string(why)); }

// `+` is a blank in a query, and itself in a path.
Result<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_blank) c = ' ';
    if (c == '%') {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad_target("has a % that two hexadecimal digits do not follow");
      c = static_cast<char>(high * 16 + low);
      if (c == '/' && !plus_is_blank) return bad_target("has an escaped slash");
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return bad_target("has a control character");
    out += c;
  }
  return out;
}

Status check_path(std::string_view path) {
  if (path.find('\\') != std::string_view::npos) return bad_target("has a backslash");
  std::string_view rest = path.substr(1);
  while (true) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    if (segment == "." || segment == "..") return bad_target("has a \".\" or \"..\" between slashes");
    if (end == std::string_view::npos) return {};
    if (segment.empty()) return bad_target("has two slashes in a row");
    rest.remove_prefix(end + 1);
  }
}

Status read_query(std::string_view text, std::vector<HttpField>& query) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t sign = pair.find('=');
    const Result<std::string> name = decoded(pair.substr(0, sign), true);
    const Result<std::string> value =
        sign == std::string_view::npos ? Result<std::string>(std::string()) : decoded(pair.substr(sign + 1), true);
    if (!name.ok()) return name.status();
    if (!value.ok()) return value.status();
    if (value_of(query, *name)) return bad_target("has one of its parameters twice");
    query.emplace_back(*name, *value);
  }
  return {};
}

}  // namespace

std::optional<std::string_view> HttpHead::field(std::string_view name) const { return value_of(fields, name); }
std::optional<std::string_view> HttpHead::asked(std::string_view name) const { return value_of(query, name); }

std::string_view reason_of(unsigned status) {
  const auto found =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& reason) { return reason.status == status; });
  return found == kReasons.end() ? std::string_view() : found->text;
}

std::string json_quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20)
      out += std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
    else
      out += c;
  }
  return out + "\"";
}

HttpResponse http_problem(unsigned status, std::string_view detail) {
  return {status, "application/problem+json",
          "{\"type\":\"about:blank\",\"title\":" + json_quoted(reason_of(status)) +
              ",\"status\":" + std::to_string(status) + ",\"detail\":" + json_quoted(detail) + "}\n"};
}

MediaType parse_media_type(std::string_view value) {
  MediaType type;
  std::size_t end = value.find(';');
  type.name = lower(trimmed(value.substr(0, end)));
  while (end != std::string_view::npos) {
    value.remove_prefix(end + 1);
    end = value.find(';');
    const std::string parameter = lower(trimmed(value.substr(0, end)));
    if (!parameter.starts_with("charset=")) continue;
    type.charset = parameter.substr(8);
    std::erase(type.charset, '"');
  }
  return type;
}

Result<HttpTarget> parse_target(std::string_view target) {
  // A proxy's form of the same: http://host/path.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!lower(target.substr(0, scheme.size())).starts_with(scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    if (slash == std::string_view::npos) return bad_target("has no path");
    target.remove_prefix(slash);
  }
  if (!target.starts_with('/')) return bad_target("does not begin with a slash");
  if (target.find('#') != std::string_view::npos) return bad_target("has a #");
  const std::size_t mark = target.find('?');
  HttpTarget parsed;
  Result<std::string> path = decoded(target.substr(0, mark), false);
  if (!path.ok()) return path.status();
  MOOT_RETURN_IF_ERROR(check_path(*path));
  parsed.path = std::move(*path);
  if (mark != std::string_view::npos) MOOT_RETURN_IF_ERROR(read_query(target.substr(mark + 1), parsed.query));
  return parsed;
}

}  // namespace moot
