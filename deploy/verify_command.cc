#include <boost/json.hpp>
#include <iostream>

#include "broker/backup_place.h"
#include "broker/data_check.h"
#include "broker/data_folder.h"
#include "deploy/command.h"
#include "deploy/progress.h"
#include "deploy/spools.h"

namespace moot {

namespace {

namespace json = boost::json;

void print_json(const DataCheck& check, std::uint64_t spooled) {
  json::array findings;
  for (const Finding& one : check.findings) {
    json::value offset = nullptr;
    if (one.offset) offset = json::string(std::to_string(one.offset->value));
    findings.push_back(json::object{{"file", one.file.string()}, {"offset", offset}, {"text", one.text}});
  }
  const json::object checked = {{"events", check.events},
                                {"blocks", check.blocks},
                                {"bytes", check.bytes},
                                {"index_keys", check.index_keys},
                                {"sealed_events", check.sealed_events},
                                {"inbox_items", check.inbox_items},
                                {"spool_events", spooled},
                                {"audit_entries", check.audit_entries},
                                {"audit_begun", check.audit_begun},
                                {"audit_digest", check.audit_digest},
                                {"digest", check.digest},
                                {"torn_end", check.torn_end}};
  std::cout << json::serialize(
                   json::object{{"ok", check.ok()}, {"checked", checked}, {"findings", std::move(findings)}})
            << "\n";
}

void print_words(const DataCheck& check, std::uint64_t spooled) {
  std::cout << "Looked at " << check.events << " events in " << check.blocks << " blocks (" << check.bytes
            << " bytes), opened " << check.sealed_events << " with their keys, compared " << check.index_keys
            << " keys with the index, opened " << check.inbox_items << " inbox items, read " << check.audit_entries
            << " entries of the audit log";
  if (spooled > 0) std::cout << ", opened " << spooled << " events that wait at the gateway";
  std::cout << ".\n";
  if (!check.digest.empty()) std::cout << "Digest of the log: " << check.digest << "\n";
  if (!check.audit_digest.empty())
    std::cout << "Digest of the audit log, which begins at offset " << check.audit_begun
              << " of the log: " << check.audit_digest << "\n";
  if (!check.torn_end.empty()) std::cout << check.torn_end << "; the next start drops it.\n";
  for (const Finding& one : check.findings) {
    std::cout << "FOUND " << one.file.string() << ": ";
    if (one.offset) std::cout << "offset " << one.offset->value << ": ";
    std::cout << one.text << "\n";
  }
  std::cout << (check.ok() ? "Everything is as it was written.\n" : "The data directory is damaged.\n");
}

}  // namespace

int verify_command(const Options& options, std::uint64_t generation) {
  for (const BackupKind kind : {BackupKind::kData, BackupKind::kKeys})
    if (BackupPlace::is_one(options.data, kind)) return verify_backup_command(options, kind, generation);
  if (generation > 0)
    return tell(Status(Code::kUsage, options.data.string() + ": is no backup and has no generations"));
  Progress progress("verify");
  Result<DataCheck> check =
      check_data(options.data, options.keys_folder(), [&](std::uint64_t events) { progress.show(events, 0, events); });
  if (!check.ok()) return tell(check.status());
  std::uint64_t spooled = 0;
  for (const SpoolSeen& one : check_spools(options)) {
    if (one.figures.ok())
      spooled += one.figures->events;
    else
      check->findings.push_back({one.folder, std::nullopt, one.figures.status().message()});
  }
  options.json ? print_json(*check, spooled) : print_words(*check, spooled);
  return check->ok() ? kDone : kRefused;
}

}  // namespace moot
