// How much of the broker's memory is for what is on its way to and from its peers, and what each of them has of it:
// half for events that publishers have sent and no ack has answered, half for batches that readers have not taken yet.
//
// libzmq bounds what waits for a peer, or comes from one, in messages and not in bytes. So publishers are told how many
// bytes they may have unacknowledged (Welcome, PublishAck: the share changes with the number of peers), and readers are
// sent batches that are the smaller the more readers there are. A share has a least size, so that a crowd is slow and
// not shut out: beyond it memory grows with the number of sessions, which is bounded (session.h).
//
// Thread: pure functions, usable anywhere.
#pragma once

#include <algorithm>
#include <cstddef>

namespace moot {

class PeerRoom {
 public:
  static constexpr std::size_t kWindowLeast = 64 * 1024;  // an event of any size is one message, and always allowed
  static constexpr std::size_t kWindowMost = 8 * 1024 * 1024;
  static constexpr std::size_t kBatchLeast = 16 * 1024;
  static constexpr std::size_t kBatchMost = 256 * 1024;
  // Messages that wait in libzmq for one peer (its send high-water mark), before more waits in the peer's outbox.
  static constexpr int kMessagesWaiting = 8;

  explicit PeerRoom(std::size_t bytes) : half_(bytes / 2) {}

  // What a publisher among so many sessions may have unacknowledged.
  std::size_t window(std::size_t sessions) const {
    return std::clamp(half_ / std::max<std::size_t>(sessions, 1), kWindowLeast, kWindowMost);
  }
  // A batch for a reader among so many, which the event that fills it may exceed: one is in its outbox, the others in
  // libzmq.
  std::size_t batch(std::size_t readers) const {
    return std::clamp(half_ / (kMessagesWaiting + 1) / std::max<std::size_t>(readers, 1), kBatchLeast, kBatchMost);
  }

 private:
  std::size_t half_;
};

}  // namespace moot
