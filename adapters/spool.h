// What waits on disk while the broker is away: parcels of events, sealed, in the order in which they came, of one
// agency. What is kept is durable; what is forgotten is in the log.
//
//   FOLDER/            only while something waits; RocksDB: number:be64 -> kept:be64 (µs since 1970) events:be32 sealed
//   v1::SpooledParcel, bound to
//                      the number
//   FOLDER.through     "moot-spool 1 <end> <forgotten through>": numbers; written after what it tells of is durable
//
// Numbers are dense. A spool that holds fewer than its other file tells, or has a hole, is damaged: it does not open,
// and nothing is touched. Its key is not in its folder.
//
// Thread: one owner; figures() and look() from any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "proto/spool.pb.h"

namespace moot {

struct SpoolFigures {
  std::uint64_t parcels = 0;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;  // sealed
  Instant oldest;           // when the first of them was kept; meaningless when there is none
};

class Spool {
 public:
  struct Kept {
    std::uint64_t number = 0;
    v1::SpooledParcel parcel;
  };

  // What is not there is made by the first keep(): most never have anything to keep. kCorrupt, kDisk.
  static Result<std::unique_ptr<Spool>> open(const std::filesystem::path& folder, const Key& key,
                                             std::uint64_t bytes_max);
  // What waits in the spool that is there, also while another process has it. kMissing, kCorrupt, kDisk.
  static Result<SpoolFigures> look(const std::filesystem::path& folder);
  ~Spool();

  // All of them, with one sync, or none: durable when it returns. kQuota when they would take it over its bytes; kDisk.
  Status keep(std::span<const v1::SpooledParcel> parcels, Instant now);
  // From this number on, in order, until they have so many bytes; at least one where there is one.
  Result<std::vector<Kept>> read(std::uint64_t from, std::uint64_t bytes) const;
  // All up to this number are in the log. When nothing waits any more, no byte of it is left.
  Status forget_through(std::uint64_t number);

  bool empty() const { return figures().parcels == 0; }
  SpoolFigures figures() const;

 private:
  class Impl;
  explicit Spool(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace moot
