#include "broker/backup_manifest.h"

#include <charconv>

#include "broker/core/seal.h"
#include "broker/log/big_endian.h"
#include "broker/log/checksum.h"

namespace moot {

namespace {

constexpr std::string_view kFormat = "2";
constexpr std::string_view kFormatBefore = "1";
constexpr std::string_view kChecksum = "checksum ";
const Status kNotWritten(Code::kCorrupt, "the manifest is not what was written");

std::string checksum_line(std::string_view text) {
  return std::string(kChecksum) + to_hex(be64(checksum(text))) + "\n";
}

// The next word of a line; the rest stays.
std::string_view word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view found = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return found;
}

template <typename Number>
bool number(std::string_view& line, Number& value) {
  const std::string_view text = word(line);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool take_file(std::string_view rest, BackupManifest& manifest) {
  BackupFile file;
  if (!number(rest, file.bytes)) return false;
  const std::string_view digest = word(rest);
  if (digest != "-") file.digest = digest;
  file.path = rest;
  manifest.files.push_back(std::move(file));
  return !rest.empty();
}

bool take_line(std::string_view line, BackupManifest& manifest) {
  const std::string_view name = word(line);
  if (name == "generation") return number(line, manifest.generation);
  if (name == "events") return number(line, manifest.events);
  if (name == "copies")
    return number(line, manifest.log_copy) && number(line, manifest.inbox_copy) &&
           number(line, manifest.inbox_last_write);
  if (name == "audit") return number(line, manifest.audit_copy) && number(line, manifest.audit_entries);
  if (name == "file") return take_file(line, manifest);
  if (name == "log")
    manifest.log_id = line;
  else if (name == "made")
    manifest.made = line;
  else if (name == "recorded")
    manifest.recorded = line == "-" ? "" : line;
  else
    return false;
  return true;
}

}  // namespace

std::string_view mark_of(BackupKind kind) { return kind == BackupKind::kData ? "moot-backup" : "moot-key-backup"; }

std::uint64_t BackupManifest::bytes() const {
  std::uint64_t sum = 0;
  for (const BackupFile& file : files) sum += file.bytes;
  return sum;
}

std::string to_text(const BackupManifest& manifest) {
  std::string text = std::string(mark_of(manifest.kind)) + " " + std::string(kFormat) + "\n";
  text += "generation " + std::to_string(manifest.generation) + "\n";
  text += "log " + manifest.log_id + "\n";
  text += "made " + manifest.made + "\n";
  text += "events " + std::to_string(manifest.events) + "\n";
  text += "recorded " + (manifest.recorded.empty() ? "-" : manifest.recorded) + "\n";
  if (manifest.kind == BackupKind::kData)
    text += "copies " + std::to_string(manifest.log_copy) + " " + std::to_string(manifest.inbox_copy) + " " +
            std::to_string(manifest.inbox_last_write) + "\naudit " + std::to_string(manifest.audit_copy) + " " +
            std::to_string(manifest.audit_entries) + "\n";
  for (const BackupFile& file : manifest.files)
    text +=
        "file " + std::to_string(file.bytes) + " " + (file.digest.empty() ? "-" : file.digest) + " " + file.path + "\n";
  return text + checksum_line(text);
}

Result<BackupManifest> manifest_from(std::string_view text, BackupKind kind) {
  const std::size_t last = text.rfind(kChecksum);
  if (last == std::string_view::npos || text.substr(last) != checksum_line(text.substr(0, last))) return kNotWritten;
  text = text.substr(0, last);
  BackupManifest manifest;
  manifest.kind = kind;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return kNotWritten;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!first && !take_line(line, manifest)) return kNotWritten;
    if (!first) continue;
    first = false;
    if (word(line) != mark_of(kind)) return Status(Code::kInvalid, "it is not a backup of this kind");
    if (line != kFormat && line != kFormatBefore)
      return Status(Code::kInvalid, "it is of format \"" + std::string(line) + "\"; this program reads \"" +
                                        std::string(kFormatBefore) + "\" and \"" + std::string(kFormat) + "\"");
  }
  return manifest;
}

}  // namespace moot
