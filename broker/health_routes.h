// What a watcher asks over HTTP, without a token: is it alive, may it be sent to, and its figures.
//
//   GET /healthz   200 while the process answers
//   GET /readyz    200 when what is sent is taken; else 503 with the reason
//   GET /metrics   Prometheus' text; to this machine only, since it tells which agencies there are
//
// Thread: pure but for what `metrics` does; called on the http thread.
#pragma once

#include <functional>
#include <optional>

#include "broker/core/status.h"
#include "broker/http/http_message.h"

namespace moot {

class BrokerMetrics;

// Nothing when the path is none of these. `metrics`: none = no broker in this process. `ready`: what else of the
// process must be well for it to be ready; may be empty.
std::optional<HttpResponse> health_response(const HttpHead& head, const BrokerMetrics* metrics,
                                            const std::function<Status()>& ready = {});

}  // namespace moot
