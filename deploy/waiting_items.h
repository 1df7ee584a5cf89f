// What waits in the broker's inbox, as whom the command acts may see it: the oldest first, without what was offered.
#pragma once

#include <vector>

#include "deploy/reach.h"
#include "proto/bus.pb.h"

namespace moot {

// Asked for in pages over one connection, so that a long inbox holds up nobody.
Result<std::vector<v1::InboxItem>> waiting_items(const Reach& reach);

}  // namespace moot
