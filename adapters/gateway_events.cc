#include "adapters/gateway_events.h"

#include "adapters/dry_run_sink.h"
#include "adapters/gateway_reply.h"

namespace moot {

namespace {

Outcome refused_outcome(const v1::RefusedInput& refused) {
  Outcome outcome;
  outcome.origin = refused.origin();
  outcome.fate = Fate::kRefused;
  outcome.status = Status(static_cast<Code>(refused.code()), refused.reason());
  return outcome;
}

v1::RefusedInput too_large(const std::string& bytes, const v1::Origin& origin, const Limits& limits) {
  v1::RefusedInput refused;
  *refused.mutable_origin() = origin;
  refused.set_code(static_cast<std::uint32_t>(Code::kTooLarge));
  refused.set_reason("the event is over " + std::to_string(limits.event_bytes_max) + " bytes");
  refused.set_input(bytes.substr(0, limits.event_bytes_max));
  return refused;
}

// What stays here of a request while its events are with the courier.
struct Waiting {
  std::vector<ItemAnswer> items;
  std::vector<std::size_t> sent;  // which of them each event of the parcel is
};

// Splits the items into what is sent and what is known already.
Waiting pack(std::vector<RequestItem> items, const EventsOrder& order, Parcel& parcel) {
  Waiting waiting;
  for (RequestItem& item : items) {
    ItemAnswer answer;
    v1::Origin origin;
    if (!order.origin.empty()) {
      origin.set_file(order.origin);
      origin.set_row(waiting.items.size() + 1);
    }
    const auto keep = [&](v1::RefusedInput refused) {
      answer.outcome = refused_outcome(refused);
      *refused.mutable_origin() = origin;
      if (!order.origin.empty()) parcel.refused.push_back(std::move(refused));
    };
    if (auto* refused = std::get_if<v1::RefusedInput>(&item)) {
      keep(std::move(*refused));
    } else {
      const auto& event = std::get<v1::Event>(item);
      answer.source = event.envelope().source();
      answer.id = event.envelope().id();
      std::string bytes = event.SerializeAsString();
      if (bytes.size() > order.limits.event_bytes_max) {
        keep(too_large(bytes, origin, order.limits));
      } else {
        parcel.events.push_back(std::move(bytes));
        parcel.origins.push_back(std::move(origin));
        waiting.sent.push_back(waiting.items.size());
      }
    }
    waiting.items.push_back(std::move(answer));
  }
  return waiting;
}

}  // namespace

void publish_items(std::vector<RequestItem> items, const EventsOrder& order, Courier& courier, Respond respond) {
  Parcel parcel;
  parcel.backfill = order.backfill;
  const auto waiting = std::make_shared<Waiting>(pack(std::move(items), order, parcel));
  if (parcel.events.empty() && parcel.refused.empty())
    return respond(items_response(waiting->items, false, order.notes));
  parcel.done = [waiting, respond, notes = order.notes](Result<std::vector<Outcome>> outcomes) {
    if (!outcomes.ok()) return respond(problem_response(outcomes.status()));
    for (std::size_t i = 0; i < outcomes->size(); ++i)
      waiting->items[waiting->sent[i]].outcome = std::move((*outcomes)[i]);
    respond(items_response(waiting->items, false, notes));
  };
  if (!courier.submit(std::move(parcel)))
    respond(busy_response("more is waiting for the broker than is held here; try again shortly"));
}

HttpResponse try_items(const std::vector<RequestItem>& items, const EventsOrder& order) {
  DryRunSink sink({order.agency, order.backfill, order.now, order.limits});
  std::vector<ItemAnswer> answers;
  sink.on_outcome([&](const Outcome& outcome) { answers.back().outcome = outcome; });
  for (const RequestItem& item : items) {
    answers.emplace_back();
    if (const auto* refused = std::get_if<v1::RefusedInput>(&item)) {
      (void)sink.refuse(*refused);
      continue;
    }
    const auto& event = std::get<v1::Event>(item);
    answers.back().source = event.envelope().source();
    answers.back().id = event.envelope().id();
    v1::Origin origin;
    origin.set_row(answers.size());
    (void)sink.publish(event, origin);  // keeps nothing, so cannot fail
  }
  return items_response(answers, true, order.notes);
}

}  // namespace moot
