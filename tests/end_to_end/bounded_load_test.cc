// Many agencies at once on one broker (G8, G9): publishers and readers with CURVE, each reader with its own filter and
// agreement; among them a reader that stopped, one at a tenth of the others' speed, a publisher that never reads its
// acks and handshakes that never end. Everything is checked by what each publisher sent; memory stays under the ceiling
// of the configuration, also when everybody sends as much as a message and a producer take.
//
// MOOT_LONG: 1,000 sessions of 50 agencies, 20 readers, 10,000 half-open handshakes, five runs with the bad ones and
// five without in turn, and the medians of both. Nobody asserts a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "broker/client/producer.h"
#include "broker/wire/frames.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/bus_crowd.h"
#include "tests/end_to_end/installation.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Size {
  int sessions, agencies, readers, half_open, unread;
  CrowdLoad load;  // of each session
  // The broker's resident memory, whatever its peers do: broker_megabytes, here as it is where nothing is said.
  std::int64_t ceiling_mib = 320;
};
const Size kSmall{60, 10, 6, 300, 1500, {50, 5, 2, 0}};
const Size kLarge{1000, 50, 20, 10'000, 5000, {60, 5, 2, 0}};
// Eight messages of 1 MiB at once from everybody, were they let.
const Size kFullMessages{60, 10, 2, 300, 1500, {120, 1000, 8, 58'000}};
const Size kManyFullMessages{1000, 50, 4, 10'000, 5000, {34, 1000, 8, 58'000}, 320 + 130};  // as README says for 1,000

std::string numbered(const std::string& name, int number) {
  return name + "-" + (number < 10 ? "0" : "") + std::to_string(number);
}

std::int64_t memory_mib(pid_t pid, const std::string& what) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what + ":")) return std::stoll(line.substr(what.size() + 1)) / 1024;
  return -1;
}

struct Figures {
  double events_per_second = 0;
  double p99_ms = 0;
  std::int64_t half_way_mib = 0, end_mib = 0, peak_mib = 0;
  std::size_t half_open = 0;  // when the others came
};

class BoundedLoad : public testing::Test {
 protected:
  // An installation of its own for each run.
  Installation make(const std::string& name, const Size& size) {
    const std::filesystem::path config = folder_ / name / "partnership.toml";
    std::filesystem::copy(std::filesystem::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", config.parent_path(),
                          std::filesystem::copy_options::recursive);
    write_text(config, "broker_megabytes = " + std::to_string(size.ceiling_mib) + "\n" + read_text(config));
    std::ofstream out(config, std::ios::app);
    const auto agency = [&](const std::string& id) {
      out << "\n[[agency]]\nid = \"" << id << "\"\nname = \"" << id << "\"\n";
    };
    for (int i = 0; i < size.agencies; ++i) agency(numbered("agency", i));
    for (int i = 0; i < size.readers; ++i) agency(numbered("reader", i));
    return Installation(folder_ / (name + "-data"), config);
  }

  static KeyFile key(const Installation& here, const std::string& agency) {
    return *read_key_file(here.key_file(agency));
  }

  static bool provides(int agency, int reader) { return (agency + reader) % 3 == 0; }
  static bool filters(int reader) { return reader % 4 == 0; }

  // Each reader's agreement: a third of the agencies, every other one in existence only.
  static void sign(const Installation& here, const Size& size) {
    auto producer = Producer::connect(key(here, "operator"), {});
    ASSERT_TRUE(producer.ok()) << producer.status().message();
    for (int reader = 0; reader < size.readers; ++reader) {
      const std::string name = numbered("reader", reader);
      v1::Event event = example_event(name + "/1/1", "/operator/agreements");
      event.clear_personal();
      event.mutable_envelope()->set_type("uk.csp.governance.agreement-signed.v1");
      v1::Governance& clause = *event.mutable_facts()->mutable_governance();
      clause.set_stage(v1::Governance::AGREEMENT_SIGNED);
      clause.set_definition(name);
      clause.set_version("1");
      clause.set_clause(1);
      clause.set_clauses(1);
      clause.add_readers(name);
      for (int agency = 0; agency < size.agencies; ++agency)
        if (provides(agency, reader)) clause.add_providers(numbered("agency", agency));
      clause.set_grade(reader % 2 == 0 ? "content" : "existence");
      clause.set_starts("2021-01-01");
      ASSERT_TRUE((*producer)->publish(event, {}).ok());
    }
    ASSERT_TRUE((*producer)->flush().ok());
  }

  Figures run(const std::string& name, const Size& size, bool with_bad_ones);

  TemporaryFolder folder_;
};

// All peers of one run.
class Crowd {
 public:
  Crowd(const Size& size, const std::string& address, const std::function<KeyFile(const std::string&)>& key,
        const std::function<bool(int, int)>& provides, const std::function<bool(int)>& filters, bool with_bad_ones)
      : with_bad_ones_(with_bad_ones) {
    context_.set(zmq::ctxopt::max_sockets, 8192);
    for (int i = 0; i < size.readers; ++i) {
      ConsumerOptions options;
      options.reader = "crowd";
      options.credit_bytes = 256 * 1024;
      CrowdReader::Entitlement entitlement;
      for (int agency = 0; agency < size.agencies; ++agency) {
        const bool asked = !filters(i) || agency < size.agencies / 2;
        if (filters(i) && asked) options.filter.add_agencies(numbered("agency", agency));
        if (asked && provides(agency, i)) entitlement.agencies.insert(numbered("agency", agency));
      }
      entitlement.content = i % 2 == 0;
      readers.push_back(std::make_unique<CrowdReader>(context_, key(numbered("reader", i)), address, options,
                                                      std::move(entitlement)));
    }
    std::map<int, KeyFile> keys;
    for (int i = 0; i < size.agencies; ++i) keys[i] = key(numbered("agency", i));
    for (int i = 0; i < size.sessions; ++i)
      publishers.push_back(std::make_unique<CrowdPublisher>(context_, keys[i % size.agencies], address, i, size.load));
  }

  // Once round: whoever has something to read takes it. Readers 0 and 1 are the stopped and the slow one.
  void turn() {
    if (items_.empty()) {
      for (const auto& publisher : publishers) items_.push_back({publisher->handle(), 0, ZMQ_POLLIN, 0});
      for (const auto& reader : readers) items_.push_back({reader->handle(), 0, ZMQ_POLLIN, 0});
    }
    zmq_poll(items_.data(), static_cast<int>(items_.size()), 5);
    const auto now = steady_clock::now();
    const bool slow_turn = now >= slow_next_;
    if (slow_turn) slow_next_ = now + milliseconds(50);
    for (const auto& publisher : publishers) publisher->turn(now, 10);
    for (std::size_t i = 0; i < readers.size(); ++i) {
      const bool bad = with_bad_ones_ && i < 2 && readers[i]->through() > Offset{0};
      if (bad && (i == 0 || !slow_turn)) continue;
      readers[i]->turn(now, bad ? 1 : 10);
    }
  }
  // The slow one hurries now; the stopped one goes on too.
  void wake() { with_bad_ones_ = false; }

  bool published() const {
    return std::all_of(publishers.begin(), publishers.end(), [](const auto& one) { return one->done(); });
  }
  bool read(Offset end) const {
    return std::all_of(readers.begin(), readers.end(), [&](const auto& one) { return one->through() >= end; });
  }
  std::size_t told() const {
    return static_cast<std::size_t>(
        std::count_if(publishers.begin(), publishers.end(), [](const auto& one) { return one->done(); }));
  }
  std::vector<std::string> findings() const {
    std::vector<std::string> all;
    for (const auto& one : publishers) all.insert(all.end(), one->findings().begin(), one->findings().end());
    for (const auto& one : readers) all.insert(all.end(), one->findings().begin(), one->findings().end());
    return all;
  }

  zmq::context_t& context() { return context_; }

 private:
  zmq::context_t context_;  // before the sockets

 public:
  std::vector<std::unique_ptr<CrowdPublisher>> publishers;
  std::vector<std::unique_ptr<CrowdReader>> readers;

 private:
  bool with_bad_ones_;
  std::vector<zmq::pollitem_t> items_;
  SteadyTime slow_next_;
};

// Publishes and never reads an ack: its session ends, what it sent is stored or refused, and nothing is kept for it.
class NeverReadsAcks {
 public:
  NeverReadsAcks(zmq::context_t& context, const KeyFile& key, const std::string& address)
      : key_(key), socket_(context, zmq::socket_type::dealer) {
    const auto bytes = [](const Key& part) { return zmq::const_buffer(part.data(), part.size()); };
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvhwm, 1);
    socket_.set(zmq::sockopt::rcvbuf, 4096);
    socket_.set(zmq::sockopt::curve_serverkey, bytes(key.broker_public_key));
    socket_.set(zmq::sockopt::curve_publickey, bytes(key.public_key));
    socket_.set(zmq::sockopt::curve_secretkey, bytes(key.secret_key));
    socket_.connect(address);
    v1::Request hello;
    hello.mutable_hello()->set_protocol(kProtocolVersion);
    socket_.send(zmq::buffer(hello.SerializeAsString()));
  }
  // As many as its socket takes now, of so many in all.
  void turn(int all) {
    v1::Request request;
    request.mutable_publish();
    for (; sent_ < all; ++sent_) {
      request.set_number(static_cast<std::uint64_t>(sent_ + 2));
      const std::string source = "/" + key_.agency.value() + "/never-reads";
      const std::string events = packed_events({example_event(std::to_string(sent_), source).SerializeAsString()});
      if (!socket_.send(zmq::buffer(request.SerializeAsString()), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
        return;
      socket_.send(zmq::buffer(events), zmq::send_flags::none);
    }
  }

 private:
  const KeyFile key_;
  zmq::socket_t socket_;
  int sent_ = 0;
};

Figures BoundedLoad::run(const std::string& name, const Size& size, bool with_bad_ones) {
  const Installation here = make(name, size);
  const std::unique_ptr<Process> broker = here.start_broker();
  sign(here, size);
  const std::string address = here.bus_address();
  Figures figures;
  std::optional<HalfOpen> half_open;  // first, so that the others come while they are there
  if (with_bad_ones) {
    half_open.emplace(address, size.half_open);
    figures.half_open = half_open->open();
  }
  Crowd crowd(
      size, address, [&](const std::string& agency) { return key(here, agency); }, provides, filters, with_bad_ones);
  std::optional<NeverReadsAcks> never;
  if (with_bad_ones) never.emplace(crowd.context(), key(here, "agency-00"), address);
  const auto begin = steady_clock::now();
  const auto deadline = begin + std::chrono::minutes(5);
  while (!crowd.published() && steady_clock::now() < deadline) {
    crowd.turn();
    if (never) never->turn(size.unread);
    if (figures.half_way_mib == 0 && crowd.told() * 2 > crowd.publishers.size())
      figures.half_way_mib = memory_mib(broker->pid(), "VmRSS");
  }
  EXPECT_TRUE(crowd.published()) << crowd.told() << " of " << crowd.publishers.size() << " publishers are done";
  const double seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
  figures.events_per_second = size.sessions * size.load.events / seconds;
  bench::Latencies all;
  for (const auto& publisher : crowd.publishers) all.add(publisher->latencies());
  figures.p99_ms = all.milliseconds(0.99);
  figures.end_mib = memory_mib(broker->pid(), "VmRSS");
  crowd.wake();
  const Offset end{here.offset()};
  while (!crowd.read(end) && steady_clock::now() < deadline) crowd.turn();
  figures.peak_mib = memory_mib(broker->pid(), "VmHWM");
  for (const std::string& finding : crowd.findings()) ADD_FAILURE() << finding;
  for (const auto& reader : crowd.readers)
    for (const auto& publisher : crowd.publishers)
      EXPECT_EQ(reader->got_of(publisher->source()),
                reader->entitlement().agencies.contains(publisher->agency()) ? publisher->events() : 0)
          << reader->agency() << " of " << publisher->source();
  EXPECT_LT(figures.peak_mib, size.ceiling_mib);
  EXPECT_TRUE(broker->running()) << broker->err();
  if (with_bad_ones) {
    EXPECT_GE(figures.half_open * 10, static_cast<std::size_t>(size.half_open) * 9) << "else this fault did not bite";
  }
  std::cout << (with_bad_ones ? "with the bad ones: " : "without them: ") << figures.events_per_second
            << " events a second, p99 of an ack " << figures.p99_ms << " ms, memory " << figures.half_way_mib
            << " MiB half-way, " << figures.end_mib << " MiB at the end, " << figures.peak_mib << " MiB at most, "
            << figures.half_open << " handshakes half-open" << std::endl;
  return figures;
}

template <typename Get>
auto median(const std::vector<Figures>& runs, const Get& get) {
  std::vector<decltype(get(runs[0]))> values;
  for (const Figures& one : runs) values.push_back(get(one));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

TEST_F(BoundedLoad, OfManyAgenciesLosesNothingAndStaysInItsMemoryWhateverSomeOfThemDo) {
  if (std::getenv("MOOT_LONG") == nullptr) {
    run("small", kSmall, true);
    return;
  }
  std::vector<Figures> without, with;
  for (int i = 0; i < 5; ++i) {
    without.push_back(run("without-" + std::to_string(i), kLarge, false));
    with.push_back(run("with-" + std::to_string(i), kLarge, true));
  }
  for (const auto* runs : {&without, &with})
    std::cout << (runs == &with ? "median with: " : "median without: ")
              << median(*runs, [](const Figures& one) { return one.events_per_second; }) << " events a second, p99 "
              << median(*runs, [](const Figures& one) { return one.p99_ms; }) << " ms\n";
}

TEST_F(BoundedLoad, OfFullMessagesFromEverybodyStaysInItsMemoryToo) {
  run("full", std::getenv("MOOT_LONG") == nullptr ? kFullMessages : kManyFullMessages, true);
}

}  // namespace
}  // namespace moot
