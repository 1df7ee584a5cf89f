// Looks at a log as it stands, before anybody opens it for writing: RocksDB takes a damaged end for a torn one, drops
// what is behind it, and deletes tables that the list of tables does not name. Costs the reading of the write-ahead
// log, whatever the history.
//
// Checked: the write-ahead log (write_ahead.h); that the list of tables was not cut short (a table on disk that it does
// not name holds nothing that is nowhere else); that blocks and heads that are in no table yet follow one another.
// Thread: one caller; nobody has the log open for writing.
#pragma once

#include <optional>
#include <string>

#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "broker/log/id_index.h"
#include "broker/log/log_database.h"
#include "broker/log/write_ahead.h"

namespace moot {

// kCorrupt names file and place; nothing is written. What it gives back was never acknowledged and is dropped when the
// log is opened.
Result<TornEnd> look_at_log(const LogDatabase& as_it_stands);
// That the runs of the index have what the heads have: an index that lost a part of itself would take events for new
// that are there. By samples spread over the whole log, since what is lost is lost by whole files: those events that
// ingest looks at too. kCorrupt.
Status check_runs(const LogDatabase& as_it_stands, Offset end);

// What is torn, for whoever watches; empty when nothing is torn. `end`: where the log goes on.
std::string sentence_of(const TornEnd& torn, Offset end);

// What is wrong with a log that ends before what was acknowledged.
Status ends_too_early(const std::filesystem::path& folder, Offset end, Offset acknowledged, const TornEnd& torn);

// A key that is in no run of the index yet, from the heads that came after the last of them; the latest first.
Result<std::optional<Known>> find_in_last_heads(const LogDatabase& as_it_stands, const IdIndex& index,
                                                const EventKey& key);

}  // namespace moot
