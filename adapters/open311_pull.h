// Fetches the service requests of an agency's Open311 server that are new or changed since the last time, and
// publishes them as the agency, as if it had pushed them (adapters/open311.h).
//
// It goes from window to window (adapters/open311_source.h). A window is fetched whole, then published, then
// acknowledged, and only then does the state say that it is done. So whatever is killed, at any moment, loses nothing:
// the window is fetched again, and the broker knows what it has already. A server that fails costs time alone.
//
// Pages go on until one brings nothing new. A window of several pages is read again until a reading brings nothing new:
// a request that changes meanwhile moves others from one page to another. Servers without pages give the first so many
// requests and do not say so: a round number of them makes the window shorter. A server that answers with requests of
// other times does not know the words it was asked with, and nothing of it is taken.
//
// Memory: what one window holds, at most kPullBytesMax as sent; a larger one is halved. Thread: one, in run().
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/file_publisher.h"
#include "adapters/open311_source.h"
#include "adapters/pull_state.h"
#include "adapters/request_item.h"
#include "adapters/web_fetch.h"
#include "broker/client/producer.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"

namespace moot {

inline constexpr std::size_t kPullBytesMax = 64 * 1024 * 1024;

struct Open311PullOptions {
  Open311Source source;
  std::filesystem::path state_file;          // its folder is made; a lock stands beside it, as state_file.lock
  std::string log_id;                        // of the log the events go to; empty = not known
  bool wait_for_broker = false;              // an absent broker is waited for with what was fetched, until a stop
  std::chrono::milliseconds patience{5000};  // with an absent broker, each time
  std::function<Result<KeyFile>()> key;      // the agency's, asked for before each window
  std::function<bool()> stop;
  std::function<void(const std::string&)> log;  // one line; never a personal value
  std::function<void(std::uint64_t done_s, std::uint64_t total_s, std::uint64_t requests)> on_progress;  // may be empty
};

class Open311Pull {
 public:
  explicit Open311Pull(Open311PullOptions options);
  ~Open311Pull();
  Open311Pull(const Open311Pull&) = delete;

  // One pull, up to now. Its counts are of what was given to the broker; its status says why it ended early: kExists
  // when another process pulls for this agency, kCorrupt for a damaged state, kQuota, kUnavailable and others of the
  // broker, else what was wrong with the server or a file. Its notes say what may be missing.
  FileTotals run();
  // How long the server asked to be left alone; 0 = it did not.
  std::chrono::seconds retry_after() const { return web_.retry_after(); }

 private:
  struct Fetched {
    std::vector<RequestItem> items;
    std::set<std::string> seen;
    std::size_t bytes = 0;
    bool cut = false;  // the server may have more, and gives no more at a time
  };
  struct Page {
    std::size_t requests = 0;
    std::size_t fresh = 0;
  };
  Status take_lock();
  Status pull(FileTotals& totals);
  Status pull_stretch(PullWindow stretch, bool backfill, PullState& state, FileTotals& totals);
  Result<Fetched> fetch(const PullWindow& window);
  Result<Page> fetch_page(const PullWindow& window, int page, Fetched& fetched);
  // Pages up to the first that is empty, or brings nothing new beyond the `known` first ones; how many there are.
  Result<int> fetch_pages(const PullWindow& window, int known, Fetched& fetched);
  Status add_api_key(WebRequest& request) const;
  Status publish(const std::vector<RequestItem>& items, bool backfill, FileTotals& totals);
  Status connect(bool backfill);
  Status give(const std::vector<RequestItem>& items, bool backfill, std::size_t& answered, FileTotals& totals);

  const Open311PullOptions options_;
  const std::string origin_;  // what the inbox calls it
  WebFetch web_;
  Publisher publisher_;                 // of the pull that runs
  std::unique_ptr<Producer> producer_;  // while a pull runs
  bool backfills_ = false;              // it declares history
  int lock_ = -1;
};

}  // namespace moot
