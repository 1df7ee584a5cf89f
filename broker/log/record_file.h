// The files that RocksDB appends to (its write-ahead log, its list of tables), read as they stand and never written.
//
// RocksDB takes the first thing in them that makes no sense for the end. After a power cut it is; but what was written
// and synced *after* it shows that it is not, and RocksDB would drop that too, without a word. So this reads on.
//
//   file  = block of 32 KiB *    a part never goes over a block's end; fewer than 7 bytes before it are zeros
//   part  = checksum:le32  length:le16  kind:1  data
//             kind      1: a whole group, 2: its first part, 3: a middle one, 4: its last
//             checksum  CRC-32C of kind and data, turned right by 15 bits and raised by 0xa282ead8
//   group = number:le64  writes:le32  …    in a write-ahead log: numbers grow by the writes of the group before
//
// Example, a group of 12 bytes at the start of a file: <checksum>  0c 00  01  01 00 00 00 00 00 00 00  00 00 00 00
//
// Thread: pure functions but for the disk, usable anywhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

struct WrittenGroup {
  std::uint64_t at = 0;  // where in the file it begins
  std::string_view bytes;
  bool whole = true;          // else only its first parts are there
  bool after_damage = false;  // something before it in the file makes no sense
};

struct RecordFileEnd {
  std::uint64_t bytes = 0;  // of the file
  std::uint64_t sound = 0;  // so many from the beginning are as they were written
};

// Calls with every group that is as it was written, also behind what is damaged. kDisk, kMissing.
Result<RecordFileEnd> read_record_file(const std::filesystem::path& file,
                                       const std::function<void(const WrittenGroup&)>& take);

// RocksDB's number of the group's first write, and how many writes it has; nothing when it is too short to tell.
struct GroupNumber {
  std::uint64_t first = 0;
  std::uint32_t writes = 0;
};
std::optional<GroupNumber> number_of(std::string_view group);

}  // namespace moot
