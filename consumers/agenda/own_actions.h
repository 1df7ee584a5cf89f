// What of an agenda is one agency's own to do: its open actions, and nothing else that the agenda says. Thread: pure
// functions.
#pragma once

#include <map>
#include <string>

#include "proto/document.pb.h"

namespace moot {

struct OwnActions {
  int open = 0;           // neither done nor overtaken
  std::string first_due;  // of those, the earliest date, YYYY-MM-DD; empty = none has one
};

// Who owns an open action of the agenda, and how many.
std::map<std::string, OwnActions> open_by_owner(const v1::Agenda& agenda);
// The agenda with nothing in it but the owner's open actions; `owner_name` stands in its title.
v1::Agenda own_actions(const v1::Agenda& agenda, const std::string& owner, const std::string& owner_name);

}  // namespace moot
