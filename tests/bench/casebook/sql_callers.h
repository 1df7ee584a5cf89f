// The same contacts and incidents in indexed tables of PostgreSQL, and the same top ten and measures as SQL.
//
// What SQL is spared: who is who (its contacts name a person by number, Moot finds that out), the reasons and events
// behind each line, earlier windows, and everything else that the documents say. Thread: one, the bench's.
#pragma once

#include <filesystem>

#include "tests/bench/casebook/casebook_measure.h"
#include "tests/bench/postgres_server.h"

namespace moot::bench {

struct SqlCost {
  Spent loading;                 // with the indexes; only the wall tells
  std::vector<double> callers;   // seconds
  std::vector<double> measures;  // likewise
};

class SqlCallers {
 public:
  explicit SqlCallers(const std::filesystem::path& folder)
      : server_(folder, {"shared_buffers=256MB", "max_wal_size=4GB", "synchronous_commit=off"}) {}

  std::string version() const { return server_.version(); }
  Status start();
  void stop() { server_.stop(); }
  Status load(const MadeUpHistory& history, std::uint64_t events, SqlCost& cost);
  // Times both, and says where they find something else than Moot did: kCorrupt.
  Status compare(const CasebookMeasure& moot, int repetitions, SqlCost& cost);

 private:
  Status compare_callers(const CasebookMeasure& moot, SqlCost& cost);
  Status compare_measures(const CasebookMeasure& moot, SqlCost& cost);

  PostgresServer server_;
  std::unique_ptr<TcpStreams> session_;
};

}  // namespace moot::bench
