// Small files that are read and written whole: keys, registries, snapshots. Written so that a crash leaves the old
// file or the new one, never a part: temporary file, fsync, rename, fsync of the folder. Readable by their owner only.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

Result<std::string> read_whole_file(const std::filesystem::path& file);  // kMissing or kDisk
Status write_whole_file(const std::filesystem::path& file, std::string_view bytes);
// Where somebody's output goes: the file itself, behind a link the file that it names. kUsage for what is there and is
// no file: a device or a pipe would be replaced by one.
Result<std::filesystem::path> file_to_write(const std::filesystem::path& output);
// As write_whole_file, but kExists when there is such a file: of two writers one wins and the other reads what it
// wrote.
Status create_whole_file(const std::filesystem::path& file, std::string_view bytes);
// Makes the folder and those above it, 0700, and syncs what it made.
Status make_folder(const std::filesystem::path& folder);
Status sync_folder(const std::filesystem::path& folder);
// Makes good what processes that were killed left in the folder: removes the temporary files of those that are gone
// (they may be copies of secrets), and syncs the names of the rest. Does nothing where there is no such folder.
Status settle_folder(const std::filesystem::path& folder);

}  // namespace moot
