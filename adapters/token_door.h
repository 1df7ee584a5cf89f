// Who stands at the gateway's door: looks bearer tokens and certificates up in their file, which is read again whenever
// it has changed, so that a token that is revoked is refused from then on.
//
// Thread: one owner, the http thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bearer_tokens.h"
#include "broker/core/status.h"

namespace moot {

class TokenDoor {
 public:
  // `log` gets a line when a token that is used expires soon, once a day and token, and when the file cannot be read.
  TokenDoor(TokensFile file, std::function<void(const std::string&)> log)
      : file_(std::move(file)), log_(std::move(log)) {}

  // Whose request it is, by its Authorization field, or, where it has none, by the certificate (DER) that the client
  // showed; empty = none. kUnknownKey: nobody's, with a sentence for the sender. kDisk or
  // kCorrupt: the file cannot be read, and nobody is let in.
  Result<AgencyId> agency_of(std::string_view authorization, std::string_view certificate, Instant now);
  // Ok, or that the file cannot be read.
  Status ready() { return read_if_changed(); }

 private:
  struct Version {  // of a file that is only ever replaced whole
    std::uint64_t inode = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const Version&) const = default;
  };
  Status read_if_changed();
  void warn(const BearerToken& token, Instant now);

  const TokensFile file_;
  const std::function<void(const std::string&)> log_;
  Version version_;
  Status read_;
  std::vector<BearerToken> tokens_;
  std::map<std::string, std::int64_t> warned_;  // by token: on which day
};

}  // namespace moot
