#include "broker/audit_log.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "broker/core/ids.h"
#include "broker/core/sha256.h"

namespace moot {

namespace {

constexpr std::string_view kSource = "/operator/audit";  // of the index's keys only
// Of one question, which is asked on the bus thread; the asker asks again from where it ended.
constexpr int kLooksMax = 8;
constexpr std::size_t kBytesMax = 256 * 1024;  // of one look
constexpr std::string_view kOfEntry = "entry=";

bool wanted(const v1::AuditQuery& query, const v1::AuditEntry& entry) {
  const auto fits = [](const std::string& asked, const std::string& is) { return asked.empty() || asked == is; };
  return (query.from_us() == 0 || entry.at_us() >= query.from_us()) &&
         (query.to_us() == 0 || entry.at_us() < query.to_us()) && fits(query.actor(), entry.actor()) &&
         fits(query.act(), entry.act()) && fits(query.purpose(), entry.purpose());
}

// What lets whole blocks be left out.
v1::Filter looking_ahead(const v1::AuditQuery& query) {
  v1::Filter filter;
  filter.set_time_from_us(query.from_us());
  filter.set_time_to_us(query.to_us());
  if (!query.actor().empty()) filter.add_agencies(query.actor());
  if (!query.act().empty()) filter.add_types(query.act());
  return filter;
}

Status take(const v1::AuditQuery& query, const std::vector<StoredRecord>& records, v1::AuditEntries& found,
            Offset& next) {
  for (const StoredRecord& record : records) {
    if (found.entries_size() == AuditLog::kEntriesMax) break;
    v1::AuditEntry entry;
    if (!entry.ParseFromString(record.bytes))
      return Status(Code::kCorrupt, "the audit entry " + std::to_string(record.offset.value) + " cannot be read");
    next = Offset{record.offset.value + 1};
    if (wanted(query, entry)) found.mutable_entries()->Add(std::move(entry));
  }
  return {};
}

}  // namespace

std::string not_of(const std::string& log_id, const v1::AuditEntry& first) {
  if (log_id.empty() || first.act() != "begun" || first.what().empty() || first.what() == log_id) return "";
  return "is the audit log of another data directory, which is " + first.what() + "; this one is " + log_id;
}

SealedRecord audit_record(const v1::AuditEntry& entry) {
  SealedRecord record;
  record.key = event_key(kSource, std::to_string(entry.number()));
  record.tags.agency = entry.actor();
  record.tags.type = entry.act();
  record.tags.time_us = entry.at_us();
  record.bytes = entry.SerializeAsString();
  return record;
}

namespace {

Result<v1::AuditEntry> entry_at(const EventLog& log, Offset at, const char* which) {
  const Result<std::vector<StoredRecord>> record = log.read(at, 1, 1);
  if (!record.ok()) return record.status();
  v1::AuditEntry entry;
  if (record->empty() || !entry.ParseFromString(record->front().bytes) || entry.number() != at.value)
    return Status(Code::kCorrupt, std::string("the ") + which + " entry cannot be read");
  return entry;
}

struct Ends {
  v1::AuditEntry first, last;
};

Result<Ends> ends_of(const EventLog& log) {
  Result<v1::AuditEntry> last = entry_at(log, Offset{log.end_offset().value - 1}, "last");
  if (!last.ok()) return last.status();
  Result<v1::AuditEntry> first = entry_at(log, Offset{0}, "first");
  if (!first.ok()) return first.status();
  return Ends{std::move(*first), std::move(*last)};
}

}  // namespace

Result<AuditLog::Seen> AuditLog::look(const Place& place) {
  Result<LogSeen> log = WatchedLog::look(place.folder, place.watermark);
  if (!log.ok()) return log.status();
  Seen seen{std::move(*log), Offset{}};
  if (seen.log.log == nullptr || seen.log.log->end_offset() == Offset{0}) return seen;
  const Result<Ends> ends = ends_of(*seen.log.log);
  if (!ends.ok()) return ends.status().with(place.folder.string());
  const std::string wrong = not_of(place.log_id, ends->first);
  if (!wrong.empty()) return Status(Code::kInvalid, place.folder.string() + ": " + wrong + "; nothing is touched");
  seen.events = Offset{ends->last.log_end()};
  return seen;
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(const Place& place, const Clock& clock, Offset end) {
  Result<Seen> seen = look(place);
  if (!seen.ok()) return seen.status();
  return open(place, std::move(seen->log), clock, end);
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(const Place& place, LogSeen seen, const Clock& clock, Offset end) {
  Result<WatchedLog> watched = WatchedLog::open(place.folder, place.watermark, std::move(seen));
  if (!watched.ok()) return watched.status();
  Result<std::unique_ptr<AuditLog>> audit = open(std::move(*watched), clock, end, place.log_id);
  return audit.ok() ? std::move(audit) : audit.status().with(place.folder.string());
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(WatchedLog watched, const Clock& clock, Offset end,
                                                 const std::string& log_id) {
  std::unique_ptr<AuditLog> audit(new AuditLog(std::move(watched), clock));
  if (audit->entries() > 0) {
    const Result<Ends> ends = ends_of(audit->log());
    if (!ends.ok()) return ends.status();
    audit->last_us_ = ends->last.at_us();
    audit->begun_ = Instant{ends->first.at_us()};
    return audit;
  }
  v1::AuditEntry begun;
  begun.set_actor("operator");
  begun.set_act("begun");
  begun.set_what(log_id);
  begun.set_count(end.value);
  audit->note(std::move(begun));
  audit->begun_ = Instant{audit->last_us_};
  MOOT_RETURN_IF_ERROR(audit->commit(end));
  MOOT_RETURN_IF_ERROR(audit->raise_watermark());
  return audit;
}

std::uint64_t AuditLog::note(v1::AuditEntry entry) {
  last_us_ = std::max(last_us_, clock_.now().us);
  entry.set_at_us(last_us_);
  entry.set_number(entries() + staged_.size());
  staged_.push_back(std::move(entry));
  return staged_.back().number();
}

Status AuditLog::commit(Offset events) {
  if (staged_.empty()) return {};
  std::vector<SealedRecord> group;
  group.reserve(staged_.size());
  for (v1::AuditEntry& entry : staged_) {
    entry.set_log_end(events.value);
    group.push_back(audit_record(entry));
  }
  staged_.clear();
  return watched_.log->append(group).status();
}

Result<v1::AuditEntries> AuditLog::search(const v1::AuditQuery& query) const {
  const v1::Filter ahead = looking_ahead(query);
  v1::AuditEntries found;
  Offset next{query.from_number()};
  for (int looks = 0; looks < kLooksMax && found.entries_size() < kEntriesMax; ++looks) {
    const Result<OffsetRange> range = log().candidates(next, ahead);
    if (!range.ok()) return range.status();
    next = range->from;
    if (next >= log().end_offset()) break;
    const std::uint64_t most = range->to.value - range->from.value;
    if (most == 0) continue;
    const Result<std::vector<StoredRecord>> records = log().read(next, most, kBytesMax);
    if (!records.ok()) return records.status();
    MOOT_RETURN_IF_ERROR(take(query, *records, found, next));
  }
  found.set_next_number(next.value);
  found.set_end_number(entries());
  found.set_more(next < log().end_offset());
  return found;
}

Result<v1::AuditEntries> AuditReading::answer(const AuditLog& log, const v1::AuditQuery& query) {
  v1::AuditQuery without_place = query;
  without_place.clear_from_number();
  without_place.clear_counting();
  const std::string asked = "asked " + without_place.SerializeAsString();
  if (query.counting()) return count(log, query, asked);
  Result<v1::AuditEntries> found = log.search(query);
  if (!found.ok()) return found;
  if (!end_ || asked != asked_ || query.from_number() != next_) {
    *this = {};
    found->set_count(static_cast<std::uint64_t>(found->entries_size()));
    return found;
  }
  // What came after it was counted is another reading's.
  auto& entries = *found->mutable_entries();
  while (!entries.empty() && entries.rbegin()->number() >= *end_) entries.RemoveLast();
  next_ = found->next_number();
  found->set_more(found->more() && next_ < *end_);
  found->set_count(count_);
  found->set_goes_on(std::exchange(on_record_, true));
  if (!found->more()) *this = {};
  return found;
}

Result<v1::AuditEntries> AuditReading::count(const AuditLog& log, const v1::AuditQuery& query,
                                             const std::string& asked) {
  if (query.from_number() == 0) *this = {};
  if (query.from_number() != next_ || end_ || (next_ > 0 && asked != asked_))
    return Status(Code::kBadRequest, "counting begins at 0 and goes on where the last answer ended");
  Result<v1::AuditEntries> found = log.search(query);
  if (!found.ok()) return found;
  asked_ = asked;
  count_ += static_cast<std::uint64_t>(found->entries_size());
  next_ = found->next_number();
  if (!found->more()) end_ = std::exchange(next_, 0);
  found->clear_entries();
  found->set_count(count_);
  return found;
}

std::string what_of_end(std::uint64_t number) { return std::string(kOfEntry) + std::to_string(number); }

void MovedEntries::moved(std::uint64_t from, std::uint64_t to) {
  const bool goes_on = !runs_.empty() && runs_.back().from + runs_.back().entries == from;
  if (!goes_on) runs_.push_back({from, to, 0});
  ++runs_.back().entries;
}

void MovedEntries::mend(v1::AuditEntry& entry) const {
  std::uint64_t number = 0;
  const std::string_view what = entry.what();
  if (entry.act() != "read-ended" || !what.starts_with(kOfEntry)) return;
  const auto [end, error] = std::from_chars(what.data() + kOfEntry.size(), what.data() + what.size(), number);
  if (error != std::errc() || end != what.data() + what.size()) return;
  const auto run = std::find_if(runs_.begin(), runs_.end(),
                                [&](const Run& one) { return number >= one.from && number - one.from < one.entries; });
  entry.set_what(run == runs_.end() ? std::string(kOfEntry) + "lost" : what_of_end(run->to + number - run->from));
}

// What bounds it comes first; a long list is cut, and a digest of all of it shows which it was.
std::string in_audit_words(const v1::Filter& filter, Offset from) {
  std::string words;
  const auto add = [&](const char* name, const std::string& value) {
    words += (words.empty() ? "" : " ") + std::string(name) + "=" + value;
  };
  const auto all = [&](const char* name, const auto& values) {
    for (const std::string& value : values) add(name, value);
  };
  if (filter.time_from_us() != 0) add("from", to_rfc3339(Instant{filter.time_from_us()}));
  if (filter.time_to_us() != 0) add("to", to_rfc3339(Instant{filter.time_to_us()}));
  if (from > Offset{0} || filter.offset_to() > 0)
    add("offset",
        std::to_string(from.value) + ".." + (filter.offset_to() > 0 ? std::to_string(filter.offset_to()) : ""));
  all("agency", filter.agencies());
  all("area", filter.areas());
  all("type", filter.types());
  all("subject", filter.subjects());
  constexpr std::size_t kWordsMax = 2000;  // a filter may have 400 values
  if (words.size() <= kWordsMax) return words.empty() ? "everything" : words;
  const std::size_t end = words.rfind(' ', kWordsMax);
  const auto left_out = std::count(words.begin() + static_cast<std::ptrdiff_t>(end), words.end(), ' ');
  return words.substr(0, end) + " and " + std::to_string(left_out) + " more, SHA-256 of all " + sha256_hex(words);
}

}  // namespace moot
