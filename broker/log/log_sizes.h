// How much of a log stands in memory before it is written out. Constant but for fault tests: with MOOT_LOG_SIZES in the
// environment, four numbers, flushes, merges and runs of the index come after tens of events instead of tens of
// thousands, so that a fault can strike in them.
//
//   MOOT_LOG_SIZES="65536 65536 1048576 64"    buffer of blocks, of heads, write-ahead log, entries in a run
//
// Thread: any; reads the environment.
#pragma once

#include <cstddef>

namespace moot {

struct LogSizes {
  std::size_t blocks_buffer = 16 << 20;
  std::size_t heads_buffer = 8 << 20;
  std::size_t write_ahead = 128 << 20;
  std::size_t run_entries = 368 * 1024;
};

LogSizes log_sizes();

}  // namespace moot
