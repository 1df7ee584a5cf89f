#include "tests/simulation/client.h"

namespace moot::simulation {

namespace {

constexpr Span kGreetingPatience{3'000'000};
constexpr Span kLookEvery{500'000};

}  // namespace

void Client::after(Span delay, std::function<void()> thing) {
  around_.timeline->after(delay, [this, life = lives_, thing = std::move(thing)] {
    if (life == lives_ && running_) thing();
  });
}

void Client::start() {
  running_ = true;
  dialogue_ = Dialogue();
  begin();
  connect();
}

void Client::crash(Span away) {
  if (!running_) return;
  running_ = greeted_ = false;
  ++lives_;
  if (line_) around_.network->give_up(*line_);
  line_.reset();
  forget();
  around_.timeline->after(away, [this] { start(); });
}

void Client::reconnect() {
  if (!running_) return;
  greeted_ = false;
  if (line_) around_.network->give_up(*line_);
  line_.reset();
  ++connections_;
  after(Span(around_.draw->between(50, 500'000)), [this, connection = connections_] {
    if (connection == connections_) connect();
  });
}

void Client::connect() {
  ++connections_;
  const Member* member = around_.registry->by_id(agency_);
  const AgencyKey* key = member->current(around_.timeline->now());
  if (key == nullptr) {  // what ZAP says to it
    key_ended_ = true;
    running_ = false;
    return;
  }
  if (!around_.network->at_broker) return reconnect();
  line_ = around_.network->connect(*this, connection_name(*member, *key));
  dialogue_.begin(around_.timeline->moment());
  around_.network->send(*line_, dialogue_.hello());
  after(kGreetingPatience, [this, connection = connections_] {
    if (connection == connections_ && !greeted_) reconnect();
  });
  look_after(connections_);
}

void Client::look_after(std::uint64_t connection) {
  after(kLookEvery, [this, connection] {
    if (connection != connections_ || !line_) return;
    const Moment now = around_.timeline->moment();
    if (!dialogue_.silence(now).ok()) {
      ++around_.faults->silences;
      return reconnect();
    }
    if (const std::optional<v1::Request> ping = dialogue_.ping_due(now)) around_.network->send(*line_, *ping);
    if (greeted_) tick();
    look_after(connection);
  });
}

std::uint64_t Client::send(v1::Request& request, const std::vector<std::string>& events) {
  const std::uint64_t number = dialogue_.number(request);
  around_.network->send(*line_, request, events);
  return number;
}

void Client::hear(const v1::Reply& reply, const std::vector<std::string>& events) {
  if (!running_) return;
  const Status heard = dialogue_.heard(reply);
  if (heard.code() == Code::kKeyEnded) return reconnect();
  if (!heard.ok()) {
    ++around_.faults->sessions_forgotten;
    return reconnect();
  }
  if (reply.has_pong()) return;
  if (greeted_) return answered(reply, events);
  const Result<bool> greeted = dialogue_.greeted(reply);
  if (!greeted.ok()) return reconnect();
  greeted_ = *greeted;
  if (greeted_) opened();
}

}  // namespace moot::simulation
