#include <cstdio>
#include <thread>

#include "deploy/command.h"
#include "deploy/gateway_run.h"
#include "deploy/log_line.h"
#include "deploy/reach.h"
#include "deploy/serving_key.h"
#include "deploy/stop_signal.h"

namespace moot {

namespace {

constexpr std::chrono::milliseconds kStep{100};
constexpr int kStepsBetweenTellings = 10;

}  // namespace

int gateway_command(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  if (!has_gateway(options, *folder))
    return tell(
        Status(Code::kUsage, "say where to listen: --http http://127.0.0.1:PORT, or `http` in the configuration"));
  std::error_code error;
  if (!std::filesystem::is_directory(options.data, error))
    return tell(Status(Code::kMissing, options.data.string() + ": there is no such data directory"));
  StopSignal stop;
  Result<std::unique_ptr<GatewayRun>> gateway = GatewayRun::start(
      options, *folder, [&options](const std::string& agency) { return serving_key(options, agency); }, nullptr);
  if (!gateway.ok()) return tell(gateway.status());
  announce("gateway", "The gateway is up at " + (*gateway)->address() + ". Ctrl-C stops it.");
  Status told;
  for (int step = 0; !stop.asked() && told.ok(); ++step) {
    if (step % kStepsBetweenTellings == 0) told = (*gateway)->tell_address();
    std::this_thread::sleep_for(kStep);
  }
  return tell(told);
}

}  // namespace moot
