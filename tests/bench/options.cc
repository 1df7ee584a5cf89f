#include "tests/bench/options.h"

#include <charconv>
#include <functional>
#include <map>

#include "deploy/bench/shape.h"

namespace moot::bench {

namespace {

constexpr std::string_view kUsage = R"(usage: tests/bench/run [OPTION...]
  --slower-sync US     first of all: every fsync and fdatasync takes so many microseconds longer, everybody's
  --quick              one short repetition of everything: shows that the bench works, and nothing about speed
  --repetitions N      of compare, curve, replay, scan and beside (5)
  --seconds S          of each measurement (4)
  --warm-up S          before each, left out (1)
  --events N           events of the long histories (10000000); replay, scan and beside take at most a million of them
  --parts A,B          all, or some of
      compare            Moot and its peers in every shape: rates, times until the ack, CPU
      curve              what encryption costs: Moot with it and without
      syncs              what an ack means: every server's syncs counted, and held up
      replay             everything read back by a client over the bus, from Moot, JetStream and Redis
      beside             the times until the ack while somebody reads everything back, and without
      scan               everything read inside the broker, against a plain file of records
      sustained          a long history: the rate of each tenth, times until the ack at saturation, memory
      restart            a long history, then kill -9: the time until it acknowledges again, and memory
      memory             a long history, then reading all of it: the most memory each took
  --systems A,B        of moot-full, moot-plain, redis-always, redis-everysec, nats, nats-ids, postgres-copy (all)
  --shapes A,B         of 1x1, 64x1, 16x100, 16x4-frames, 1000-a-second (all)
  --ids random|time    the order of the events' ids (random)
  --people N           how many people the events are about (100000)
  --copies N           PostgreSQL's connections (4)
  --data DIR           the servers' data go into a new folder in DIR, on the disk to be measured (build/bench)
  --output FILE        write the report there too, and as JSON beside it
  --json FILE          write the JSON there
)";

template <typename Number>
Status read_number(const std::string& option, const std::string& text, Number least, Number& into) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least)
    return Status(Code::kUsage, option + " wants a number, not \"" + text + "\"");
  into = number;
  return {};
}

const std::set<std::string> kParts = Options().parts;
const std::set<std::string> kSystems = {"moot-full", "moot-plain", "redis-always", "redis-everysec",
                                        "nats",      "nats-ids",   "postgres-copy"};

std::set<std::string> names_of_shapes() {
  std::set<std::string> names;
  for (const Shape& shape : all_shapes()) names.insert(shape.name);
  return names;
}

std::set<std::string> list_of(const std::string& text) {
  std::set<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) names.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

void be_quick(Options& options) {
  options.repetitions = 1;
  options.seconds = 0.5;
  options.warm_up = 0.2;
  options.disk_seconds = 0.3;
  options.events = 50'000;
  options.replay_events = 20'000;
}

}  // namespace

std::string usage() { return std::string(kUsage); }

Result<Options> parse_options(const std::vector<std::string>& words) {
  Options options;
  for (const std::string& word : words) {
    if (word == "--quick") be_quick(options);  // first, so that other options go over it
    if (word == "--help") options.help = true;
  }
  using Read = std::function<Status(const std::string& option, const std::string& value)>;
  const auto number = [](auto least, auto& into) -> Read {
    return [least, &into](const std::string& option, const std::string& value) {
      return read_number(option, value, static_cast<std::remove_reference_t<decltype(into)>>(least), into);
    };
  };
  const auto list = [](std::set<std::string>& into, const std::set<std::string>& known) -> Read {
    return [&into, known](const std::string& option, const std::string& value) {
      into = list_of(value);
      for (const std::string& name : into)
        if (!known.contains(name)) return Status(Code::kUsage, option + ": there is no \"" + name + "\"");
      return into.empty() ? Status(Code::kUsage, option + " wants at least one name") : Status();
    };
  };
  const auto path = [](std::filesystem::path& into) -> Read {
    return [&into](const std::string&, const std::string& value) {
      into = value;
      return Status();
    };
  };
  const std::map<std::string, Read> readers = {{"--repetitions", number(1, options.repetitions)},
                                               {"--seconds", number(0.1, options.seconds)},
                                               {"--warm-up", number(0, options.warm_up)},
                                               {"--events", number(10, options.events)},
                                               {"--people", number(1, options.payload.people)},
                                               {"--copies", number(1, options.copies)},
                                               {"--parts", list(options.parts, kParts)},
                                               {"--systems", list(options.systems, kSystems)},
                                               {"--shapes", list(options.shapes, names_of_shapes())},
                                               {"--data", path(options.data)},
                                               {"--output", path(options.output)},
                                               {"--json", path(options.json)},
                                               {"--ids", [&](const std::string& option, const std::string& value) {
                                                  if (value != "random" && value != "time")
                                                    return Status(Code::kUsage, option + " is \"random\" or \"time\"");
                                                  options.payload.ids =
                                                      value == "time" ? IdOrder::kByTime : IdOrder::kRandom;
                                                  return Status();
                                                }}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--quick" || words[i] == "--help") continue;
    const auto reader = readers.find(words[i]);
    if (reader == readers.end()) return Status(Code::kUsage, "there is no option \"" + words[i] + "\"");
    if (i + 1 == words.size()) return Status(Code::kUsage, words[i] + " wants a value");
    const Status read = reader->second(words[i], words[i + 1]);
    if (!read.ok()) return read;
    ++i;
  }
  options.replay_events = std::min(options.replay_events, options.events);
  if (options.json.empty() && !options.output.empty())
    options.json = std::filesystem::path(options.output).replace_extension(".json");
  return options;
}

}  // namespace moot::bench
