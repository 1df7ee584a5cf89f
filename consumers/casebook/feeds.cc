#include "consumers/casebook/feeds.h"

namespace moot {

std::vector<v1::Feed> feeds_on(Date on, const CaseSet& set, const Partnership& partnership) {
  std::vector<v1::Feed> feeds;
  for (const Agency& agency : partnership.agencies) {
    v1::Feed& feed = feeds.emplace_back();
    feed.set_agency(agency.id.value());
    feed.set_rhythm_days(agency.rhythm_days);
    const auto heard = set.last_heard.find(agency.id.value());
    const bool silent = heard == set.last_heard.end();
    if (!silent) {
      const Date last = local_date(heard->second);
      feed.set_last(to_iso(last));
      feed.set_days_before(static_cast<int>(days_since_epoch(on) - days_since_epoch(last)));
    }
    feed.set_late(agency.rhythm_days > 0 && (silent || feed.days_before() > agency.rhythm_days));
  }
  return feeds;
}

}  // namespace moot
