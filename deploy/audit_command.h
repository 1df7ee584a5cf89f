// `moot audit list`: who read what, and what administrators did. Thread: the command's main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "broker/core/status.h"
#include "deploy/options.h"
#include "deploy/reach.h"

namespace moot {

struct AuditOrder {
  std::string from, to;  // dates or times
  std::string actor, act, purpose;
};

void add_audit_words(CLI::App& app, const Options& options, AuditOrder& order, std::function<int()>& run);

// What a person is about to be shown.
struct Shown {
  std::string act;                      // "document", "person-find", …: broker/audited.h
  std::string what;                     // which document, person or record: codes and ids only
  std::string as_of;                    // of a document: its date
  std::uint64_t count = 0;              // of people, lines or records
  std::vector<std::string> recipients;  // agencies; none = whom the command acts as
};
// Tells the audit log, before it is shown: durable when it returns ok. An error: do not show it.
Status audit_shown(const Reach& reach, const Options& options, const Shown& shown);

}  // namespace moot
