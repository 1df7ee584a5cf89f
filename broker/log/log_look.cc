#include "broker/log/log_look.h"

#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <set>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/record_file.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

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
    if (!previous.empty() && read->previous() != previous)
      return corrupt(database, next, "the chain of blocks is broken before this one");
    if (!block->Valid() || from_be(view(block->key())) != next)
      return corrupt(database, next, "the block of this head is missing");
    previous = digest_of(view(head->value()));
    next += read->events();
  }
  MOOT_RETURN_IF_ERROR(database.status(head->status(), "the last heads cannot be read"));
  MOOT_RETURN_IF_ERROR(database.status(block->status(), "the last blocks cannot be read"));
  return block->Valid() ? corrupt(database, next, "there is a block without a head") : Status();
}

// Empty unless the table holds something that the log, as the list of tables has it, does not.
std::string lost_from(const LogDatabase& database, const fs::path& table) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  if (!reader.Open(table.string()).ok()) return "";  // never finished: a crash while it was written
  const std::string family = reader.GetTableProperties()->column_family_name;
  rocksdb::ColumnFamilyHandle* const handle = family == "blocks"  ? database.blocks()
                                              : family == "heads" ? database.heads()
                                              : family == "spans" ? database.spans()
                                                                  : nullptr;
  if (handle == nullptr) return "";  // the index is made again where it lacks anything
  const std::unique_ptr<rocksdb::Iterator> entry(reader.NewIterator(rocksdb::ReadOptions()));
  rocksdb::PinnableSlice value;
  for (entry->SeekToFirst(); entry->Valid(); entry->Next(), value.Reset())
    if (!database.db().Get(rocksdb::ReadOptions(), handle, entry->key(), &value).ok())
      return "what stands at offset " + std::to_string(from_be(view(entry->key())));
  return "";
}

// A crash may tear the last entries of the list of tables, which are written several at a time: RocksDB leaves off what
// makes no sense. Then what they are about is still in the write-ahead log, or in the tables that were merged.
Status check_list(const LogDatabase& database, const std::vector<rocksdb::LiveFileMetaData>& tables) {
  const Result<fs::path> list = list_of_tables(database.folder());
  if (!list.ok()) return list.status();
  const Result<RecordFileEnd> end = read_record_file(*list, nullptr);
  if (!end.ok()) return end.status();
  if (end->sound == end->bytes) return {};
  const std::string place =
      list->string() + ": from byte " + std::to_string(end->sound) + " on the list of tables is not what was written";
  std::set<std::string> named;
  for (const rocksdb::LiveFileMetaData& table : tables) named.insert(fs::path(table.name).filename().string());
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(database.folder(), failed)) {
    if (entry.path().extension() != ".sst" || named.contains(entry.path().filename().string())) continue;
    const std::string lost = lost_from(database, entry.path());
    if (!lost.empty())
      return Status(Code::kCorrupt, place + ", and " + entry.path().filename().string() + " holds " + lost +
                                        ", which is nowhere else; nothing is touched");
  }
  return {};
}

}  // namespace

Result<TornEnd> look_at_log(const LogDatabase& as_it_stands) {
  Result<TornEnd> torn = check_write_ahead(as_it_stands.folder(), as_it_stands.db());
  if (!torn.ok()) return torn;
  std::vector<rocksdb::LiveFileMetaData> tables;
  as_it_stands.db().GetLiveFilesMetaData(&tables);
  MOOT_RETURN_IF_ERROR(check_list(as_it_stands, tables));
  MOOT_RETURN_IF_ERROR(check_recovered(as_it_stands, tables));
  return torn;
}

}  // namespace moot
