#include "deploy/waiting_items.h"

#include <algorithm>
#include <tuple>

#include "broker/client/connection.h"

namespace moot {

Result<std::vector<v1::InboxItem>> waiting_items(const Reach& reach) {
  const Result<KeyFile> key = reach.acting();
  if (!key.ok()) return key.status();
  Connection connection(*key);
  MOOT_RETURN_IF_ERROR(connection.open(reach.patience()));
  std::vector<v1::InboxItem> items;
  v1::Request request;
  request.mutable_inbox_list()->set_pages(true);
  do {
    Result<v1::Reply> reply = connection.call(request, reach.patience());
    if (!reply.ok()) return reply.status();
    v1::InboxItems& page = *reply->mutable_inbox_items();
    std::move(page.mutable_items()->begin(), page.mutable_items()->end(), std::back_inserter(items));
    request.mutable_inbox_list()->set_after(page.next());
  } while (!request.inbox_list().after().empty());
  std::stable_sort(items.begin(), items.end(), [](const v1::InboxItem& a, const v1::InboxItem& b) {
    return std::forward_as_tuple(a.since(), a.file(), a.agency(), a.row()) <
           std::forward_as_tuple(b.since(), b.file(), b.agency(), b.row());
  });
  return items;
}

}  // namespace moot
