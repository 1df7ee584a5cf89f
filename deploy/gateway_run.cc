#include "deploy/gateway_run.h"

#include <algorithm>
#include <cstdio>

#include "broker/data_folder.h"
#include "broker/health_routes.h"
#include "deploy/data_tokens.h"
#include "deploy/log_line.h"

namespace moot {

namespace {

// Those of the partnership's folder of mappings, and those its feeds name, by their files' names.
Result<NamedMappings> load_mappings(const PartnershipFolder& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  if (!folder.mappings.empty())
    for (const auto& entry : std::filesystem::directory_iterator(folder.mappings, error))
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
  for (const Feed& feed : folder.feeds)
    if (!feed.mapping.empty()) files.push_back(feed.mapping);
  const auto areas = std::make_shared<const AreaTable>(folder.partnership.areas);
  NamedMappings mappings;
  for (const std::filesystem::path& file : files) {
    if (mappings.contains(file.stem().string())) continue;
    Result<GivenMapping> mapping = load_given_mapping(file, areas);
    if (!mapping.ok()) return mapping.status();
    mappings[file.stem().string()] = std::make_shared<const NamedMapping>(NamedMapping{file, std::move(*mapping)});
  }
  return mappings;
}

Result<SpoolLock> only_gateway_of(const std::filesystem::path& data) {
  Result<SpoolLock> lock = SpoolLock::take(data / "gateway");
  if (lock.status().code() != Code::kExists) return lock;
  return Status(Code::kExists,
                data.string() + ": another gateway of this data directory runs already, and holds what is kept there");
}

}  // namespace

bool has_gateway(const Options& options, const PartnershipFolder& folder) {
  return !options.http.empty() || !folder.http.address.empty();
}

Result<std::unique_ptr<GatewayRun>> GatewayRun::start(const Options& options, const PartnershipFolder& folder,
                                                      const KeyOf& key_of, const Broker* broker) {
  Result<NamedMappings> mappings = load_mappings(folder);
  if (!mappings.ok()) return mappings.status();
  auto run = std::unique_ptr<GatewayRun>(new GatewayRun(options.data));
  GatewayOptions gateway;
  gateway.tokens = tokens_of(options);
  gateway.key_of = key_of;
  gateway.mappings = std::move(*mappings);
  gateway.clock = &run->clock_;
  gateway.limits = folder.limits;
  if (folder.http.body_bytes_max > 0) gateway.body_bytes_max = folder.http.body_bytes_max;
  gateway.log = [](const std::string& line) { warn("gateway", line); };
  if (folder.http.spool_bytes_max > 0) {
    Result<SpoolLock> lock = only_gateway_of(options.data);
    if (!lock.ok()) return lock.status();
    run->lock_.emplace(std::move(*lock));
    gateway.spool = {DataFolder::spool(options.data),
                     [file = options.keys_folder() / "spool.key"] { return read_or_make_secret(file); },
                     folder.http.spool_bytes_max};
  }
  gateway.others = [broker, run = run.get()](const HttpHead& head) {
    return health_response(head, broker == nullptr ? nullptr : &broker->metrics(), [&] {
      if (broker == nullptr && !DataFolder::running_bus(run->data_))
        return Status(Code::kUnavailable, "no broker runs");
      return run->gateway_->ready();
    });
  };
  run->gateway_ = std::make_unique<Gateway>(std::move(gateway));
  run->gateway_->hand_over_kept();
  HttpOptions http;
  http.address = options.http.empty() ? folder.http.address : options.http;
  http.certificate = folder.http.certificate;
  http.private_key = folder.http.private_key;
  http.client_certificates = folder.http.client_certificates;
  http.routes = [gateway = run->gateway_.get()](const HttpHead& head) { return gateway->plan(head); };
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(http));
  if (!server.ok()) return server.status();
  run->server_ = std::move(*server);
  MOOT_RETURN_IF_ERROR(run->tell_address());
  return run;
}

Status GatewayRun::tell_address() const { return tell_http_address(data_, server_->address()); }

GatewayRun::~GatewayRun() {
  if (!server_) return;
  server_->stop();
  (void)tell_http_address(data_, "");  // at worst it names an address where nobody is
  gateway_.reset();
}

}  // namespace moot
