// PostgreSQL: COPY of 1,000 events at a time into a table with a unique index on the id, over its own protocol
// (version 3, binary COPY), each COPY a transaction of its own.
#include <arpa/inet.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "deploy/bench/server.h"
#include "tests/bench/systems.h"
#include "tests/bench/tcp_streams.h"

namespace moot::bench {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrograms = "/usr/lib/postgresql";
constexpr const char* kOwner = "postgres";  // PostgreSQL does not run as root
constexpr int kEventsInCopy = 1000;

void put_u16(std::string& out, std::uint16_t value) {
  const std::uint16_t wire = htons(value);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void put_u32(std::string& out, std::uint32_t value) {
  const std::uint32_t wire = htonl(value);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t wire = 0;
  std::memcpy(&wire, bytes.data() + at, sizeof wire);
  return ntohl(wire);
}

// One message from the server: its kind, and its length with everything; 0 when it is not all there.
std::size_t message_size(std::string_view unread) {
  if (unread.size() < 5) return 0;
  const std::size_t size = 1 + u32_at(unread, 1);
  return unread.size() < size ? 0 : size;
}

// All is said: the last message is ReadyForQuery.
bool ready_for_query(std::string_view text) {
  for (std::size_t size = message_size(text); size > 0; size = message_size(text)) {
    if (text[0] == 'Z' && size == text.size()) return true;
    text.remove_prefix(size);
  }
  return false;
}

// An ErrorResponse as text: its fields have a letter each and end with a zero.
std::string error_text(std::string_view message) {
  std::string text;
  for (const char c : message.substr(5)) text += c == '\0' ? ' ' : c;
  return text;
}

Status error_in(std::string_view text) {
  for (std::size_t size = message_size(text); size > 0; size = message_size(text)) {
    if (text[0] == 'E') return Status(Code::kBadRequest, "postgres: " + error_text(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return {};
}

std::string query(std::string_view sql) {
  std::string message = "Q";
  put_u32(message, static_cast<std::uint32_t>(4 + sql.size() + 1));
  message += sql;
  message += '\0';
  return message;
}

Result<std::string> ask(TcpStreams& streams, int stream, const std::string& request) {
  Result<std::string> reply = streams.ask(stream, request, ready_for_query);
  if (!reply.ok()) return reply;
  const Status error = error_in(*reply);
  if (!error.ok()) return error;
  return reply;
}

Result<std::unique_ptr<TcpStreams>> greeted(std::uint16_t port, int count) {
  Result<std::unique_ptr<TcpStreams>> streams = TcpStreams::connect(port, count);
  if (!streams.ok()) return streams;
  std::string words("user\0bench\0database\0postgres\0", 29);
  words += '\0';
  std::string startup;
  put_u32(startup, static_cast<std::uint32_t>(8 + words.size()));
  put_u32(startup, 196608);  // protocol 3.0
  startup += words;
  for (int i = 0; i < count; ++i) {
    const Result<std::string> reply = ask(**streams, i, startup);
    if (!reply.ok()) return reply.status();
  }
  return streams;
}

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
  explicit Postgres(const SystemOptions& options) : folder_(options.folder / "postgres"), copies_(options.copies) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(kPrograms, none)) programs_ = entry.path() / "bin";
  }
  ~Postgres() override { fs::remove_all(folder_); }

  bool syncs_before_ack() const override { return true; }
  bool finds_duplicates() const override { return true; }
  std::string name() const override { return "postgres-copy"; }
  std::string version() const override { return first_line_of({(programs_ / "postgres").string(), "--version"}); }
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
    if (!fs::exists(folder_ / "PG_VERSION")) MOOT_RETURN_IF_ERROR(make_cluster());
    port_ = free_port();
    Result<std::unique_ptr<Server>> server =
        Server::start(as_owner({(programs_ / "postgres").string(), "-D", folder_.string(), "-p", std::to_string(port_),
                                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c",
                                "shared_buffers=256MB", "-c", "max_wal_size=4GB"}),
                      [this] { return Server::listens(port_) && greeted(port_, 1).ok(); });
    if (!server.ok()) return server.status();
    server_ = std::move(*server);
    Result<std::unique_ptr<TcpStreams>> streams = greeted(port_, 1);
    if (!streams.ok()) return streams.status();
    return ask(**streams, 0,
               query("DROP TABLE IF EXISTS events; CREATE TABLE events (id text NOT NULL, body bytea NOT NULL); "
                     "CREATE UNIQUE INDEX ON events (id)"))
        .status();
  }

  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override {
    Result<std::unique_ptr<TcpStreams>> streams = greeted(port_, publishers);
    if (!streams.ok()) return streams.status();
    return std::unique_ptr<Publishers>(new PostgresPublishers(std::move(*streams), payload));
  }

  std::vector<pid_t> processes() const override { return server_->processes(); }

  Result<std::uint64_t> stored() override {
    Result<std::unique_ptr<TcpStreams>> streams = greeted(port_, 1);
    if (!streams.ok()) return streams.status();
    const Result<std::string> reply = ask(**streams, 0, query("SELECT count(*) FROM events"));
    if (!reply.ok()) return reply.status();
    std::string_view text = *reply;
    // DataRow: kind, length, one column, its length, its digits.
    for (std::size_t size = message_size(text); size > 0; size = message_size(text)) {
      if (text[0] == 'D') return std::uint64_t{std::stoull(std::string(text.substr(11, u32_at(text, 7))))};
      text.remove_prefix(size);
    }
    return Status(Code::kBadRequest, "postgres did not say how many events it has");
  }

  Status stop() override {
    if (server_) server_->stop(SIGINT);
    server_.reset();
    return {};
  }

  fs::path folder() const override { return folder_; }

 private:
  // Root hands over to the owner; anybody else runs it himself. setpriv, because the kernel forgets at a change of
  // user that the child is to end with its parent.
  static std::vector<std::string> as_owner(std::vector<std::string> command) {
    if (::geteuid() != 0) return command;
    const std::string owner = kOwner;
    std::vector<std::string> words = {"/usr/bin/setpriv", "--reuid",     owner, "--regid", owner,
                                      "--init-groups",    "--pdeathsig", "KILL"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
  }

  Status make_cluster() const {
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
    if (::geteuid() == 0) {
      const passwd* owner = ::getpwnam(kOwner);
      if (owner == nullptr) return Status(Code::kMissing, "there is no user \"postgres\"; is PostgreSQL installed?");
      if (::chown(folder_.c_str(), owner->pw_uid, owner->pw_gid) != 0)
        return Status(Code::kDisk, folder_.string() + " cannot be given to postgres");
    }
    const Ended made = run(as_owner({(programs_ / "initdb").string(), "-D", folder_.string(), "-U", "bench",
                                     "--auth=trust", "-E", "UTF8", "--locale=C"}));
    return made.exit_code == 0 ? Status() : Status(Code::kUnavailable, "initdb: " + made.out + made.err);
  }

  const fs::path folder_;
  const int copies_;
  fs::path programs_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

}  // namespace

std::unique_ptr<System> make_postgres(const SystemOptions& options) { return std::make_unique<Postgres>(options); }

}  // namespace moot::bench
