#include "broker/log/log_check.h"

#include <map>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/checksum.h"
#include "broker/log/id_index.h"
#include "broker/log/index_check.h"
#include "broker/log/log_database.h"
#include "broker/log/log_look.h"
#include "broker/log/summary.h"

namespace moot {

namespace {

constexpr std::size_t kFindingsMax = 100;  // more say nothing new

class LogWalk {
 public:
  LogWalk(const LogDatabase& database, const LogCheckCalls& calls, LogCheck& check)
      : database_(database), calls_(calls), check_(check), index_(database) {}

  void run() {
    check_tables();
    const Result<Offset> through = IdIndex(database_).through();
    if (!through.ok()) return find(std::nullopt, through.status().message());
    through_ = *through;
    const auto head = iterator(database_.heads()), block = iterator(database_.blocks());
    spans_ = iterator(database_.spans());
    spans_->SeekToFirst();
    block->SeekToFirst();
    for (head->SeekToFirst(); head->Valid() && check_.findings.size() < kFindingsMax; head->Next())
      if (!take(*head, *block)) return;  // what follows hangs in the air
    if (!head->status().ok()) find(next_, "a head cannot be read: " + head->status().ToString());
    if (!block->status().ok()) find(next_, "a block cannot be read: " + block->status().ToString());
    if (block->Valid()) find(next_, "there are blocks without a head");
    if (spans_->Valid()) find(next_, "there is a summary of events that are not there");
    if (through_ > next_) find(next_, "the log ends here, but its index goes on to " + std::to_string(through_.value));
    if (check_.findings.size() < kFindingsMax)
      index_.compare(through_, [this](std::optional<Offset> at, std::string what) {
        if (check_.findings.size() < kFindingsMax) find(at, std::move(what));
      });
  }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator(rocksdb::ColumnFamilyHandle* family) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    options.readahead_size = 2 << 20;
    return std::unique_ptr<rocksdb::Iterator>(database_.db().NewIterator(options, family));
  }

  void find(std::optional<Offset> offset, std::string what) { check_.findings.push_back({offset, std::move(what)}); }

  // What no walk over the entries reads: the tables' own indexes and filters.
  void check_tables() {
    const rocksdb::Status sound = database_.db().VerifyChecksum();
    if (!sound.ok()) find(std::nullopt, "a table is damaged: " + sound.ToString());
  }

  bool take(const rocksdb::Iterator& entry, rocksdb::Iterator& block) {
    const Offset at{from_be(view(entry.key()))};
    if (at != next_) {
      find(next_, "events are missing up to offset " + std::to_string(at.value));
      return false;
    }
    const Result<v1::BlockHead> head = head_of(view(entry.value()));
    if (!head.ok() || head->first_offset() != at.value) {
      find(at, head.ok() ? "the head of the block is of another place" : head.status().message());
      return false;
    }
    if (head->previous() != check_.last_head_digest) find(at, "the chain of blocks is broken before this one");
    check_.last_head_digest = digest_of(view(entry.value()));
    look_at_block(*head, block);
    look_at_keys(*head);
    next_ = Offset{at.value + head->events()};
    look_at_span(*head);
    ++check_.blocks;
    check_.events = next_.value;
    check_.bytes += entry.value().size();
    if (calls_.progress) calls_.progress(next_.value);
    return true;
  }

  void look_at_block(const v1::BlockHead& head, rocksdb::Iterator& block) {
    const Offset at{head.first_offset()};
    while (block.Valid() && from_be(view(block.key())) < at.value) {
      find(at, "there is a block before this one without a head");
      block.Next();
    }
    if (!block.Valid() || from_be(view(block.key())) != at.value) return find(at, "the block is missing");
    const std::string_view stored = view(block.value());
    const Result<std::vector<std::string_view>> records = records_of(stored);
    if (!records.ok()) find(at, records.status().message());
    if (records.ok() && digest_of(stored) != head.digest()) find(at, "the block is not the one that its head tells of");
    if (records.ok() && records->size() != head.events()) find(at, "the block has lost events, or gained some");
    if (records.ok() && calls_.look_at) look_at_records(head, *records);
    check_.bytes += stored.size();
    block.Next();
  }

  // Each record, and what the head says of all of them.
  void look_at_records(const v1::BlockHead& head, const std::vector<std::string_view>& records) {
    const Offset at{head.first_offset()};
    v1::Summary summary;
    std::vector<EventKey> keys;
    Offset offset = at;
    for (const std::string_view record : records) {
      std::optional<SeenRecord> seen;
      std::string wrong = calls_.look_at(offset, record, seen);
      if (!wrong.empty()) find(offset, std::move(wrong));
      if (seen) {
        add(summary, seen->tags, offset);
        keys.push_back(seen->key);
      }
      ++offset.value;
    }
    if (keys.size() != records.size()) return;
    if (summary.SerializeAsString() != head.summary().SerializeAsString())
      find(at, "what the head of the block tells of its events is not so");
    if (!tells_of(head, keys)) find(at, "the head of the block remembers other keys than those of its events");
  }

  // An event's own entry stands before those it brings along.
  static bool tells_of(const v1::BlockHead& head, const std::vector<EventKey>& keys) {
    std::size_t event = 0;
    const Status read = for_each_entry(head, [&](const IndexEntry& entry) {
      const bool own =
          event < keys.size() && entry.key == keys[event] && entry.known.value == head.first_offset() + event;
      if (own) ++event;
      return own || event > 0 ? Status() : Status(Code::kCorrupt, "not the key of the first event");
    });
    return read.ok() && event == keys.size();
  }

  // Blocks after the last run are not in the index yet: opening the log reads them again.
  void look_at_keys(const v1::BlockHead& head) {
    if (head.first_offset() >= through_.value) return;
    const Status all = for_each_entry(head, [&](const IndexEntry& entry) {
      ++check_.keys;
      index_.add(entry);
      return Status();
    });
    if (!all.ok()) find(Offset{head.first_offset()}, all.message());
  }

  // A summary must be the one that these events make.
  void look_at_span(const v1::BlockHead& head) {
    merge(span_, head.summary());
    for (const v1::AgencyLast& last : head.summary().agencies()) {
      std::uint64_t& there = last_[last.agency()];
      there = std::max(there, last.offset());
    }
    if (!spans_->Valid() || from_be(view(spans_->key())) > next_.value) return;
    std::string_view bytes;
    v1::Span span;
    const bool whole =
        checked(view(spans_->value()), bytes) && span.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    if (!whole || from_be(view(spans_->key())) != next_.value ||
        span.summary().SerializeAsString() != span_.SerializeAsString() || span.first_offset() != span_begin_.value ||
        last_of(span) != last_)
      find(next_, "the summary of the events before this one is not theirs");
    span_.Clear();
    span_begin_ = next_;
    spans_->Next();
  }

  static std::map<std::string, std::uint64_t> last_of(const v1::Span& span) {
    std::map<std::string, std::uint64_t> last;
    for (const v1::AgencyLast& one : span.last()) last[one.agency()] = one.offset();
    return last;
  }

  const LogDatabase& database_;
  const LogCheckCalls& calls_;
  LogCheck& check_;
  IndexCheck index_;
  std::unique_ptr<rocksdb::Iterator> spans_;
  Offset next_;
  Offset through_;
  v1::Summary span_;
  Offset span_begin_;
  std::map<std::string, std::uint64_t> last_;  // by agency, of all events so far
};

}  // namespace

LogCheck check_log(const std::filesystem::path& folder, const LogCheckCalls& calls) {
  LogCheck check;
  const Result<std::unique_ptr<LogDatabase>> database = LogDatabase::open_to_read(folder);
  if (!database.ok()) {
    const std::string place = std::filesystem::exists(folder) ? damaged_place(folder) : std::string();
    check.findings.push_back({std::nullopt, database.status().message() + (place.empty() ? "" : " (" + place + ")")});
    return check;
  }
  const Result<TornEnd> torn = look_at_log(**database);
  if (torn.ok())
    check.torn = *torn;
  else
    check.findings.push_back({std::nullopt, torn.status().message()});
  LogWalk(**database, calls, check).run();
  return check;
}

}  // namespace moot
