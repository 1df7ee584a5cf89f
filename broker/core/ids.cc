#include "broker/core/ids.h"

#include <sodium.h>

#include <algorithm>

namespace moot {

bool AgencyId::is_one(std::string_view text) {
  return text.size() >= 2 && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

Result<AgencyId> AgencyId::parse(std::string_view text) {
  if (!is_one(text)) return Status(Code::kInvalid, "an agency id is 2 to 40 of the characters a to z, 0 to 9 and -");
  return AgencyId(std::string(text));
}

std::string_view agency_of_source(std::string_view source) {
  if (source.empty() || source.front() != '/') return {};
  const std::size_t end = source.find('/', 1);
  if (end == std::string_view::npos || end + 1 == source.size()) return {};
  return source.substr(1, end - 1);
}

namespace {

EventKey digest_of(char kind, std::string_view source, std::string_view id) {
  // The length stands between the two, so that no other pair makes the same bytes.
  crypto_generichash_state state;
  EventKey key;
  const std::uint32_t length = static_cast<std::uint32_t>(source.size());
  crypto_generichash_init(&state, nullptr, 0, key.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&kind), 1);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&length), sizeof length);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(source.data()), source.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(id.data()), id.size());
  crypto_generichash_final(&state, key.data(), key.size());
  return key;
}

}  // namespace

EventKey event_key(std::string_view source, std::string_view id) { return digest_of('e', source, id); }
EventKey record_key(std::string_view source, std::string_view record) { return digest_of('r', source, record); }

}  // namespace moot
