// The HTTP gateway: which addresses there are, who may use them, and what becomes of a request. A bus client like any
// other: what an agency's token lets in is published with that agency's own key, so the broker judges it as if the
// agency had come over the bus. The gateway therefore has the key files of the agencies it serves, and no right of its
// own.
//
//   POST /events              CloudEvents, structured, batch or binary     ?trial=1 ?backfill=1
//   POST /fhir, /ihub, /open311/v2/requests      documents of their standards     ?trial=1 ?backfill=1
//   POST /upload              a file, read by a mapping as it arrives      ?mapping= ?file= ?format= ?trial=1
//   ?backfill=1 GET  /openapi.json        all of this, for programs
//
// Thread: http, which owns it; couriers and uploads have theirs. The server must be stopped before it goes.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/courier.h"
#include "adapters/gateway_events.h"
#include "adapters/gateway_upload.h"
#include "adapters/publisher.h"
#include "adapters/request_item.h"
#include "adapters/token_door.h"
#include "broker/core/instant.h"
#include "broker/http/http_server.h"

namespace moot {

using NamedMappings = std::map<std::string, std::shared_ptr<const NamedMapping>>;

struct GatewayOptions {
  TokensFile tokens;
  std::function<Result<KeyFile>(const std::string& agency)> key_of;
  NamedMappings mappings;
  const Clock* clock = nullptr;  // borrowed
  std::size_t uploads_at_once_max = 4;
  // Where what comes while the broker is away waits, in a folder for each agency; empty = it is not kept. The key that
  // it is sealed with stands elsewhere. `bytes_max` is for each agency.
  struct SpoolOptions {
    std::filesystem::path folder;
    std::function<Result<Key>()> key;
    std::uint64_t bytes_max = 0;
  } spool;
  CourierOptions courier;
  Limits limits;
  std::size_t body_bytes_max = 1024 * 1024;  // of a request that is no upload
  // One line for whoever runs it; never a token or a value. From the http thread.
  std::function<void(const std::string&)> log;
  // Asked first: addresses of the process that are not the gateway's. May be empty.
  std::function<std::optional<HttpResponse>(const HttpHead&)> others;
};

class Gateway {
 public:
  explicit Gateway(GatewayOptions options);

  // Goes on with what an earlier run left in spools. An agency whose spool or key cannot be read is told of by `log`,
  // and keeps what it has.
  void hand_over_kept();
  HttpPlan plan(const HttpHead& head);
  // Ok when it can tell who may come in; else why it lets nobody in. Thread: http.
  Status ready() { return door_.ready(); }

 private:
  struct Request;
  using Handler = HttpPlan (Gateway::*)(const Request&);
  struct Route;
  static const std::vector<Route>& routes();

  // What an agency needs to publish: its key and what carries its events.
  struct Sender {
    Publisher publisher;
    std::unique_ptr<Courier> courier;
  };
  Result<const Sender*> sender_of(const AgencyId& agency);
  Result<std::unique_ptr<Spool>> spool_of(const AgencyId& agency) const;
  EventsOrder order_of(const Request& request) const;
  HttpPlan plan_events(const Request& request);
  // Adds to the notes what it takes although it is not as its standard has it.
  using ReadDocument = std::function<Result<std::vector<RequestItem>>(std::string_view body, const Publisher&,
                                                                      const Limits&, std::vector<std::string>& notes)>;
  HttpPlan plan_document(const Request& request, const std::vector<std::string_view>& types, const std::string& origin,
                         const ReadDocument& read);
  HttpPlan plan_open311(const Request& request);
  HttpPlan plan_fhir(const Request& request);
  HttpPlan plan_ihub(const Request& request);
  HttpPlan plan_upload(const Request& request);
  Result<UploadOrder> read_upload_order(const Request& request);

  const GatewayOptions options_;
  TokenDoor door_;
  std::map<AgencyId, Sender> senders_;
  std::map<AgencyId, std::chrono::steady_clock::time_point> looked_in_vain_;  // when a spool could not be read
  Uploads uploads_;
};

}  // namespace moot
