#include "deploy/reach.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include "broker/client/connection.h"
#include "broker/core/checksum_line.h"
#include "broker/core/whole_file.h"
#include "broker/data_folder.h"
#include "consumers/document/phrase.h"
#include "deploy/log_line.h"
#include "deploy/stop_signal.h"

namespace moot {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kOthersPoll{20};
constexpr milliseconds kOthersPatience{2000};
constexpr milliseconds kJoinPatience{1500};
constexpr milliseconds kStartPatience{500};
constexpr milliseconds kBetweenStarts{100};

std::filesystem::path config_memory(const Options& options) { return options.data / "config"; }

// Which log it is the configuration of is sure once the broker has started; until then another file is written only
// where another configuration is given, so that a start that is refused leaves it as it is.
Status remember_config(const Options& options, bool log_is_sure) {
  const std::string path = std::filesystem::absolute(options.config).lexically_normal().string() + "\n";
  const std::string log_id = read_log_id(options.data);  // empty where it cannot be told
  const std::string memory = log_id.empty() ? path : path + log_line(log_id);
  const Result<std::string> there = read_whole_file(config_memory(options));
  if (there.ok() && (log_is_sure ? *there == memory : there->starts_with(path))) return {};
  return write_whole_file(config_memory(options), memory);
}

}  // namespace

Result<PartnershipFolder> partnership_of(const Options& options) {
  if (!options.config.empty()) {
    Result<PartnershipFolder> folder = load_partnership_folder(options.config);
    std::error_code error;
    if (folder.ok() && std::filesystem::exists(options.data / "moot.id", error))
      MOOT_RETURN_IF_ERROR(remember_config(options, false));
    return folder;
  }
  Result<std::string> remembered = read_whole_file(config_memory(options));
  if (!remembered.ok()) return unnamed_partnership();
  const Status ours = check_log_line(*remembered, read_log_id(options.data));
  if (!ours.ok())
    return Status(ours.code(), config_memory(options).string() + ": " + ours.message() +
                                   "; give the configuration of this one with --config");
  Result<PartnershipFolder> folder = load_partnership_folder(remembered->substr(0, remembered->find('\n')));
  if (!folder.ok())
    return folder.status().with(
        "the configuration this data directory was last used with (give another with --config)");
  return folder;
}

Result<Reach> Reach::own(const Options& options, const PartnershipFolder& folder) {
  BrokerOptions broker;
  broker.data = options.data;
  broker.keys = options.keys_folder();
  broker.bus_address = options.bus.empty() ? folder.bus_address : options.bus;
  if (!is_bus_address(broker.bus_address))
    return Status(Code::kUsage, "--bus: expected an address and a port such as tcp://127.0.0.1:5570");
  broker.agencies = folder.partnership.agencies;
  broker.agreements = folder.agreements;
  broker.limits = folder.limits;
  Result<std::unique_ptr<Broker>> started = Broker::start(broker);
  if (!started.ok()) return started.status();
  if (!(*started)->torn_end().empty()) warn("broker", (*started)->torn_end());
  Reach reach(options);
  reach.broker_ = std::move(*started);
  // Remembered only now: before this there may have been no data directory to remember it in.
  if (!options.config.empty()) MOOT_RETURN_IF_ERROR(remember_config(options, true));
  return reach;
}

Result<Reach> Reach::own_to_stay(const Options& options, const PartnershipFolder& folder) {
  const StopSignal stop;
  steady_clock::time_point unclear_until = steady_clock::now() + kStartPatience;
  for (bool told = false;; std::this_thread::sleep_for(kBetweenStarts)) {
    Result<Reach> owned = own(options, folder);
    if (owned.ok() || owned.status().code() != Code::kExists || stop.asked()) return owned;
    if (CommandPresence::broker_is_a_commands(options.data)) {
      if (!told) announce("broker", "A command runs a broker of its own here; this one waits for it to end.");
      told = true;
      unclear_until = steady_clock::now() + kStartPatience;
    } else if (steady_clock::now() >= unclear_until) {
      return owned;  // the other is no command's; or it has not said yet what it is, and takes too long
    }
  }
}

Reach::~Reach() {
  if (!broker_ || !stays_for_others_) return;
  const steady_clock::time_point told_at = steady_clock::now() + kOthersPatience;
  std::unique_ptr<CommandPresence> alone;
  for (bool told = false; broker_->running(); std::this_thread::sleep_for(kOthersPoll)) {
    alone = CommandPresence::alone(options_.data);
    if (alone) break;
    if (told || steady_clock::now() < told_at) continue;
    warn("broker", "done; other commands still use the broker inside this one, which ends with the last of them");
    told = true;
  }
  broker_.reset();  // before `alone`: who finds it from now on finds it gone, and looks again
}

// Says that it is used, and only then asks whether there is a broker: one inside a command that ends just now does not
// answer any more.
Status Reach::join(milliseconds patience) {
  const Result<KeyFile> key = acting();
  if (!key.ok()) return key.status();
  presence_ = std::make_unique<CommandPresence>(options_.data);
  const Status joined = Connection(*key).open(patience);
  if (!joined.ok()) presence_.reset();
  return joined;
}

Result<Reach> Reach::open(const Options& options, const PartnershipFolder& folder) {
  if (!options.key.empty() && !options.data_given) {
    Reach reach(options);
    reach.remote_ = true;
    return reach;
  }
  const steady_clock::time_point deadline = steady_clock::now() + milliseconds(options.timeout_ms());
  for (;;) {
    if (DataFolder::running_bus(options.data)) {
      Reach reach(options);
      const Status joined = reach.join(kJoinPatience);
      if (joined.ok()) return reach;
      if (joined.code() != Code::kUnavailable) return joined;
      if (steady_clock::now() >= deadline)
        return Status(Code::kUnavailable, "a broker runs on " + options.data.string() + " and did not answer for " +
                                              counted(static_cast<std::size_t>(options.timeout_s), "second"));
      continue;  // it ended just now: look again
    }
    Result<Reach> owned = own(options, folder);
    if (owned.ok()) {
      owned->stays_for_others_ = true;
      CommandPresence::say_broker_is_ours(options.data);
    }
    // Somebody else holds the directory but does not answer yet: it starts, or has just ended.
    if (owned.ok() || owned.status().code() != Code::kExists || steady_clock::now() >= deadline) return owned;
    std::this_thread::sleep_for(kOthersPoll);
  }
}

Result<KeyFile> Reach::key_of(const std::string& agency) const {
  const std::filesystem::path file = options_.keys_folder() / "agencies" / (agency + ".key");
  if (!AgencyId::parse(agency).ok() || !std::filesystem::exists(file))
    return Status(Code::kUnknownAgency,
                  "there is no agency \"" + agency + "\" here; the configuration or `moot agency add` makes one");
  Result<KeyFile> key = read_key_file(file);
  if (key.ok()) find_here(*key);
  return key;
}

// Where the broker of this data directory is to be found, and when it is not to be waited for.
void Reach::find_here(KeyFile& key) const {
  key.run_file = DataFolder::run_file(options_.data);
  if (broker_) key.ended = [broker = broker_.get()] { return broker->ended(); };
}

Result<KeyFile> Reach::acting() const {
  if (options_.key.empty()) return key_of(options_.as.empty() ? std::string(kOperator) : options_.as);
  Result<KeyFile> key = read_key_file(options_.key);
  if (!key.ok()) return key;
  if (!remote_) {
    find_here(*key);
  } else if (!options_.bus.empty()) {
    key->address = options_.bus;
  }
  return key;
}

Result<v1::Reply> Reach::ask(const v1::Request& request) const {
  const Result<KeyFile> key = acting();
  if (!key.ok()) return key.status();
  Connection connection(*key);
  MOOT_RETURN_IF_ERROR(connection.open(patience()));
  return connection.call(request, patience());
}

std::chrono::milliseconds Reach::patience() const { return milliseconds(options_.timeout_ms()); }

Result<v1::Reply> ask_broker(const Options& options, const v1::Request& request) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  return reach->ask(request);
}

}  // namespace moot
