// The pulls of a partnership, running: a thread for each, so that one agency's slow server keeps nobody else's waiting.
// Each is tried again after a while when it fails, and says so once. Thread: the command's main thread starts and ends
// it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/open311_pull.h"
#include "deploy/options.h"

namespace moot {

using PullKeyOf = std::function<Result<KeyFile>(const std::string& agency)>;

// Where its state is in the data directory, and whose key it takes; what is said goes to standard error.
Open311PullOptions pull_options(const Options& options, const Open311Source& source, const PullKeyOf& key_of,
                                std::function<bool()> stop);
// "council, pulled: 12 read, 10 accepted, 1 there already, 1 superseding, 0 refused"
std::string pull_in_words(const Open311Source& source, const FileTotals& totals);
// It brought something that was not there.
bool has_news(const FileTotals& totals);

class PullRun {
 public:
  static std::unique_ptr<PullRun> start(const Options& options, const std::vector<Open311Source>& sources,
                                        const PullKeyOf& key_of);
  ~PullRun();  // a window that is being fetched or published is begun again at the next start

 private:
  PullRun() = default;
  void keep_pulling(const Open311Source& source, Open311Pull& pull) const;
  void sleep(std::chrono::milliseconds time) const;

  std::atomic<bool> stop_{false};
  std::vector<std::unique_ptr<Open311Pull>> pulls_;
  std::vector<std::thread> threads_;
};

}  // namespace moot
