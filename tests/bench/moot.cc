// Moot itself: a broker process with an agency for every publisher, driven over its bus.
#include <csignal>

#include <fstream>

#include "broker/core/whole_file.h"
#include "tests/bench/moot_bus.h"
#include "tests/bench/server.h"
#include "tests/bench/system.h"

namespace moot::bench {

namespace {

namespace fs = std::filesystem;

class Moot final : public System {
 public:
  explicit Moot(const SystemOptions& options) : folder_(options.folder / "moot") {}

  std::string name() const override { return "moot-full"; }
  std::string version() const override { return "this build"; }
  std::string settings() const override {
    return "`moot broker`, its defaults; CURVE on every connection, an agency for every publisher. Parsed, validated, "
           "deduplicated for ever, personal part sealed. An ack means fsynced";
  }
  std::string operation() const override { return "a Publish message with one event; 100 events: one with 100"; }

  Status start() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream config(config_file());
    config << "id = \"bench\"\nname = \"Bench\"\n";
    for (int i = 0; i < kPublishersMax; ++i)
      config << "[[agency]]\nid = \"" << agency_name(i) << "\"\nname = \"Agency " << i << "\"\n";
    config.close();
    return start_process();
  }

  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override {
    std::vector<KeyFile> keys;
    for (int i = 0; i < publishers; ++i) {
      Result<KeyFile> key = read_key_file(key_file(agency_name(i)));
      if (!key.ok()) return key.status();
      keys.push_back(std::move(*key));
    }
    Result<std::unique_ptr<MootBus>> bus = MootBus::connect(address_, keys);
    if (!bus.ok()) return bus.status();
    return make_moot_publishers(std::move(*bus), payload);
  }

  std::vector<pid_t> processes() const override { return server_->processes(); }

  Result<std::uint64_t> stored() override {
    Result<std::unique_ptr<MootBus>> bus = as_operator();
    if (!bus.ok()) return bus.status();
    return (*bus)->end_offset();
  }

  Status stop() override {
    if (server_) server_->stop(SIGTERM);
    server_.reset();
    fs::remove_all(folder_);
    return {};
  }

  std::vector<std::string> ways_to_read() const override { return {"Consume without a filter"}; }

  Status read(const std::string&, std::uint64_t events) override {
    Result<std::unique_ptr<MootBus>> bus = as_operator();
    if (!bus.ok()) return bus.status();
    return read_from_moot(**bus, events);
  }

  bool can_be_killed() const override { return true; }
  Status kill_and_start_again() override {
    server_->kill();
    return start_process();
  }
  fs::path folder() const override { return folder_; }

 private:
  fs::path config_file() const { return folder_ / "partnership.toml"; }
  fs::path key_file(const std::string& agency) const { return folder_ / "keys" / "agencies" / (agency + ".key"); }

  Status start_process() {
    Result<std::unique_ptr<Server>> server =
        Server::start({MOOT_BINARY, "broker", "--config", config_file().string(), "--data", (folder_ / "data").string(),
                       "--keys", (folder_ / "keys").string(), "--bus", "tcp://127.0.0.1:0"},
                      [this] { return run_file_is_new(); });
    if (!server.ok()) return server.status();
    server_ = std::move(*server);
    return {};
  }

  // A broker that was killed leaves its run file behind: a new one has another address.
  bool run_file_is_new() {
    const Result<std::string> text = read_whole_file(folder_ / "data" / "run.json");
    if (!text.ok() || *text == last_run_file_) return false;
    address_ = bus_address_in(*text);
    if (address_.empty()) return false;
    last_run_file_ = *text;
    return true;
  }

  Result<std::unique_ptr<MootBus>> as_operator() const {
    Result<KeyFile> key = read_key_file(key_file(std::string(kOperator)));
    if (!key.ok()) return key.status();
    return MootBus::connect(address_, {*key});
  }

  const fs::path folder_;
  std::string address_, last_run_file_;
  std::unique_ptr<Server> server_;
};

}  // namespace

std::unique_ptr<System> make_moot(const SystemOptions& options) { return std::make_unique<Moot>(options); }

}  // namespace moot::bench
