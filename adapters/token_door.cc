#include "adapters/token_door.h"

#include <sys/stat.h>

#include "broker/core/calendar.h"

namespace moot {

namespace {

constexpr std::int64_t kDayUs = 24 * kHourUs;

bool is_bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return false;
  for (std::size_t i = 0; i < kScheme.size(); ++i)
    if ((authorization[i] | 0x20) != kScheme[i]) return false;
  return true;
}

}  // namespace

Status TokenDoor::read_if_changed() {
  struct stat state = {};
  Version version;
  if (::stat(file_.path.c_str(), &state) == 0)
    version = {state.st_ino, state.st_mtim.tv_sec * 1'000'000'000 + state.st_mtim.tv_nsec};
  if (version == version_) return read_;
  Result<std::vector<BearerToken>> tokens = read_tokens(file_);
  // What may pass (too many open files) is tried again with the next request; what was read is kept until the file
  // changes.
  if (tokens.ok() || tokens.status().code() == Code::kCorrupt || tokens.status().code() == Code::kDefinition)
    version_ = version;
  tokens_ = tokens.ok() ? std::move(*tokens) : std::vector<BearerToken>();
  read_ = tokens.status();
  if (read_.ok()) return {};
  log_(read_.message() + "; nobody is let in until it is mended");
  // Whoever asks need not know where what is kept.
  return read_ = Status(read_.code(), "tokens cannot be checked just now");
}

void TokenDoor::warn(const BearerToken& token, Instant now) {
  if (token.last().us - now.us > kExpiryWarningUs) return;
  std::int64_t& day = warned_[token.id];
  if (day == now.us / kDayUs) return;
  day = now.us / kDayUs;
  log_((token.certificate ? "certificate " : "token ") + token.id + " of agency " + token.agency.value() +
       " is valid until " + to_local_words(token.last()) +
       (token.certificate
            ? "; add the agency's next one with `moot token add " + token.agency.value() + " --certificate`"
            : "; make another with `moot token rotate " + token.id + "`"));
}

Result<AgencyId> TokenDoor::agency_of(std::string_view authorization, std::string_view certificate, Instant now) {
  MOOT_RETURN_IF_ERROR(read_if_changed());
  if (authorization.empty() && !certificate.empty()) {
    const BearerToken* known = find_certificate(tokens_, certificate, now);
    if (known == nullptr)
      return Status(Code::kUnknownKey, "the certificate is not known here, has expired or was revoked");
    warn(*known, now);
    return known->agency;
  }
  if (!is_bearer(authorization))
    return Status(Code::kUnknownKey, "say who you are: Authorization: Bearer and the token that you were given");
  const BearerToken* token = find_token(tokens_, authorization.substr(7), now);
  if (token == nullptr) return Status(Code::kUnknownKey, "the token is not known here, has expired or was revoked");
  warn(*token, now);
  return token->agency;
}

}  // namespace moot
