// How keys lie in their files (broker/log/key_store.h has the format), and the reading of one page of them.
//
// Files read lately stay open: opening one anew for each page was a fifth of what a replay cost. Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

inline constexpr std::string_view kKeysMagic = "moot keys 3 ";
inline constexpr std::string_view kKeysMagic2 = "moot keys 2 ";
inline constexpr std::uint64_t kKeysPerPage = 64;
inline constexpr std::uint64_t kKeyPagesPerFile = 64;
inline constexpr std::size_t kPageKeyBytes = kKeysPerPage * kKeyBytes;
inline constexpr std::size_t kSealedPageBytes = kPageKeyBytes + kSealBytes;
inline constexpr std::size_t kKeyFileBytes = kKeysMagic.size() + kKeyPagesPerFile * kSealedPageBytes;
inline constexpr std::size_t kBareKeyFileBytes = kKeyPagesPerFile * kPageKeyBytes;  // of format 1

class KeyPages {
 public:
  struct Page {
    int format = 0;     // of its file: 1 to 3
    std::string bytes;  // bare in format 1, else sealed
  };
  // kMissing without the file, kCorrupt when it is not one of keys, kDisk.
  Result<Page> read(const std::filesystem::path& file, std::uint64_t page_in_file);
  // Files may have been replaced or deleted.
  void forget() { files_.clear(); }

 private:
  class File {
   public:
    explicit File(int fd) : fd_(fd) {}
    File(File&& other) noexcept;
    File& operator=(File&&) = delete;
    ~File();
    int fd() const { return fd_; }

    int format = 1;

   private:
    int fd_;
  };
  static constexpr std::size_t kFilesMax = 128;
  Result<const File*> open(const std::filesystem::path& file);

  std::unordered_map<std::string, File> files_;  // by path
};

}  // namespace moot
