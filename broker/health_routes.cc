#include "broker/health_routes.h"

#include "broker/broker_metrics.h"

namespace moot {

namespace {

bool is_this_machine(const std::string& peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

HttpResponse metrics_response(const HttpHead& head, const BrokerMetrics* metrics) {
  if (metrics == nullptr) return http_problem(404, "the broker has the figures, and is another process");
  if (!is_this_machine(head.peer)) return http_problem(403, "figures are told on this machine only");
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics->text()};
}

}  // namespace

std::optional<HttpResponse> health_response(const HttpHead& head, const BrokerMetrics* metrics,
                                            const std::function<Status()>& ready) {
  if (head.path != "/healthz" && head.path != "/readyz" && head.path != "/metrics") return std::nullopt;
  if (head.method != "GET") {
    HttpResponse response = http_problem(405, "this address takes GET");
    response.fields.emplace_back("Allow", "GET");
    return response;
  }
  if (head.path == "/metrics") return metrics_response(head, metrics);
  const HttpResponse well{200, "application/json", "{\"ok\":true}\n"};
  if (head.path == "/healthz") return well;
  Status state = metrics != nullptr ? metrics->ready() : Status();
  if (state.ok() && ready) state = ready();
  return state.ok() ? well : http_problem(503, state.message());
}

}  // namespace moot
