#include "broker/core/checksum_line.h"

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"

namespace moot {

std::string checksum_line(std::string_view below) {
  const Digest digest = keyed_digest(Key{}, below);
  return "checksum = \"" + to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\"\n";
}

bool has_its_checksum_line(std::string_view text) {
  const std::size_t below = text.find('\n') + 1;
  return below > 0 && text.substr(0, below) == checksum_line(text.substr(below));
}

Status check_checksum_line(const std::filesystem::path& file) {
  const Result<std::string> text = read_whole_file(file);
  if (text.status().code() == Code::kMissing) return {};
  if (!text.ok()) return text.status();
  return has_its_checksum_line(*text) ? Status() : Status(Code::kCorrupt, "is not as it was written");
}

}  // namespace moot
