// Compares the index of keys (id_index.h) with the heads it is derived from, without looking a key up: both are added
// up part by part, by the first bits of a key, as sums of digests, which ask for no order. Only where a sum differs are
// the keys of that part compared.
//
// Memory: 64 KiB of sums, and of what differs at most kPartsCompared parts of 4,096. Thread: one caller.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "broker/log/event_log.h"
#include "broker/log/log_database.h"

namespace moot {

class IndexCheck {
 public:
  using Find = std::function<void(std::optional<Offset>, std::string what)>;

  explicit IndexCheck(const LogDatabase& database) : database_(database) {}

  // Every entry of every head that the index should hold; any order.
  void add(const IndexEntry& entry);
  // Reads the index, and the heads below `through` again where it differs. Call it when all heads were sound.
  void compare(Offset through, const Find& find) const;

 private:
  static constexpr std::size_t kParts = 4096;
  static constexpr std::size_t kPartsCompared = 8;
  using Sums = std::array<std::uint64_t, kParts>;
  static std::size_t part_of(const EventKey& key) { return static_cast<std::size_t>(key[0]) << 4 | key[1] >> 4; }
  static void add_to(Sums& sums, const IndexEntry& entry);
  void compare_keys(const std::vector<std::size_t>& parts, Offset through, const Find& find) const;
  Status for_each_in_index(std::size_t first_part, std::size_t end_part,
                           const std::function<Status(const IndexEntry&)>& take) const;

  const LogDatabase& database_;
  Sums of_heads_{};
};

}  // namespace moot
