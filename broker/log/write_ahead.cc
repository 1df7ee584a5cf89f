#include "broker/log/write_ahead.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "broker/log/record_file.h"
#include "broker/log/table_list.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

struct NumberedFile {
  std::uint64_t number = 0;
  fs::path path;
};

// "000012.log", in order.
std::vector<NumberedFile> write_ahead_files(const fs::path& folder) {
  std::vector<NumberedFile> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".log") continue;
    const std::string stem = entry.path().stem().string();
    NumberedFile file{0, entry.path()};
    if (std::from_chars(stem.data(), stem.data() + stem.size(), file.number).ptr == stem.data() + stem.size())
      files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(),
            [](const NumberedFile& a, const NumberedFile& b) { return a.number < b.number; });
  return files;
}

Status damaged(const TornEnd& torn, const fs::path& file, std::uint64_t sound_at) {
  return Status(Code::kCorrupt, torn.file.string() + ": from byte " + std::to_string(torn.from) +
                                    " on it is not what was written, but what was written after that (" +
                                    file.filename().string() + ", byte " + std::to_string(sound_at) +
                                    ") is: no crash leaves that, and acknowledged writes would be lost; nothing is " +
                                    "touched");
}

}  // namespace

Result<TornEnd> check_write_ahead(const fs::path& folder, rocksdb::DB& as_it_stands) {
  std::uint64_t first_in_use = 0;
  as_it_stands.GetIntProperty(rocksdb::DB::Properties::kMinLogNumberToKeep, &first_in_use);
  const std::uint64_t taken = as_it_stands.GetLatestSequenceNumber();
  TornEnd torn;
  for (const NumberedFile& file : write_ahead_files(folder)) {
    if (file.number < first_in_use) continue;  // all of it is in tables
    std::optional<std::uint64_t> dropped_at;
    const Result<RecordFileEnd> end = read_record_file(file.path, [&](const WrittenGroup& group) {
      const std::optional<GroupNumber> number = number_of(group.bytes);
      const bool last_and_torn = !group.whole && !group.after_damage && torn.bytes == 0;
      if (dropped_at || last_and_torn || !number || number->writes == 0) return;
      // Numbers alone do not tell: taking in a run of the index uses one too, later than those of the groups before it.
      const bool behind_damage = group.whole && (group.after_damage || torn.bytes > 0);
      if (behind_damage || number->first + number->writes - 1 > taken) dropped_at = group.at;
    });
    if (!end.ok()) return end.status();
    if (end->sound < end->bytes && torn.bytes == 0) torn = {file.path, end->sound, end->bytes - end->sound};
    if (dropped_at && torn.bytes > 0) return damaged(torn, file.path, *dropped_at);
    if (dropped_at)
      return Status(Code::kCorrupt, file.path.string() + ": what is written from byte " + std::to_string(*dropped_at) +
                                        " on does not follow what is before it; nothing is touched");
  }
  return torn;
}

Status let_go_of_torn_files(const fs::path& folder, rocksdb::DB& opened) {
  // RocksDB has already deleted what it knows it is done with: one file is left, which it has just begun.
  if (write_ahead_files(folder).size() <= 1) return {};
  // The smallest thing that can be flushed, and not in the write-ahead log itself: there it would be that sound group.
  rocksdb::WriteOptions in_memory;
  in_memory.disableWAL = true;
  rocksdb::Status done = opened.Delete(in_memory, "nothing has this key");
  if (done.ok()) done = opened.Flush(rocksdb::FlushOptions());
  if (done.ok()) return {};
  return Status(Code::kDisk, folder.string() + ": a torn end cannot be put away: " + done.ToString());
}

std::string damaged_place(const fs::path& folder) {
  std::vector<fs::path> files;
  const Result<fs::path> list = list_of_tables(folder);
  if (list.ok()) files.push_back(*list);
  for (const NumberedFile& file : write_ahead_files(folder)) files.push_back(file.path);
  for (const fs::path& file : files) {
    const Result<RecordFileEnd> end = read_record_file(file, nullptr);
    if (end.ok() && end->sound < end->bytes) return file.string() + ": from byte " + std::to_string(end->sound) + " on";
  }
  return "";
}

}  // namespace moot
