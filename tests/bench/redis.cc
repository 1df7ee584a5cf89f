// Redis streams: XADD and XREAD over its own text protocol (RESP).

#include <charconv>
#include <fstream>

#include "tests/bench/systems.h"
#include "tests/bench/tcp_streams.h"
#include "tests/bench/tcp_system.h"

namespace moot::bench {

namespace {

constexpr const char* kServer = "/usr/bin/redis-server";
constexpr std::uint64_t kReadAtOnce = 1000;

std::string bulk(std::string_view text) {
  return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}

std::string command(const std::vector<std::string>& words) {
  std::string text = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) text += bulk(word);
  return text;
}

Status refused(std::string_view line) {
  return Status(Code::kBadRequest, "redis answered " + std::string(line.substr(0, line.find('\r'))));
}

class RedisPublishers final : public Publishers {
 public:
  RedisPublishers(std::unique_ptr<TcpStreams> streams, const Payload& payload)
      : streams_(std::move(streams)),
        payload_(payload),
        waiting_(static_cast<std::size_t>(streams_->count())),
        head_("*5\r\n" + bulk("XADD") + bulk("s") + bulk("*") + bulk("d") + "$" + std::to_string(kEventBytes) +
              "\r\n") {}

  Status send(int publisher, std::uint64_t first, int events) override {
    std::string& out = streams_->out(publisher);
    for (int i = 0; i < events; ++i) {
      out += head_;
      const std::size_t at = out.size();
      out.resize(at + kEventBytes);
      payload_.write(publisher, first + static_cast<std::uint64_t>(i), out.data() + at);
      out += "\r\n";
    }
    Waiting& waiting = waiting_[static_cast<std::size_t>(publisher)];
    MOOT_CHECK(waiting.events_in_message == 0 || waiting.events_in_message == events);
    waiting.events_in_message = events;
    return {};
  }

  Status flush() override { return streams_->flush(); }

  Status receive(std::chrono::nanoseconds longest, std::vector<Ack>& acks) override {
    return streams_->wait(longest, [&](int stream, std::string_view unread) { return take(stream, unread, acks); });
  }

 private:
  struct Waiting {
    int events_in_message = 0;
    int answered = 0;  // events of the oldest message
  };

  // Each answer is "$15\r\n<id>\r\n".
  Result<std::size_t> take(int stream, std::string_view unread, std::vector<Ack>& acks) {
    Waiting& waiting = waiting_[static_cast<std::size_t>(stream)];
    std::size_t at = 0;
    Ack ack{stream, 0};
    for (;;) {
      const std::size_t line_end = unread.find('\n', at);
      if (line_end == std::string_view::npos) break;
      if (unread[at] != '$') return refused(unread.substr(at));
      const std::size_t id_end = unread.find('\n', line_end + 1);
      if (id_end == std::string_view::npos) break;
      at = id_end + 1;
      if (++waiting.answered < waiting.events_in_message) continue;
      waiting.answered = 0;
      ++ack.messages;
    }
    if (ack.messages > 0) acks.push_back(ack);
    return at;
  }

  std::unique_ptr<TcpStreams> streams_;
  const Payload& payload_;
  std::vector<Waiting> waiting_;
  const std::string head_;
};

// The answer to an XREAD of one stream, as it comes in: counts the entries and keeps the last one's id. An entry is
// three strings: its id, "d", the event; before the first stands the stream's name.
class XreadAnswer {
 public:
  // How much of it was taken.
  Result<std::size_t> take(std::string_view unread) {
    std::size_t at = 0;
    while (!done_) {
      const std::size_t line_end = unread.find('\n', at);
      if (line_end == std::string_view::npos) break;
      const char kind = unread[at];
      if (kind != '*' && kind != '$') return refused(unread.substr(at));
      std::int64_t number = 0;
      std::from_chars(unread.data() + at + 1, unread.data() + line_end, number);
      if (kind == '*') {
        if (number < 0) done_ = true;  // nothing there
        if (++arrays_ == 3) left_ = number;
        at = line_end + 1;
        continue;
      }
      const auto size = static_cast<std::size_t>(number);
      if (unread.size() < line_end + 1 + size + 2) break;
      on_string(unread.substr(line_end + 1, size));
      at = line_end + 1 + size + 2;
    }
    return at;
  }

  bool done() const { return done_; }
  std::uint64_t entries() const { return entries_; }
  const std::string& last_id() const { return last_id_; }

 private:
  void on_string(std::string_view text) {
    const std::uint64_t place = strings_++;
    if (place == 0) return;  // the stream's name
    if (place % 3 == 1) last_id_ = text;
    if (place % 3 != 0) return;
    ++entries_;
    if (text.size() != kEventBytes) left_ = 1;  // not one of ours: end, and be found out by the count
    if (--left_ == 0) done_ = true;
  }

  bool done_ = false;
  std::uint64_t arrays_ = 0, strings_ = 0, entries_ = 0;
  std::int64_t left_ = 0;
  std::string last_id_;
};

class Redis final : public TcpSystem {
 public:
  Redis(const SystemOptions& options, bool always)
      : TcpSystem(options.folder / ("redis-" + std::string(always ? "always" : "everysec"))), always_(always) {}

  bool syncs_before_ack() const override { return always_; }
  bool finds_duplicates() const override { return false; }
  std::string name() const override { return always_ ? "redis-always" : "redis-everysec"; }
  std::string version() const override { return first_line_of({kServer, "--version"}); }
  std::string settings() const override {
    return std::string("appendonly yes, appendfsync ") + (always_ ? "always" : "everysec") +
           ", no snapshots (save \"\"), no rewriting of the file (auto-aof-rewrite-percentage 0). An ack means " +
           (always_ ? "fsynced" : "written, not fsynced; fsync once a second") + ". No duplicates are looked for";
  }
  std::string operation() const override {
    return "XADD s * d <event>; 100 events: 100 XADD in one write, acknowledged with the last reply";
  }

  Status start() override {
    return start_server([this](const std::string& port) -> std::vector<std::string> {
      return {kServer,
              "--port",
              port,
              "--bind",
              "127.0.0.1",
              "--dir",
              folder().string(),
              "--save",
              "",
              "--appendonly",
              "yes",
              "--appendfsync",
              always_ ? "always" : "everysec",
              "--auto-aof-rewrite-percentage",
              "0",
              "--daemonize",
              "no",
              "--logfile",
              "server.log"};
    });
  }

  Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) override {
    Result<std::unique_ptr<TcpStreams>> streams = TcpStreams::connect(port(), publishers);
    if (!streams.ok()) return streams.status();
    return std::unique_ptr<Publishers>(new RedisPublishers(std::move(*streams), payload));
  }

  Result<std::uint64_t> stored() override {
    Result<std::unique_ptr<TcpStreams>> streams = TcpStreams::connect(port(), 1);
    if (!streams.ok()) return streams.status();
    const Result<std::string> reply =
        (*streams)->ask(0, command({"XLEN", "s"}), [](std::string_view text) { return text.ends_with("\r\n"); });
    if (!reply.ok()) return reply.status();
    if (!reply->starts_with(":")) return refused(*reply);
    return std::uint64_t{std::stoull(reply->substr(1))};
  }

  std::vector<std::string> ways_to_read() const override {
    if (!always_) return {};
    return {"XREAD COUNT " + std::to_string(kReadAtOnce)};
  }

  Status read(const std::string&, std::uint64_t events) override {
    Result<std::unique_ptr<TcpStreams>> streams = TcpStreams::connect(port(), 1);
    if (!streams.ok()) return streams.status();
    std::string from = "0";
    for (std::uint64_t seen = 0; seen < events;) {
      XreadAnswer answer;
      (*streams)->out(0) = command({"XREAD", "COUNT", std::to_string(kReadAtOnce), "STREAMS", "s", from});
      MOOT_RETURN_IF_ERROR((*streams)->flush());
      while (!answer.done())
        MOOT_RETURN_IF_ERROR((*streams)->wait(std::chrono::milliseconds(100),
                                              [&](int, std::string_view unread) { return answer.take(unread); }));
      if (answer.entries() == 0)
        return Status(Code::kMissing, "redis gave back only " + std::to_string(seen) + " events");
      seen += answer.entries();
      from = answer.last_id();
    }
    return {};
  }

 private:
  const bool always_;
};

}  // namespace

std::unique_ptr<System> make_redis(const SystemOptions& options, bool always) {
  return std::make_unique<Redis>(options, always);
}

}  // namespace moot::bench
