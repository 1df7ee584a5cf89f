#include "consumers/casebook/feeds.h"

#include <algorithm>

namespace moot {
namespace {

v1::Feed feed_of(const std::string& agency, int rhythm_days, Date day, const CaseSet& set) {
  v1::Feed feed;
  feed.set_agency(agency);
  feed.set_rhythm_days(rhythm_days);
  const auto heard = set.last_heard.find(agency);
  const bool silent = heard == set.last_heard.end();
  if (!silent) {
    const Date last = local_date(heard->second);
    feed.set_last(to_iso(last));
    // What is as at a later instant than its day may know of later events: nobody is silent then.
    feed.set_days_before(static_cast<int>(std::max<std::int64_t>(0, days_since_epoch(day) - days_since_epoch(last))));
  }
  feed.set_late(rhythm_days > 0 && (silent || feed.days_before() > rhythm_days));
  if (const auto ahead = set.dated_ahead.find(agency); ahead != set.dated_ahead.end()) {
    feed.set_dated_ahead(ahead->second.events);
    feed.set_ahead_to(to_iso(local_date(ahead->second.last)));
  }
  return feed;
}

}  // namespace

std::vector<v1::Feed> feeds_on(Date on, const CaseSet& set, const Partnership& partnership) {
  // Of the days that are still to come nobody can say that an agency was silent.
  const Date day = std::min(on, local_date(set.as_at()));
  std::vector<v1::Feed> feeds;
  for (const Agency& agency : partnership.agencies)
    feeds.push_back(feed_of(agency.id.value(), agency.rhythm_days, day, set));
  for (const auto& [agency, ahead] : set.dated_ahead)
    if (partnership.find_agency(agency) == nullptr) feeds.push_back(feed_of(agency, 0, day, set));
  return feeds;
}

}  // namespace moot
