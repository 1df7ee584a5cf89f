// A log in memory that forgets at a crash what was not synced. A crash may hit it within an append: then nothing, a
// part or all of the group is kept, and nobody was told.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "broker/log/event_log.h"
#include "tests/contract/memory_event_log.h"

namespace moot::simulation {

// The power is cut: everything of the broker but its disk is gone.
struct Crash {};

class ForgetfulLog final : public EventLog {
 public:
  // What was appended and synced, before anybody is told of it.
  std::function<void(const SealedRecord& record, Offset offset)> on_synced = [](const auto&, Offset) {};
  // The next append of a group crashes, with this share of it kept.
  void crash_in_append(double kept) { crash_ = kept; }
  void never_mind() { crash_.reset(); }
  int torn() const { return torn_; }  // groups that a crash cut off
  // Planted mistakes: append returns before it has synced; of all that was appended so far no key is found any more.
  bool syncs_late = false;
  void forget_keys() { known_from_ = synced_; }

  // The disk as the next start finds it.
  void come_back() {
    records_.resize(synced_);
    crash_.reset();
    shown_ = MemoryEventLog();
    known_from_ = 0;
    if (!records_.empty()) MOOT_CHECK_OK(shown_.append(records_).status());
  }

  Result<Offset> append(std::span<const SealedRecord> group) override {
    const Offset first = end_offset();
    sync();  // planted mistake: only now what the last one should have synced
    if (crash_) {
      const auto kept = static_cast<std::size_t>(*crash_ * static_cast<double>(group.size()));
      records_.insert(records_.end(), group.begin(), group.begin() + static_cast<std::ptrdiff_t>(kept));
      sync();
      ++torn_;
      throw Crash();
    }
    records_.insert(records_.end(), group.begin(), group.end());
    if (!syncs_late) sync();
    MOOT_CHECK_OK(shown_.append(group).status());
    return first;
  }
  Result<std::vector<StoredRecord>> read(Offset from, std::size_t records, std::size_t bytes) const override {
    return shown_.read(from, records, bytes);
  }
  Result<OffsetRange> candidates(Offset from, const v1::Filter& filter) const override {
    return shown_.candidates(from, filter);
  }
  Offset end_offset() const override { return shown_.end_offset(); }
  Result<std::optional<Known>> find(const EventKey& key) const override {
    Result<std::optional<Known>> known = shown_.find(key);
    const bool old = known.ok() && known->has_value() && (*known)->value < known_from_;
    return old ? std::optional<Known>() : known;
  }
  std::optional<Offset> last_of(std::string_view agency) const override { return shown_.last_of(agency); }
  LogFigures figures() const override { return {}; }

 private:
  void sync() {
    for (; synced_ < records_.size(); ++synced_) on_synced(records_[synced_], Offset{synced_});
  }

  std::vector<SealedRecord> records_;
  std::size_t synced_ = 0;
  std::uint64_t known_from_ = 0;
  std::optional<double> crash_;
  int torn_ = 0;
  MemoryEventLog shown_;
};

// The same log, owned by what is made anew at each start.
class BorrowedLog final : public EventLog {
 public:
  explicit BorrowedLog(ForgetfulLog& log) : log_(log) {}
  Result<Offset> append(std::span<const SealedRecord> group) override { return log_.append(group); }
  Result<std::vector<StoredRecord>> read(Offset from, std::size_t records, std::size_t bytes) const override {
    return log_.read(from, records, bytes);
  }
  Result<OffsetRange> candidates(Offset from, const v1::Filter& filter) const override {
    return log_.candidates(from, filter);
  }
  Offset end_offset() const override { return log_.end_offset(); }
  Result<std::optional<Known>> find(const EventKey& key) const override { return log_.find(key); }
  std::optional<Offset> last_of(std::string_view agency) const override { return log_.last_of(agency); }
  LogFigures figures() const override { return log_.figures(); }

 private:
  ForgetfulLog& log_;
};

}  // namespace moot::simulation
