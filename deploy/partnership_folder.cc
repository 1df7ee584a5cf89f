#include "deploy/partnership_folder.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "adapters/file_publisher.h"
#include "broker/core/definition.h"
#include "broker/http/http_address.h"
#include "consumers/document/phrase.h"
#include "deploy/agreement_file.h"
#include "deploy/folder_names.h"
#include "deploy/limits_definition.h"
#include "deploy/pull_definition.h"

namespace moot {

namespace {

// The list that a Joint Tasking Meeting reviews: police calls about anti-social behaviour, the top ten of ninety days.
constexpr std::string_view kUnnamedPolicy = R"(
id = "callers"
title = "Frequent callers to the police about anti-social behaviour"
[[version]]
valid_from = 2000-01-01
channels = ["999", "101", "web"]
categories = ["asb"]
roles = ["caller"]
episode_hours = 24
top = 10
window_days = 90
)";

void read_agencies(Definition& root, Partnership& partnership) {
  std::set<std::string> seen;
  for (Definition& row : root.tables("agency")) {
    const Result<AgencyId> id = AgencyId::parse(row.text("id"));
    if (!id.ok()) {
      row.mistake("id", id.status().message());
    } else if (id->value() == kOperator || id->value() == kCasebook) {
      row.mistake("id", "\"operator\" and \"casebook\" are taken");
    } else if (!seen.insert(id->value()).second) {
      row.mistake("id", "stands twice");
    }
    Agency agency;
    if (id.ok()) agency.id = *id;
    agency.name = row.text("name");
    agency.rhythm_days = static_cast<int>(row.integer_or("rhythm_days", 0, 0, 3660));
    partnership.agencies.push_back(std::move(agency));
  }
}

void read_areas(Definition& root, Partnership& partnership) {
  std::set<std::string> seen;
  for (Definition& row : root.tables("area")) {
    const AreaNames before(partnership.areas);
    partnership.areas.push_back({row.text("code"), row.text("name"), row.texts("aliases")});
    const Area& area = partnership.areas.back();
    if (!seen.insert(area.code).second) row.mistake("code", "stands twice");
    // What an agency calls two areas would be the first of them, whichever it meant.
    if (before.knows(area.name)) row.mistake("name", "is the code, the name or an alias of an area before it");
    for (const std::string& alias : area.aliases)
      if (before.knows(alias)) row.mistake("aliases", "\"" + alias + "\" is a name of an area before it, too");
  }
}

// Where HTTP is served; empty = nowhere.
std::string read_address(Definition& root, const char* key) {
  std::string address = root.text_or(key, "");
  if (address.empty()) return address;
  if (const Status parsed = parse_http_address(address).status(); !parsed.ok()) root.mistake(key, parsed.message());
  return address;
}

HttpSetting read_http(Definition& root, const std::filesystem::path& folder) {
  HttpSetting http;
  http.address = read_address(root, "http");
  const std::string certificate = root.text_or("tls_certificate", ""), private_key = root.text_or("tls_key", "");
  if (!certificate.empty()) http.certificate = folder / certificate;
  if (!private_key.empty()) http.private_key = folder / private_key;
  http.client_certificates = root.flag_or("tls_client_certificates", false);
  constexpr std::int64_t kMegabytes = 1024, kMegabytesMax = 1024 * 1024;
  http.spool_bytes_max = static_cast<std::uint64_t>(root.integer_or("spool_megabytes", kMegabytes, 0, kMegabytesMax))
                         << 20;
  return http;
}

std::vector<Feed> read_feeds(Definition& root, const std::filesystem::path& folder, const Partnership& partnership) {
  std::vector<Feed> feeds;
  for (Definition& row : root.tables("feed")) {
    Feed feed;
    feed.agency = row.text("agency");
    if (partnership.find_agency(feed.agency) == nullptr)
      row.mistake("agency", "expected an id of one of the [[agency]]s");
    feed.files = (folder / row.text("files")).string();
    feed.format = row.text_or("format", "auto");
    const std::string mapping = row.text_or("mapping", "");
    if (!mapping.empty()) feed.mapping = folder / mapping;
    feed.backfill = row.flag_or("backfill", false);
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

void read_report_order(Definition& row, const PartnershipFolder& read, DocumentOrder& document) {
  document.report = row.text("report");
  const ReportDefinition* report = read.find_report(document.report);
  if (report == nullptr) row.mistake("report", "expected the id of one of the reports");
  const Result<Period> period = parse_period(row.text("period"));
  if (!period.ok()) return row.mistake("period", period.status().message());
  document.period = *period;
  // Lists are of measures that withhold small numbers: whether one of other days may be handed out would change with
  // the data.
  if (report != nullptr && !report->lists.empty() && !is_of_whole_quarters(document.period))
    row.mistake("period",
                "expected a quarter of the financial year, or several: the report has lists, which of a whole quarter "
                "would tell the small numbers that it withholds of other days");
}

void read_calendar_order(Definition& row, const PartnershipFolder& read, DocumentOrder& document) {
  document.board = row.text_or("board", "");
  if (!document.board.empty() && read.find_board(document.board) == nullptr)
    row.mistake("board", "expected the id of one of the boards");
  document.owner = row.text_or("owner", "");
  if (!document.owner.empty() && read.partnership.find_agency(document.owner) == nullptr)
    row.mistake("owner", "expected an id of one of the [[agency]]s");
}

void read_dated_order(Definition& row, const PartnershipFolder& read, DocumentOrder& document) {
  if (document.kind != "agenda" && document.kind != "callers")
    row.mistake("kind", "expected \"agenda\", \"callers\", \"report\" or \"calendar\"");
  document.board = row.text_or("board", "");
  const Board* board = read.find_board(document.board);
  if (document.kind == "agenda" && board == nullptr) row.mistake("board", "expected the id of one of the boards");
  document.area = row.text_or("area", "");
  if (board != nullptr && board->each_area && document.area.empty())
    row.mistake("area", "is required: the board meets in each of its areas apart");
  const std::optional<Date> on = row.date("on");
  if (on)
    document.on = *on;
  else
    row.mistake("on", "is required, a date such as 2021-03-02");
}

std::vector<WatchedFolder> read_watched(Definition& root, const std::filesystem::path& folder,
                                        const Partnership& partnership) {
  std::vector<WatchedFolder> all;
  std::set<std::filesystem::path> seen;
  for (Definition& row : root.tables("watch")) {
    WatchedFolder watched;
    watched.agency = row.text("agency");
    if (partnership.find_agency(watched.agency) == nullptr)
      row.mistake("agency", "expected an id of one of the [[agency]]s");
    watched.folder = (folder / row.text("folder")).lexically_normal();
    if (!seen.insert(watched.folder / "").second) row.mistake("folder", "is watched twice");
    watched.format = row.text_or("format", "auto");
    const Result<FileFormat> format = parse_file_format(watched.format);
    if (!format.ok()) row.mistake("format", format.status().message());
    const std::string mapping = row.text_or("mapping", "");
    if (!mapping.empty()) watched.mapping = folder / mapping;
    watched.backfill = row.flag_or("backfill", false);
    watched.settle_seconds = static_cast<int>(row.integer_or("settle_seconds", 3, 0, 3600));
    watched.keep_days = static_cast<int>(row.integer_or("keep_days", 7, 0, 3660));
    all.push_back(std::move(watched));
  }
  return all;
}

std::vector<DocumentOrder> read_documents(Definition& root, const PartnershipFolder& read) {
  std::vector<DocumentOrder> documents;
  for (Definition& row : root.tables("document")) {
    DocumentOrder document;
    document.name = row.text("name");
    if (document.name.find('/') != std::string::npos) row.mistake("name", "expected a file's name without folders");
    document.kind = row.text("kind");
    if (document.kind == "calendar")
      read_calendar_order(row, read, document);
    else if (document.kind == "report")
      read_report_order(row, read, document);
    else
      read_dated_order(row, read, document);
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace

const Board* PartnershipFolder::find_board(const std::string& id) const {
  const auto found = boards.find(id);
  return found == boards.end() ? nullptr : &found->second;
}

std::vector<const Board*> PartnershipFolder::every_board() const {
  std::vector<const Board*> every;
  for (const auto& [id, board] : boards) every.push_back(&board);
  return every;
}

const ReportDefinition* PartnershipFolder::find_report(const std::string& id) const {
  const auto found = reports.find(id);
  return found == reports.end() ? nullptr : &found->second;
}

namespace {

// Every mailing of a board is of one that meets by a cadence, in one of its areas where it meets in each apart.
Status load_mailings(const std::filesystem::path& file, PartnershipFolder& read) {
  Result<Mailings> mailings = Mailings::load(file);
  if (!mailings.ok()) return mailings.status();
  for (const Mailing& mailing : mailings->mailings) {
    if (mailing.what == Mailing::What::kFeeds) continue;
    const auto mistake = [&](std::string_view key, const std::string& sentence) {
      return mailing.place.mistake(key, "the mailing of the board \"" + mailing.board + "\" " + sentence);
    };
    const Board* board = read.find_board(mailing.board);
    if (board == nullptr) return mistake("board", "is of none of the partnership's boards");
    const bool known = std::find(board->areas.begin(), board->areas.end(), mailing.area) != board->areas.end();
    if (board->each_area && !known) return mistake("area", "needs an area: the board meets in each of its areas apart");
    if (!board->each_area && !mailing.area.empty())
      return mistake("area", "has an area, and the board meets for all of them");
  }
  read.mailings = std::move(*mailings);
  return {};
}

// Of a file that is named and not there the mistake is in the file that names it.
Status in_its_place(const Status& status, std::string_view key, const Definition& root) {
  return status.code() == Code::kMissing ? root.place().mistake(key, status.message()) : status;
}

// What events call by one name is said by one secretary: else one agenda would go by what another does not.
Status check_secretaries(const PartnershipFolder& read, const Board& board) {
  const auto is_same = [](const Secretary& one, const Secretary& two) {
    return one.agency == two.agency && one.validity.from == two.validity.from && one.validity.to == two.validity.to;
  };
  for (const auto& [id, other] : read.boards)
    if (id != board.id && other.known_as == board.known_as &&
        !std::equal(other.secretaries.begin(), other.secretaries.end(), board.secretaries.begin(),
                    board.secretaries.end(), is_same))
      return board.place.mistake("known_as", "expected the secretaries of the board \"" + id +
                                                 "\", since events call " + "both \"" + board.known_as +
                                                 "\"; they have others");
  return {};
}

// One file for each board, each report and each rule pack.
Status load_boards_and_reports(Definition& root, const std::filesystem::path& folder, PartnershipFolder& read) {
  for (const std::string& file : root.texts("boards")) {
    Result<Board> board = Board::load(folder / file);
    if (!board.ok()) return in_its_place(board.status(), "boards", root);
    MOOT_RETURN_IF_ERROR(check_secretaries(read, *board));
    const std::string id = board->id;
    if (!read.boards.emplace(id, std::move(*board)).second) root.mistake("boards", "two boards have the id " + id);
  }
  for (const std::string& file : root.texts("reports")) {
    Result<ReportDefinition> report = ReportDefinition::load(folder / file);
    if (!report.ok()) return in_its_place(report.status(), "reports", root);
    const std::string id = report->id;
    if (!read.reports.emplace(id, std::move(*report)).second) root.mistake("reports", "two reports have the id " + id);
  }
  for (const std::string& file : root.texts("rules")) {
    Result<RulePack> pack = RulePack::load((folder / file).lexically_normal());
    if (!pack.ok()) return in_its_place(pack.status(), "rules", root);
    const auto same = [&](const RulePack& other) { return other.id == pack->id; };
    if (std::any_of(read.rules.begin(), read.rules.end(), same))
      root.mistake("rules", "two rule packs have the id " + pack->id);
    read.rules.push_back(std::move(*pack));
  }
  return {};
}

}  // namespace

Result<GivenRules> rules_for(const PartnershipFolder& folder, const std::string& word) {
  GivenRules given;
  given.known = folder.rules_in_force();
  if (word.empty()) return given;
  std::vector<std::string> ids;
  for (const RulePack& pack : folder.rules) {
    ids.push_back(pack.id);
    if (pack.id != word) continue;
    given.known = &pack;
    return given;
  }
  if (!std::filesystem::path(word).has_extension())
    return Status(Code::kUsage, "--rules: there is no rule pack \"" + word + "\" in the configuration; " +
                                    (ids.empty() ? "it has none" : "it has " + in_list(ids)) + ". A file will do too");
  Result<RulePack> pack = RulePack::load(word);
  if (!pack.ok()) return pack.status();
  given.loaded = std::move(*pack);
  return given;
}

namespace {

// As far as can be told without listening there; a port of 0 is any free one.
// Of the memory that the broker may take, what its index, caches and write path take at most, whatever its history, is
// not for its peers.
std::size_t read_peers_bytes(Definition& root) {
  constexpr std::int64_t kOwn = 256, kUsual = 320, kLeast = 272, kMost = 1024 * 1024;
  return static_cast<std::size_t>(root.integer_or("broker_megabytes", kUsual, kLeast, kMost) - kOwn) << 20;
}

}  // namespace

bool is_bus_address(const std::string& address) {
  constexpr std::string_view kTcp = "tcp://";
  if (!address.starts_with(kTcp)) return false;
  const std::size_t colon = address.rfind(':');
  const std::string port = address.substr(colon + 1);
  return colon > kTcp.size() && !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), [](unsigned char c) { return std::isdigit(c) != 0; }) &&
         std::stoi(port) <= 65'535;
}

Result<PartnershipFolder> load_partnership_folder(const std::filesystem::path& config) {
  Result<Definition> root = Definition::load(config);
  if (!root.ok()) return root.status();
  const std::filesystem::path folder = config.parent_path();
  PartnershipFolder read;
  read.partnership.id = root->text("id");
  read.partnership.name = root->text("name");
  read.partnership.marking = root->text_or("marking", read.partnership.marking);
  read.partnership.notice = root->text_or("notice", "");
  read.bus_address = root->text_or("bus", read.bus_address);
  const GivenLimits limits = read_limits(*root);
  read.limits = limits.limits;
  read.limits.peers_bytes_max = read_peers_bytes(*root);
  if (!is_bus_address(read.bus_address))
    root->mistake("bus", "expected an address and a port such as tcp://127.0.0.1:5570");
  read.http = read_http(*root, folder);
  read.http.body_bytes_max = limits.body_bytes_max;
  read.metrics = read_address(*root, "metrics");
  read.mappings = folder / "mappings";
  read_agencies(*root, read.partnership);
  read_areas(*root, read.partnership);
  read.feeds = read_feeds(*root, folder, read.partnership);
  read.watched = read_watched(*root, folder, read.partnership);
  read.pulls = read_pulls(*root, folder, read.partnership);
  const std::string callers = root->text_or("callers", "");
  Result<CallerPolicy> policy = callers.empty()
                                    ? CallerPolicy::parse(kUnnamedPolicy, "the callers policy of the program")
                                    : CallerPolicy::load(folder / callers);
  if (!policy.ok()) return in_its_place(policy.status(), "callers", *root);
  read.callers = std::move(*policy);
  MOOT_RETURN_IF_ERROR(load_boards_and_reports(*root, folder, read));
  if (const std::string mailings = root->text_or("mailings", ""); !mailings.empty())
    MOOT_RETURN_IF_ERROR(in_its_place(load_mailings(folder / mailings, read), "mailings", *root));
  read.documents = read_documents(*root, read);
  for (const std::string& file : root->texts("agreements")) {
    Result<std::vector<v1::Event>> clauses = load_agreement(folder / file);
    if (!clauses.ok()) return in_its_place(clauses.status(), "agreements", *root);
    read.agreements.insert(read.agreements.end(), clauses->begin(), clauses->end());
  }
  MOOT_RETURN_IF_ERROR(root->finish());
  MOOT_RETURN_IF_ERROR(check_names(read));
  return read;
}

PartnershipFolder unnamed_partnership() {
  PartnershipFolder unnamed;
  unnamed.partnership.id = "unnamed";
  unnamed.partnership.name = "Partnership without a configuration";
  Result<CallerPolicy> policy = CallerPolicy::parse(kUnnamedPolicy, "the callers policy of the program");
  MOOT_CHECK_OK(policy.status());
  unnamed.callers = std::move(*policy);
  return unnamed;
}

Result<std::vector<std::filesystem::path>> files_of(const Feed& feed) {
  const std::filesystem::path pattern(feed.files);
  const std::string name = pattern.filename().string();
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return std::vector<std::filesystem::path>{pattern};
  const std::string before = name.substr(0, star), after = name.substr(star + 1);
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(pattern.parent_path(), error)) {
    const std::string candidate = entry.path().filename().string();
    if (entry.is_regular_file() && candidate.size() >= before.size() + after.size() && candidate.starts_with(before) &&
        candidate.ends_with(after))
      files.push_back(entry.path());
  }
  if (error)
    return Status(Code::kMissing, pattern.parent_path().string() + ": the folder of a feed of agency \"" + feed.agency +
                                      "\" cannot be read");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace moot
