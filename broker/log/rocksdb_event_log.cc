// The log in RocksDB: blocks of events, their heads and their spans (block.h, log_database.h), and the index
// (id_index.h).
//
// A group is one WriteBatch, synced. Opening reads the last span, and the heads after it and after the last run of the
// index: what that costs does not grow with the history.
#include <algorithm>
#include <map>

#include "broker/core/filter.h"
#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/chain.h"
#include "broker/log/checksum.h"
#include "broker/log/database_backup.h"
#include "broker/log/event_log.h"
#include "broker/log/id_index.h"
#include "broker/log/log_database.h"
#include "broker/log/log_format_1.h"
#include "broker/log/log_look.h"
#include "broker/log/log_sizes.h"
#include "broker/log/not_opened.h"
#include "broker/log/summary.h"

#include <rocksdb/statistics.h>
#include <rocksdb/write_batch.h>

namespace moot {

namespace {

constexpr std::uint64_t kSpanEventsMin = 1024;
// A look for candidates ends after so many heads or spans, so that one reader does not hold up the bus.
constexpr int kHeadsPerLook = 500;
constexpr std::uint64_t kCandidatesMax = 4096;

class RocksdbEventLog final : public EventLog {
 public:
  // `torn_end`: what opening the database dropped.
  RocksdbEventLog(std::unique_ptr<LogDatabase> database, std::string torn_end)
      : database_(std::move(database)), torn_end_(std::move(torn_end)), index_(*database_, log_sizes().run_entries) {}

  Status load();
  Status load_end();  // all but the index; writes nothing
  const LogDatabase& database() const { return *database_; }
  Result<Offset> append(std::span<const SealedRecord> group) override;
  Result<std::vector<StoredRecord>> read(Offset from, std::size_t records_max, std::size_t bytes_max) const override;
  Result<OffsetRange> candidates(Offset from, const v1::Filter& filter) const override;
  Offset end_offset() const override { return end_; }
  Result<std::optional<Known>> find(const EventKey& key) const override;
  std::optional<Offset> last_of(std::string_view agency) const override;
  LogFigures figures() const override;
  Status copy_to(DatabaseBackup& backup) const override { return backup.add(database_->db()); }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator(rocksdb::ColumnFamilyHandle* family) const;
  Status corrupt(Offset at, std::string_view what) const;
  Status load_last_span();
  Status load_heads();
  Status check_last_block(const v1::BlockHead& head) const;
  Status fill_index();
  Status read_block(std::unique_ptr<rocksdb::Iterator>& entry, Offset at) const;
  Status end_span(rocksdb::WriteBatch& batch, v1::Span& span, Offset end) const;
  Result<Offset> after_unwanted_spans(Offset from, const v1::Filter& filter) const;

  const std::unique_ptr<LogDatabase> database_;
  const std::string torn_end_;
  bool indexed_ = false;  // else it is only read, and what is in no run of the index stands in the heads
  // Owned by the log's thread.
  IdIndex index_;
  Offset end_;
  std::string last_head_digest_;
  v1::Span span_;  // of the blocks after the last stored span
  // Read last: who reads on begins in its middle, and who waits at the end reads what others have just read.
  struct BlockRead {
    Offset first;
    std::string stored;
    std::vector<std::string_view> records;

    Offset end() const { return Offset{first.value + records.size()}; }
    bool holds(Offset at) const { return at >= first && at < end(); }
  };
  mutable BlockRead block_read_;
  rocksdb::WriteBatch batch_;  // of a group, kept for its memory
  bool failed_ = false;
};

Offset key_of(const rocksdb::Iterator& entry) { return Offset{from_be(view(entry.key()))}; }

std::unique_ptr<rocksdb::Iterator> RocksdbEventLog::iterator(rocksdb::ColumnFamilyHandle* family) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.verify_checksums = true;
  return std::unique_ptr<rocksdb::Iterator>(database_->db().NewIterator(options, family));
}

Status RocksdbEventLog::corrupt(Offset at, std::string_view what) const {
  return Status(Code::kCorrupt,
                database_->folder().string() + ": offset " + std::to_string(at.value) + ": " + std::string(what));
}

Status RocksdbEventLog::load_end() {
  MOOT_RETURN_IF_ERROR(load_last_span());
  MOOT_RETURN_IF_ERROR(load_heads());
  const Result<Offset> through = index_.through();
  if (!through.ok()) return through.status();
  return *through <= end_ ? Status() : corrupt(end_, "the log ends here, but its index goes on");
}

Status RocksdbEventLog::load() {
  MOOT_RETURN_IF_ERROR(load_end());
  indexed_ = true;
  return fill_index();
}

Status RocksdbEventLog::load_last_span() {
  const auto entry = iterator(database_->spans());
  entry->SeekToLast();
  if (!entry->Valid()) return database_->status(entry->status(), "the last span cannot be found");
  end_ = key_of(*entry);
  std::string_view bytes;
  v1::Span last;
  if (!checked(view(entry->value()), bytes) || !last.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return corrupt(end_, "the summary that ends here is not what was written");
  span_.set_first_offset(end_.value);
  *span_.mutable_last() = std::move(*last.mutable_last());
  return {};
}

// The heads after the last span, and the one before them, with which their chain begins.
Status RocksdbEventLog::load_heads() {
  const Offset span_end = end_;
  const auto entry = iterator(database_->heads());
  if (span_end.value == 0)
    entry->SeekToFirst();
  else
    entry->SeekForPrev(be64(span_end.value - 1));
  if (span_end.value != 0 && !entry->Valid()) return corrupt(span_end, "the head of the block before is missing");
  v1::BlockHead head;
  std::string last_head;
  for (bool first = true; entry->Valid(); entry->Next(), first = false) {
    const Offset at = key_of(*entry);
    Result<v1::BlockHead> read = head_of(view(entry->value()));
    if (!read.ok()) return corrupt(at, read.status().message());
    head = std::move(*read);
    const bool before_span_end = at < span_end;
    const Offset expected = before_span_end ? Offset{span_end.value - head.events()} : end_;
    if (at != expected || head.first_offset() != at.value)
      return corrupt(expected, "a block is missing, or in the wrong place");
    const bool starts_chain = first && (before_span_end || at.value == 0);
    if (!starts_chain && !is_chain_digest(head.previous(), last_head))
      return corrupt(at, "the chain of blocks is broken before this one");
    last_head = view(entry->value());
    end_ = Offset{at.value + head.events()};
    if (before_span_end) continue;
    merge(*span_.mutable_summary(), head.summary());
    for (const v1::AgencyLast& last : head.summary().agencies())
      note_last(*span_.mutable_last(), last.agency(), Offset{last.offset()});
  }
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the heads of the last blocks cannot be read"));
  if (!last_head.empty()) last_head_digest_ = chain_digest(last_head);
  return check_last_block(head);
}

Status RocksdbEventLog::check_last_block(const v1::BlockHead& head) const {
  const auto entry = iterator(database_->blocks());
  entry->SeekToLast();
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the last block cannot be found"));
  if (!entry->Valid() && end_.value == 0) return {};
  if (!entry->Valid() || key_of(*entry).value != head.first_offset() ||
      !is_chain_digest(head.digest(), view(entry->value())))
    return corrupt(Offset{head.first_offset()}, "the last block is not the one that its head tells of");
  return {};
}

// What the index lacks: the blocks since its last run, or all of them where it was lost.
Status RocksdbEventLog::fill_index() {
  MOOT_RETURN_IF_ERROR(index_.open_filter());
  Result<Offset> through = index_.through();
  if (!through.ok()) return through.status();
  const auto entry = iterator(database_->heads());
  std::string previous;  // the head before
  for (entry->Seek(be64(through->value)); entry->Valid(); entry->Next()) {
    const Result<v1::BlockHead> head = head_of(view(entry->value()));
    if (!head.ok()) return corrupt(key_of(*entry), head.status().message());
    if (key_of(*entry) != *through) return corrupt(*through, "the head of the block is missing");
    if (!previous.empty() && !is_chain_digest(head->previous(), previous))
      return corrupt(*through, "the chain of blocks is broken before this one");
    previous = view(entry->value());
    through->value += head->events();
    MOOT_RETURN_IF_ERROR(for_each_entry(*head, [this](const IndexEntry& one) {
      index_.add(one);
      return Status();
    }));
    MOOT_RETURN_IF_ERROR(index_.put_in_runs(Offset{head->first_offset() + head->events()}));
  }
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the heads cannot be read"));
  return *through == end_ ? Status() : corrupt(*through, "the head of the block is missing");
}

// Writes the span down when it is long enough, and starts the next.
Status RocksdbEventLog::end_span(rocksdb::WriteBatch& batch, v1::Span& span, Offset end) const {
  if (end.value - span.first_offset() < kSpanEventsMin) return {};
  const Status put = database_->status(
      batch.Put(database_->spans(), be64(end.value), with_checksum(span.SerializeAsString())), "a span cannot be put");
  span.clear_summary();
  span.set_first_offset(end.value);
  return put;
}

Result<Offset> RocksdbEventLog::append(std::span<const SealedRecord> group) {
  if (failed_)
    return Status(Code::kDisk, database_->folder().string() + ": an earlier write failed; nothing more is taken");
  Offset end = end_;
  batch_.Clear();
  v1::Span span = span_;
  std::string head_digest = last_head_digest_;
  for (std::span<const SealedRecord> rest = group; !rest.empty();) {
    const std::size_t count = records_of_next_block(rest);
    const Block block = make_block(rest.first(count), end, head_digest);
    const std::string key = be64(end.value);
    MOOT_CHECK(batch_.Put(database_->blocks(), key, block.stored).ok());
    MOOT_CHECK(batch_.Put(database_->heads(), key, block.stored_head).ok());
    head_digest = chain_digest(block.stored_head);
    end.value += count;
    merge(*span.mutable_summary(), block.head.summary());
    for (const v1::AgencyLast& last : block.head.summary().agencies())
      note_last(*span.mutable_last(), last.agency(), Offset{last.offset()});
    MOOT_RETURN_IF_ERROR(end_span(batch_, span, end));
    rest = rest.subspan(count);
  }
  const rocksdb::Status written = database_->write(batch_);
  // Pages of a failed fsync may be marked clean: only a fresh start knows what is on disk.
  failed_ = !written.ok();
  if (failed_)
    return Status(Code::kDisk, database_->folder().string() + ": the log cannot be written: " + written.ToString());
  const Offset first = std::exchange(end_, end);
  span_ = std::move(span);
  last_head_digest_ = std::move(head_digest);
  Offset offset = first;
  for (const SealedRecord& record : group) {
    index_.add({record.key, {offset.value, record.content}});
    for (const IndexEntry& entry : record.more) index_.add(entry);
    ++offset.value;
  }
  const Status indexed = index_.put_in_runs(end_);
  failed_ = !indexed.ok();  // the events are safe; but without its index the log cannot tell what it has
  if (failed_) return indexed;
  return first;
}

Result<std::vector<StoredRecord>> RocksdbEventLog::read(Offset from, std::size_t records_max,
                                                        std::size_t bytes_max) const {
  std::vector<StoredRecord> found;
  std::unique_ptr<rocksdb::Iterator> entry;
  std::size_t bytes = 0;
  for (Offset at = from; at < end_ && found.size() < records_max; ++at.value) {
    if (!block_read_.holds(at)) MOOT_RETURN_IF_ERROR(read_block(entry, at));
    const std::string_view record = block_read_.records[at.value - block_read_.first.value];
    if (!found.empty() && bytes + record.size() > bytes_max) break;
    bytes += record.size();
    found.push_back({at, std::string(record)});
  }
  return found;
}

// The block that holds `at`; `entry` stands at the one before, where it stands at all.
Status RocksdbEventLog::read_block(std::unique_ptr<rocksdb::Iterator>& entry, Offset at) const {
  if (entry != nullptr) {
    entry->Next();
  } else {
    entry = iterator(database_->blocks());
    // Who reads on begins where the block before ended: found in one step, others in three.
    if (at == block_read_.end())
      entry->Seek(be64(at.value));
    else
      entry->SeekForPrev(be64(at.value));
  }
  block_read_ = {};
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the log cannot be read"));
  if (!entry->Valid()) return corrupt(at, "the event is missing");
  block_read_.first = key_of(*entry);
  block_read_.stored = view(entry->value());  // first, since the records are views into it
  Result<std::vector<std::string_view>> records = records_of(block_read_.stored);
  if (!records.ok()) return corrupt(block_read_.first, records.status().message());
  block_read_.records = std::move(*records);
  if (!block_read_.holds(at)) return corrupt(at, "the event is missing");
  return {};
}

// The end of the spans from here on in which nothing is wanted.
Result<Offset> RocksdbEventLog::after_unwanted_spans(Offset from, const v1::Filter& filter) const {
  const auto entry = iterator(database_->spans());
  int looked_at = 0;
  for (entry->Seek(be64(from.value + 1)); entry->Valid() && looked_at < kHeadsPerLook; entry->Next(), ++looked_at) {
    const Offset end = key_of(*entry);
    std::string_view bytes;
    v1::Span span;
    if (!checked(view(entry->value()), bytes) || !span.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return corrupt(end, "the summary that ends here is not what was written");
    if (may_match(filter, span.summary(), Offset{span.first_offset()})) return from;
    from = end;
  }
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the summaries cannot be read"));
  return from;
}

Result<OffsetRange> RocksdbEventLog::candidates(Offset from, const v1::Filter& filter) const {
  if (filter.offset_to() != 0 && from.value >= filter.offset_to()) return OffsetRange{end_, end_};
  // Who wants everything need not be told where it is: the heads of what follows would be read for each portion.
  if (wants_everything(filter)) return OffsetRange{std::min(from, end_), end_};
  const Result<Offset> start = after_unwanted_spans(from, filter);
  if (!start.ok()) return start.status();
  OffsetRange range{*start, *start};
  const auto entry = iterator(database_->heads());
  int looked_at = 0;
  for (entry->SeekForPrev(be64(start->value)); entry->Valid() && looked_at < kHeadsPerLook;
       entry->Next(), ++looked_at) {
    const Offset at = key_of(*entry);
    const Result<v1::BlockHead> head = head_of(view(entry->value()));
    if (!head.ok()) return corrupt(at, head.status().message());
    const Offset end{at.value + head->events()};
    const bool wanted = may_match(filter, head->summary(), std::max(at, range.from));
    if (!wanted && range.from < range.to) return range;
    range.to = std::max(range.to, end);
    if (!wanted) range.from = range.to;
    if (range.to.value - range.from.value >= kCandidatesMax) return range;
  }
  MOOT_RETURN_IF_ERROR(database_->status(entry->status(), "the heads cannot be read"));
  return range;
}

Result<std::optional<Known>> RocksdbEventLog::find(const EventKey& key) const {
  Result<std::optional<Known>> found = index_.find(key);
  return indexed_ || !found.ok() || found->has_value() ? found : find_in_last_heads(*database_, index_, key);
}

std::optional<Offset> RocksdbEventLog::last_of(std::string_view agency) const {
  for (const v1::AgencyLast& last : span_.last())
    if (last.agency() == agency) return Offset{last.offset()};
  return std::nullopt;
}

LogFigures RocksdbEventLog::figures() const {
  LogFigures figures;
  std::error_code ignored;  // a file may go while we look
  for (const auto& entry : std::filesystem::directory_iterator(database_->folder(), ignored)) {
    const std::uintmax_t size = entry.file_size(ignored);
    if (!ignored) figures.disk_bytes += size;
  }
  rocksdb::HistogramData syncs;
  database_->statistics().histogramData(rocksdb::WAL_FILE_SYNC_MICROS, &syncs);
  figures.fsync_us_p50 = static_cast<std::uint64_t>(syncs.median);
  figures.fsync_us_p99 = static_cast<std::uint64_t>(syncs.percentile99);
  figures.torn_end = torn_end_;
  return figures;
}

}  // namespace

Result<LogSeen> look_at_rocksdb_event_log(const std::filesystem::path& folder, Offset acknowledged) {
  std::error_code failed;
  if (acknowledged == Offset{} && !std::filesystem::exists(folder / "CURRENT", failed)) {
    MOOT_RETURN_IF_ERROR(check_none_is_lost(folder, "the log"));
    return LogSeen{};
  }
  Result<std::unique_ptr<LogDatabase>> database = LogDatabase::open_to_read(folder);
  if (!database.ok()) MOOT_RETURN_IF_ERROR(LogDatabase::check_format_of(folder));
  if (!database.ok() && acknowledged == Offset{}) return LogSeen{};  // a first start may have been cut off half-way
  if (!database.ok()) {
    const std::string place = database.status().code() == Code::kCorrupt ? damaged_place(folder) : std::string();
    return place.empty() ? database.status()
                         : Status(Code::kCorrupt, database.status().message() + " (" + place + "); nothing is touched");
  }
  const Result<TornEnd> torn = look_at_log(**database);
  if (!torn.ok()) return torn.status();
  auto log = std::make_unique<RocksdbEventLog>(std::move(*database), "");
  MOOT_RETURN_IF_ERROR(log->load_end());
  const Offset end = log->end_offset();
  if (end < acknowledged) return ends_too_early(folder, end, acknowledged, *torn);
  MOOT_RETURN_IF_ERROR(check_runs(log->database(), end));
  return LogSeen{std::move(log), sentence_of(*torn, end)};
}

Result<std::unique_ptr<EventLog>> open_rocksdb_event_log(const std::filesystem::path& folder, Offset acknowledged) {
  MOOT_RETURN_IF_ERROR(upgrade_from_format_1(folder));
  Result<LogSeen> seen = look_at_rocksdb_event_log(folder, acknowledged);
  if (!seen.ok()) return seen.status();
  return open_rocksdb_event_log(folder, std::move(*seen));
}

Result<std::unique_ptr<EventLog>> open_rocksdb_event_log(const std::filesystem::path& folder, LogSeen seen) {
  seen.log.reset();  // what it holds in memory is not held twice
  Result<std::unique_ptr<LogDatabase>> database = LogDatabase::open(folder);
  if (!database.ok()) return database.status();
  auto log = std::make_unique<RocksdbEventLog>(std::move(*database), std::move(seen.torn_end));
  MOOT_RETURN_IF_ERROR(log->load());
  return std::unique_ptr<EventLog>(std::move(log));
}

}  // namespace moot
