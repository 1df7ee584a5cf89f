#include "deploy/bench/moot_system.h"

#include <csignal>
#include <fstream>

#include "broker/core/whole_file.h"

namespace moot::bench {

Status MootSystem::start() {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  std::ofstream config(config_file());
  config << "id = \"bench\"\nname = \"Bench\"\n";
  for (int i = 0; i < kPublishersMax; ++i)
    config << "[[agency]]\nid = \"" << agency_name(i) << "\"\nname = \"Agency " << i << "\"\n";
  config.close();
  return start_process();
}

Status MootSystem::start_process() {
  Result<std::unique_ptr<Server>> server =
      Server::start({program_.file.string(), "broker", "--config", config_file().string(), "--data", data().string(),
                     "--keys", keys().string(), "--bus", "tcp://127.0.0.1:0"},
                    [this] { return run_file_is_new(); });
  if (!server.ok()) return server.status();
  server_ = std::move(*server);
  return {};
}

// A broker that was killed leaves its run file behind: a new one has another address.
bool MootSystem::run_file_is_new() {
  const Result<std::string> text = read_whole_file(data() / "run.json");
  if (!text.ok() || *text == last_run_file_) return false;
  address_ = bus_address_in(*text);
  if (address_.empty()) return false;
  last_run_file_ = *text;
  return true;
}

Result<std::unique_ptr<Publishers>> MootSystem::connect(int publishers, const Payload& payload) {
  std::vector<KeyFile> keys;
  for (int i = 0; i < publishers; ++i) {
    Result<KeyFile> key = read_key_file(key_file(agency_name(i)));
    if (!key.ok()) return key.status();
    keys.push_back(std::move(*key));
  }
  Result<std::unique_ptr<MootBus>> bus = MootBus::connect(address_, keys, program_.encrypted);
  if (!bus.ok()) return bus.status();
  return make_moot_publishers(std::move(*bus), payload);
}

Result<std::unique_ptr<MootBus>> MootSystem::as_operator() const {
  Result<KeyFile> key = read_key_file(key_file(std::string(kOperator)));
  if (!key.ok()) return key.status();
  return MootBus::connect(address_, {*key}, program_.encrypted);
}

Result<std::uint64_t> MootSystem::stored() {
  Result<std::unique_ptr<MootBus>> bus = as_operator();
  if (!bus.ok()) return bus.status();
  return (*bus)->end_offset();
}

void MootSystem::rest() {
  if (server_) server_->stop(SIGTERM);
  server_.reset();
}

Status MootSystem::stop() {
  rest();
  std::filesystem::remove_all(folder_);
  return {};
}

std::vector<std::string> MootSystem::ways_to_read() const {
  if (!program_.readable) return {};
  return {program_.encrypted ? "Consume without a filter" : "in the clear, Consume without a filter"};
}

Status MootSystem::read(const std::string&, std::uint64_t events) {
  Result<std::unique_ptr<MootBus>> bus = as_operator();
  if (!bus.ok()) return bus.status();
  return read_from_moot(**bus, events);
}

Status MootSystem::kill_and_start_again() {
  server_->kill();
  return start_process();
}

}  // namespace moot::bench
