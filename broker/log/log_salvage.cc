#include "broker/log/log_salvage.h"

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/chain.h"
#include "broker/log/table_salvage.h"

namespace moot {

namespace {

constexpr std::size_t kGroupRecords = 1024;
// As LogDatabase makes them, in this order, after "default".
constexpr std::uint32_t kBlocksNumber = 1;
constexpr std::uint32_t kHeadsNumber = 2;

class Salvage {
 public:
  Salvage(const std::filesystem::path& folder, const LogSalvageCalls& calls)
      : calls_(calls), blocks_(folder, "blocks", kBlocksNumber), heads_(folder, "heads", kHeadsNumber) {}

  Status run(Offset acknowledged) {
    for (const std::filesystem::path& file : blocks_.unreadable())
      found_.notes.push_back(file.string() + ": nothing in it can be read");
    head_ = heads_.next();
    while (const std::optional<SalvagedEntry> block = blocks_.next())
      if (block->key.size() == 8) MOOT_RETURN_IF_ERROR(take(Offset{from_be(block->key)}, *block));
    pass_heads_before(Offset{~std::uint64_t{0}});
    lose_up_to(std::max(heads_end_, acknowledged));
    if (headless_ > 0)
      found_.notes.push_back(std::to_string(headless_) +
                             " blocks without a sound head: what their events said is taken from the events, and " +
                             "people named in them get new keys when they are named again");
    return flush();
  }
  LogSalvage&& found() { return std::move(found_); }

 private:
  void lose_up_to(Offset end) {
    if (end > next_) found_.lost.push_back({next_, end});
    next_ = std::max(next_, end);
  }

  // Heads are in the same order; those before `at` have lost their blocks.
  void pass_heads_before(Offset at) {
    for (; head_ && (head_->key.size() != 8 || from_be(head_->key) < at.value); head_ = heads_.next())
      if (const std::optional<v1::BlockHead> head = sound_head())
        heads_end_ = std::max(heads_end_, Offset{head->first_offset() + head->events()});
  }

  std::optional<v1::BlockHead> sound_head() const {
    for (const std::string& value : head_->values) {
      Result<v1::BlockHead> head = head_of(value);
      if (head.ok() && be64(head->first_offset()) == head_->key) return std::move(*head);
    }
    return std::nullopt;
  }

  Status take(Offset at, const SalvagedEntry& block) {
    if (at < next_) return {};  // it would be a second time
    pass_heads_before(at);
    const std::optional<v1::BlockHead> head =
        head_ && from_be(head_->key) == at.value ? sound_head() : std::optional<v1::BlockHead>();
    bool rewritten = false;
    for (const std::string& value : block.values) {
      const Result<std::vector<std::string_view>> records = records_of(value);
      if (!records.ok()) continue;
      rewritten = head && !is_chain_digest(head->digest(), value);
      if (rewritten) continue;
      lose_up_to(at);
      return take_records(*records, head);
    }
    if (rewritten)
      found_.notes.push_back("offset " + std::to_string(at.value) +
                             ": the block is not the one that its head tells of; it is left out");
    if (head) heads_end_ = std::max(heads_end_, Offset{at.value + head->events()});
    return {};
  }

  // Entries of each event of the block: its own first. Empty when the head remembers other keys.
  std::vector<std::vector<IndexEntry>> entries_of(const v1::BlockHead& head,
                                                  const std::vector<std::string_view>& records) const {
    std::vector<std::vector<IndexEntry>> entries;
    (void)for_each_entry(head, [&](const IndexEntry& entry) {
      const std::size_t event = entries.size();
      const bool own = event < records.size() && entry.known.value == head.first_offset() + event &&
                       calls_.key_of(records[event]) == entry.key;
      if (own) entries.emplace_back();
      if (!entries.empty()) entries.back().push_back(entry);
      return Status();
    });
    if (entries.size() != records.size()) entries.clear();
    return entries;
  }

  Status take_records(const std::vector<std::string_view>& records, const std::optional<v1::BlockHead>& head) {
    std::vector<std::vector<IndexEntry>> entries;
    if (head) entries = entries_of(*head, records);
    if (entries.empty()) {
      entries.assign(records.size(), {});
      ++headless_;
    }
    for (std::size_t i = 0; i < records.size(); ++i, ++next_.value) {
      const Offset to{found_.saved + group_.size()};
      const Digest* content = entries[i].empty() ? nullptr : &entries[i].front().known.content;
      Result<SealedRecord> record = calls_.make(next_, to, records[i], content);
      if (!record.ok()) {
        found_.notes.push_back("offset " + std::to_string(next_.value) + ": " + record.status().message());
        found_.lost.push_back({next_, Offset{next_.value + 1}});
        continue;
      }
      if (!entries[i].empty()) record->more.assign(entries[i].begin() + 1, entries[i].end());
      group_.push_back(std::move(*record));
    }
    return group_.size() >= kGroupRecords ? flush() : Status();
  }

  Status flush() {
    if (group_.empty()) return {};
    MOOT_RETURN_IF_ERROR(calls_.append(group_));
    found_.saved += group_.size();
    group_.clear();
    if (calls_.progress) calls_.progress(found_.saved);
    return {};
  }

  const LogSalvageCalls& calls_;
  TableSalvage blocks_, heads_;
  std::optional<SalvagedEntry> head_;
  LogSalvage found_;
  Offset next_;       // of the damaged log
  Offset heads_end_;  // sound heads tell of events up to here
  std::uint64_t headless_ = 0;
  std::vector<SealedRecord> group_;
};

}  // namespace

Result<LogSalvage> salvage_log(const std::filesystem::path& folder, Offset acknowledged, const LogSalvageCalls& calls) {
  Salvage salvage(folder, calls);
  MOOT_RETURN_IF_ERROR(salvage.run(acknowledged));
  return salvage.found();
}

}  // namespace moot
