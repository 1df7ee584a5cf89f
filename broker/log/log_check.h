// Looks over a whole log as it stands on disk, and writes nothing: every checksum of every table, every block against
// its head, the chain of heads, every head and summary against the events it is of, and the index against the heads:
// what it lacks, what it holds that no event has.
//
// Everything is read from the beginning to the end, once; keys are not looked up. The index is compared part by part by
// a sum of digests that does not ask for an order, and only a part that differs is compared key by key.
//
// What cannot be read is told once for each stretch of events, and what is behind it is looked at all the same; only
// what stands on a head that was lost (the chain, summaries, the index) is not. Findings are in the order of offsets.
//
// Nobody may have the log open for writing meanwhile. A torn tail is no finding here: whether it was acknowledged is
// for whoever knows the watermark. Thread: one caller; a large log takes minutes, and `progress` is called on the way.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/ids.h"
#include "broker/log/event_log.h"
#include "broker/log/write_ahead.h"

namespace moot {

struct LogFinding {
  std::optional<Offset> offset;  // from where on it is found
  std::string what;
};

struct LogCheck {
  std::uint64_t events = 0;  // that were read
  Offset end;                // how far the log goes
  bool end_known = false;    // else what is at its end cannot be read, and there may be more of it
  std::uint64_t blocks = 0;
  std::uint64_t keys = 0;  // of the index, compared
  std::uint64_t bytes = 0;
  std::string last_head_digest;  // 32 bytes: stands for every byte of the log
  TornEnd torn;                  // dropped at the next start; no finding
  std::vector<LogFinding> findings;
};

// What the head of a record's block must say of it.
struct SeenRecord {
  EventKey key{};
  Tags tags;
};

struct LogCheckCalls {
  // What is wrong with the record, or nothing; fills `seen` where it can.
  std::function<std::string(Offset, std::string_view bytes, std::optional<SeenRecord>& seen)> look_at;
  std::function<void(std::uint64_t events)> progress;
};

LogCheck check_log(const std::filesystem::path& folder, const LogCheckCalls& calls);

}  // namespace moot
