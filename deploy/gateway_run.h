// The HTTP gateway of a data directory, running: the server, its routes, and the address in the run file.
// Thread: the command's main thread starts and ends it; the rest has threads of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/gateway.h"
#include "broker/broker.h"
#include "broker/http/http_server.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"

namespace moot {

bool has_gateway(const Options& options, const PartnershipFolder& folder);

class GatewayRun {
 public:
  using KeyOf = std::function<Result<KeyFile>(const std::string& agency)>;
  // On --http, or what the configuration says. Errors: as of HttpServer; a mapping that cannot be read; kExists when
  // another gateway of the data directory runs, for one only can have the spools.
  // `broker`: in the same process, or none.
  static Result<std::unique_ptr<GatewayRun>> start(const Options& options, const PartnershipFolder& folder,
                                                   const KeyOf& key_of, const Broker* broker);
  ~GatewayRun();  // takes no more, and lets what is under way end

  const std::string& address() const { return server_->address(); }
  // Puts the address in the run file, should a broker that came since have written another.
  Status tell_address() const;

 private:
  explicit GatewayRun(std::filesystem::path data) : data_(std::move(data)) {}
  const std::filesystem::path data_;
  std::optional<SpoolLock> lock_;  // outlives the spools
  const SystemClock clock_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace moot
