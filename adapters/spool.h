// What waits on disk while the broker is away: parcels of events, sealed, in the order in which they came, of one
// agency. What is kept is durable; what is forgotten is in the log.
//
//   FOLDER/            only while something waits: files of entries (spool_file.h), a few MiB each, written at their
//   end,
//                      synced, and removed when all of a file is forgotten
//   FOLDER.through     how far it goes (spool_through.h); written after what it tells of is durable
//   FOLDER.lock        held (flock) by the process that has the spool
//
// Numbers are dense. A spool that holds fewer than its other file tells, or one that is not as it was written, is
// damaged: it does not open, and nothing is touched. An entry beyond what the other file tells was promised to nobody:
// whole it is kept, torn it is cut off. Its key is not in its folder.
//
// Thread: one owner; figures() and look() from any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/ids.h"
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

// Held by whoever has a spool, until it ends.
class SpoolLock {
 public:
  static Result<SpoolLock> take(const std::filesystem::path& folder);  // kExists when another has it; kDisk
  // Likewise of one that stays as it is: where nobody ever took it, nothing is made.
  static Result<SpoolLock> take_if_there(const std::filesystem::path& folder);
  SpoolLock(SpoolLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~SpoolLock();

 private:
  explicit SpoolLock(int fd) : fd_(fd) {}
  static Result<SpoolLock> take(const std::filesystem::path& folder, int flags);

  int fd_ = -1;  // owned
};

class Spool {
 public:
  struct Kept {
    std::uint64_t number = 0;
    v1::SpooledParcel parcel;
  };

  // What is not there is made by the first keep(): most never have anything to keep. Every entry is opened with the
  // key. kCorrupt, kDisk; kExists when another process has it.
  static Result<std::unique_ptr<Spool>> open(const std::filesystem::path& folder, const Key& key,
                                             std::uint64_t bytes_max);
  // What waits in the spool, also while another process has it; with its key every entry is opened. kCorrupt, kDisk.
  static Result<SpoolFigures> look(const std::filesystem::path& folder, const Key* key = nullptr);
  // The key of an agency's spool.
  static Key key_of(const Key& secret, const AgencyId& agency);
  // Those who have a spool below `spools`, where each is called by its agency's id.
  static std::vector<AgencyId> agencies(const std::filesystem::path& spools);
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
