#include "tests/bench/postgres_server.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace moot::bench {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrograms = "/usr/lib/postgresql";
constexpr const char* kOwner = "postgres";  // PostgreSQL does not run as root

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

// Root hands over to the owner; anybody else runs it himself. setpriv, because the kernel forgets at a change of
// user that the child is to end with its parent.
std::vector<std::string> as_owner(std::vector<std::string> command) {
  if (::geteuid() != 0) return command;
  const std::string owner = kOwner;
  std::vector<std::string> words = {"/usr/bin/setpriv", "--reuid",     owner, "--regid", owner,
                                    "--init-groups",    "--pdeathsig", "KILL"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace

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

std::size_t message_size(std::string_view unread) {
  if (unread.size() < 5) return 0;
  const std::size_t size = 1 + u32_at(unread, 1);
  return unread.size() < size ? 0 : size;
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

Result<std::vector<PostgresRow>> rows_of(TcpStreams& streams, std::string_view sql) {
  const Result<std::string> reply = ask(streams, 0, query(sql));
  if (!reply.ok()) return reply.status();
  std::vector<PostgresRow> rows;
  std::string_view text = *reply;
  for (std::size_t size = message_size(text); size > 0; size = message_size(text)) {
    if (text[0] == 'D') {  // DataRow: kind, length, number of columns; of each its length and its text
      PostgresRow& row = rows.emplace_back();
      for (std::size_t at = 7; at < size;) {
        const std::uint32_t length = u32_at(text, at);
        at += 4;
        const bool is_null = length == 0xffffffff;
        row.emplace_back(text.substr(at, is_null ? 0 : length));
        at += is_null ? 0 : length;
      }
    }
    text.remove_prefix(size);
  }
  return rows;
}

PostgresServer::PostgresServer(fs::path folder, std::vector<std::string> settings)
    : folder_(std::move(folder)), settings_(std::move(settings)) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(kPrograms, none)) programs_ = entry.path() / "bin";
}

std::string PostgresServer::version() const { return first_line_of({(programs_ / "postgres").string(), "--version"}); }

Status PostgresServer::start() {
  if (!fs::exists(folder_ / "PG_VERSION")) MOOT_RETURN_IF_ERROR(make_cluster());
  port_ = free_port();
  std::vector<std::string> command = {
      (programs_ / "postgres").string(), "-D", folder_.string(),          "-p", std::to_string(port_), "-c",
      "listen_addresses=127.0.0.1",      "-c", "unix_socket_directories="};
  for (const std::string& setting : settings_) {
    command.emplace_back("-c");
    command.push_back(setting);
  }
  Result<std::unique_ptr<Server>> server =
      Server::start(as_owner(std::move(command)), [this] { return Server::listens(port_) && sessions(1).ok(); });
  if (!server.ok()) return server.status();
  server_ = std::move(*server);
  return {};
}

void PostgresServer::stop() {
  if (server_) server_->stop(SIGINT);
  server_.reset();
}

Result<std::unique_ptr<TcpStreams>> PostgresServer::sessions(int count) const { return greeted(port_, count); }

Status PostgresServer::make_cluster() const {
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

}  // namespace moot::bench
