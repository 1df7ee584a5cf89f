// One operation of a process on the folders under test, as the preloaded library writes it down and a test reads it.
//
// A journal is records one after the other, each a DiskRecord of 40 bytes (this machine's byte order) and then
// `name_bytes` of a path, `other_bytes` of a second path (the new name) and, for a write, `length` bytes of data.
// Example, "ab" written at offset 4 of inode 9:  64 77 00 00  00 00 00 00  00 00 00 00  00…  09…  04…  02…  61 62
//
// Paths are absolute and normal. A record stands in the journal before the call returns to the process, and no later
// call begins before it stands there: what comes after a record had not happened when the record was made.
#pragma once

#include <cstdint>

namespace moot {

enum class DiskAct : char {
  kOpen = 'o',          // path, inode: the inode that the path has; a file or a folder
  kCreate = 'c',        // path, inode: a new file
  kWrite = 'w',         // inode, offset, length
  kSize = 't',          // inode, length: the new size
  kSync = 's',          // inode: of a file its bytes and size, of a folder its names
  kSyncFailed = 'f',    // inode: nobody knows what of it is on disk, and asking again does not help
  kSyncAll = 'a',       // everything
  kLink = 'l',          // path, other: a second name
  kRename = 'r',        // path, other
  kUnlink = 'u',        // path
  kMakeFolder = 'm',    // path
  kRemoveFolder = 'd',  // path
  kFault = 'x',         // path: a fault of the plan struck here; other: which, as the plan has it
};

struct DiskRecord {
  char mark = 'd';
  DiskAct act = DiskAct::kOpen;
  std::uint16_t reserved = 0;
  std::uint32_t name_bytes = 0;
  std::uint32_t other_bytes = 0;
  std::uint32_t padding = 0;
  std::uint64_t inode = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
static_assert(sizeof(DiskRecord) == 40);

}  // namespace moot
