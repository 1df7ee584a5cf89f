// libFuzzer: no bytes crash what judges a request's head, and whatever path it lets through can mean nothing else.
// Built and run by `tests/run --long`; see there for the command line.
#include <algorithm>
#include <cstdint>

#include "broker/http/http_address.h"
#include "broker/http/http_message.h"
#include "broker/http/request_head.h"

namespace {

void check_path(const std::string& path) {
  MOOT_CHECK(path.starts_with('/'));
  MOOT_CHECK(path.find("//") == std::string::npos);
  MOOT_CHECK(path.find('\\') == std::string::npos);
  MOOT_CHECK((path + "/").find("/../") == std::string::npos);
  MOOT_CHECK((path + "/").find("/./") == std::string::npos);
  MOOT_CHECK(std::none_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

}  // namespace

// The first line is the target, the others are fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string target = text.substr(0, line);
  moot::RawHead raw{"POST", target, 11, {{"Host", "x"}}};
  for (std::size_t at = line + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string field = text.substr(at, end - at);
    const std::size_t colon = std::min(field.find(':'), field.size());
    raw.fields.emplace_back(field.substr(0, colon), field.substr(std::min(colon + 1, field.size())));
    (void)moot::parse_media_type(field);
    (void)moot::parse_http_address(field);
    (void)moot::json_quoted(field);
    at = end + 1;
  }
  const moot::Result<moot::HttpHead> head = moot::read_request_head(raw, "peer");
  if (!head.ok()) return 0;
  check_path(head->path);
  MOOT_CHECK(!head->field("content-length") || !head->field("transfer-encoding"));
  return 0;
}
