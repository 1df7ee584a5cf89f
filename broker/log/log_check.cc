#include "broker/log/log_check.h"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <map>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/chain.h"
#include "broker/log/checksum.h"
#include "broker/log/entry_walk.h"
#include "broker/log/id_index.h"
#include "broker/log/index_check.h"
#include "broker/log/log_database.h"
#include "broker/log/log_look.h"
#include "broker/log/summary.h"

namespace moot {

namespace {

constexpr std::size_t kFindingsMax = 100;  // more say nothing new
constexpr const char* kAdvice = "; restore the last backup, or let `moot repair` save the rest";

// Events that follow one another and cannot be read.
struct Stretch {
  Offset from, to;
  std::string why;  // of the first
};

class LogWalk {
 public:
  LogWalk(const LogDatabase& database, const LogCheckCalls& calls, LogCheck& check)
      : database_(database),
        calls_(calls),
        check_(check),
        index_(database),
        heads_(database, database.heads()),
        blocks_(database, database.blocks()) {}

  void run() {
    const Result<Offset> through = IdIndex(database_).through();
    if (!through.ok()) return find(std::nullopt, through.status().message());
    through_ = *through;
    spans_ = iterator(database_.spans());
    spans_->SeekToFirst();
    check_.end_known = walk();
    check_.end = next_;
    tell_stretches();
    if (check_.end_known) look_at_end();
    if (all_heads_) index_.compare(through_, [this](std::optional<Offset> at, std::string what) { find(at, what); });
    check_tables();
    std::stable_sort(check_.findings.begin(), check_.findings.end(),
                     [](const LogFinding& a, const LogFinding& b) { return a.offset < b.offset; });
    if (more_ > 0)
      check_.findings.push_back({std::nullopt, "and " + std::to_string(more_) + " more that are not listed here"});
  }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator(rocksdb::ColumnFamilyHandle* family) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    options.readahead_size = 2 << 20;
    return std::unique_ptr<rocksdb::Iterator>(database_.db().NewIterator(options, family));
  }

  void find(std::optional<Offset> offset, std::string what) {
    if (check_.findings.size() < kFindingsMax)
      check_.findings.push_back({offset, std::move(what)});
    else
      ++more_;
  }

  // All the way to the end; false when it was lost sight of before.
  bool walk() {
    for (;;) {
      std::string_view bytes;
      const rocksdb::Status read = heads_.read(next_, bytes);
      if (read.ok()) {
        const Result<v1::BlockHead> head = head_of(bytes);
        const bool sound = head.ok() && head->first_offset() == next_.value && head->events() > 0;
        if (sound)
          take(*head, bytes);
        else if (!pass_lost_head(head.ok() ? "the head of the block is of another place" : head.status().message()))
          return false;
      } else if (!read.IsNotFound()) {
        if (!pass_lost_head(read.ToString())) return false;
      } else {
        const std::optional<Offset> behind = heads_.next(next_);
        if (!behind) return heads_.sound() || !blocks_.next(next_);
        find(next_, "events are missing up to offset " + std::to_string(behind->value));
        forget_heads_before(*behind);
      }
      if (calls_.progress) calls_.progress(next_.value);
    }
  }

  // Where its block can be read that says where the next head is; else the next head that can be read does.
  bool pass_lost_head(const std::string& why) {
    const Offset at = next_;
    std::string_view stored;
    if (blocks_.read(at, stored).ok()) {
      const Result<std::vector<std::string_view>> records = records_of(stored);
      if (records.ok() && !records->empty()) {
        forget_heads_before(Offset{at.value + records->size()});
        add_to(lost_heads_, {at, next_, why});
        check_.events += records->size();
        check_.bytes += stored.size();
        look_at_each(at, *records, nullptr);
        return true;
      }
    }
    const std::optional<Offset> behind = heads_.next(Offset{at.value + 1});
    if (!behind) {
      find(at, "from here on the log cannot be read to its end: " + why + kAdvice);
      return false;
    }
    forget_heads_before(*behind);
    add_to(lost_, {at, *behind, why});
    return true;
  }

  // What comes next does not stand on what was before it.
  void forget_heads_before(Offset next) {
    next_ = passed_ = next;
    all_heads_ = chained_ = false;
  }

  static void add_to(std::vector<Stretch>& stretches, Stretch one) {
    if (!stretches.empty() && stretches.back().to == one.from)
      stretches.back().to = one.to;
    else
      stretches.push_back(std::move(one));
  }

  void tell_stretches() {
    const auto tell = [this](const Stretch& one, const std::string& what) {
      const std::uint64_t last = one.to.value - 1, count = one.to.value - one.from.value;
      check_.findings.push_back({one.from, what + " from here to offset " + std::to_string(last) + " (" +
                                               std::to_string(count) + " in all) cannot be read: " + one.why +
                                               kAdvice});
    };
    for (const Stretch& one : lost_) tell(one, "the events");
    for (const Stretch& one : lost_heads_) tell(one, "what is kept beside the events");
  }

  void look_at_end() {
    if (blocks_.sound() && blocks_.next(passed_)) find(next_, "there are blocks without a head");
    if (all_heads_ && spans_->Valid()) find(next_, "there is a summary of events that are not there");
    if (through_ > next_) find(next_, "the log ends here, but its index goes on to " + std::to_string(through_.value));
  }

  // What no walk over the entries reads: the tables' own indexes and filters. What the walk told of is not told again.
  void check_tables() {
    if (database_.db().VerifyChecksum().ok()) return;
    std::vector<rocksdb::LiveFileMetaData> tables;
    database_.db().GetLiveFilesMetaData(&tables);
    for (const rocksdb::LiveFileMetaData& table : tables) {
      rocksdb::SstFileReader reader{rocksdb::Options()};
      rocksdb::Status sound = reader.Open(table.db_path + table.name);
      if (sound.ok()) sound = reader.VerifyChecksum();
      const std::string why = sound.ToString();
      const bool told = std::any_of(check_.findings.begin(), check_.findings.end(),
                                    [&](const LogFinding& one) { return one.what.find(why) != std::string::npos; });
      if (!sound.ok() && !told) find(std::nullopt, "a table is damaged: " + why + kAdvice);
    }
  }

  void take(const v1::BlockHead& head, std::string_view bytes) {
    const Offset at = next_;
    if (chained_ && !is_chain_digest(head.previous(), last_head_))
      find(at, "the chain of blocks is broken before this one");
    chained_ = true;
    last_head_ = bytes;
    check_.last_head_digest = chain_digest(bytes);
    check_.bytes += bytes.size();
    next_ = Offset{at.value + head.events()};
    look_at_block(head);
    look_at_keys(head);
    look_at_span(head);
    ++check_.blocks;
  }

  void look_at_block(const v1::BlockHead& head) {
    const Offset at{head.first_offset()};
    if (blocks_.sound() && passed_ < at && blocks_.next(passed_).value_or(at) < at)
      find(at, "there is a block before this one without a head");
    passed_ = Offset{at.value + 1};
    std::string_view stored;
    const rocksdb::Status read = blocks_.read(at, stored);
    if (read.IsNotFound()) return find(at, "the block is missing");
    if (!read.ok()) return add_to(lost_, {at, next_, read.ToString()});
    const Result<std::vector<std::string_view>> records = records_of(stored);
    check_.bytes += stored.size();
    if (!records.ok()) return find(at, records.status().message());
    check_.events += records->size();
    if (!is_chain_digest(head.digest(), stored)) find(at, "the block is not the one that its head tells of");
    if (records->size() != head.events()) find(at, "the block has lost events, or gained some");
    if (calls_.look_at) look_at_records(head, *records);
  }

  // What each record is, and the keys of those that can be read.
  std::vector<EventKey> look_at_each(Offset offset, const std::vector<std::string_view>& records,
                                     v1::Summary* summary) {
    std::vector<EventKey> keys;
    for (const std::string_view record : records) {
      std::optional<SeenRecord> seen;
      std::string wrong = calls_.look_at ? calls_.look_at(offset, record, seen) : std::string();
      if (!wrong.empty()) find(offset, std::move(wrong));
      if (seen && summary != nullptr) add(*summary, seen->tags, offset);
      if (seen) keys.push_back(seen->key);
      ++offset.value;
    }
    return keys;
  }

  // Each record, and what the head says of all of them.
  void look_at_records(const v1::BlockHead& head, const std::vector<std::string_view>& records) {
    const Offset at{head.first_offset()};
    v1::Summary summary;
    const std::vector<EventKey> keys = look_at_each(at, records, &summary);
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
    if (!all_heads_) return;
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
  EntryWalk heads_, blocks_;
  std::unique_ptr<rocksdb::Iterator> spans_;
  std::vector<Stretch> lost_, lost_heads_;
  std::uint64_t more_ = 0;  // findings that there was no room for
  bool all_heads_ = true;   // so far
  bool chained_ = true;     // the head before the next is known
  std::string last_head_;   // as stored
  Offset next_;
  Offset passed_;  // blocks before this one were looked at
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
