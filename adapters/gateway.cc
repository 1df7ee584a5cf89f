#include "adapters/gateway.h"

#include <algorithm>

#include "adapters/encoding.h"
#include "adapters/fhir.h"
#include "adapters/gateway_cloudevents.h"
#include "adapters/gateway_openapi.h"
#include "adapters/gateway_reply.h"
#include "adapters/ihub.h"
#include "adapters/open311.h"
#include "broker/core/text_form.h"

namespace moot {

namespace {

constexpr std::size_t kNameCharactersMax = 200;
// At a spool that cannot be read: each reads the whole of it, while all others wait.
constexpr std::chrono::minutes kBetweenLooks{1};

Status usage(std::string why) { return Status(Code::kUsage, std::move(why)); }

// A parameter that nobody knows may be a misspelt one, and a trial that is none would publish.
Status check_parameters(const HttpHead& head, const std::vector<std::string_view>& known) {
  for (const HttpField& parameter : head.query) {
    // It goes into a message that must be UTF-8.
    if (!is_utf8(parameter.second)) return usage("the parameter " + parameter.first + " is not UTF-8");
    if (std::find(known.begin(), known.end(), parameter.first) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    return usage("the address has a parameter that is not one of " + names);
  }
  return {};
}

Result<bool> flag(const HttpHead& head, std::string_view name) {
  const std::string_view value = head.asked(name).value_or("0");
  if (value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  return usage("the parameter " + std::string(name) + " is 1 or 0");
}

HttpResponse wrong_method(std::string_view allowed) {
  HttpResponse response = http_problem(405, "this address takes " + std::string(allowed));
  response.fields.emplace_back("Allow", std::string(allowed));
  return response;
}

// A file's name without folders or control characters: it stands in the inbox and in reports.
std::string clean_name(std::string_view name) {
  name.remove_prefix(name.find_last_of("/\\") == std::string_view::npos ? 0 : name.find_last_of("/\\") + 1);
  return name.empty() || name.size() > kNameCharactersMax ? "upload" : std::string(name);
}

bool is_file_type(const std::string& name) {
  return name.empty() || name == "text/csv" || name == "text/plain" || name == "application/octet-stream" ||
         name == "application/csv" || name == "application/x-ndjson" || name == "application/json" ||
         name == "application/fhir+json" || name == "application/xml" || name == "text/xml" ||
         name == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ||
         name == "application/x-www-form-urlencoded";  // what curl says when it is told nothing
}

}  // namespace

// A request that was let in.
struct Gateway::Request {
  const HttpHead& head;
  AgencyId agency;
  bool trial = false;
  bool backfill = false;
};

struct Gateway::Route {
  std::string_view path;
  std::vector<std::string_view> parameters;
  Handler handler;
};

const std::vector<Gateway::Route>& Gateway::routes() {
  static const std::vector<Route> routes = {
      {"/events", {"trial", "backfill"}, &Gateway::plan_events},
      {"/open311/v2/requests", {"trial", "backfill"}, &Gateway::plan_open311},
      {"/open311/v2/requests.json", {"trial", "backfill"}, &Gateway::plan_open311},
      {"/open311/v2/requests.xml", {"trial", "backfill"}, &Gateway::plan_open311},
      {"/fhir", {"trial", "backfill"}, &Gateway::plan_fhir},
      {"/ihub", {"trial", "backfill"}, &Gateway::plan_ihub},
      {"/upload", {"mapping", "file", "format", "trial", "backfill"}, &Gateway::plan_upload}};
  return routes;
}

Gateway::Gateway(GatewayOptions options)
    : options_(std::move(options)), door_(options_.tokens, options_.log), uploads_(options_.uploads_at_once_max) {}

HttpPlan Gateway::plan(const HttpHead& head) {
  if (options_.others)
    if (std::optional<HttpResponse> response = options_.others(head)) return std::move(*response);
  if (head.path == "/openapi.json") {
    if (head.method != "GET") return wrong_method("GET");
    return HttpResponse{200, "application/json", std::string(openapi_document())};
  }
  const auto route =
      std::find_if(routes().begin(), routes().end(), [&](const Route& known) { return known.path == head.path; });
  if (route == routes().end()) return http_problem(404, "there is nothing here; /openapi.json says what there is");
  if (head.method != "POST") return wrong_method("POST");
  const Result<AgencyId> agency =
      door_.agency_of(head.field("authorization").value_or(""), head.certificate, options_.clock->now());
  if (!agency.ok())
    return agency.status().code() == Code::kUnknownKey ? problem_response(401, agency.status())
                                                       : problem_response(agency.status());
  const Status known = check_parameters(head, route->parameters);
  if (!known.ok()) return problem_response(known);
  const Result<bool> trial = flag(head, "trial"), backfill = flag(head, "backfill");
  if (!trial.ok()) return problem_response(trial.status());
  if (!backfill.ok()) return problem_response(backfill.status());
  return (this->*route->handler)({head, *agency, *trial, *backfill});
}

Result<const Gateway::Sender*> Gateway::sender_of(const AgencyId& agency) {
  const auto there = senders_.find(agency);
  if (there != senders_.end()) return &there->second;
  Result<KeyFile> key = options_.key_of(agency.value());
  if (!key.ok()) return key.status();
  const Status unreadable(Code::kUnavailable,
                          "what is kept here for your agency cannot be read; whoever runs this is told");
  const auto now = std::chrono::steady_clock::now();
  if (const auto found = looked_in_vain_.find(agency);
      found != looked_in_vain_.end() && now - found->second < kBetweenLooks)
    return unreadable;
  Result<std::unique_ptr<Spool>> spool = spool_of(agency);
  if (!spool.ok()) {
    if (options_.log) options_.log(spool.status().message());
    looked_in_vain_[agency] = now;
    return unreadable;
  }
  looked_in_vain_.erase(agency);
  Sender sender;
  sender.publisher = publisher_of(*key);
  CourierOptions courier = options_.courier;
  courier.clock = options_.clock;
  if (options_.log)
    courier.log = [log = options_.log, name = agency.value()](const std::string& line) { log(name + ": " + line); };
  sender.courier = std::make_unique<Courier>(std::move(*key), courier, std::move(*spool));
  return &senders_.emplace(agency, std::move(sender)).first->second;
}

Result<std::unique_ptr<Spool>> Gateway::spool_of(const AgencyId& agency) const {
  if (options_.spool.folder.empty()) return std::unique_ptr<Spool>();
  const Result<Key> key = options_.spool.key();
  if (!key.ok()) return key.status();
  return Spool::open(options_.spool.folder / agency.value(), Spool::key_of(*key, agency), options_.spool.bytes_max);
}

void Gateway::hand_over_kept() {
  for (const AgencyId& agency : Spool::agencies(options_.spool.folder)) {
    const Result<SpoolFigures> seen = Spool::look(options_.spool.folder / agency.value());
    if (seen.ok() && seen->parcels == 0) continue;
    const Result<const Sender*> sender = sender_of(agency);
    if (!sender.ok() && options_.log) options_.log(agency.value() + ": " + sender.status().message());
  }
}

EventsOrder Gateway::order_of(const Request& request) const {
  EventsOrder order;
  order.agency = request.agency;
  order.trial = request.trial;
  order.backfill = request.backfill;
  order.now = options_.clock->now();
  order.limits = options_.limits;
  // Another form of it is left out, as the standard wants.
  const std::string traceparent(request.head.field("traceparent").value_or(""));
  if (is_traceparent(traceparent)) order.traceparent = traceparent;
  return order;
}

namespace {

void answer_items(Result<std::vector<RequestItem>> items, const EventsOrder& order, Courier& courier, Respond respond) {
  if (!items.ok()) return respond(problem_response(items.status()));
  if (items->size() > kRequestItemsMax) return respond(problem_response(too_many_items()));
  for (RequestItem& item : *items)
    if (auto* event = std::get_if<v1::Event>(&item); event != nullptr && event->envelope().traceparent().empty())
      event->mutable_envelope()->set_traceparent(order.traceparent);
  if (order.trial) return respond(try_items(*items, order));
  publish_items(std::move(*items), order, courier, std::move(respond));
}

}  // namespace

HttpPlan Gateway::plan_events(const Request& request) {
  const Result<CloudEventsMode> mode = cloudevents_mode(request.head);
  if (!mode.ok()) return problem_response(415, mode.status());
  const Result<const Sender*> sender = sender_of(request.agency);
  if (!sender.ok()) return problem_response(sender.status());
  EventsOrder order = order_of(request);
  // One event alone is its sender's to mend: it has been told.
  if (*mode == CloudEventsMode::kBatch) order.origin = "POST /events";
  return TakeBody{options_.body_bytes_max,
                  [head = request.head, order, mode = *mode, courier = (*sender)->courier.get()](
                      const std::string& body, Respond respond) {
                    answer_items(read_cloudevents(mode, head, without_utf8_mark(body), order.limits), order, *courier,
                                 std::move(respond));
                  }};
}

// One document of records: its kinds of body, and who reads it.
HttpPlan Gateway::plan_document(const Request& request, const std::vector<std::string_view>& types,
                                const std::string& origin, const ReadDocument& read) {
  const MediaType type = parse_media_type(request.head.field("content-type").value_or(""));
  if (std::find(types.begin(), types.end(), type.name) == types.end())
    return problem_response(415, Status(Code::kInvalid, "expected the Content-Type " + std::string(types.front())));
  const Result<const Sender*> sender = sender_of(request.agency);
  if (!sender.ok()) return problem_response(sender.status());
  EventsOrder order = order_of(request);
  order.origin = origin;
  return TakeBody{options_.body_bytes_max, [order, sender = *sender, read](const std::string& body, Respond respond) {
                    EventsOrder noted = order;
                    Result<std::vector<RequestItem>> items =
                        read(without_utf8_mark(body), sender->publisher, order.limits, noted.notes);
                    answer_items(std::move(items), noted, *sender->courier, std::move(respond));
                  }};
}

namespace {

// A format that has nothing to note.
auto without_notes(Result<std::vector<RequestItem>> (*read)(std::string_view, const Publisher&, const Limits&)) {
  return [read](std::string_view body, const Publisher& publisher, const Limits& limits, std::vector<std::string>&) {
    return read(body, publisher, limits);
  };
}

}  // namespace

HttpPlan Gateway::plan_open311(const Request& request) {
  return plan_document(request, {"application/json", "application/xml", "text/xml"}, "POST /open311/v2/requests",
                       without_notes(read_open311));
}

HttpPlan Gateway::plan_fhir(const Request& request) {
  return plan_document(request, {"application/fhir+json", "application/json"}, "POST /fhir", read_fhir);
}

HttpPlan Gateway::plan_ihub(const Request& request) {
  return plan_document(request, {"application/json", "application/vnd.api+json"}, "POST /ihub",
                       without_notes(read_ihub));
}

Result<UploadOrder> Gateway::read_upload_order(const Request& request) {
  UploadOrder order;
  const Result<FileFormat> format = parse_file_format(request.head.asked("format").value_or("auto"));
  if (!format.ok()) return format.status();
  order.format = *format;
  if (const auto name = request.head.asked("mapping")) {
    const auto found = options_.mappings.find(std::string(*name));
    if (found == options_.mappings.end())
      return Status(Code::kNotFound, "there is no mapping of that name; whoever runs this knows which there are");
    order.mapping = found->second;
    const std::optional<Mapping>& csv = order.mapping->mapping.csv;
    if (csv && agency_of_source(csv->source) != request.agency.value())
      return Status(Code::kWrongAgency, "the mapping \"" + std::string(*name) + "\" is not agency \"" +
                                            request.agency.value() + "\"'s; it publishes " + csv->source);
  } else if (order.format == FileFormat::kAuto || order.format == FileFormat::kCsv) {
    return usage(
        "say by which mapping the file is to be read: ?mapping=NAME, or ?format=cloudevents, police-uk, fhir, ihub or "
        "open311");
  }
  Result<KeyFile> key = options_.key_of(request.agency.value());
  if (!key.ok()) return key.status();
  order.key = std::move(*key);
  if (!request.trial) {
    const Result<const Sender*> sender = sender_of(request.agency);
    if (!sender.ok()) return sender.status();
    order.courier = (*sender)->courier.get();
  }
  order.name = clean_name(request.head.asked("file").value_or("upload"));
  order.trial = request.trial;
  order.backfill = request.backfill;
  order.now = options_.clock->now();
  order.patience_ms = options_.courier.patience.count();
  order.limits = options_.limits;
  return order;
}

HttpPlan Gateway::plan_upload(const Request& request) {
  const std::string type = parse_media_type(request.head.field("content-type").value_or("")).name;
  if (!is_file_type(type))
    return problem_response(415, Status(Code::kInvalid,
                                        "send the file itself as the body, as text/csv or "
                                        "application/octet-stream; not as a form, not compressed"));
  Result<UploadOrder> order = read_upload_order(request);
  if (!order.ok()) return problem_response(order.status());
  std::shared_ptr<BodySink> sink = uploads_.begin(std::move(*order));
  if (!sink) return busy_response("as many files as can be taken at once are being uploaded; try again shortly");
  return StreamBody{options_.limits.upload_bytes_max, std::move(sink)};
}

}  // namespace moot
