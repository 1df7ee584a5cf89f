// The sharing agreements as the log has them, and what follows from them for a reader of documents. Thread: the main
// thread.
#pragma once

#include <set>
#include <string>

#include "broker/access/agreements.h"
#include "broker/core/instant.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "deploy/options.h"

namespace moot {

// Every agreement that had been recorded by then. `key`: the operator's; nobody else reads them.
Result<Agreements> agreements_by(const Options& options, const KeyFile& key, Instant as_at);

// The agencies of the partnership of which no agreement in force lets the reader know whom they know: no clause gives
// it the people in any event of theirs. Where no agreement was ever signed the casebook reads all.
std::set<std::string> may_not_say(const Agreements& agreements, const Recipient& reader, const Partnership& partnership,
                                  Date today);

}  // namespace moot
