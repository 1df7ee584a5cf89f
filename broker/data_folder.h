// The data directory and the key directory of one partnership, held by one process at a time.
//
//   DATA/LOCK           locked (fcntl, open file) by the process that runs the broker
//   DATA/moot.id        "moot-data 1 <32 hex>": this is ours, and which log it is
//   DATA/agencies.toml  the registry (broker/access/registry.h)
//   DATA/watermark      how far the log was acknowledged (broker/log/watermark.h)
//   DATA/log/           the event log       DATA/inbox/   the inbox       DATA/views/   the consumers' snapshots
//   DATA/readers        how far readers have come, for the figures (broker/reader_positions.h)
//   DATA/audit/         the audit log (broker/audit_log.h); DATA/audit.watermark: how far it was acknowledged
//   DATA/tokens.toml    bearer tokens of the HTTP gateway, as digests (adapters/bearer_tokens.h)
//   DATA/spool/<agency>/  what came over HTTP while no broker ran (adapters/spool.h); its process is not the broker's
//   DATA/gateway.lock   held (flock) by the gateway that may keep something in spools
//   DATA/pulls/<agency>.json  how far the pull from its server got (adapters/pull_state.h); likewise
//   DATA/commands.lock  held (flock) by the commands that use its broker (deploy/command_presence.h)
//   DATA/run.json       {"pid","bus","http"} while a broker runs; "http" while a gateway does too
//
//   KEYS/partnership.key        the partnership's secret: shared by every data directory that is given this folder
//   KEYS/broker.key             the broker's CURVE key pair
//   KEYS/spool.key              what spools are sealed with
//     each a line of 64 hex digits, and under it "check <16 hex>", which vouches for them; older ones have no such line
//   KEYS/agencies/<id>.key      key files (broker/agency_keys.h, broker/wire/key_file.h)
//   KEYS/logs/<log id>/         what belongs to one log: events/ (key store), epoch.key, inbox.key, views/
//
// Thread: any, constant after open.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "broker/log/file_keys.h"

namespace moot {

// What a backup and a repair take over as it is, beside what they know the form of.
struct SmallFile {
  const char* name;
  bool must_be_there;
};
inline constexpr SmallFile kSmallFiles[] = {{"agencies.toml", true}, {"config", false}, {"tokens.toml", false}};

class DataFolder {
 public:
  // Makes both folders where they do not exist and takes the lock. kExists when another process holds it; kInvalid when
  // the folder holds something that is not ours.
  static Result<DataFolder> open(const std::filesystem::path& data, const std::filesystem::path& keys);
  // The address of the broker that runs on this data directory, or nothing when none does.
  static std::optional<std::string> running_bus(const std::filesystem::path& data);
  static bool in_use(const std::filesystem::path& data);  // by a process that holds its lock
  static std::filesystem::path run_file(const std::filesystem::path& data) { return data / "run.json"; }
  static std::filesystem::path spool(const std::filesystem::path& data) { return data / "spool"; }
  static std::filesystem::path pulls(const std::filesystem::path& data) { return data / "pulls"; }
  static std::filesystem::path pull_state(const std::filesystem::path& data, const std::string& agency) {
    return pulls(data) / (agency + ".json");
  }

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  std::filesystem::path data() const { return data_; }
  std::filesystem::path keys() const { return keys_; }
  std::filesystem::path log() const { return data_ / "log"; }
  std::filesystem::path watermark() const { return data_ / "watermark"; }
  std::filesystem::path audit() const { return data_ / "audit"; }
  std::filesystem::path audit_watermark() const { return data_ / "audit.watermark"; }
  std::filesystem::path inbox() const { return data_ / "inbox"; }
  std::filesystem::path readers() const { return data_ / "readers"; }
  std::filesystem::path registry() const { return data_ / "agencies.toml"; }
  std::filesystem::path agency_keys() const { return keys_ / "agencies"; }
  std::filesystem::path key_file(const std::string& agency) const { return agency_keys() / (agency + ".key"); }
  std::filesystem::path log_keys() const { return keys_ / "logs" / log_id_; }
  const std::string& log_id() const { return log_id_; }

  // A secret of the key directory, made when the data directory is: kMissing when there is a log and no secret.
  Result<Key> secret(const std::filesystem::path& file) const;
  Result<Key> partnership_secret() const { return secret(keys_ / "partnership.key"); }
  Result<Key> broker_secret() const { return secret(keys_ / "broker.key"); }
  std::filesystem::path epoch_file() const { return log_keys() / "epoch.key"; }
  Result<FileKeys> epoch_key() const;
  std::filesystem::path event_keys() const { return log_keys() / "events"; }
  Result<Key> inbox_key() const { return secret(log_keys() / "inbox.key"); }

  Status write_run_file(const std::string& bus_address) const;

 private:
  DataFolder(std::filesystem::path data, std::filesystem::path keys) : data_(std::move(data)), keys_(std::move(keys)) {}
  Status settle() const;
  Status take_lock();
  Status identify();

  std::filesystem::path data_;
  std::filesystem::path keys_;
  std::string log_id_;
  bool fresh_ = false;  // there is no log yet
  int lock_ = -1;
};

// Adds a gateway's real address to the run file of the broker that runs there; without one it does nothing. An empty
// address takes it out.
Status tell_http_address(const std::filesystem::path& data, const std::string& address);

// A key of the key directory that only reading is asked of, for a process that does not own the data directory.
Result<Key> read_secret(const std::filesystem::path& file);
// Likewise of a key that nothing needs yet when it is not there. Of two processes that make it one wins.
Result<Key> read_or_make_secret(const std::filesystem::path& file);
std::string read_log_id(const std::filesystem::path& data);  // empty when there is none

}  // namespace moot
