// A partnership's folder: partnership.toml and what it names. The format is described in the README.
// Mistakes are kDefinition with file, line, key and what was expected.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/open311_source.h"
#include "broker/core/calendar.h"
#include "broker/core/limits.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "consumers/agenda/board.h"
#include "consumers/callers/policy.h"
#include "consumers/delivery/mailings.h"
#include "consumers/report/report_definition.h"
#include "consumers/rules/rule_pack.h"
#include "proto/event.pb.h"

namespace moot {

// Files of one agency that `moot up` publishes.
struct Feed {
  std::string agency;
  std::string files;  // a path with * in its last part
  std::string format;
  std::filesystem::path mapping;  // empty = none
  bool backfill = false;
};

// A folder that an agency puts its exports into (adapters/folder_watch.h).
struct WatchedFolder {
  std::string agency;
  std::filesystem::path folder;
  std::string format;
  std::filesystem::path mapping;  // empty = none
  bool backfill = false;
  int settle_seconds = 3;  // unchanged for so long, a file is whole
  int keep_days = 7;       // in done/ and partly/
};

// A document that `moot up --out` writes, as NAME.html, NAME.md and NAME.json; a calendar as NAME.ics.
struct DocumentOrder {
  std::string name;
  std::string kind;    // "agenda", "callers", "report" or "calendar"
  std::string board;   // of an agenda; of a calendar: only this one's
  std::string owner;   // of a calendar: only this agency's actions; empty = everybody's
  std::string area;    // likewise: one of the board's; empty = all of them
  Date on;             // of an agenda or a caller list
  std::string report;  // of a report
  Period period;       // likewise
};

// Where the HTTP gateway listens; none when the address is empty.
struct HttpSetting {
  std::string address;
  std::filesystem::path certificate, private_key;  // PEM, of https
  bool client_certificates = false;                // may be shown in place of tokens
  std::size_t body_bytes_max = 0;                  // of a request
  std::uint64_t spool_bytes_max = 0;               // what is kept for each agency while the broker is away; 0 = nothing
};

struct PartnershipFolder {
  Partnership partnership;
  std::filesystem::path mappings;  // the folder of mappings that uploads may name; empty = none
  std::string bus_address = "tcp://127.0.0.1:0";
  Limits limits;
  HttpSetting http;
  std::string metrics;  // where a broker alone tells its figures, "http://127.0.0.1:9464"; empty = nowhere
  CallerPolicy callers;
  std::map<std::string, Board> boards;              // by id
  std::map<std::string, ReportDefinition> reports;  // by id
  std::vector<RulePack> rules;                      // the first is in force; the others are there to be tried
  std::vector<Feed> feeds;
  std::vector<WatchedFolder> watched;
  std::vector<Open311Source> pulls;
  std::vector<DocumentOrder> documents;
  std::vector<v1::Event> agreements;  // clauses, to be signed where they are not yet
  std::optional<Mailings> mailings;   // what goes out by e-mail; absent = nothing

  const Board* find_board(const std::string& id) const;
  std::vector<const Board*> every_board() const;
  const ReportDefinition* find_report(const std::string& id) const;
  const RulePack* rules_in_force() const { return rules.empty() ? nullptr : &rules.front(); }
};

bool is_bus_address(const std::string& address);  // "tcp://127.0.0.1:5570"
Result<PartnershipFolder> load_partnership_folder(const std::filesystem::path& config);
// What holds where no configuration is given: no agencies, no boards, and the frequent callers as the JTM counts them.
PartnershipFolder unnamed_partnership();

// The rule pack that a document goes by: the partnership's, or another.
struct GivenRules {
  const RulePack* known = nullptr;  // of the folder's
  std::optional<RulePack> loaded;   // from a file of its own

  const RulePack* pack() const { return loaded ? &*loaded : known; }
};
// `word`: the id of one of the folder's packs, or a file; empty = the one in force, if there is any. kUsage for an id
// that is none, kDefinition for a file with a mistake. The folder outlives it.
Result<GivenRules> rules_for(const PartnershipFolder& folder, const std::string& word);

// The files a feed means, sorted by name. kMissing when its folder is not there.
Result<std::vector<std::filesystem::path>> files_of(const Feed& feed);

}  // namespace moot
