#include "consumers/report/caller_places.h"

#include <algorithm>
#include <set>

#include "consumers/callers/caller_list.h"
#include "consumers/casework/meeting_events.h"

namespace moot {

Figure caller_places(const CallerLists& lists, const RecordSet& records, const std::string& board,
                     const Period& period) {
  const auto known =
      std::find_if(lists.boards.begin(), lists.boards.end(), [&](const Board* one) { return one->known_as == board; });
  std::set<Date> days;
  for (const std::uint32_t i : records.of_bodies({v1::Facts::kMeeting})) {
    const RecordState& record = records.records()[i];
    const v1::Facts& facts = record.current().facts();
    if (!facts.has_meeting() || facts.meeting().stage() != v1::Meeting::HELD || facts.meeting().board() != board)
      continue;
    if (known != lists.boards.end() && !(*known)->goes_by(record.current())) continue;
    const Result<Date> on = parse_date(meeting_day(record.current()));
    if (on.ok() && period.holds(*on)) days.insert(*on);
  }
  Figure figure;
  for (const Date day : days) {
    CallerQuery query;
    query.on = day;
    query.boards = lists.boards;
    query.as_at = std::min(lists.casebook.default_as_at(day), records.as_at());
    const Result<v1::CallerList> list = make_caller_list(lists.casebook, lists.partnership, lists.policy, query);
    const std::optional<double> listed =
        list.ok() ? std::optional<double>(list->callers_size()) : std::nullopt;  // no version of the policy held then
    figure.parts.push_back({to_iso(day), listed, false});
    if (list.ok()) figure.value = list->top();
  }
  return figure;
}

}  // namespace moot
