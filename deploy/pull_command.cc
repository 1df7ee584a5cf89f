#include "deploy/pull_command.h"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "consumers/document/phrase.h"
#include "deploy/command.h"
#include "deploy/log_line.h"
#include "deploy/progress.h"
#include "deploy/pull_run.h"
#include "deploy/reach.h"
#include "deploy/serving_key.h"
#include "deploy/stop_signal.h"

namespace moot {

namespace {

namespace json = boost::json;

json::object json_of(const Open311Source& source, const FileTotals& totals) {
  return {{"agency", source.agency},
          {"read", totals.read},
          {"accepted", totals.accepted},
          {"duplicate", totals.duplicate},
          {"superseding", totals.superseding},
          {"refused", totals.refused},
          {"notes", json::array(totals.notes.begin(), totals.notes.end())},
          {"failed", totals.status.ok() ? json::value(nullptr) : json::value(totals.status.message())}};
}

// One after the other: whoever wants them at once has them run for good.
int pull_once(const Options& options, const std::vector<Open311Source>& sources, const PullKeyOf& key_of,
              const StopSignal& stop) {
  bool all_well = true;
  json::array told;
  for (const Open311Source& source : sources) {
    if (stop.asked()) break;
    Progress progress("pulling " + source.agency);
    Open311PullOptions pull = pull_options(options, source, key_of, [&stop] { return stop.asked(); });
    pull.patience = std::chrono::milliseconds(options.timeout_ms());
    pull.on_progress = [&](std::uint64_t done, std::uint64_t total, std::uint64_t requests) {
      progress.show(done, total, requests);
    };
    const FileTotals totals = Open311Pull(std::move(pull)).run();
    progress.make_room();
    all_well = all_well && totals.status.ok() && totals.refused == 0 && totals.notes.empty();
    if (!totals.status.ok()) (void)tell(totals.status.with(source.agency));
    for (const std::string& note : totals.notes) warn("pull", note);
    told.push_back(json_of(source, totals));
    if (!options.json && (has_news(totals) || totals.refused > 0)) std::cout << pull_in_words(source, totals) << "\n";
  }
  if (options.json) std::cout << json::serialize(json::object{{"pulls", std::move(told)}}) << "\n";
  return all_well && !stop.asked() ? kDone : kRefused;
}

int pull_until_stopped(const Options& options, const std::vector<Open311Source>& sources, const StopSignal& stop) {
  const PullKeyOf key_of = [&options](const std::string& agency) { return serving_key(options, agency); };
  for (const Open311Source& source : sources) {
    const Result<KeyFile> key = key_of(source.agency);
    if (!key.ok()) return tell(key.status());
  }
  const std::unique_ptr<PullRun> run = PullRun::start(options, sources, key_of);
  announce("pull", "Pulling from " + counted(sources.size(), "server") + ". Ctrl-C stops it.");
  while (!stop.asked()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return kDone;
}

}  // namespace

int pull_command(const Options& options, const PullOrder& order) {
  const Result<PartnershipFolder> partnership = partnership_of(options);
  if (!partnership.ok()) return tell(partnership.status());
  const std::vector<Open311Source>& sources = partnership->pulls;
  if (sources.empty()) return tell(Status(Code::kUsage, "there is no [[pull]] in the configuration"));
  const StopSignal stop;
  if (!order.once) return pull_until_stopped(options, sources, stop);
  if (!options.bus.empty()) {
    const PullKeyOf key_of = [&options](const std::string& agency) { return serving_key(options, agency); };
    return pull_once(options, sources, key_of, stop);
  }
  const Result<Reach> reach = Reach::open(options, *partnership);
  if (!reach.ok()) return tell(reach.status());
  return pull_once(
      options, sources, [&](const std::string& agency) { return reach->key_of(agency); }, stop);
}

void add_pull_command(CLI::App& app, const Options& options, PullOrder& order, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand("pull", "Fetch what is new from agencies' own servers, beside a broker");
  command->add_flag("--once", order.once, "One time, not every so many minutes");
  command->callback([&] { run = [&] { return pull_command(options, order); }; });
}

}  // namespace moot
