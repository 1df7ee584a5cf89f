// Looks over a whole log as it stands on disk, and writes nothing: every checksum of every table, every block against
// its head, the chain of heads, every key in the index, every summary against the events it is of.
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

namespace moot {

struct LogFinding {
  std::optional<Offset> offset;  // from where on it is found
  std::string what;
};

struct LogCheck {
  std::uint64_t events = 0;
  std::uint64_t blocks = 0;
  std::uint64_t keys = 0;  // looked up in the index
  std::uint64_t bytes = 0;
  std::string last_head_digest;  // 32 bytes: stands for every byte of the log
  std::vector<LogFinding> findings;
};

struct LogCheckCalls {
  // What is wrong with the record, or nothing.
  std::function<std::string(Offset, std::string_view bytes)> look_at;
  std::function<void(std::uint64_t events)> progress;
};

LogCheck check_log(const std::filesystem::path& folder, const LogCheckCalls& calls);

}  // namespace moot
