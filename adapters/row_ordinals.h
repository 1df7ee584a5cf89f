// Counts equal rows of a file, so that rows that look alike stay as many events as they are. Memory: some 60 bytes for
// each different row, of which there may be kRowsMax. Thread: one, the reader's.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "broker/core/seal.h"

namespace moot {

class RowOrdinals {
 public:
  static constexpr std::size_t kRowsMax = 4'000'000;

  explicit RowOrdinals(std::size_t rows_max = kRowsMax) : rows_max_(rows_max) {}

  // 1 for the first row with that digest, 2 for the second, …; nothing when there are too many different ones.
  std::optional<std::uint32_t> next(const Digest& row) {
    const auto found = counts_.find(row);
    if (found != counts_.end()) return ++found->second;
    if (counts_.size() == rows_max_) return std::nullopt;
    return counts_[row] = 1;
  }

 private:
  // A digest is as good as random already.
  struct FirstBytes {
    std::size_t operator()(const Digest& digest) const {
      std::size_t bytes = 0;
      std::memcpy(&bytes, digest.data(), sizeof bytes);
      return bytes;
    }
  };

  const std::size_t rows_max_;
  std::unordered_map<Digest, std::uint32_t, FirstBytes> counts_;
};

}  // namespace moot
