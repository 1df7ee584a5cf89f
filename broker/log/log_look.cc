#include "broker/log/log_look.h"

#include <algorithm>
#include <utility>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/chain.h"
#include "broker/log/table_list.h"

namespace moot {

namespace {

std::unique_ptr<rocksdb::Iterator> iterator(const LogDatabase& database, rocksdb::ColumnFamilyHandle* family) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return std::unique_ptr<rocksdb::Iterator>(database.db().NewIterator(options, family));
}

Status corrupt(const LogDatabase& database, std::uint64_t at, std::string_view what) {
  return Status(Code::kCorrupt, database.folder().string() + ": offset " + std::to_string(at) + ": " +
                                    std::string(what) + "; nothing is touched");
}

// The last key of the family that stands in a table.
std::uint64_t last_in_tables(const std::vector<rocksdb::LiveFileMetaData>& tables, const std::string& family) {
  std::uint64_t last = 0;
  for (const rocksdb::LiveFileMetaData& table : tables)
    if (table.column_family_name == family && table.largestkey.size() == 8)
      last = std::max(last, from_be(table.largestkey));
  return last;
}

// What came from the write-ahead log: blocks and heads in pairs, without a gap, each head the successor of the one
// before.
Status check_recovered(const LogDatabase& database, const std::vector<rocksdb::LiveFileMetaData>& tables) {
  const std::uint64_t from = std::min(last_in_tables(tables, "blocks"), last_in_tables(tables, "heads"));
  const auto block = iterator(database, database.blocks()), head = iterator(database, database.heads());
  block->Seek(be64(from));
  std::string previous;
  std::uint64_t next = from;
  for (head->Seek(be64(from)); head->Valid(); head->Next(), block->Next()) {
    const Result<v1::BlockHead> read = head_of(view(head->value()));
    if (!read.ok()) return corrupt(database, next, read.status().message());
    if (from_be(view(head->key())) != next) return corrupt(database, next, "a block is missing, or in the wrong place");
    if (!previous.empty() && !is_chain_digest(read->previous(), previous))
      return corrupt(database, next, "the chain of blocks is broken before this one");
    if (!block->status().ok())
      return corrupt(database, next, "the block of this head cannot be read: " + block->status().ToString());
    if (!block->Valid() || from_be(view(block->key())) != next)
      return corrupt(database, next, "the block of this head is missing");
    previous = view(head->value());
    next += read->events();
  }
  MOOT_RETURN_IF_ERROR(database.status(head->status(), "the last heads cannot be read"));
  MOOT_RETURN_IF_ERROR(database.status(block->status(), "the last blocks cannot be read"));
  return block->Valid() ? corrupt(database, next, "there is a block without a head") : Status();
}

constexpr std::uint64_t kSamples = 256;

}  // namespace

Result<TornEnd> look_at_log(const LogDatabase& as_it_stands) {
  Result<TornEnd> torn = check_write_ahead(as_it_stands.folder(), as_it_stands.db());
  if (!torn.ok()) return torn;
  std::vector<rocksdb::LiveFileMetaData> tables;
  as_it_stands.db().GetLiveFilesMetaData(&tables);
  // The index is made again where it lacks anything.
  MOOT_RETURN_IF_ERROR(check_list(as_it_stands.folder(), as_it_stands.db(),
                                  {as_it_stands.blocks(), as_it_stands.heads(), as_it_stands.spans()}));
  MOOT_RETURN_IF_ERROR(check_recovered(as_it_stands, tables));
  return torn;
}

Status check_runs(const LogDatabase& database, Offset end) {
  const IdIndex index(database, 1);
  const Result<Offset> through = index.through();
  if (!through.ok()) return through.status();
  const std::uint64_t step = std::max<std::uint64_t>(1, end.value / kSamples);
  const auto head = iterator(database, database.heads());
  for (std::uint64_t from_end = 1; from_end <= end.value; from_end += step) {
    const std::uint64_t at = end.value - from_end;
    if (at >= through->value) continue;
    head->SeekForPrev(be64(at));
    MOOT_RETURN_IF_ERROR(database.status(head->status(), "the heads cannot be read"));
    if (!head->Valid()) return corrupt(database, at, "the head of the block is missing");
    const Result<v1::BlockHead> read = head_of(view(head->value()));
    if (!read.ok()) return corrupt(database, at, read.status().message());
    bool first = true;  // of those with this value: the event's own
    MOOT_RETURN_IF_ERROR(for_each_entry(*read, [&](const IndexEntry& entry) {
      if (entry.known.value != at || !std::exchange(first, false)) return Status();
      const Result<std::optional<Known>> known = index.find(entry.key);
      if (!known.ok()) return known.status();
      return *known == entry.known ? Status() : corrupt(database, at, "the log's index has lost the event here");
    }));
  }
  return {};
}

std::string sentence_of(const TornEnd& torn, Offset end) {
  if (torn.bytes == 0) return "";
  return torn.file.string() + ": its last " + std::to_string(torn.bytes) + " bytes, from byte " +
         std::to_string(torn.from) + " on, are a torn write that was never acknowledged; they are dropped, and the " +
         "log goes on at offset " + std::to_string(end.value);
}

Status ends_too_early(const std::filesystem::path& folder, Offset end, Offset acknowledged, const TornEnd& torn) {
  const std::string place =
      torn.bytes > 0 ? " (" + torn.file.string() + ": from byte " + std::to_string(torn.from) + " on)" : "";
  return Status(Code::kCorrupt, folder.string() + ": ends at offset " + std::to_string(end.value) + place +
                                    ", but everything before offset " + std::to_string(acknowledged.value) +
                                    " was acknowledged; nothing is touched");
}

Result<std::optional<Known>> find_in_last_heads(const LogDatabase& as_it_stands, const IdIndex& index,
                                                const EventKey& key) {
  const Result<Offset> through = index.through();
  if (!through.ok()) return through.status();
  std::optional<Known> found;
  const auto head = iterator(as_it_stands, as_it_stands.heads());
  for (head->SeekToLast(); !found && head->Valid() && from_be(view(head->key())) >= through->value; head->Prev()) {
    const Result<v1::BlockHead> read = head_of(view(head->value()));
    if (!read.ok()) return corrupt(as_it_stands, from_be(view(head->key())), read.status().message());
    MOOT_RETURN_IF_ERROR(for_each_entry(*read, [&](const IndexEntry& entry) {
      if (entry.key == key) found = entry.known;
      return Status();
    }));
  }
  MOOT_RETURN_IF_ERROR(as_it_stands.status(head->status(), "the last heads cannot be read"));
  return found;
}

}  // namespace moot
