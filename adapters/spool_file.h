// A file of a spool: entries, one after the other, each sealed and bound to its number.
//
//   FIRST.parcels  FIRST = the number of its first entry, 20 digits; entry number FIRST + i is
//     bytes:be32   of `sealed`
//     kept:be64    when, µs since 1970
//     events:be32  how many
//     sealed       v1::SpooledParcel, bound to number:be64 and the 16 bytes before it
//
// Example: "00000000000000000007.parcels" begins with 00 00 00 63, 00 05 d7 3c 21 0e 40 00, 00 00 00 01 and 99 bytes:
// number 7, kept on 10 February 2022, one event.
//
// Thread: pure functions, and those that look at the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "proto/spool.pb.h"

namespace moot {

struct SpoolFile {
  std::filesystem::path path;
  std::uint64_t first = 0;  // number of its first entry
};

// One entry as it lies there.
struct SpoolEntry {
  std::uint64_t number = 0;
  Instant kept;
  std::uint32_t events = 0;
  std::string_view head, sealed;

  std::uint64_t bytes() const { return head.size() + sealed.size(); }
};

std::string spool_file_name(std::uint64_t first);
// In the order of their numbers; none where there is no such folder. Other files are not looked at. kDisk.
Result<std::vector<SpoolFile>> spool_files(const std::filesystem::path& folder);

// Returns how many bytes were added.
std::uint64_t append_entry(std::string& out, const Key& key, std::uint64_t number, Instant kept,
                           const v1::SpooledParcel& parcel);
// The entry at the beginning of `bytes`; nothing when they are not a whole one.
std::optional<SpoolEntry> entry_at(std::string_view bytes, std::uint64_t number);
// kCorrupt when it is not what was written, or was sealed with another key.
Result<v1::SpooledParcel> unseal_entry(const Key& key, const SpoolEntry& entry);

}  // namespace moot
