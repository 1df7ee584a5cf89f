// The bearer tokens that agencies' systems show to the HTTP gateway, and the certificates that some show in their
// place. A token is shown once, when it is made; only its digest rests in the file, which is checked whole (a checksum)
// at each reading. Thread: values; the functions that change the file may run in several processes at once.
//
//   checksum = "<32 hex>"      of everything below
//   log = "<32 hex>"           which log it belongs to (DATA/moot.id): tokens of another partnership, whose agencies
//   may
//                              have the same ids, are none here; absent in older files
//   [[token]]
//   id = "k3f9a2b1"            what lists and logs call it
//   agency = "soha"
//   digest = "<64 hex>"
//   made = "2026-03-02T09:00:00Z"
//   expires = "2027-03-02T00:00:00Z"
//   certificate = true         the digest is that of a client's certificate
//   replaces = "…"             made by a rotation, of this one
//   ends = "…"                 revoked, or replaced: no longer valid from then on
//
// Why a digest without salt or work: a token is 256 random bits, which nobody guesses.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

struct BearerToken {
  std::string id;
  AgencyId agency;
  Key digest{};
  Instant made;
  Instant expires;
  bool certificate = false;     // of a client; else a token
  std::string replaces;         // empty = none
  std::optional<Instant> ends;  // revoked or replaced

  Instant last() const { return ends && *ends < expires ? *ends : expires; }
  bool valid(Instant now) const { return now < last(); }
};

// Expiry is told of from so long before.
inline constexpr std::int64_t kExpiryWarningUs = 30 * 24 * kHourUs;
// How long a token that was rotated goes on beside the new one, unless revoked before.
inline constexpr std::int64_t kRotationUs = 30 * 24 * kHourUs;

struct TokensFile {
  std::filesystem::path path;
  std::string log_id;  // of the data directory; empty = which one it is of is not asked
};
TokensFile tokens_file(const std::filesystem::path& data, std::string log_id);

// kCorrupt when the file is not as it was written, or is another directory's. An absent file is no tokens.
Result<std::vector<BearerToken>> read_tokens(const TokensFile& file);

// The token's text and what is remembered of it. Durable when it returns ok.
struct NewToken {
  std::string text;
  BearerToken token;
};
Result<NewToken> add_token(const TokensFile& file, const AgencyId& agency, Instant expires, Instant now);
// A client's certificate (DER) in place of a token. kExists when it is there already and valid: it says who comes.
Result<BearerToken> add_certificate(const TokensFile& file, const AgencyId& agency, std::string_view der,
                                    Instant expires, Instant now);
// A new token for the same agency; the old one ends in kRotationUs. kNotFound, kNotAllowed when it is not valid any
// more or is being replaced already: two are valid at a time, not more; and for a certificate, which its agency makes.
Result<NewToken> rotate_token(const TokensFile& file, std::string_view id, Instant expires, Instant now);
Status revoke_token(const TokensFile& file, std::string_view id, Instant now);  // kNotFound, kNotAllowed

// Ends every valid token of an agency; how many there were.
Result<std::size_t> revoke_tokens_of(const TokensFile& file, const AgencyId& agency, Instant now);

// The valid token with this text, or the valid certificate; or nullptr.
const BearerToken* find_token(const std::vector<BearerToken>& tokens, std::string_view text, Instant now);
const BearerToken* find_certificate(const std::vector<BearerToken>& tokens, std::string_view der, Instant now);

}  // namespace moot
