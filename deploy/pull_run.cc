#include "deploy/pull_run.h"

#include <pthread.h>

#include <csignal>
#include <cstdio>

#include "broker/data_folder.h"
#include "deploy/log_line.h"

namespace moot {

namespace {

constexpr std::chrono::milliseconds kStep{100};
constexpr std::chrono::seconds kWhileAnotherPulls{1};

void say(const std::string& line) { warn("pull", line); }

void tell(bool well, const std::string& line) { well ? announce("pull", line) : warn("pull", line); }

std::string in_words(std::chrono::seconds time) {
  if (time < std::chrono::minutes(2)) return std::to_string(time.count()) + " seconds";
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time).count()) + " minutes";
}

}  // namespace

Open311PullOptions pull_options(const Options& options, const Open311Source& source, const PullKeyOf& key_of,
                                std::function<bool()> stop) {
  Open311PullOptions pull;
  pull.source = source;
  pull.state_file = DataFolder::pull_state(options.data, source.agency);
  pull.log_id = read_log_id(options.data);
  pull.key = [key_of, agency = source.agency] { return key_of(agency); };
  pull.stop = std::move(stop);
  pull.log = say;
  return pull;
}

std::string pull_in_words(const Open311Source& source, const FileTotals& totals) {
  return source.agency + ", pulled: " + in_words(totals);
}

bool has_news(const FileTotals& totals) { return totals.accepted + totals.superseding > 0; }

std::unique_ptr<PullRun> PullRun::start(const Options& options, const std::vector<Open311Source>& sources,
                                        const PullKeyOf& key_of) {
  auto run = std::unique_ptr<PullRun>(new PullRun());
  for (const Open311Source& source : sources) {
    Open311PullOptions pull = pull_options(options, source, key_of, [stop = &run->stop_] { return stop->load(); });
    pull.wait_for_broker = true;
    run->pulls_.push_back(std::make_unique<Open311Pull>(std::move(pull)));
    run->threads_.emplace_back([run = run.get(), source, one = run->pulls_.back().get()] {
      pthread_setname_np(pthread_self(), "pull");
      sigset_t all;  // signals are the main thread's business
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      run->keep_pulling(source, *one);
    });
  }
  return run;
}

PullRun::~PullRun() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
}

void PullRun::sleep(std::chrono::milliseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stop_ && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kStep);
}

void PullRun::keep_pulling(const Open311Source& source, Open311Pull& pull) const {
  int failures = 0;
  std::string trouble, refusals;  // told before: not said again and again
  while (!stop_) {
    const FileTotals totals = pull.run();
    if (stop_) return;
    const std::string words = pull_in_words(source, totals);
    if (has_news(totals) || (totals.refused > 0 && words != refusals)) tell(totals.refused == 0, words);
    refusals = totals.refused > 0 ? words : "";
    std::string told = totals.status.message();
    for (const std::string& note : totals.notes) told += (told.empty() ? "" : "; ") + note;
    std::chrono::seconds wait = std::chrono::minutes(source.every_minutes);
    if (totals.status.code() == Code::kExists) {
      wait = kWhileAnotherPulls;
    } else if (!totals.status.ok()) {
      wait = std::max(wait_after_failure(++failures), pull.retry_after());
    } else {
      failures = 0;
    }
    const bool waits = !totals.status.ok() && totals.status.code() != Code::kExists;
    if (!told.empty() && told != trouble)
      say(source.agency + ": " + told + (waits ? "; it is tried again in " + in_words(wait) : ""));
    trouble = told;
    sleep(wait);
  }
}

}  // namespace moot
