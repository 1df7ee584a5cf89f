// A block: up to 256 events, or 64 KiB of them, in the order of their offsets, and its head.
//
//   block  = checksum:be64  record*            the checksum covers all that follows
//   record = length:be32  bytes                what is in the bytes is the business of the layer above
//   head   = checksum:be64  v1::BlockHead      count, index entries, what filters ask for, and the chain:
//              digest    SHA-256 of the block as stored, its checksum included (chain.h)
//              previous  SHA-256 of the head before as stored; empty in the first head
//
// So the last head's digest stands for every byte of the log before it. A record larger than 64 KiB has a block of its
// own. Entries of the index: key (16 bytes) value:be64 content (16 bytes); an event's own entry stands before those it
// brings along.
//
// Example: the third and fourth event of a log, of 3 and 2 bytes:
//   block  <checksum>  00 00 00 03 61 62 63  00 00 00 02 64 65
//   head   <checksum>  first_offset 2, events 2, digest <of the line above>, previous <of the head at offset 0>,
//                      entries <event key> 00 00 00 00 00 00 00 02 <content> <event key> 00 … 03 <content>,
//                      summary {times 14:05 to 14:09, types "uk.csp.contact.received.v1" "contact",
//                               agencies "soha" at 3, areas "didcot"}
//
// Thread: pure functions, usable anywhere.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "proto/log.pb.h"

namespace moot {

inline constexpr std::size_t kBlockEventsMax = 256;
inline constexpr std::size_t kBlockBytesMax = 64 * 1024;

// How many of the group's first records make the next block; at least one.
std::size_t records_of_next_block(std::span<const SealedRecord> group);

struct Block {
  std::string stored;
  v1::BlockHead head;
  std::string stored_head;
};

// `previous_head` as stored; empty for the first.
Block make_block(std::span<const SealedRecord> records, Offset first, std::string_view previous_head_digest);
// BLAKE2b-256, 32 bytes: of files in backups, and in the chain of logs of earlier formats.
std::string digest_of(std::string_view stored);

// The records of a block, views into it. kCorrupt without a place: the caller knows where it read.
Result<std::vector<std::string_view>> records_of(std::string_view stored_block);
Result<v1::BlockHead> head_of(std::string_view stored_head);
// Calls with each entry, until one gives an error. kCorrupt when the entries have no whole number.
Status for_each_entry(const v1::BlockHead& head, const std::function<Status(const IndexEntry&)>& take);

// An entry's value in the index and in heads.
inline constexpr std::size_t kKnownBytes = 8 + sizeof(Digest);
void append_known(std::string& out, const Known& known);
Known known_from(std::string_view bytes);  // exactly kKnownBytes

}  // namespace moot
