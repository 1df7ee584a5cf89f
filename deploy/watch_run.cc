#include "deploy/watch_run.h"

#include <pthread.h>

#include <csignal>
#include <cstdio>

#include "deploy/log_line.h"

namespace moot {

Result<std::unique_ptr<WatchRun>> WatchRun::start(const std::vector<WatchedFolder>& folders,
                                                  const Partnership& partnership, const Limits& limits,
                                                  const KeyOf& key_of) {
  auto run = std::unique_ptr<WatchRun>(new WatchRun());
  const auto areas = std::make_shared<const AreaTable>(partnership.areas);
  for (const WatchedFolder& folder : folders) {
    FolderWatchOptions watch;
    watch.folder = folder.folder;
    const Result<FileFormat> format = parse_file_format(folder.format);
    if (!format.ok()) return format.status();
    watch.format = *format;
    Result<GivenMapping> mapping = load_given_mapping(folder.mapping, areas);
    if (!mapping.ok()) return mapping.status();
    watch.mapping = std::move(*mapping);
    watch.mapping_file = folder.mapping.empty() ? "" : std::filesystem::absolute(folder.mapping).string();
    watch.backfill = folder.backfill;
    watch.limits = limits;
    watch.settle = std::chrono::seconds(folder.settle_seconds);
    watch.keep = std::chrono::hours(24 * folder.keep_days);
    watch.key = [key_of, agency = folder.agency] { return key_of(agency); };
    watch.stop = [stop = &run->stop_] { return stop->load(); };
    watch.log = [](bool well, const std::string& line) { well ? announce("watch", line) : warn("watch", line); };
    run->watches_.push_back(std::make_unique<FolderWatch>(std::move(watch)));
  }
  for (const std::unique_ptr<FolderWatch>& watch : run->watches_)
    run->threads_.emplace_back([one = watch.get()] {
      pthread_setname_np(pthread_self(), "watch");
      sigset_t all;  // signals are the main thread's business
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      one->run();
    });
  return run;
}

WatchRun::~WatchRun() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace moot
