#include "adapters/spool_through.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "broker/core/sha256.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kMark = "moot-spool 1 ";
constexpr std::size_t kDigestDigits = 16;

std::string text_of(const SpoolThrough& through) {
  const std::string text = std::string(kMark) + std::to_string(through.end) + " " + std::to_string(through.forgotten);
  return text + " " + sha256_hex(text).substr(0, kDigestDigits) + "\n";
}

}  // namespace

std::filesystem::path spool_through_file(const std::filesystem::path& folder) { return folder.string() + ".through"; }

Result<SpoolThrough> read_spool_through(const std::filesystem::path& folder) {
  const std::filesystem::path file = spool_through_file(folder);
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  SpoolThrough through;
  const char* const end = text->data() + text->size();
  const auto first = std::from_chars(text->data() + std::min(kMark.size(), text->size()), end, through.end);
  if (first.ptr != end) std::from_chars(first.ptr + 1, end, through.forgotten);
  if (*text != text_of(through) || through.forgotten > through.end)
    return Status(Code::kCorrupt, file.string() + ": is not what was written; nothing is touched");
  return through;
}

Status write_spool_through(const std::filesystem::path& folder, const SpoolThrough& through) {
  return write_whole_file(spool_through_file(folder), text_of(through));
}

}  // namespace moot
