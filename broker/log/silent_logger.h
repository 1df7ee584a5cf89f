// For a RocksDB that is only looked at: it keeps no notes, and so writes nothing into the folder.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace moot {

class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

inline std::shared_ptr<rocksdb::Logger> silent_logger() { return std::make_shared<SilentLogger>(); }

}  // namespace moot
