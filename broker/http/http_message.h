// A request's head and a response, as routes see them: values that know neither sockets nor a library.
//
// Thread: values, usable anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/core/status.h"

namespace moot {

using HttpField = std::pair<std::string, std::string>;

struct HttpHead {
  std::string method;             // "GET", "POST"; HEAD comes as GET, and its response goes without the body
  std::string path;               // decoded; begins with "/"; no empty, "." or ".." segment, no control character
  std::vector<HttpField> query;   // decoded, in order, each name once
  std::vector<HttpField> fields;  // names in lower case, values without blanks around them
  std::string peer;               // the other end's address, without the port
  std::string certificate;        // that the client showed, as DER; empty = none (client_certificate.h)

  // Nothing when there is none.
  std::optional<std::string_view> field(std::string_view name) const;
  std::optional<std::string_view> asked(std::string_view name) const;  // in the query
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<HttpField> fields = {};
};

std::string_view reason_of(unsigned status);  // "Not Found"; "" for a status that is not used here

// What is wrong, as application/problem+json (RFC 9457): "title" by the status, `detail` a sentence.
HttpResponse http_problem(unsigned status, std::string_view detail);
// A JSON text in quotation marks. `text` is UTF-8.
std::string json_quoted(std::string_view text);

// "text/csv; charset=utf-8" as ("text/csv", "utf-8"), both in lower case; the second empty when it says none.
struct MediaType {
  std::string name;
  std::string charset;
};
MediaType parse_media_type(std::string_view value);

// The path and query of a request target, decoded. kBadRequest, with a sentence, for anything that could be taken for
// another path by somebody else: a wrong escape, an escaped slash or control character, "//", "/./", "/../", "\".
struct HttpTarget {
  std::string path;
  std::vector<HttpField> query;
};
Result<HttpTarget> parse_target(std::string_view target);

}  // namespace moot
