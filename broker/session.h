// What the bus remembers of one connected peer. A value; owned by the bus thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "broker/access/agreements.h"
#include "broker/access/roles.h"
#include "broker/audit_log.h"
#include "broker/core/ids.h"
#include "broker/reading.h"
#include "broker/wire/frames.h"
#include "proto/bus.pb.h"

namespace moot {

// A running Consume. The broker sends while `credit_bytes` is positive; the reader grants more.
struct Subscription {
  std::uint64_t number = 0;  // of the Consume request; every batch repeats it
  Recipient reader;
  std::string name;      // which reader of the agency's
  std::string coverage;  // what the reader was entitled to when it began; another ends it
  v1::Filter filter;
  Offset next;
  bool goes_on = false;  // it is the agency's reader, which is to have everything
  std::int64_t credit_bytes = 0;
  Offset told_through;  // what the last batch said
  bool told = false;
  std::uint64_t audit_number = 0;  // of the entry that tells that it began
  std::uint64_t given = 0;         // events
};

struct Session {
  Caller caller;
  std::string connection;                    // connection_name of the key it was opened with
  std::uint32_t protocol = kOldestProtocol;  // that its hello agreed on
  std::optional<Subscription> subscription;
  AuditReading audit_reading;
  std::deque<BusMessage> outbox;
  std::size_t outbox_bytes = 0;
  v1::Reply acks;              // of the commit in hand, where the peer takes them together
  std::size_t acks_bytes = 0;  // about
  std::chrono::steady_clock::time_point last_heard;
};

// A peer that does not read its replies: beyond so much it is dropped; it finds out and connects again.
inline constexpr std::size_t kOutboxMessagesMax = 1000;
inline constexpr std::size_t kOutboxBytesMax = 1024 * 1024;
// A message of acks that come together is closed at so much.
inline constexpr std::size_t kAcksTogetherBytes = 64 * 1024;
// Of so many the memory is kept for the next: no more than a session among many ever waits for.
inline constexpr int kAcksKept = 256;
inline constexpr std::size_t kSessionsMax = 5000;
inline constexpr std::size_t kSessionsOfAgencyMax = 200;  // so that one agency cannot shut out the others
// Each reading that begins is an entry of the audit log: a caller begins so many a minute, so that nobody fills it.
inline constexpr int kReadingsMax = 600;
// So is each other act that is audited: who does not administer asks for so many a minute.
inline constexpr int kActsMax = 6000;
// Peers ping every second; silence for so long is a dead peer.
inline constexpr std::chrono::seconds kSessionSilenceMax{60};

}  // namespace moot
