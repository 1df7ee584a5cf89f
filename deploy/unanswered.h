// Questions "known to you?" that nobody has answered, as items of the inbox: they come out of the casebook, and go when
// the agency answers or the meeting was held. Whom a question is about is told only to who may read it. Thread: the
// main thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "consumers/casework/questions.h"
#include "deploy/casework.h"

namespace moot {

struct UnansweredItem {
  std::string item;   // "ask-…"
  std::string since;  // RFC 3339: when it was asked
  std::string agency;
  std::string board, on;
  std::string person;  // an id; empty = nobody whom the casebook could tell
  std::string reason;  // names no one
};

// Those to `agency`, or to every agency where it is empty.
std::vector<UnansweredItem> unanswered_items(const Casework& casework, const std::string& agency);

boost::json::object as_json(const UnansweredItem& item);
std::string in_words(const UnansweredItem& item);
bool is_unanswered_item(const std::string& item);
// `moot inbox show` of such an item, with whom it is about, as far as whoever asks may read that.
int show_unanswered_item(const Options& options, const std::string& item);
// `moot meeting answer`: "yes", "no" or "declined", said by the agency that was asked (--as).
Status answer_question(const Options& options, const std::string& item, const std::string& answer);

}  // namespace moot
