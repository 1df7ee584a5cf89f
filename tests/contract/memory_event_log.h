// An EventLog in memory: the fake that stands behind the seam in tests of the layers above. It passes the same
// conformance suite as the real one; what it cannot do is survive a crash.
#pragma once

#include <algorithm>
#include <map>

#include "broker/log/event_log.h"
#include "broker/log/summary.h"

namespace moot {

class MemoryEventLog final : public EventLog {
 public:
  Result<Offset> append(std::span<const SealedRecord> group) override {
    if (fail_appends_) return Status(Code::kDisk, "the disk is full");
    const Offset first = end_offset();
    for (const SealedRecord& record : group) {
      keys_[record.key] = {end_offset().value, record.content};
      for (const IndexEntry& entry : record.more) keys_[entry.key] = entry.known;
      last_[record.tags.agency] = end_offset();
      tags_.push_back(record.tags);
      records_.push_back(record.bytes);
    }
    ++appends_;
    return first;
  }
  Result<std::vector<StoredRecord>> read(Offset from, std::size_t records_max, std::size_t bytes_max) const override {
    std::vector<StoredRecord> found;
    std::size_t bytes = 0;
    for (std::size_t i = from.value; i < records_.size() && found.size() < records_max; ++i) {
      if (!found.empty() && bytes + records_[i].size() > bytes_max) break;
      bytes += records_[i].size();
      found.push_back({Offset{i}, records_[i]});
    }
    return found;
  }
  // One record at a time: the most that a summary can tell.
  Result<OffsetRange> candidates(Offset from, const v1::Filter& filter) const override {
    for (; from < end_offset(); ++from.value) {
      v1::Summary summary;
      add(summary, tags_[from.value], from);
      if (may_match(filter, summary, from)) return OffsetRange{from, Offset{from.value + 1}};
    }
    return OffsetRange{from, from};
  }
  Offset end_offset() const override { return Offset{records_.size()}; }
  Result<std::optional<Known>> find(const EventKey& key) const override {
    const auto found = keys_.find(key);
    return found == keys_.end() ? std::optional<Known>() : std::optional<Known>(found->second);
  }
  std::optional<Offset> last_of(std::string_view agency) const override {
    const auto found = last_.find(agency);
    return found == last_.end() ? std::nullopt : std::optional<Offset>(found->second);
  }
  LogFigures figures() const override { return {}; }

  void fail_appends() { fail_appends_ = true; }
  int appends() const { return appends_; }

 private:
  std::vector<std::string> records_;
  std::vector<Tags> tags_;
  std::map<EventKey, Known> keys_;
  std::map<std::string, Offset, std::less<>> last_;
  bool fail_appends_ = false;
  int appends_ = 0;
};

}  // namespace moot
