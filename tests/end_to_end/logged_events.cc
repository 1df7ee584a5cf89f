#include "tests/end_to_end/logged_events.h"

#include <gtest/gtest.h>

#include "tests/end_to_end/installation.h"

namespace moot {

namespace json = boost::json;

namespace {

Instant instant_in(const json::object& event, const std::string& name) {
  const Result<Instant> instant = parse_rfc3339(text_in(event, name));
  EXPECT_TRUE(instant.ok()) << name << " of " << text_in(event, "id");
  return instant.ok() ? *instant : Instant{};
}

}  // namespace

LoggedEvents::LoggedEvents(const std::vector<std::string>& replayed) {
  for (std::size_t i = 0; i < replayed.size(); ++i) {
    LoggedEvent event;
    event.said = json_of(replayed[i]);
    EXPECT_EQ(text_in(event.said, "offset"), std::to_string(i)) << "the offsets have a hole";
    event.time = instant_in(event.said, "time");
    // What was loaded later counts from the day on which its agency knew it, everything else from when it was recorded.
    const bool loaded_later = event.said.contains("backfill") && event.said.at("backfill").as_bool();
    event.known_from = !loaded_later                      ? instant_in(event.said, "recordedtime")
                       : event.said.contains("knowntime") ? instant_in(event.said, "knowntime")
                                                          : event.time;
    const Name name{text_in(event.said, "source"), text_in(event.said, "id")};
    EXPECT_TRUE(events_.emplace(name, std::move(event)).second)
        << name.first << " " << name.second << " is there twice";
  }
}

const LoggedEvent* LoggedEvents::find(const Name& name) const {
  const auto found = events_.find(name);
  return found == events_.end() ? nullptr : &found->second;
}

const LoggedEvent* LoggedEvents::find(const json::object& reference) const {
  return find(Name{text_in(reference, "source"), text_in(reference, "id")});
}

std::string text_in(const json::object& object, const std::string& name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? value->as_string().c_str() : "";
}

}  // namespace moot
