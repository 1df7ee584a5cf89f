// The commands of `moot`, one function each: what stood on the command line in, the exit code out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/backup_manifest.h"
#include "broker/core/status.h"
#include "deploy/options.h"

namespace moot {

struct PublishOrder {
  std::vector<std::filesystem::path> files;
  std::string format = "auto";
  std::filesystem::path mapping;
  bool backfill = false;
  bool dry_run = false;
  double rate = 0;  // events a second; 0 = as fast as they go
};
int publish_command(const Options& options, const PublishOrder& order);

struct ReplayOrder {
  std::string from, to;  // dates or times
  std::vector<std::string> types, agencies, areas, subjects;
  std::string offsets;  // N..M, half-open
  std::filesystem::path output;
  bool dry_run = false;
  double rate = 0;
};
int replay_command(const Options& options, const ReplayOrder& order);

struct DocumentRequest {
  std::string on, as_at;
  std::string board;           // of an agenda
  std::string area;            // of an agenda: one of the board's; empty = all of them
  std::string window;          // of a caller list: "90d"
  std::int64_t top = 0;        // 0 = the policy's
  std::string policy;          // of a caller list: the id of one of the partnership's; empty = the first
  bool issue = false;          // the copies are put on record …
  std::string to;              // … for these recipients
  std::filesystem::path diff;  // of an agenda: only what changed since this one, written as JSON before
  std::string rules;           // of an agenda: another rule pack, as rules_for() has it; empty = the partnership's
  std::string format;          // "html", "md", "json"; empty = by the output's name, else json
  std::filesystem::path output;
};
int agenda_command(const Options& options, const DocumentRequest& request);
int callers_command(const Options& options, const DocumentRequest& request);

struct UpOrder {
  bool once = false;
  std::filesystem::path out;
};
int up_command(const Options& options, const UpOrder& order);
int broker_command(const Options& options);
int gateway_command(const Options& options);

int agreement_add_command(const Options& options, const std::filesystem::path& file);
int agreement_end_command(const Options& options, const std::string& id, const std::string& on);  // empty = today
int agreement_list_command(const Options& options, const std::string& as_at);
// `expires`: its last day, as 2021-03-02; empty = a year from today.
int token_add_command(const Options& options, const std::string& agency, const std::string& expires);
int certificate_add_command(const Options& options, const std::string& agency, const std::filesystem::path& file,
                            const std::string& expires);
int token_list_command(const Options& options);
int token_rotate_command(const Options& options, const std::string& token, const std::string& expires);
int token_revoke_command(const Options& options, const std::string& token);
int inbox_list_command(const Options& options);
int inbox_show_command(const Options& options, const std::string& item);
// `input`: a file that holds the record as it should have been.
int inbox_mend_command(const Options& options, const std::string& item, const std::filesystem::path& input);
struct RetryOrder {
  std::vector<std::string> items;
  bool all = false;
  std::string agency, code, file;  // of all that wait those only; empty = any
  std::filesystem::path mapping;   // instead of the one it was read with
  bool dry_run = false;
  std::uint64_t limit = 0;  // so many items; 0 = all that were chosen
  double rate = 0;          // items a second; 0 = as fast as they go
  std::string stop_at;      // this item and those after it are left; empty = none
};
int inbox_retry_command(const Options& options, const RetryOrder& order);
int inbox_drop_command(const Options& options, const std::string& item, const std::string& reason);
int status_command(const Options& options);
// Of the data directory, or of a backup in its place; `generation` of the backup, 0 = the latest.
int verify_command(const Options& options, std::uint64_t generation);
// Of the data directory, which stays as it is; `to` empty = DATA.repaired.
int repair_command(const Options& options, const std::filesystem::path& to);
int verify_backup_command(const Options& options, BackupKind kind, std::uint64_t generation);

struct BackupRequest {
  std::filesystem::path to;
  std::filesystem::path keys_to;
  std::uint32_t keep = 0;  // generations; 0 = the usual number
};
int backup_command(const Options& options, const BackupRequest& request);
struct RestoreRequest {
  std::filesystem::path from;
  std::filesystem::path keys_from;
  std::uint64_t generation = 0;  // 0 = the latest
};
int restore_command(const Options& options, const RestoreRequest& request);

struct BenchOrder {
  int repetitions = 3;
  double seconds = 2;              // of each measurement
  std::uint64_t events = 100'000;  // there when the broker is killed and started again
};
// What this machine gives: its disk, and Moot over its bus, as a process of its own beside the data directory.
int bench_command(const Options& options, const BenchOrder& order);

// Prints "moot: " and the sentence to standard error; the exit code that goes with it.
int tell(const Status& status);

}  // namespace moot
