#include "tests/simulation/schedule.h"

#include <algorithm>
#include <memory>
#include <set>

#include "tests/simulation/draft.h"
#include "tests/simulation/model.h"

namespace moot::simulation {

namespace {

constexpr Span kSecond{1'000'000};
constexpr Span kSettlesWithin = 300 * kSecond;

// Noon, or shortly before a midnight on which agreements begin and end.
Instant beginning(people::Draw& draw) {
  Instant start = *parse_rfc3339("2021-03-10T12:00:00Z");
  if (draw.chance(0.6)) start.us += 12 * kHourUs - draw.between(1, 60) * kSecondUs;
  return start;
}

class Schedule {
 public:
  Schedule(std::uint64_t seed, const Stores& stores, const Registry& agencies, Planted planted, Faults& faults)
      : seed_(seed),
        stores_(stores),
        faults_(faults),
        draw_(seed),
        over_(draw_.between(15, 60) * kSecond),
        timeline_(beginning(draw_)),
        registry_(agencies),
        network_(timeline_, draw_, faults_),
        model_(timeline_, faults_, registry_),
        broker_(timeline_, draw_, faults_, network_, stores, registry_, planted) {
    listen();
    make_clients(planted);
    plan();
  }

  Ending run();

 private:
  void listen();
  void make_clients(Planted planted);
  void plan();
  void fault();
  void crash_broker();
  void restart_broker(Span away);
  void step_to(Span end);
  bool settled() const;
  void check_inbox(const Publisher& publisher);
  void finish(Ending& ending);
  std::string unsettled() const;
  std::vector<Client*> clients() const;

  const std::uint64_t seed_;
  const Stores stores_;
  Faults& faults_;
  people::Draw draw_;
  const Span over_;  // faults happen until then
  Timeline timeline_;
  Registry registry_;
  Network network_;
  Model model_;
  BrokerProcess broker_;
  std::vector<std::unique_ptr<Publisher>> publishers_;  // the operator's first
  std::vector<std::unique_ptr<Reader>> readers_;
  std::string revoked_;
  std::uint64_t replies_ = 0, trace_ = 0;
};

void Schedule::listen() {
  broker_.log().on_synced = [this](const SealedRecord& record, Offset offset) { model_.synced(record, offset); };
  network_.on_reply = [this](const std::string& connection, const std::string& peer, const v1::Reply& reply,
                             const std::vector<std::string>& events) {
    ++replies_;
    for (const std::uint64_t part : {static_cast<std::uint64_t>(timeline_.passed().count()), reply.number(),
                                     static_cast<std::uint64_t>(reply.kind_case()), std::uint64_t{events.size()}})
      trace_ = (trace_ ^ part) * 0x100000001b3ULL;
    model_.sent(connection, peer, reply, events, broker_.log().end_offset());
  };
  broker_.on_arrival = [this](const Sessions::Arrival& arrival) { model_.arrived(arrival.peer, arrival.header); };
  broker_.on_crash = [this] {
    const bool in_flight = std::any_of(publishers_.begin(), publishers_.end(),
                                       [](const auto& publisher) { return publisher->waits_for_acks(); });
    faults_.crashes_in_flight += in_flight ? 1 : 0;
    restart_broker(Span(draw_.between(10'000, draw_.chance(0.2) ? 30'000'000 : 2'000'000)));
  };
}

void Schedule::restart_broker(Span away) {
  timeline_.after(away, [this] {
    if (!broker_.running()) broker_.start();
  });
}

void Schedule::make_clients(Planted planted) {
  const Surroundings around{&timeline_, &draw_, &faults_, &network_, &registry_};
  const auto file = [this](const std::string& name) { return std::to_string(seed_) + "-" + name; };
  publishers_.push_back(
      std::make_unique<Publisher>(around, "operator", file("operator"), draw_agreements(draw_, over_)));
  publishers_.push_back(
      std::make_unique<Publisher>(around, "north", file("north"), draw_events(draw_, "north", "south", over_)));
  publishers_.push_back(
      std::make_unique<Publisher>(around, "south", file("south"), draw_events(draw_, "south", "north", over_)));
  for (const char* agency : {"casebook", "council", "council", "north", "operator"})
    readers_.push_back(std::make_unique<Reader>(around, agency, draw_habits(draw_, over_, planted)));
}

std::vector<Client*> Schedule::clients() const {
  std::vector<Client*> all;
  for (const auto& publisher : publishers_) all.push_back(publisher.get());
  for (const auto& reader : readers_) all.push_back(reader.get());
  return all;
}

void Schedule::plan() {
  broker_.start();
  for (Client* client : clients()) timeline_.after(Span(draw_.between(0, 2'000'000)), [client] { client->start(); });
  for (int i = draw_.between(3, 40); i > 0; --i)
    timeline_.after(Span(static_cast<std::int64_t>(draw_.share() * static_cast<double>(over_.count()))),
                    [this] { fault(); });
  if (!draw_.chance(0.15)) return;
  revoked_ = draw_.chance(0.5) ? "south" : "council";
  timeline_.after(over_ / 2, [this] {
    v1::Request request;
    request.mutable_agency_revoke()->set_id(revoked_);
    publishers_.front()->ask(request);
  });
}

void Schedule::crash_broker() {
  switch (draw_.below(4)) {
    case 0:
      return broker_.cut_power();
    case 1:
      return broker_.cut_power_after_replies(draw_.between(0, 5));
    default:
      return broker_.cut_power_in_append(draw_.chance(0.3) ? 0 : draw_.chance(0.5) ? 1 : draw_.share());
  }
}

void Schedule::fault() {
  const double kind = draw_.share();
  if (kind < 0.25) {
    crash_broker();
  } else if (kind < 0.3) {
    if (!broker_.running()) return;
    broker_.stop();
    restart_broker(Span(draw_.between(10'000, 1'000'000)));
  } else if (kind < 0.45) {
    draw_.one_of(clients())->crash(Span(draw_.between(10'000, 10'000'000)));
  } else {
    network_.disturb();
  }
}

void Schedule::step_to(Span end) {
  std::uint64_t changes = registry_.changes();
  while (timeline_.step(end)) {
    if (registry_.changes() == changes) continue;
    changes = registry_.changes();
    ++faults_.keys_revoked;
    model_.key_revoked(revoked_);
  }
}

bool Schedule::settled() const {
  for (const auto& publisher : publishers_)
    if (!publisher->key_ended() && !(publisher->done() && publisher->asked())) return false;
  for (const auto& reader : readers_)
    if (!reader->key_ended() && (reader->cursor().value != model_.end() || reader->view() != model_.view_of(*reader)))
      return false;
  return true;
}

std::string Schedule::unsettled() const {
  std::string names;
  for (const auto& publisher : publishers_)
    if (!publisher->key_ended() && !(publisher->done() && publisher->asked()))
      names += " publisher " + publisher->file();
  for (const auto& reader : readers_) {
    if (reader->key_ended()) continue;
    const std::vector<Seen> should = model_.view_of(*reader);
    if (reader->cursor().value == model_.end() && reader->view() == should) continue;
    names += " reader " + reader->agency() + " at " + std::to_string(reader->cursor().value) + " of " +
             std::to_string(model_.end()) + " with " + std::to_string(reader->view().size()) + " events for " +
             std::to_string(should.size());
  }
  return names;
}

Ending Schedule::run() {
  step_to(over_);
  network_.heal();
  broker_.never_mind();
  for (Span until = over_; !settled() && until < over_ + kSettlesWithin && broker_.broken().empty(); until += kSecond)
    step_to(until);
  faults_.groups_torn += broker_.log().torn();
  Ending ending;
  finish(ending);
  return ending;
}

// What was refused is kept.
void Schedule::check_inbox(const Publisher& publisher) {
  const Result<std::vector<v1::InboxItem>> items = stores_.inbox->all();
  MOOT_CHECK_OK(items.status());
  std::set<std::uint64_t> rows;
  for (const v1::InboxItem& item : *items)
    if (item.file() == publisher.file()) rows.insert(item.row());
  for (std::size_t row = 0; row < publisher.list().size(); ++row) {
    const Offered::Kind kind = publisher.list()[row].kind;
    if (kind != Offered::Kind::kConflict && kind != Offered::Kind::kImpostor) continue;
    if (!rows.contains(row))
      model_.find("G4: row " + std::to_string(row) + " of " + publisher.file() + " was refused, and is not kept");
  }
}

void Schedule::finish(Ending& ending) {
  if (!broker_.broken().empty()) model_.find("the broker failed: " + broker_.broken());
  if (!settled()) model_.find("G5: not settled:" + unsettled());
  for (const auto& publisher : publishers_) {
    model_.check_acked(*publisher);
    for (const std::string& finding : publisher->findings()) model_.find(finding);
    if (publisher->done()) check_inbox(*publisher);
  }
  for (const auto& reader : readers_)
    for (const std::string& finding : reader->findings()) model_.find(finding);
  ending.findings = model_.findings();
  ending.events = model_.end();
  ending.replies = replies_;
  ending.trace = trace_;
}

}  // namespace

Ending run_schedule(std::uint64_t seed, const Stores& stores, const Registry& agencies, Planted planted,
                    Faults& faults) {
  return Schedule(seed, stores, agencies, planted, faults).run();
}

}  // namespace moot::simulation
