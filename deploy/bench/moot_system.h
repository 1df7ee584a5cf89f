// Moot itself: a broker process with an agency for every publisher, driven over its bus.
//
// Thread: one, the bench's.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "deploy/bench/moot_bus.h"
#include "deploy/bench/server.h"
#include "deploy/bench/system.h"

namespace moot::bench {

// Which executable is run as the broker, and what is to be said about it.
struct MootProgram {
  std::string name = "moot-full";
  std::filesystem::path file;
  std::string settings =
      "`moot broker`, its defaults; CURVE on every connection, an agency for every publisher. Parsed, validated, "
      "deduplicated for ever, personal part sealed";
  bool encrypted = true;
  bool readable = true;  // what it stores can be read back
};

class MootSystem final : public System {
 public:
  // Keeps its data in a folder of its name in `folder`.
  MootSystem(MootProgram program, const std::filesystem::path& folder)
      : program_(std::move(program)), folder_(folder / program_.name) {}

  std::string name() const override { return program_.name; }
  std::string version() const override { return "this build"; }
  std::string settings() const override { return program_.settings + ". An ack means fsynced"; }
  std::string operation() const override { return "a Publish message with one event; 100 events: one with 100"; }
  bool syncs_before_ack() const override { return true; }
  bool finds_duplicates() const override { return true; }

  Status start() override;
  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override;
  std::vector<pid_t> processes() const override { return server_->processes(); }
  Result<std::uint64_t> stored() override;
  Status stop() override;
  // Ends the broker; its data stay, for whoever wants to open them.
  void rest();

  std::vector<std::string> ways_to_read() const override;
  Status read(const std::string& way, std::uint64_t events) override;

  bool can_be_killed() const override { return true; }
  Status kill_and_start_again() override;
  std::filesystem::path folder() const override { return folder_; }
  std::filesystem::path data() const { return folder_ / "data"; }
  std::filesystem::path keys() const { return folder_ / "keys"; }

 private:
  std::filesystem::path config_file() const { return folder_ / "partnership.toml"; }
  std::filesystem::path key_file(const std::string& agency) const { return keys() / "agencies" / (agency + ".key"); }
  Status start_process();
  bool run_file_is_new();
  Result<std::unique_ptr<MootBus>> as_operator() const;

  const MootProgram program_;
  const std::filesystem::path folder_;
  std::string address_, last_run_file_;
  std::unique_ptr<Server> server_;
};

}  // namespace moot::bench
