// A PostgreSQL of the bench's own, and its protocol (version 3) as far as the bench speaks it.
//
// Thread: one, the bench's; it must be the one that starts the server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"
#include "deploy/bench/server.h"
#include "tests/bench/tcp_streams.h"

namespace moot::bench {

// Numbers as the protocol has them, the most significant byte first.
void put_u16(std::string& out, std::uint16_t value);
void put_u32(std::string& out, std::uint32_t value);
std::uint32_t u32_at(std::string_view bytes, std::size_t at);
// One message from the server: its kind, and its length with everything; 0 when it is not all there.
std::size_t message_size(std::string_view unread);
// The first error that the server's messages tell of.
Status error_in(std::string_view text);
// A statement as a message.
std::string query(std::string_view sql);

using PostgresRow = std::vector<std::string>;

class PostgresServer {
 public:
  // `folder` has its data; it is made where it is not there. `settings`: words of its command line.
  PostgresServer(std::filesystem::path folder, std::vector<std::string> settings);

  std::string version() const;
  Status start();
  void stop();
  std::vector<pid_t> processes() const { return server_->processes(); }
  // So many sessions, each ready for a statement.
  Result<std::unique_ptr<TcpStreams>> sessions(int count) const;

 private:
  Status make_cluster() const;

  const std::filesystem::path folder_;
  const std::vector<std::string> settings_;
  std::filesystem::path programs_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

// The server's whole answer; kBadRequest with its words where it is an error.
Result<std::string> ask(TcpStreams& streams, int stream, const std::string& request);
// What a statement finds, as text; of NULL nothing.
Result<std::vector<PostgresRow>> rows_of(TcpStreams& streams, std::string_view sql);

}  // namespace moot::bench
