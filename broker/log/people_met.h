// The numbers of the keys of people met lately, by a digest of their reference: most events are about somebody met
// before, and to look in the index costs more than all else that an event's keys do. The digest is a quick one under a
// secret of this process; the token that the index goes by costs ten times as much.
//
// A table in memory, 17 bytes for each place in it, 33 MB at most; then it is emptied and fills again. Of a digest it
// knows 96 bits of 128, which no two people share by chance; numbers above 32 bits it does not take. Whoever is not
// found in it is in the index, or new. No key is in it. Thread: bus; one owner.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

#include "broker/core/ids.h"

namespace moot {

class PeopleMet {
 public:
  static constexpr std::size_t kMost = 1680 * 1024;  // one more would take twice the memory

  std::optional<std::uint64_t> key_number_of(const EventKey& digest) const {
    const auto found = numbers_.find(part_of(digest));
    return found == numbers_.end() ? std::nullopt : std::optional<std::uint64_t>(found->second);
  }
  void remember(const EventKey& digest, std::uint64_t key_number) {
    if (key_number > std::numeric_limits<std::uint32_t>::max()) return;
    if (numbers_.size() >= kMost) numbers_.clear();
    numbers_[part_of(digest)] = static_cast<std::uint32_t>(key_number);
  }
  // Somebody is erased: nobody is known by what was so before.
  void forget() { numbers_.clear(); }
  std::size_t size() const { return numbers_.size(); }

 private:
  using Part = std::array<std::uint8_t, 12>;
  // They are digests under a secret: any of their bits will do, and nobody outside can choose them.
  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(const Part& part) const {
      std::uint64_t bits;
      std::memcpy(&bits, part.data(), sizeof bits);
      return bits;
    }
  };
  static Part part_of(const EventKey& digest) {
    Part part;
    std::memcpy(part.data(), digest.data(), part.size());
    return part;
  }

  boost::unordered_flat_map<Part, std::uint32_t, Hash> numbers_;
};

}  // namespace moot
