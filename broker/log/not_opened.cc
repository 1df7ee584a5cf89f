#include "broker/log/not_opened.h"

#include <string>

namespace moot {
namespace {

// RocksDB repeats a file's whole path, sometimes twice.
std::string without(std::string text, const std::string& path) {
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at)) text.erase(at, path.size());
  return text;
}

bool is_missing(const std::filesystem::path& file) {
  std::error_code failed;
  return !std::filesystem::exists(file, failed) && !failed;
}

constexpr const char* kCurrentIsMissing = "its file CURRENT, which says where the list of its tables is, is missing";

}  // namespace

Status not_opened(const std::filesystem::path& folder, std::string_view what, const rocksdb::Status& status) {
  const std::string says = " (RocksDB says: " + without(status.ToString(), folder.string() + "/") + ")";
  const std::string where = folder.string() + ": " + std::string(what) + " cannot be opened: ";
  const bool disk_refuses = status.IsNoSpace() || (status.IsIOError() && !status.IsPathNotFound());
  if (is_missing(folder / "CURRENT") && !disk_refuses) return Status(Code::kCorrupt, where + kCurrentIsMissing + says);
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound())
    return Status(Code::kCorrupt,
                  where + "the list of its tables, or what the list names, is not what was written" + says);
  return Status(Code::kDisk, where + "the disk does not give what is asked of it" + says);
}

Status check_none_is_lost(const std::filesystem::path& folder, std::string_view what) {
  std::error_code failed;
  if (!is_missing(folder / "CURRENT")) return {};
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::filesystem::path kind = entry.path().extension();
    if (kind == ".sst" || kind == ".log")
      return Status(Code::kCorrupt, folder.string() + ": " + std::string(what) +
                                        " cannot be opened: " + kCurrentIsMissing + ", although " +
                                        entry.path().filename().string() + " is there; nothing is touched");
  }
  return {};
}

}  // namespace moot
