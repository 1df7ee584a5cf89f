// Looks at a log as it stands, before anybody opens it for writing: RocksDB takes a damaged end for a torn one, drops
// what is behind it, and deletes tables that the list of tables does not name. Costs the reading of the write-ahead
// log, whatever the history.
//
// Checked: the write-ahead log (write_ahead.h); that the list of tables was not cut short (a table on disk that it does
// not name holds nothing that is nowhere else); that blocks and heads that are in no table yet follow one another.
// Thread: one caller; nobody has the log open for writing.
#pragma once

#include "broker/core/status.h"
#include "broker/log/log_database.h"
#include "broker/log/write_ahead.h"

namespace moot {

// kCorrupt names file and place; nothing is written. What it gives back was never acknowledged and is dropped when the
// log is opened.
Result<TornEnd> look_at_log(const LogDatabase& as_it_stands);

}  // namespace moot
