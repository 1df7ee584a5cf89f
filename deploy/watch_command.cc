#include "deploy/watch_command.h"

#include <cstdio>
#include <thread>

#include "consumers/document/phrase.h"
#include "deploy/command.h"
#include "deploy/log_line.h"
#include "deploy/reach.h"
#include "deploy/serving_key.h"
#include "deploy/stop_signal.h"
#include "deploy/watch_run.h"

namespace moot {

namespace {

Result<std::vector<WatchedFolder>> folders_of(const Options& options, const WatchOrder& order,
                                              const PartnershipFolder& partnership) {
  if (order.folder.empty()) {
    if (partnership.watched.empty())
      return Status(Code::kUsage,
                    "say which folder and for whom: moot watch FOLDER --as AGENCY, or [[watch]] in the "
                    "configuration");
    return partnership.watched;
  }
  if (options.as.empty()) return Status(Code::kUsage, "say whose files they are: --as AGENCY");
  std::error_code error;
  if (!std::filesystem::is_directory(order.folder, error))
    return Status(Code::kUsage, order.folder.string() + ": there is no such folder");
  WatchedFolder one;
  one.agency = options.as;
  one.folder = order.folder;
  one.format = order.format;
  one.mapping = order.mapping;
  one.backfill = order.backfill;
  one.settle_seconds = order.settle_seconds;
  one.keep_days = order.keep_days;
  return std::vector<WatchedFolder>{one};
}

}  // namespace

int watch_command(const Options& options, const WatchOrder& order) {
  const Result<PartnershipFolder> partnership = partnership_of(options);
  if (!partnership.ok()) return tell(partnership.status());
  const Result<std::vector<WatchedFolder>> folders = folders_of(options, order, *partnership);
  if (!folders.ok()) return tell(folders.status());
  for (const WatchedFolder& folder : *folders) {
    const Result<KeyFile> key = serving_key(options, folder.agency);
    if (!key.ok()) return tell(key.status());
  }
  StopSignal stop;
  const Result<std::unique_ptr<WatchRun>> watch =
      WatchRun::start(*folders, partnership->partnership, partnership->limits,
                      [&options](const std::string& agency) { return serving_key(options, agency); });
  if (!watch.ok()) return tell(watch.status());
  announce("watch", "Watching " + counted(folders->size(), "folder") + ". Ctrl-C stops it.");
  while (!stop.asked()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return kDone;
}

void add_watch_command(CLI::App& app, const Options& options, WatchOrder& order, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand("watch", "Publish what agencies put into folders, beside a broker");
  command->add_option("folder", order.folder, "One folder, with --as (default: those of the configuration)");
  command->add_option("--format", order.format, "auto, csv, xlsx, cloudevents, police-uk, fhir, ihub or open311");
  command->add_option("--mapping", order.mapping, "How the rows of a CSV file become events (TOML)");
  command->add_flag("--backfill", order.backfill, "The events are history, loaded later than they happened");
  command->add_option("--settle", order.settle_seconds, "Seconds unchanged until a file is whole (default 3)")
      ->check(CLI::Range(0, 3600));
  command->add_option("--keep-days", order.keep_days, "How long done/ and partly/ keep files (default 7)")
      ->check(CLI::Range(0, 3660));
  command->callback([&] { run = [&] { return watch_command(options, order); }; });
}

}  // namespace moot
