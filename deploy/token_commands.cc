#include <boost/json.hpp>
#include <iostream>

#include "broker/access/registry.h"
#include "broker/core/calendar.h"
#include "broker/http/client_certificate.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/data_tokens.h"
#include "deploy/log_line.h"
#include "deploy/reach.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::int64_t kDayUs = 24 * kHourUs;

Status check_data(const Options& options) {
  std::error_code error;
  if (std::filesystem::exists(options.data / "moot.id", error)) return {};
  return Status(Code::kMissing, options.data.string() + ": is no data directory; start its broker once");
}

// The end of the day given, or of today a year on.
Result<Instant> expiry_of(const std::string& text, Instant now) {
  if (text.empty()) return local_midnight(plus_days(plus_months(local_date(now), 12), 1));
  const Result<Date> date = parse_date(text);
  if (!date.ok()) return Status(Code::kUsage, "--expires: expected a date such as 2027-03-02");
  return local_midnight(plus_days(*date, 1));
}

// "2 March 2027", the last day of a time that a day ends with.
std::string last_day(Instant expires) { return to_words(local_date(Instant{expires.us - 1})); }

int show(const Options& options, const NewToken& made) {
  if (options.json) {
    std::cout << json::serialize(json::object{{"token", made.text},
                                              {"id", made.token.id},
                                              {"agency", made.token.agency.value()},
                                              {"expires", to_rfc3339(made.token.expires)}})
              << "\n";
    return kDone;
  }
  std::cout << "Token " << made.token.id << " of agency " << made.token.agency.value() << ", valid through "
            << last_day(made.token.expires) << ". It is shown this once:\n\n  " << made.text
            << "\n\nWhoever has it publishes as the agency: it goes to the agency by a safe way, and nowhere else.\n";
  return kDone;
}

std::string state_of(const BearerToken& token, Instant now) {
  if (!token.valid(now)) return token.expires <= now ? "expired" : "ended";
  const std::int64_t days = (token.last().us - now.us) / kDayUs;
  if (token.ends) return "replaced, goes on for " + std::to_string(days) + " days";
  if (token.last().us - now.us <= kExpiryWarningUs) return "EXPIRES in " + std::to_string(days) + " days";
  return "valid";
}

}  // namespace

namespace {

// Before it is done. kNotAllowed: for whom the command acts does not administer.
Status put_on_record(const Options& options, const char* act, const std::string& what) {
  MOOT_RETURN_IF_ERROR(check_data(options));
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<Reach> reach = Reach::open(options, *folder);
  return reach.ok() ? audit_shown(*reach, options, {act, what, "", 0, {}}) : reach.status();
}

// Only by the id of one that there is: what was typed may be the secret itself.
Status put_on_record_of(const std::string& token, const Options& options, const char* act) {
  const Result<std::vector<BearerToken>> tokens = read_tokens(tokens_of(options));
  if (!tokens.ok()) return tokens.status();
  for (const BearerToken& one : *tokens)
    if (one.id == token) return put_on_record(options, act, token);
  return {};  // whoever changes it says that there is none
}

// Somebody who may push: kUnknownAgency, kNotAllowed, kMissing.
Result<AgencyId> pushing_agency(const Options& options, const std::string& agency, Instant now) {
  MOOT_RETURN_IF_ERROR(check_data(options));
  const Result<AgencyId> id = AgencyId::parse(agency);
  std::error_code error;
  if (!id.ok() || agency == kOperator || agency == kCasebook ||
      !std::filesystem::exists(options.keys_folder() / "agencies" / (agency + ".key"), error))
    return Status(Code::kUnknownAgency,
                  "there is no agency \"" + agency + "\" here; the configuration or `moot agency add` makes one");
  const Result<Registry> registry = Registry::open(options.data / "agencies.toml", read_log_id(options.data));
  if (!registry.ok()) return registry.status();
  const Member* member = registry->by_id(agency);
  if (member != nullptr && member->current(now) == nullptr)
    return Status(Code::kNotAllowed, "agency \"" + agency + "\" has no valid key; it publishes by no way");
  return id;
}

}  // namespace

int certificate_add_command(const Options& options, const std::string& agency, const std::filesystem::path& file,
                            const std::string& expires) {
  const Instant now = SystemClock().now();
  const Result<AgencyId> id = pushing_agency(options, agency, now);
  if (!id.ok()) return tell(id.status());
  const Result<ClientCertificate> certificate = read_certificate(file);
  if (!certificate.ok()) return tell(certificate.status());
  const Result<Instant> until = expires.empty() ? Result<Instant>(certificate->expires) : expiry_of(expires, now);
  if (!until.ok()) return tell(until.status());
  const Status recorded = put_on_record(options, "certificate-add", agency);
  if (!recorded.ok()) return tell(recorded);
  const Result<BearerToken> made =
      add_certificate(tokens_of(options), *id, certificate->der, std::min(*until, certificate->expires), now);
  if (!made.ok()) return tell(made.status());
  if (options.json)
    std::cout << json::serialize(json::object{{"id", made->id},
                                              {"agency", made->agency.value()},
                                              {"certificate", true},
                                              {"expires", to_rfc3339(made->expires)}})
              << "\n";
  else
    std::cout << "Certificate " << made->id << " of agency " << agency << ", valid until "
              << to_local_words(made->expires) << ". Whoever has its private key publishes as the agency.\n";
  return kDone;
}

int token_add_command(const Options& options, const std::string& agency, const std::string& expires) {
  const Instant now = SystemClock().now();
  const Result<AgencyId> id = pushing_agency(options, agency, now);
  if (!id.ok()) return tell(id.status());
  const Result<Instant> until = expiry_of(expires, now);
  if (!until.ok()) return tell(until.status());
  const Status recorded = put_on_record(options, "token-add", agency);
  if (!recorded.ok()) return tell(recorded);
  const Result<NewToken> made = add_token(tokens_of(options), *id, *until, now);
  return made.ok() ? show(options, *made) : tell(made.status());
}

int token_rotate_command(const Options& options, const std::string& token, const std::string& expires) {
  const Instant now = SystemClock().now();
  const Result<Instant> until = expiry_of(expires, now);
  if (!until.ok()) return tell(until.status());
  const Status recorded = put_on_record_of(token, options, "token-rotate");
  if (!recorded.ok()) return tell(recorded);
  const Result<NewToken> made = rotate_token(tokens_of(options), token, *until, now);
  if (!made.ok()) return tell(made.status());
  if (!options.json)
    std::cout << "Token " << token << " goes on for 30 days at most, or until `moot token revoke " << token << "`.\n";
  return show(options, *made);
}

int token_revoke_command(const Options& options, const std::string& token) {
  // A broker that hangs must not keep a token alive; the operator alone needs nobody to say that they may.
  const Status recorded = put_on_record_of(token, options, "token-revoke");
  const bool is_operator = options.as.empty() && options.key.empty();
  if (recorded.code() == Code::kUnavailable && is_operator)
    warn("token", "revoked without an entry in the audit log: " + recorded.message());
  else if (!recorded.ok())
    return tell(recorded);
  const Status revoked = revoke_token(tokens_of(options), token, SystemClock().now());
  if (!revoked.ok()) return tell(revoked);
  if (!options.json) std::cout << "Token " << token << " is not valid any more.\n";
  return kDone;
}

int token_list_command(const Options& options) {
  if (!options.as.empty() || !options.key.empty())
    return tell(Status(Code::kNotAllowed, "tokens are the operator's to list; leave out --as and --key"));
  const Status there = check_data(options);
  if (!there.ok()) return tell(there);
  const Result<std::vector<BearerToken>> tokens = read_tokens(tokens_of(options));
  if (!tokens.ok()) return tell(tokens.status());
  const Instant now = SystemClock().now();
  json::array rows;
  for (const BearerToken& token : *tokens) {
    const std::string state = state_of(token, now);
    if (!options.json) {
      std::cout << token.id << "  " << token.agency.value() << (token.certificate ? "  certificate added " : "  made ")
                << to_words(local_date(token.made)) << ", valid through " << last_day(token.last()) << ": " << state
                << "\n";
      continue;
    }
    json::object row = {{"id", token.id},
                        {"agency", token.agency.value()},
                        {"made", to_rfc3339(token.made)},
                        {"expires", to_rfc3339(token.last())},
                        {"valid", token.valid(now)},
                        {"state", state}};
    if (token.certificate) row["certificate"] = true;
    if (!token.replaces.empty()) row["replaces"] = token.replaces;
    rows.push_back(std::move(row));
  }
  if (options.json) std::cout << json::serialize(json::object{{"tokens", std::move(rows)}}) << "\n";
  return kDone;
}

}  // namespace moot
