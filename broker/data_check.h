// Looks over a data directory and its keys as they stand, and writes nothing (`moot verify`): the log (log_check.h),
// how far it was acknowledged, every sealed part with its key, the audit log, the inbox, the registry, the tokens of
// the gateway, the keys of the partnership and of the broker.
//
// Nobody may run a broker on the directory meanwhile. Thread: one caller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

struct Finding {
  std::filesystem::path file;  // or folder
  std::optional<Offset> offset;
  std::string text;
};

struct DataCheck {
  std::uint64_t events = 0;  // that were read
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;
  std::uint64_t index_keys = 0;
  std::uint64_t sealed_events = 0;  // opened with their keys
  std::uint64_t inbox_items = 0;
  std::uint64_t audit_entries = 0;
  std::uint64_t audit_begun = 0;  // where the log was when the audit log began: 0, unless it is older than audit logs
  std::string audit_digest;       // hex
  std::string digest;             // hex; stands for every byte of the log
  std::string torn_end;           // no finding: what a crash left unfinished and the next start drops; empty as a rule
  std::vector<Finding> findings;

  bool ok() const { return findings.empty(); }
};

// kInvalid when it is no data directory, kExists when a broker runs on it.
Result<DataCheck> check_data(const std::filesystem::path& data, const std::filesystem::path& keys,
                             const std::function<void(std::uint64_t events)>& progress);

}  // namespace moot
