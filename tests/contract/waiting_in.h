// What waits in an inbox, whole, the oldest first.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "broker/log/inbox.h"

namespace moot {

inline std::vector<v1::InboxItem> waiting_in(const Inbox& inbox) {
  Result<std::vector<v1::InboxItem>> items = inbox.all();
  MOOT_CHECK_OK(items.status());
  std::erase_if(*items, [](const v1::InboxItem& item) { return item.state() != v1::InboxItem::WAITING; });
  std::stable_sort(items->begin(), items->end(), [](const v1::InboxItem& a, const v1::InboxItem& b) {
    return std::forward_as_tuple(a.since(), a.row()) < std::forward_as_tuple(b.since(), b.row());
  });
  return std::move(*items);
}

}  // namespace moot
