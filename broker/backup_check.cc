#include "broker/backup_check.h"

#include "broker/key_backup.h"
#include "broker/log/database_backup.h"
#include "broker/log/log_backup.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

void find(std::vector<Finding>& findings, const fs::path& file, const Status& status) {
  if (status.ok()) return;
  std::string text = status.message();
  const std::string place = file.string() + ": ";
  if (text.starts_with(place)) text.erase(0, place.size());  // a finding names its file already
  findings.push_back({file, std::nullopt, std::move(text)});
}

// The copy must have the very files that the manifest tells of.
Status check_listed(const BackupPlace& place, const BackupManifest& manifest, const std::string& database,
                    std::uint32_t number) {
  const Result<DatabaseCopy> copy = find_copy(place.folder() / database, number);
  if (!copy.ok()) return copy.status();
  std::vector<BackupFile> there, told;
  for (const CopiedFile& file : copy->files) there.push_back({database + "/" + file.path, file.bytes, ""});
  for (const BackupFile& file : manifest.files)
    if (file.digest.empty() && file.path.starts_with(database + "/")) told.push_back(file);
  if (there == told) return {};
  return Status(Code::kCorrupt, (place.folder() / database).string() + ": copy " + std::to_string(number) +
                                    " does not have the files that the manifest tells of");
}

std::vector<std::pair<std::string, std::uint32_t>> copies_of(const BackupManifest& manifest) {
  std::vector<std::pair<std::string, std::uint32_t>> copies = {{"log", manifest.log_copy},
                                                               {"inbox", manifest.inbox_copy}};
  if (manifest.audit_copy != 0) copies.emplace_back("audit", manifest.audit_copy);
  return copies;
}

void check_end(const fs::path& log, std::uint32_t copy, std::uint64_t told, const std::string& what,
               std::vector<Finding>& findings) {
  const Result<LogEnd> end = end_of_log_copy(log, copy);
  find(findings, log, end.status());
  if (end.ok() && end->end.value != told)
    findings.push_back(
        {log, end->end, "the log ends here, but the manifest tells of " + std::to_string(told) + " " + what});
}

void check_databases(const BackupPlace& place, BackupCheck& check, const BytesRead& progress) {
  const std::uint64_t total = check.manifest.bytes();
  std::uint64_t before = 0;
  const auto read = [&](std::uint64_t done) {
    if (progress) progress(before + done, total);
  };
  const BackupManifest& manifest = check.manifest;
  for (const auto& [name, number] : copies_of(manifest)) {
    find(check.findings, place.folder() / name, verify_copy(place.folder() / name, number, read));
    for (const BackupFile& file : manifest.files)
      if (file.path.starts_with(name + "/")) before += file.bytes;
  }
  if (!check.ok()) return;
  check_end(place.folder() / "log", manifest.log_copy, manifest.events, "events", check.findings);
  if (manifest.audit_copy != 0)
    check_end(place.folder() / "audit", manifest.audit_copy, manifest.audit_entries, "entries", check.findings);
}

}  // namespace

std::vector<Finding> check_files(const BackupPlace& place, const BackupManifest& manifest) {
  std::vector<Finding> findings;
  for (const BackupFile& file : manifest.files) {
    if (file.digest.empty()) continue;
    const fs::path path = manifest.kind == BackupKind::kKeys ? key_object(place, file) : place.folder() / file.path;
    find(findings, path, check_file(path, file));
  }
  // What a damaged meta file says is not worth a look.
  if (manifest.kind == BackupKind::kKeys || !findings.empty()) return findings;
  for (const auto& [name, number] : copies_of(manifest))
    find(findings, place.folder() / name, check_listed(place, manifest, name, number));
  return findings;
}

Result<BackupCheck> check_backup(const fs::path& folder, BackupKind kind, std::optional<std::uint64_t> generation,
                                 const BytesRead& progress) {
  const Result<BackupPlace> place = BackupPlace::open(folder, kind);
  if (!place.ok()) return place.status();
  BackupCheck check;
  const std::vector<std::uint64_t> numbers = place.value().generations();
  check.generations = numbers.size();
  Result<BackupManifest> manifest = place.value().manifest(generation);
  if (!manifest.ok() && manifest.status().code() != Code::kCorrupt) return manifest.status();
  const std::uint64_t looked_at = generation ? *generation : numbers.back();
  for (const std::uint64_t number : numbers)
    find(check.findings, place.value().manifest_file(number), place.value().manifest(number).status());
  if (!manifest.ok()) {
    check.manifest.generation = looked_at;
    return check;
  }
  check.manifest = std::move(*manifest);
  std::vector<Finding> more = check_files(*place, check.manifest);
  const bool sound = more.empty();
  check.findings.insert(check.findings.end(), more.begin(), more.end());
  if (sound && kind == BackupKind::kData) check_databases(*place, check, progress);
  return check;
}

}  // namespace moot
