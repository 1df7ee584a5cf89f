// NATS JetStream, file store: publish with acks, pull and push consumers, over its own text protocol.
#include <charconv>

#include "tests/bench/systems.h"
#include "tests/bench/tcp_streams.h"
#include "tests/bench/tcp_system.h"

namespace moot::bench {

namespace {

constexpr const char* kServer = "/usr/sbin/nats-server";
constexpr std::uint64_t kPullAtOnce = 1000;
constexpr std::uint64_t kPullsInFlight = 2;
constexpr std::string_view kGreeting =
    "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"lang\":\"c++\","
    "\"version\":\"1\",\"protocol\":1}\r\n";

// Where a connection's answers go: to it alone.
std::string inbox(int stream) { return "_I." + std::to_string(stream) + "."; }

// What the server says: a line, and for MSG and HMSG the bytes that follow it.
struct Said {
  std::string_view verb, subject, reply_to, body;  // body without the headers
  std::string_view headers;
  std::size_t bytes = 0;  // altogether; 0 = not all there yet
};

std::size_t number_of(std::string_view digits) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

Said next_said(std::string_view unread) {
  const std::size_t line_end = unread.find("\r\n");
  if (line_end == std::string_view::npos) return {};
  std::string_view words[6];
  std::size_t count = 0;
  for (std::size_t at = 0; at < line_end && count < 6;) {
    const std::size_t end = std::min(unread.find(' ', at), line_end);
    words[count++] = unread.substr(at, end - at);
    at = end + 1;
  }
  Said said;
  said.verb = words[0];
  said.bytes = line_end + 2;
  const bool with_headers = said.verb == "HMSG";
  if (!with_headers && said.verb != "MSG") return said;
  // MSG <subject> <sid> [reply] <bytes>   HMSG <subject> <sid> [reply] <header bytes> <bytes>
  said.subject = words[1];
  const std::size_t sizes = with_headers ? 2 : 1;
  if (count == 4 + sizes) said.reply_to = words[3];
  const std::size_t total = number_of(words[count - 1]);
  const std::size_t header_bytes = with_headers ? number_of(words[count - 2]) : 0;
  if (unread.size() < said.bytes + total + 2) return {};
  said.headers = unread.substr(said.bytes, header_bytes);
  said.body = unread.substr(said.bytes + header_bytes, total - header_bytes);
  said.bytes += total + 2;
  return said;
}

Result<std::unique_ptr<TcpStreams>> greeted(std::uint16_t port, int count) {
  Result<std::unique_ptr<TcpStreams>> streams = TcpStreams::connect(port, count);
  if (!streams.ok()) return streams;
  for (int i = 0; i < count; ++i) {
    const Result<std::string> reply =
        (*streams)->ask(i, std::string(kGreeting) + "SUB " + inbox(i) + "> 1\r\nPING\r\n",
                        [](std::string_view text) { return text.find("PONG\r\n") != std::string_view::npos; });
    if (!reply.ok()) return reply.status();
  }
  return streams;
}

// A question to the server's own subjects, answered with a JSON text.
Result<std::string> ask_server(std::uint16_t port, const std::string& subject, const std::string& question) {
  Result<std::unique_ptr<TcpStreams>> streams = greeted(port, 1);
  if (!streams.ok()) return streams.status();
  const std::string request =
      "PUB " + subject + " " + inbox(0) + "q " + std::to_string(question.size()) + "\r\n" + question + "\r\n";
  Result<std::string> reply =
      (*streams)->ask(0, request, [](std::string_view text) { return next_said(text).verb == "MSG"; });
  if (!reply.ok()) return reply.status();
  const std::string body(next_said(*reply).body);
  if (body.find("\"error\"") != std::string::npos) return Status(Code::kBadRequest, "nats answered " + body);
  return body;
}

class NatsPublishers final : public Publishers {
 public:
  NatsPublishers(std::unique_ptr<TcpStreams> streams, const Payload& payload, bool with_ids)
      : streams_(std::move(streams)),
        payload_(payload),
        with_ids_(with_ids),
        waiting_(static_cast<std::size_t>(streams_->count())) {
    for (int i = 0; i < streams_->count(); ++i) waiting_[static_cast<std::size_t>(i)].inbox = inbox(i);
  }

  Status send(int publisher, std::uint64_t first, int events) override {
    Waiting& waiting = waiting_[static_cast<std::size_t>(publisher)];
    MOOT_CHECK(waiting.events_in_message == 0 || waiting.events_in_message == events);
    waiting.events_in_message = events;
    std::string& out = streams_->out(publisher);
    for (int i = 0; i < events; ++i) {
      const std::uint64_t number = first + static_cast<std::uint64_t>(i);
      out += with_ids_ ? "HPUB e " : "PUB e ";
      out += waiting.inbox;
      out += std::to_string(waiting.sent++);
      if (with_ids_) {
        const Payload::Id id = payload_.id(number);
        out += kHeaderSizes;
        out.append(id.data(), id.size());
        out += "\r\n\r\n";
      } else {
        out += " 512\r\n";
      }
      const std::size_t at = out.size();
      out.resize(at + kEventBytes);
      payload_.write(publisher, number, out.data() + at);
      out += "\r\n";
    }
    return {};
  }

  Status flush() override { return streams_->flush(); }

  Status receive(std::chrono::nanoseconds longest, std::vector<Ack>& acks) override {
    MOOT_RETURN_IF_ERROR(
        streams_->wait(longest, [&](int stream, std::string_view unread) { return take(stream, unread, acks); }));
    return streams_->flush();  // answers to the server's own pings
  }

 private:
  // The sizes are those of the headers (10 + 13 + id + 4 bytes) and of headers and event.
  static constexpr std::string_view kHeaderSizes = " 43 555\r\nNATS/1.0\r\nNats-Msg-Id: ";
  static_assert(kEventBytes == 512 && kIdBytes == 16);
  struct Waiting {
    std::string inbox;
    int events_in_message = 0;
    std::uint64_t sent = 0, answered = 0;
  };

  Result<std::size_t> take(int stream, std::string_view unread, std::vector<Ack>& acks) {
    Waiting& waiting = waiting_[static_cast<std::size_t>(stream)];
    std::size_t at = 0;
    Ack ack{stream, 0};
    for (;;) {
      const Said said = next_said(unread.substr(at));
      if (said.bytes == 0) break;
      at += said.bytes;
      if (said.verb == "PING") streams_->out(stream) += "PONG\r\n";
      if (said.verb == "-ERR") return Status(Code::kBadRequest, "nats answered -ERR");
      if (said.verb != "MSG" && said.verb != "HMSG") continue;
      // {"stream":"S","seq":1}, and "duplicate":true or "error":… where it is not what was wanted.
      if (said.body.find("\"seq\":") == std::string_view::npos || said.body.find("dupl") != std::string_view::npos)
        return Status(Code::kBadRequest, "nats answered " + std::string(said.body) + std::string(said.headers));
      if (number_of(said.subject.substr(waiting.inbox.size())) != waiting.answered)
        return Status(Code::kBadRequest, "nats acknowledges in another order than it was sent to");
      ++waiting.answered;
      if (waiting.answered % static_cast<std::uint64_t>(waiting.events_in_message) == 0) ++ack.messages;
    }
    if (ack.messages > 0) acks.push_back(ack);
    return at;
  }

  std::unique_ptr<TcpStreams> streams_;
  const Payload& payload_;
  const bool with_ids_;
  std::vector<Waiting> waiting_;
};

class Nats final : public TcpSystem {
 public:
  Nats(const SystemOptions& options, bool with_ids)
      : TcpSystem(options.folder / (with_ids ? "nats-ids" : "nats")), with_ids_(with_ids) {}

  bool syncs_before_ack() const override { return false; }
  bool finds_duplicates() const override { return with_ids_; }
  std::string name() const override { return with_ids_ ? "nats-ids" : "nats"; }
  std::string version() const override { return first_line_of({kServer, "--version"}); }
  std::string settings() const override {
    return std::string(
               "JetStream, one stream, file storage, all else its defaults. An ack means written, not fsynced") +
           (with_ids_ ? ". Nats-Msg-Id: duplicates are looked for within 2 minutes" : ". No duplicates are looked for");
  }
  std::string operation() const override {
    return std::string(with_ids_ ? "HPUB with Nats-Msg-Id" : "PUB") +
           " with a reply subject; 100 events: 100 of them in one write, acknowledged with the last reply";
  }

  Status start() override {
    MOOT_RETURN_IF_ERROR(start_server([this](const std::string& port) -> std::vector<std::string> {
      return {kServer,  "--jetstream", "--store_dir", (folder() / "store").string(),     "--addr", "127.0.0.1",
              "--port", port,          "--log",       (folder() / "server.log").string()};
    }));
    return ask_server(port(), "$JS.API.STREAM.CREATE.S",
                      "{\"name\":\"S\",\"subjects\":[\"e\"],\"storage\":\"file\",\"retention\":\"limits\","
                      "\"max_msgs\":-1,\"max_bytes\":-1,\"num_replicas\":1}")
        .status();
  }

  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override {
    Result<std::unique_ptr<TcpStreams>> streams = greeted(port(), publishers);
    if (!streams.ok()) return streams.status();
    return std::unique_ptr<Publishers>(new NatsPublishers(std::move(*streams), payload, with_ids_));
  }

  Result<std::uint64_t> stored() override {
    const Result<std::string> info = ask_server(port(), "$JS.API.STREAM.INFO.S", "");
    if (!info.ok()) return info.status();
    const std::size_t at = info->find("\"messages\":");
    if (at == std::string::npos) return Status(Code::kBadRequest, "nats answered " + *info);
    return std::uint64_t{std::stoull(info->substr(at + 11))};
  }

  std::vector<std::string> ways_to_read() const override {
    if (with_ids_) return {};
    return {"pull of " + std::to_string(kPullAtOnce) + ", " + std::to_string(kPullsInFlight) + " in flight",
            "ordered push consumer"};
  }

  Status read(const std::string& way, std::uint64_t events) override {
    Result<std::unique_ptr<TcpStreams>> streams = greeted(port(), 1);
    if (!streams.ok()) return streams.status();
    return way.starts_with("pull") ? pull(**streams, events) : push(**streams, events);
  }

 private:
  static std::string published(std::string_view subject, std::string_view reply_to, std::string_view body) {
    std::string text = "PUB " + std::string(subject) + " ";
    if (!reply_to.empty()) text += std::string(reply_to) + " ";
    return text + std::to_string(body.size()) + "\r\n" + std::string(body) + "\r\n";
  }

  static Status pull(TcpStreams& streams, std::uint64_t events) {
    const Result<std::string> made = streams.ask(
        0,
        published("$JS.API.CONSUMER.DURABLE.CREATE.S.reader", inbox(0) + "q",
                  "{\"stream_name\":\"S\",\"config\":{\"durable_name\":\"reader\",\"deliver_policy\":\"all\","
                  "\"ack_policy\":\"none\"}}"),
        [](std::string_view text) { return next_said(text).verb == "MSG"; });
    if (!made.ok()) return made.status();
    const std::string next = published("$JS.API.CONSUMER.MSG.NEXT.S.reader", inbox(0) + "pull",
                                       "{\"batch\":" + std::to_string(kPullAtOnce) + ",\"expires\":5000000000}");
    for (std::uint64_t i = 0; i < kPullsInFlight; ++i) streams.out(0) += next;
    MOOT_RETURN_IF_ERROR(streams.flush());
    std::uint64_t seen = 0;
    return take_events(streams, events, seen, [&](const Said& said) {
      if (said.body.size() == kEventBytes && ++seen % kPullAtOnce == 0) streams.out(0) += next;
    });
  }

  // What an ordered consumer of a client library is: ephemeral, without acks, with flow control and heartbeats.
  static Status push(TcpStreams& streams, std::uint64_t events) {
    // A subscription of its own: the server sends nothing to one that only matches by a wildcard.
    streams.out(0) += "SUB push 2\r\n";
    streams.out(0) += published("$JS.API.CONSUMER.CREATE.S", inbox(0) + "q",
                                "{\"stream_name\":\"S\",\"config\":{\"deliver_subject\":\"push\","
                                "\"deliver_policy\":\"all\",\"ack_policy\":\"none\",\"max_deliver\":1,"
                                "\"flow_control\":true,\"idle_heartbeat\":5000000000}}");
    MOOT_RETURN_IF_ERROR(streams.flush());
    std::uint64_t seen = 0;
    return take_events(streams, events, seen, [&](const Said& said) {
      if (said.body.size() == kEventBytes && said.subject != inbox(0) + "q") ++seen;
      if (!said.reply_to.empty() && said.headers.find("FlowControl") != std::string_view::npos)
        streams.out(0) += published(said.reply_to, "", "");
    });
  }

  template <typename OnSaid>
  static Status take_events(TcpStreams& streams, std::uint64_t events, const std::uint64_t& seen, OnSaid on_said) {
    auto last_seen = seen;
    auto last_at = std::chrono::steady_clock::now();
    while (seen < events) {
      MOOT_RETURN_IF_ERROR(streams.wait(std::chrono::milliseconds(100), [&](int, std::string_view unread) {
        std::size_t at = 0;
        for (Said said = next_said(unread); said.bytes > 0; said = next_said(unread.substr(at))) {
          at += said.bytes;
          if (said.verb == "PING") streams.out(0) += "PONG\r\n";
          if (said.verb != "MSG" && said.verb != "HMSG") continue;
          if (said.subject == inbox(0) + "q" && said.body.find("\"error\"") != std::string_view::npos)
            return Result<std::size_t>(Status(Code::kBadRequest, "nats answered " + std::string(said.body)));
          on_said(said);
        }
        return Result<std::size_t>(at);
      }));
      MOOT_RETURN_IF_ERROR(streams.flush());
      const auto now = std::chrono::steady_clock::now();
      if (seen > last_seen) {
        last_seen = seen;
        last_at = now;
      } else if (now - last_at > std::chrono::seconds(20)) {
        return Status(Code::kMissing, "nats gave back only " + std::to_string(seen) + " events");
      }
    }
    return {};
  }

  const bool with_ids_;
};

}  // namespace

std::unique_ptr<System> make_nats(const SystemOptions& options, bool with_ids) {
  return std::make_unique<Nats>(options, with_ids);
}

}  // namespace moot::bench
