// A View keeps one projection up to date with the log: snapshot, then fold on.
//
// cursor: the offset of the next event to fold; it never moves back, but to 0 when a snapshot cannot be trusted.
// The holder of FOLDER/<view>.lock saves; anybody else reads the holder's snapshot and folds on in memory only.
// Thread: one, the caller's; it owns the projection while the view lives, and the socket of its consumer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "broker/client/consumer.h"
#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "consumers/runtime/projection.h"
#include "consumers/runtime/snapshot.h"

namespace moot {

class View {
 public:
  // Makes the folders where they are missing, takes the lock if it is free, and loads the snapshot. A snapshot that
  // cannot be trusted is set aside and the view begins at 0; remark() says so. So it does when the reader may read
  // something else than before. `projection` must outlive the view. `purpose`: what sharing agreements are asked for.
  static Result<std::unique_ptr<View>> open(Projection& projection, const std::filesystem::path& folder,
                                            const std::filesystem::path& keys_folder, std::string log_id,
                                            std::string purpose = "");
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  Offset cursor() const { return cursor_; }
  bool may_save() const { return lock_fd_ >= 0; }
  const std::string& remark() const { return remark_; }  // empty, or what an administrator should know about the start

  // Folds to the end of the log as it was when the broker first answered. kUnavailable when nothing came for
  // timeout_ms.
  Status catch_up(const KeyFile& key_file, std::int64_t timeout_ms);
  // For a process that stays: connects when needed, waits at most wait_ms for the next batch and folds it. Tells
  // whether anything was folded.
  Result<bool> step(const KeyFile& key_file, std::int64_t wait_ms);
  // Folds events at and after the cursor, in order; earlier ones have no effect.
  void fold(const v1::Event& event);
  // Writes the snapshot if the cursor moved since the last. kNotAllowed without the lock.
  Status save();

 private:
  View(Projection& projection, SnapshotPlace place, std::string purpose)
      : projection_(projection), place_(std::move(place)), purpose_(std::move(purpose)) {}
  Status take_lock();
  Status load();
  Status connect(const KeyFile& key_file, std::int64_t timeout_ms);
  void begin_again(std::string remark);
  Status give_up_or_begin_again(const Status& status);
  void take(const Delivery& delivery);

  Projection& projection_;
  const SnapshotPlace place_;
  const std::string purpose_;
  std::string coverage_;  // what the reader was entitled to in all that was folded
  std::unique_ptr<Consumer> consumer_;
  Offset cursor_;
  Offset saved_;
  bool has_snapshot_ = false;
  int lock_fd_ = -1;
  std::string remark_;
};

}  // namespace moot
