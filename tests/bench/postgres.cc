// PostgreSQL: COPY of 1,000 events at a time into a table with a unique index on the id, over its own protocol
// (version 3, binary COPY), each COPY a transaction of its own.
#include "tests/bench/postgres_server.h"
#include "tests/bench/systems.h"

namespace moot::bench {

namespace {

namespace fs = std::filesystem;

constexpr int kEventsInCopy = 1000;

class PostgresPublishers final : public Publishers {
 public:
  PostgresPublishers(std::unique_ptr<TcpStreams> streams, const Payload& payload)
      : streams_(std::move(streams)), payload_(payload) {}

  // The statement and its data go out together: the server need not be waited for in between.
  Status send(int publisher, std::uint64_t first, int events) override {
    std::string& out = streams_->out(publisher);
    out += query("COPY events (id, body) FROM STDIN (FORMAT binary)");
    constexpr std::size_t kRow = 2 + 4 + kIdBytes + 4 + kEventBytes;
    constexpr std::string_view kHead("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    const std::size_t bytes = kHead.size() + static_cast<std::size_t>(events) * kRow + 2;
    out += 'd';
    put_u32(out, static_cast<std::uint32_t>(4 + bytes));
    out += kHead;
    for (int i = 0; i < events; ++i) {
      const std::uint64_t number = first + static_cast<std::uint64_t>(i);
      const Payload::Id id = payload_.id(number);
      put_u16(out, 2);
      put_u32(out, kIdBytes);
      out.append(id.data(), id.size());
      put_u32(out, kEventBytes);
      const std::size_t at = out.size();
      out.resize(at + kEventBytes);
      payload_.write(publisher, number, out.data() + at);
    }
    put_u16(out, 0xffff);
    out += 'c';
    put_u32(out, 4);
    return {};
  }

  Status flush() override { return streams_->flush(); }

  Status receive(std::chrono::nanoseconds longest, std::vector<Ack>& acks) override {
    return streams_->wait(longest, [&](int stream, std::string_view unread) -> Result<std::size_t> {
      std::size_t at = 0;
      for (std::size_t size = message_size(unread); size > 0; size = message_size(unread.substr(at))) {
        if (unread[at] == 'E') return error_in(unread.substr(at));
        if (unread[at] == 'Z') acks.push_back({stream, 1});
        at += size;
      }
      return at;
    });
  }

 private:
  std::unique_ptr<TcpStreams> streams_;
  const Payload& payload_;
};

class Postgres final : public System {
 public:
  explicit Postgres(const SystemOptions& options)
      : folder_(options.folder / "postgres"),
        copies_(options.copies),
        server_(folder_, {"shared_buffers=256MB", "max_wal_size=4GB"}) {}
  ~Postgres() override { fs::remove_all(folder_); }

  bool syncs_before_ack() const override { return true; }
  bool finds_duplicates() const override { return true; }
  std::string name() const override { return "postgres-copy"; }
  std::string version() const override { return server_.version(); }
  std::string settings() const override {
    return "fsync on, synchronous_commit on, shared_buffers 256MB, max_wal_size 4GB, all else its defaults; unique "
           "index on the id; the table is emptied and the cluster kept between repetitions. An ack means fsynced";
  }
  std::string operation() const override {
    return "COPY of " + std::to_string(kEventsInCopy) + " (binary), " + std::to_string(copies_) +
           " connections with one COPY in flight each";
  }
  bool takes(const Shape& shape) const override { return shape.frames(); }
  Shape own_shape(const Shape& shape) const override { return {shape.name, copies_, 1, kEventsInCopy, 0}; }

  Status start() override {
    MOOT_RETURN_IF_ERROR(server_.start());
    Result<std::unique_ptr<TcpStreams>> streams = server_.sessions(1);
    if (!streams.ok()) return streams.status();
    return ask(**streams, 0,
               query("DROP TABLE IF EXISTS events; CREATE TABLE events (id text NOT NULL, body bytea NOT NULL); "
                     "CREATE UNIQUE INDEX ON events (id)"))
        .status();
  }

  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override {
    Result<std::unique_ptr<TcpStreams>> streams = server_.sessions(publishers);
    if (!streams.ok()) return streams.status();
    return std::unique_ptr<Publishers>(new PostgresPublishers(std::move(*streams), payload));
  }

  std::vector<pid_t> processes() const override { return server_.processes(); }

  Result<std::uint64_t> stored() override {
    Result<std::unique_ptr<TcpStreams>> streams = server_.sessions(1);
    if (!streams.ok()) return streams.status();
    const Result<std::vector<PostgresRow>> rows = rows_of(**streams, "SELECT count(*) FROM events");
    if (!rows.ok()) return rows.status();
    if (rows->size() != 1 || rows->front().size() != 1)
      return Status(Code::kBadRequest, "postgres did not say how many events it has");
    return std::uint64_t{std::stoull(rows->front().front())};
  }

  Status stop() override {
    server_.stop();
    return {};
  }

  fs::path folder() const override { return folder_; }

 private:
  const fs::path folder_;
  const int copies_;
  PostgresServer server_;
};

}  // namespace

std::unique_ptr<System> make_postgres(const SystemOptions& options) { return std::make_unique<Postgres>(options); }

}  // namespace moot::bench
