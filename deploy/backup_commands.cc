#include <boost/json.hpp>
#include <iostream>
#include <thread>

#include "broker/backup_check.h"
#include "broker/backup_restore.h"
#include "broker/client/connection.h"
#include "deploy/command.h"
#include "deploy/progress.h"
#include "deploy/reach.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::milliseconds kAskEvery{100};

std::string extent_in_words(std::uint64_t events, const std::string& recorded) {
  if (events == 0) return "no events";
  return std::to_string(events) + (events == 1 ? " event" : " events") + ", through offset " +
         std::to_string(events - 1) + ", the last recorded on " + in_words(recorded);
}

void add_extent(json::object& to, std::uint64_t generation, std::uint64_t events, const std::string& recorded) {
  to["generation"] = generation;
  to["events"] = events;
  to["through_offset"] = events == 0 ? json::value(nullptr) : json::value(json::string(std::to_string(events - 1)));
  to["last_recorded"] = recorded.empty() ? json::value(nullptr) : json::value(json::string(recorded));
}

void print_json(const v1::BackupState& state) {
  json::object printed;
  add_extent(printed, state.generation(), state.events(), state.recorded());
  printed["bytes"] = state.bytes();
  printed["new_bytes"] = state.new_bytes();
  printed["keys"] = nullptr;
  if (state.has_keys())
    printed["keys"] = json::object{{"generation", state.keys().generation()},
                                   {"files", state.keys().files()},
                                   {"new_files", state.keys().new_files()}};
  std::cout << json::serialize(printed) << "\n";
}

void print_words(const BackupRequest& request, const v1::BackupState& state) {
  std::cout << "Generation " << state.generation() << " in " << request.to.string() << " holds "
            << extent_in_words(state.events(), state.recorded()) << ".\n"
            << state.new_bytes() << " of its " << state.bytes() << " bytes are new.\n";
  if (state.has_keys())
    std::cout << "Its keys are in " << request.keys_to.string() << ": " << state.keys().files() << " files, "
              << state.keys().new_files() << " of them new. Who has both can read everything: keep them apart.\n";
  else
    std::cout << "The keys are not in it, and without them it cannot be read: `--keys-to` copies them to another "
                 "place.\n";
}

// Asks the broker until the backup has ended.
Result<v1::BackupState> wait_for_backup(Connection& connection, std::uint64_t number, std::int64_t timeout_ms) {
  Progress progress("backup");
  v1::Request query;
  query.mutable_backup_query()->set_number(number);
  for (;;) {
    Result<v1::Reply> reply = connection.call(query, std::chrono::milliseconds(timeout_ms));
    if (!reply.ok()) return reply.status();
    const v1::BackupState& state = reply->backup();
    if (!state.running()) return state;
    progress.show(state.done_bytes(), state.total_bytes(), state.done_bytes());
    std::this_thread::sleep_for(kAskEvery);
  }
}

Result<v1::BackupState> back_up(const Options& options, const BackupRequest& request) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return key.status();
  Connection connection(*key);
  const std::chrono::milliseconds timeout(options.timeout_ms());
  MOOT_RETURN_IF_ERROR(connection.open(timeout));
  v1::Request start;
  v1::BackupStart& order = *start.mutable_backup_start();
  order.set_to(fs::absolute(request.to).lexically_normal().string());
  if (!request.keys_to.empty()) order.set_keys_to(fs::absolute(request.keys_to).lexically_normal().string());
  order.set_keep(request.keep);
  const Result<v1::Reply> started = connection.call(start, timeout);
  if (!started.ok()) return started.status();
  return wait_for_backup(connection, started->backup().number(), options.timeout_ms());
}

void print_json(const BackupCheck& check) {
  json::array findings;
  for (const Finding& one : check.findings) {
    json::value offset = nullptr;
    if (one.offset) offset = json::string(std::to_string(one.offset->value));
    findings.push_back(json::object{{"file", one.file.string()}, {"offset", offset}, {"text", one.text}});
  }
  json::object checked = {
      {"generations", check.generations}, {"files", check.manifest.files.size()}, {"bytes", check.manifest.bytes()}};
  add_extent(checked, check.manifest.generation, check.manifest.events, check.manifest.recorded);
  std::cout << json::serialize(
                   json::object{{"ok", check.ok()}, {"checked", checked}, {"findings", std::move(findings)}})
            << "\n";
}

void print_words(const BackupCheck& check) {
  const BackupManifest& manifest = check.manifest;
  std::cout << "Looked at generation " << manifest.generation << " (" << check.generations
            << " are there): " << manifest.files.size() << " files, " << manifest.bytes() << " bytes; "
            << (manifest.kind == BackupKind::kKeys ? "the keys of " : "")
            << extent_in_words(manifest.events, manifest.recorded) << ".\n";
  for (const Finding& one : check.findings) {
    std::cout << "FOUND " << one.file.string() << ": ";
    if (one.offset) std::cout << "offset " << one.offset->value << ": ";
    std::cout << one.text << "\n";
  }
  std::cout << (check.ok() ? "Everything is as it was written.\n" : "The backup is damaged: make another elsewhere.\n");
}

int tell_note(const Restored& restored) {
  if (restored.note.empty()) return kDone;
  return tell(Status(Code::kCorrupt, "the directory is restored, but " + restored.note));
}

}  // namespace

int backup_command(const Options& options, const BackupRequest& request) {
  if (request.to.empty())
    return tell(Status(Code::kUsage, "expected the name of the folder to back up to: `moot backup DEST`"));
  const Result<v1::BackupState> ended = back_up(options, request);
  if (!ended.ok()) return tell(ended.status());
  if (ended->has_failure()) return tell(status_of(ended->failure()));
  options.json ? print_json(*ended) : print_words(request, *ended);
  if (ended->note().empty()) return kDone;
  return tell(Status(Code::kDisk, "the backup is whole, but " + ended->note()));
}

int restore_command(const Options& options, const RestoreRequest& request) {
  if (request.from.empty())
    return tell(Status(Code::kUsage, "expected the name of the folder of a backup: `moot restore DEST --data DIR`"));
  if (!options.data_given) return tell(Status(Code::kUsage, "--data must name the directory to restore to"));
  RestoreOrder order;
  order.from = request.from;
  order.data = options.data;
  order.keys_from = request.keys_from;
  order.keys = options.keys_folder();
  if (request.generation > 0) order.generation = request.generation;
  Progress reading("restore"), verifying("verify");
  const Result<Restored> restored = restore_backup(
      order, {[&](std::uint64_t done, std::uint64_t total) { reading.show(done, total, done); },
              [&](std::uint64_t events, std::uint64_t total) { verifying.show(events, total, events); }});
  reading.make_room();
  verifying.make_room();
  if (!restored.ok()) return tell(restored.status());
  const BackupManifest& manifest = restored->manifest;
  if (options.json) {
    json::object printed;
    add_extent(printed, manifest.generation, manifest.events, manifest.recorded);
    printed["data"] = options.data.string();
    printed["keys"] = order.keys.string();
    printed["sealed_events"] = restored->check.sealed_events;
    printed["inbox_items"] = restored->check.inbox_items;
    std::cout << json::serialize(printed) << "\n";
    return tell_note(*restored);
  }
  std::cout << options.data.string() << " is as generation " << manifest.generation
            << " of the backup has it: " << extent_in_words(manifest.events, manifest.recorded)
            << "; looked over with its keys in " << order.keys.string() << ".\n"
            << "What was published after that is missing: agencies publish it again, and what is there already is "
               "recognised. Never run it beside the directory it is a copy of.\n";
  return tell_note(*restored);
}

int verify_backup_command(const Options& options, BackupKind kind, std::uint64_t generation) {
  Progress progress("verify");
  const Result<BackupCheck> check =
      check_backup(options.data, kind, generation > 0 ? std::optional(generation) : std::nullopt,
                   [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, done); });
  progress.make_room();
  if (!check.ok()) return tell(check.status());
  options.json ? print_json(*check) : print_words(*check);
  return check->ok() ? kDone : kRefused;
}

}  // namespace moot
