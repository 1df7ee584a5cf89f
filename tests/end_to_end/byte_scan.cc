#include "tests/end_to_end/byte_scan.h"

#include "broker/core/status.h"
#include "tests/end_to_end/installation.h"

namespace moot {

namespace {

constexpr std::uint64_t kStartMask = (std::uint64_t{1} << (8 * ByteScan::kShortest)) - 1;

std::string fold(std::string_view bytes) {
  std::string folded(bytes);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

}  // namespace

ByteScan::ByteScan(const std::set<std::string>& texts) : texts_(texts.begin(), texts.end()) {
  for (const std::string& text : texts_) {
    MOOT_CHECK(text.size() >= kShortest);
    folded_.push_back(fold(text));
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < kShortest; ++i) start = start << 8 | static_cast<unsigned char>(folded_.back()[i]);
    by_start_[start].push_back(folded_.size() - 1);
  }
}

std::set<std::string> ByteScan::found_in(std::string_view bytes) const {
  std::set<std::string> found;
  const std::string folded = fold(bytes);
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    start = (start << 8 | static_cast<unsigned char>(folded[i])) & kStartMask;
    if (i + 1 < kShortest) continue;
    const auto candidates = by_start_.find(start);
    if (candidates == by_start_.end()) continue;
    for (const std::size_t candidate : candidates->second)
      if (folded.compare(i + 1 - kShortest, folded_[candidate].size(), folded_[candidate]) == 0)
        found.insert(texts_[candidate]);
  }
  return found;
}

ByteScan::Below ByteScan::found_below(const std::filesystem::path& folder) const {
  Below below;
  std::error_code gone;
  for (std::filesystem::recursive_directory_iterator entry(folder), end; entry != end; entry.increment(gone)) {
    if (!entry->is_regular_file(gone)) continue;
    const std::string bytes = read_text(entry->path());
    ++below.files;
    below.bytes += bytes.size();
    for (const std::string& text : found_in(bytes))
      below.findings.push_back(entry->path().string() + " holds \"" + text + "\"");
  }
  return below;
}

}  // namespace moot
