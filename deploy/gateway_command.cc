#include <cstdio>
#include <thread>

#include "broker/data_folder.h"
#include "deploy/command.h"
#include "deploy/gateway_run.h"
#include "deploy/reach.h"
#include "deploy/stop_signal.h"

namespace moot {

namespace {

constexpr std::chrono::milliseconds kStep{100};
constexpr int kStepsBetweenTellings = 10;

// The key that `moot agency add` made, from the key directory, and where its broker is: the one of this data directory,
// or, with --bus, elsewhere.
Result<KeyFile> key_of(const Options& options, const std::string& agency) {
  const std::filesystem::path file = options.keys_folder() / "agencies" / (agency + ".key");
  if (!AgencyId::parse(agency).ok() || !std::filesystem::exists(file))
    return Status(Code::kUnknownAgency, "the gateway has no key file of agency \"" + agency + "\"");
  Result<KeyFile> key = read_key_file(file);
  if (!key.ok()) return key;
  if (!options.bus.empty())
    key->address = options.bus;
  else
    key->run_file = DataFolder::run_file(options.data);
  return key;
}

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
  Result<std::unique_ptr<GatewayRun>> gateway =
      GatewayRun::start(options, *folder, [&options](const std::string& agency) { return key_of(options, agency); });
  if (!gateway.ok()) return tell(gateway.status());
  std::fprintf(stderr, "The gateway is up at %s. Ctrl-C stops it.\n", (*gateway)->address().c_str());
  Status told;
  for (int step = 0; !stop.asked() && told.ok(); ++step) {
    if (step % kStepsBetweenTellings == 0) told = (*gateway)->tell_address();
    std::this_thread::sleep_for(kStep);
  }
  return tell(told);
}

}  // namespace moot
