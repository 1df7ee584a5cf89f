// Looks for bytes in the memory of the process that asks: in what it has allocated, not on its stack. What is looked
// for is given masked, so that the question itself is not found.
//
// Thread: the test's; nobody else may map or unmap memory meanwhile.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/status.h"

namespace moot {

class Masked {
 public:
  explicit Masked(const void* bytes, std::size_t size) : bytes_(size) {
    for (std::size_t i = 0; i < size; ++i) bytes_[i] = static_cast<const std::uint8_t*>(bytes)[i] ^ kMask;
  }
  // Nobody may have written them down anywhere but here.
  bool is_in_own_memory() const {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    MOOT_CHECK(memory >= 0);  // else nothing would ever be found
    // Between pages that cannot be read: else it could become one range with its neighbours, and they be passed over.
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* const guarded = ::mmap(nullptr, kAtOnce + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MOOT_CHECK(guarded != MAP_FAILED);
    auto* const buffer = static_cast<std::uint8_t*>(guarded) + page;
    MOOT_CHECK(::mprotect(buffer, kAtOnce, PROT_READ | PROT_WRITE) == 0);
    bool found = false;
    for (const auto& [from, to] : allocated()) {
      if (from == reinterpret_cast<std::uintptr_t>(buffer)) continue;
      // Piece by piece, each with the end of the one before: what is looked for may lie across.
      for (std::uintptr_t at = from; at < to && !found; at += kAtOnce - bytes_.size()) {
        const std::size_t size = std::min<std::size_t>(to - at, kAtOnce);
        const ssize_t got = ::pread(memory, buffer, size, static_cast<off_t>(at));
        found = got > 0 && is_in(buffer, static_cast<std::size_t>(got));
      }
    }
    ::munmap(guarded, kAtOnce + 2 * page);
    ::close(memory);
    return found;
  }

 private:
  static constexpr std::uint8_t kMask = 0x5a;
  static constexpr std::size_t kAtOnce = 16 * 1024 * 1024;

  static std::vector<std::pair<std::uintptr_t, std::uintptr_t>> allocated() {
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      std::istringstream words(line);
      std::string range, rights, offset, device, inode, name;
      words >> range >> rights >> offset >> device >> inode >> name;
      if (!rights.starts_with("rw") || (!name.empty() && name != "[heap]")) continue;
      const std::size_t dash = range.find('-');
      ranges.emplace_back(std::stoull(range.substr(0, dash), nullptr, 16),
                          std::stoull(range.substr(dash + 1), nullptr, 16));
    }
    return ranges;
  }
  bool is_in(const std::uint8_t* memory, std::size_t size) const {
    for (std::size_t at = 0; at + bytes_.size() <= size; ++at) {
      std::size_t same = 0;
      while (same < bytes_.size() && memory[at + same] == (bytes_[same] ^ kMask)) ++same;
      if (same == bytes_.size()) return true;
    }
    return false;
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace moot
