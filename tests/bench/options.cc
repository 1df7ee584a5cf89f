#include "tests/bench/options.h"

#include <charconv>
#include <functional>
#include <map>

namespace moot::bench {

namespace {

constexpr std::string_view kUsage = R"(usage: tests/bench/run [OPTION...]
  --quick              one short repetition of everything: shows that the bench works, and nothing about speed
  --repetitions N      of the comparison and of replay (5)
  --seconds S          of each measurement (4)
  --warm-up S          before each, left out (1)
  --sustained N        events of the sustained run (10000000)
  --replay N           events that are read back (1000000)
  --parts A,B          of compare, syncs, sustained, replay (all)
  --systems A,B        of moot-full, redis-always, redis-everysec, nats, nats-ids, postgres-copy (all)
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
  options.sustained_events = 100'000;
  options.replay_events = 50'000;
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
  const auto list = [](std::set<std::string>& into) -> Read {
    return [&into](const std::string&, const std::string& value) {
      into = list_of(value);
      return Status();
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
                                               {"--sustained", number(10, options.sustained_events)},
                                               {"--replay", number(1, options.replay_events)},
                                               {"--people", number(1, options.payload.people)},
                                               {"--copies", number(1, options.copies)},
                                               {"--parts", list(options.parts)},
                                               {"--systems", list(options.systems)},
                                               {"--shapes", list(options.shapes)},
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
  if (options.json.empty() && !options.output.empty())
    options.json = std::filesystem::path(options.output).replace_extension(".json");
  return options;
}

}  // namespace moot::bench
