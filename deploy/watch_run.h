// The watched folders of a partnership, running: a thread for each, so that one agency's long file keeps nobody else's
// waiting. Thread: the command's main thread starts and ends it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/folder_watch.h"
#include "deploy/partnership_folder.h"

namespace moot {

class WatchRun {
 public:
  using KeyOf = std::function<Result<KeyFile>(const std::string& agency)>;
  // Errors: a mapping that cannot be read.
  static Result<std::unique_ptr<WatchRun>> start(const std::vector<WatchedFolder>& folders,
                                                 const Partnership& partnership, const Limits& limits,
                                                 const KeyOf& key_of);
  ~WatchRun();  // a file that is being read stays where it is, for the next time

 private:
  WatchRun() = default;
  std::atomic<bool> stop_{false};
  std::vector<std::unique_ptr<FolderWatch>> watches_;
  std::vector<std::thread> threads_;
};

}  // namespace moot
