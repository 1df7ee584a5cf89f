#include "broker/core/checksum_line.h"

#include <algorithm>

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kLog = "log = \"";

std::string_view second_line(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find('\n')));
  if (!text.empty()) text.remove_prefix(1);
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::string checksum_line(std::string_view below) {
  const Digest digest = keyed_digest(Key{}, below);
  return "checksum = \"" + to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\"\n";
}

bool has_its_checksum_line(std::string_view text) {
  const std::size_t below = text.find('\n') + 1;
  return below > 0 && text.substr(0, below) == checksum_line(text.substr(below));
}

std::string log_line(std::string_view log_id) { return std::string(kLog).append(log_id) + "\"\n"; }

bool has_log_line(std::string_view text) { return second_line(text).starts_with(kLog); }

Status check_log_line(std::string_view text, std::string_view log_id) {
  std::string_view named = second_line(text);
  if (log_id.empty() || !named.starts_with(kLog)) return {};
  named.remove_prefix(kLog.size());
  named = named.substr(0, named.find('"'));
  if (named == log_id) return {};
  return Status(Code::kCorrupt, "is of another data directory: of log " + std::string(named) + ", where this is log " +
                                    std::string(log_id));
}

Status check_first_lines(const std::filesystem::path& file, std::string_view log_id) {
  const Result<std::string> text = read_whole_file(file);
  if (text.status().code() == Code::kMissing) return {};
  if (!text.ok()) return text.status();
  if (!has_its_checksum_line(*text)) return Status(Code::kCorrupt, "is not as it was written");
  return check_log_line(*text, log_id);
}

}  // namespace moot
