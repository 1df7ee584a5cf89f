// What systems that are one server on one TCP port have in common: started on a free port with an empty folder, and
// taken away with it.
//
// Thread: one, the bench's.
#pragma once

#include <csignal>

#include "deploy/bench/server.h"
#include "deploy/bench/system.h"

namespace moot::bench {

class TcpSystem : public System {
 public:
  std::vector<pid_t> processes() const override { return server_->processes(); }
  std::filesystem::path folder() const override { return folder_; }

  Status stop() override {
    if (server_) server_->stop(SIGTERM);
    server_.reset();
    std::filesystem::remove_all(folder_);
    return {};
  }

 protected:
  explicit TcpSystem(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `command`: what to run, given the port.
  Status start_server(const std::function<std::vector<std::string>(const std::string& port)>& command) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    port_ = free_port();
    Result<std::unique_ptr<Server>> server =
        Server::start(command(std::to_string(port_)), [this] { return Server::listens(port_); });
    if (!server.ok()) return server.status();
    server_ = std::move(*server);
    return {};
  }

  std::uint16_t port() const { return port_; }

 private:
  const std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

}  // namespace moot::bench
