// A RocksDB file system that tells how much has been read through it: for work of RocksDB's that tells nothing itself.
// Thread: as RocksDB's own; `read` is called from whichever of its threads reads.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace moot {

using ReadSoFar = std::function<void(std::uint64_t bytes)>;

std::unique_ptr<rocksdb::Env> counted_files(ReadSoFar read);

}  // namespace moot
