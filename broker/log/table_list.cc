#include "broker/log/table_list.h"

#include <rocksdb/file_system.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/record_file.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

class CutFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  CutFile(std::unique_ptr<rocksdb::FSSequentialFile>&& file, std::uint64_t bytes)
      : FSSequentialFileOwnerWrapper(std::move(file)), left_(bytes) {}

  rocksdb::IOStatus Read(std::size_t bytes, const rocksdb::IOOptions& options, rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* notes) override {
    const std::size_t wanted = std::min<std::uint64_t>(bytes, left_);
    const rocksdb::IOStatus read = FSSequentialFileOwnerWrapper::Read(wanted, options, result, scratch, notes);
    if (read.ok()) left_ -= result->size();
    return read;
  }
  rocksdb::IOStatus Skip(std::uint64_t bytes) override {
    const std::uint64_t passed = std::min(bytes, left_);
    left_ -= passed;
    return FSSequentialFileOwnerWrapper::Skip(passed);
  }

 private:
  std::uint64_t left_;
};

class DiskWithCutList final : public rocksdb::FileSystemWrapper {
 public:
  explicit DiskWithCutList(TornEnd torn) : FileSystemWrapper(rocksdb::FileSystem::Default()), torn_(std::move(torn)) {}

  const char* Name() const override { return "DiskWithCutList"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* notes) override {
    rocksdb::IOStatus opened = FileSystemWrapper::NewSequentialFile(name, options, file, notes);
    if (opened.ok() && fs::path(name).filename() == torn_.file.filename())
      *file = std::make_unique<CutFile>(std::move(*file), torn_.from);
    return opened;
  }

 private:
  const TornEnd torn_;
};

// Empty unless the table holds something that the database, as the list has it, does not.
std::string lost_from(const fs::path& table, rocksdb::DB& database,
                      const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  if (!reader.Open(table.string()).ok()) return "";  // never finished: a crash while it was written
  const std::string name = reader.GetTableProperties()->column_family_name;
  const auto family = std::find_if(families.begin(), families.end(),
                                   [&](rocksdb::ColumnFamilyHandle* one) { return one->GetName() == name; });
  if (family == families.end()) return "";
  const std::unique_ptr<rocksdb::Iterator> entry(reader.NewIterator(rocksdb::ReadOptions()));
  rocksdb::PinnableSlice value;
  for (entry->SeekToFirst(); entry->Valid(); entry->Next(), value.Reset()) {
    const rocksdb::Status there = database.Get(rocksdb::ReadOptions(), *family, entry->key(), &value);
    if (there.ok() && value == entry->value()) continue;
    const std::string_view key(entry->key().data(), entry->key().size());
    return key.size() == 8 ? "what stands at offset " + std::to_string(from_be(key)) : std::string("something");
  }
  return "";
}

}  // namespace

Result<fs::path> list_of_tables(const fs::path& folder) {
  Result<std::string> name = read_whole_file(folder / "CURRENT");
  if (!name.ok()) return name.status();
  while (!name->empty() && name->back() == '\n') name->pop_back();
  return folder / *name;
}

Result<TornEnd> torn_end_of_list(const fs::path& folder) {
  const Result<fs::path> list = list_of_tables(folder);
  if (!list.ok() && list.status().code() == Code::kMissing) return TornEnd{};
  if (!list.ok()) return list.status();
  const Result<RecordFileEnd> end = read_record_file(*list, nullptr);
  if (!end.ok() && end.status().code() == Code::kMissing) return TornEnd{};  // RocksDB says so
  if (!end.ok()) return end.status();
  return TornEnd{*list, end->sound, end->bytes - end->sound};
}

std::unique_ptr<rocksdb::Env> without_torn_end(const TornEnd& torn) {
  return rocksdb::NewCompositeEnv(std::make_shared<DiskWithCutList>(torn));
}

Status check_list(const fs::path& folder, rocksdb::DB& as_it_stands,
                  const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
  const Result<TornEnd> torn = torn_end_of_list(folder);
  if (!torn.ok() || torn->bytes == 0) return torn.status();
  std::vector<rocksdb::LiveFileMetaData> tables;
  as_it_stands.GetLiveFilesMetaData(&tables);
  std::set<std::string> named;
  for (const rocksdb::LiveFileMetaData& table : tables) named.insert(fs::path(table.name).filename().string());
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".sst" || named.contains(name)) continue;
    const std::string lost = lost_from(entry.path(), as_it_stands, families);
    if (!lost.empty())
      return Status(Code::kCorrupt, torn->file.string() + ": from byte " + std::to_string(torn->from) +
                                        " on the list of tables is not what was written, and " + name + " holds " +
                                        lost + ", which is nowhere else; nothing is touched");
  }
  return {};
}

}  // namespace moot
