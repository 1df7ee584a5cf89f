// Possible links as items of the inbox: two people who may be one, for a person to decide. They come out of the
// casebook, not out of the broker's inbox, and go when somebody links or unlinks them. Thread: the main thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "deploy/casework.h"
#include "deploy/options.h"

namespace moot {

struct PossibleItem {
  std::string item;    // "link-…", the same as long as the two people are
  std::string since;   // RFC 3339: when the later of the two records was recorded
  std::string agency;  // of that record
  std::string reason;  // names no one
  std::string people[2], records[2];
  double probability = 0;
};

// Strongest first.
std::vector<PossibleItem> possible_items(const Casework& casework);

boost::json::object as_json(const PossibleItem& item);
std::string in_words(const PossibleItem& item);
// Is the word one of these items, rather than one of the broker's?
bool is_possible_item(const std::string& item);
// `moot inbox show` of such an item: why they may be one.
int show_possible_item(const Options& options, const std::string& item);

}  // namespace moot
