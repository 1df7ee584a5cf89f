// The events of a log by their names, as `moot replay` prints them: what a test looks up the references of a document
// in. Thread: one, the test's.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/instant.h"

namespace moot {

struct LoggedEvent {
  boost::json::object said;
  Instant time;        // when it happened
  Instant known_from;  // from which instant on a document may rest on it
};

class LoggedEvents {
 public:
  using Name = std::pair<std::string, std::string>;  // source and id

  // Fails the test when an event is there twice or the offsets are not 0, 1, 2, ….
  explicit LoggedEvents(const std::vector<std::string>& replayed);

  const LoggedEvent* find(const Name& name) const;
  // Of an {"source", "id"} as documents have them.
  const LoggedEvent* find(const boost::json::object& reference) const;
  const std::map<Name, LoggedEvent>& all() const { return events_; }

 private:
  std::map<Name, LoggedEvent> events_;
};

// A member that is a text; empty when there is none.
std::string text_in(const boost::json::object& object, const std::string& name);

}  // namespace moot
