#include "adapters/bearer_tokens.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "broker/core/checksum_line.h"
#include "broker/core/definition.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kPrefix = "moot_";
constexpr std::size_t kIdCharacters = 8;
constexpr std::size_t kTokensMax = 10'000;

std::string_view bytes_of(const Key& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

Key digest_of(std::string_view text) { return derive_key(Key{}, "bearer token\n" + std::string(text)); }
Key digest_of_certificate(std::string_view der) { return derive_key(Key{}, "certificate\n" + std::string(der)); }

// One process at a time changes the file. Let go when destroyed.
class FileLock {
 public:
  explicit FileLock(const TokensFile& file)
      : fd_(::open((file.path.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    held_ = fd_ >= 0 && ::flock(fd_, LOCK_EX) == 0;
  }
  ~FileLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileLock(const FileLock&) = delete;
  bool held() const { return held_; }

 private:
  const int fd_;
  bool held_ = false;
};

std::string row(const BearerToken& token) {
  std::string text = "\n[[token]]\nid = \"" + token.id + "\"\nagency = \"" + token.agency.value() + "\"\ndigest = \"" +
                     to_hex(token.digest) + "\"\nmade = \"" + to_rfc3339(token.made) + "\"\nexpires = \"" +
                     to_rfc3339(token.expires) + "\"\n";
  if (token.certificate) text += "certificate = true\n";
  if (!token.replaces.empty()) text += "replaces = \"" + token.replaces + "\"\n";
  if (token.ends) text += "ends = \"" + to_rfc3339(*token.ends) + "\"\n";
  return text;
}

Status write_tokens(const TokensFile& file, const std::vector<BearerToken>& tokens) {
  std::string text = file.log_id.empty() ? std::string() : log_line(file.log_id);
  text += "# The bearer tokens of this data directory's agencies, as digests. Changed with `moot token`.\n";
  for (const BearerToken& token : tokens) text += row(token);
  return write_whole_file(file.path, checksum_line(text) + text);
}

Instant instant_at(Definition& definition, std::string_view key) {
  const Result<Instant> instant = parse_rfc3339(definition.text(key));
  if (instant.ok()) return *instant;
  definition.mistake(key, "expected a time such as 2026-03-02T09:00:00Z");
  return {};
}

BearerToken read_row(Definition& definition) {
  BearerToken token;
  token.id = definition.text("id");
  const Result<AgencyId> agency = AgencyId::parse(definition.text("agency"));
  const Result<Key> digest = key_from_hex(definition.text("digest"));
  if (!agency.ok()) definition.mistake("agency", agency.status().message());
  if (!digest.ok()) definition.mistake("digest", digest.status().message());
  if (agency.ok()) token.agency = *agency;
  if (digest.ok()) token.digest = *digest;
  token.made = instant_at(definition, "made");
  token.expires = instant_at(definition, "expires");
  token.certificate = definition.flag_or("certificate", false);
  token.replaces = definition.text_or("replaces", "");
  if (definition.has("ends")) token.ends = instant_at(definition, "ends");
  return token;
}

BearerToken* find_by_id(std::vector<BearerToken>& tokens, std::string_view id) {
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const BearerToken& t) { return t.id == id; });
  return found == tokens.end() ? nullptr : &*found;
}

Status no_such(std::string_view id) {
  return Status(Code::kNotFound, "there is no token \"" + std::string(id.substr(0, 40)) + "\"; `moot token list`");
}

std::string new_id() { return to_base32(bytes_of(random_key())).substr(0, kIdCharacters); }

NewToken make_token(const AgencyId& agency, Instant expires, Instant now) {
  NewToken made;
  made.token.id = new_id();
  made.token.agency = agency;
  made.token.made = now;
  made.token.expires = expires;
  made.text = std::string(kPrefix) + made.token.id + "_" + to_base32(bytes_of(random_key()));
  made.token.digest = digest_of(made.text);
  return made;
}

// The tokens, the lock on them held.
struct Held {
  std::unique_ptr<FileLock> lock;
  std::vector<BearerToken> tokens;
};

Result<Held> hold(const TokensFile& file) {
  Held held;
  held.lock = std::make_unique<FileLock>(file);
  if (!held.lock->held()) return Status(Code::kDisk, file.path.string() + ": cannot be locked");
  Result<std::vector<BearerToken>> tokens = read_tokens(file);
  if (!tokens.ok()) return tokens.status();
  held.tokens = std::move(*tokens);
  return held;
}

Status check_expiry(Instant expires, Instant now) {
  return expires > now ? Status() : Status(Code::kUsage, "the day on which the token is to expire is past");
}

Status check_room(const std::vector<BearerToken>& tokens) {
  if (tokens.size() < kTokensMax) return {};
  return Status(Code::kTooLarge, "there are " + std::to_string(kTokensMax) + " tokens; no more are taken");
}

}  // namespace

TokensFile tokens_file(const std::filesystem::path& data, std::string log_id) {
  return {data / "tokens.toml", std::move(log_id)};
}

Result<std::vector<BearerToken>> read_tokens(const TokensFile& file) {
  const Result<std::string> text = read_whole_file(file.path);
  if (text.status().code() == Code::kMissing) return std::vector<BearerToken>();
  if (!text.ok()) return text.status();
  if (!has_its_checksum_line(*text))
    return Status(Code::kCorrupt, file.path.string() + ": is not as it was written; its checksum is another");
  const Status ours = check_log_line(*text, file.log_id);
  if (!ours.ok())
    return Status(ours.code(), file.path.string() + ": " + ours.message() +
                                   "; put back the file of this one, or move it away and make new tokens");
  Result<Definition> definition = Definition::parse(*text, file.path.string());
  if (!definition.ok()) return definition.status();
  (void)definition->text("checksum");
  (void)definition->text_or("log", "");
  std::vector<BearerToken> tokens;
  for (Definition& each : definition->tables("token")) tokens.push_back(read_row(each));
  MOOT_RETURN_IF_ERROR(definition->finish());
  return tokens;
}

Result<NewToken> add_token(const TokensFile& file, const AgencyId& agency, Instant expires, Instant now) {
  MOOT_RETURN_IF_ERROR(check_expiry(expires, now));
  Result<Held> held = hold(file);
  if (!held.ok()) return held.status();
  MOOT_RETURN_IF_ERROR(check_room(held->tokens));
  NewToken made = make_token(agency, expires, now);
  held->tokens.push_back(made.token);
  MOOT_RETURN_IF_ERROR(write_tokens(file, held->tokens));
  return made;
}

Result<BearerToken> add_certificate(const TokensFile& file, const AgencyId& agency, std::string_view der,
                                    Instant expires, Instant now) {
  if (expires <= now) return Status(Code::kUsage, "the certificate has expired");
  Result<Held> held = hold(file);
  if (!held.ok()) return held.status();
  MOOT_RETURN_IF_ERROR(check_room(held->tokens));
  if (const BearerToken* there = find_certificate(held->tokens, der, now))
    return Status(Code::kExists,
                  "that certificate is there already: " + there->id + ", of agency \"" + there->agency.value() + "\"");
  BearerToken made;
  made.id = new_id();
  made.agency = agency;
  made.digest = digest_of_certificate(der);
  made.made = now;
  made.expires = expires;
  made.certificate = true;
  held->tokens.push_back(made);
  MOOT_RETURN_IF_ERROR(write_tokens(file, held->tokens));
  return made;
}

Result<NewToken> rotate_token(const TokensFile& file, std::string_view id, Instant expires, Instant now) {
  MOOT_RETURN_IF_ERROR(check_expiry(expires, now));
  Result<Held> held = hold(file);
  if (!held.ok()) return held.status();
  BearerToken* old = find_by_id(held->tokens, id);
  if (old == nullptr) return no_such(id);
  if (!old->valid(now)) return Status(Code::kNotAllowed, "token " + old->id + " is not valid any more; add a new one");
  if (old->certificate)
    return Status(Code::kNotAllowed, old->id + " is a certificate: add its agency's next one beside it");
  const auto replacing = std::find_if(held->tokens.begin(), held->tokens.end(),
                                      [&](const BearerToken& t) { return t.replaces == old->id && t.valid(now); });
  if (replacing != held->tokens.end())
    return Status(Code::kNotAllowed, "token " + old->id + " is being replaced by " + replacing->id + " already");
  old->ends = Instant{now.us + kRotationUs};
  NewToken made = make_token(old->agency, expires, now);
  made.token.replaces = old->id;
  held->tokens.push_back(made.token);
  MOOT_RETURN_IF_ERROR(write_tokens(file, held->tokens));
  return made;
}

Status revoke_token(const TokensFile& file, std::string_view id, Instant now) {
  Result<Held> held = hold(file);
  if (!held.ok()) return held.status();
  BearerToken* token = find_by_id(held->tokens, id);
  if (token == nullptr) return no_such(id);
  if (!token->valid(now)) return Status(Code::kNotAllowed, "token " + token->id + " is not valid any more as it is");
  token->ends = now;
  return write_tokens(file, held->tokens);
}

Result<std::size_t> revoke_tokens_of(const TokensFile& file, const AgencyId& agency, Instant now) {
  Result<Held> held = hold(file);
  if (!held.ok()) return held.status();
  std::size_t ended = 0;
  for (BearerToken& token : held->tokens) {
    if (token.agency != agency || !token.valid(now)) continue;
    token.ends = now;
    ++ended;
  }
  if (ended > 0) MOOT_RETURN_IF_ERROR(write_tokens(file, held->tokens));
  return ended;
}

const BearerToken* find_token(const std::vector<BearerToken>& tokens, std::string_view text, Instant now) {
  if (!text.starts_with(kPrefix) || text.size() > 200) return nullptr;
  const std::string_view id = text.substr(kPrefix.size(), kIdCharacters);
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const BearerToken& t) { return t.id == id; });
  if (found == tokens.end() || !found->valid(now) || found->digest != digest_of(text)) return nullptr;
  return &*found;
}

const BearerToken* find_certificate(const std::vector<BearerToken>& tokens, std::string_view der, Instant now) {
  const Key digest = digest_of_certificate(der);
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const BearerToken& t) {
    return t.certificate && t.digest == digest && t.valid(now);
  });
  return found == tokens.end() ? nullptr : &*found;
}

}  // namespace moot
