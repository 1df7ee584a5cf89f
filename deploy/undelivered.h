// Mails that wait for a person, as items of the inbox: what failed for good, or as often as the partnership allows.
// They come out of the log, not out of the broker's inbox. Errors: those of the bus; kUsage, kNotFound. Thread: the
// main thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "consumers/delivery/mail_book.h"
#include "deploy/options.h"

namespace moot {

struct UndeliveredItem {
  MailKey key;
  MailRecord record;
  std::string item() const { return item_of(key); }
};

// None with --as or --key: what goes out is the operator's.
Result<std::vector<UndeliveredItem>> undelivered_items(const Options& options);

boost::json::object as_json(const UndeliveredItem& item);
std::string in_words(const UndeliveredItem& item);
// Is the word one of these items, rather than one of the broker's?
bool is_undelivered_item(const std::string& item);
// `moot inbox show` of such an item: every attempt.
int show_undelivered_item(const Options& options, const std::string& item);
// `moot inbox retry` of such items: each is sent now, whatever was tried before. Those that went.
struct Retried {
  int taken = 0, refused = 0;
};
Result<Retried> retry_undelivered(const Options& options, const std::vector<std::string>& items, bool dry_run);
Status drop_undelivered(const Options& options, const std::string& item, const std::string& reason);

}  // namespace moot
