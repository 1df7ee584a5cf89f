// Section "records": records that the board describes, each a line of its own whoever it names: premises, reviews,
// orders, activities. Newest first; without points.
#include <algorithm>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion&, Section& section) {
  section.where = predicate_of(table, "where");
  section.months = months_of(table, 3);
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out, OtherCases& not_listed) {
  const Window window = months_before(input.on, section.months);
  Events found;
  const CaseRecords& records = input.set.records();
  for (const std::uint32_t i : records.since(window.from))
    if (window.holds(records.time(i)) && section.where->is_of_body(records.body(i)) &&
        section.where->matches(*records[i], input.areas) && input.is_in_area(records[i]->envelope().area()))
      found.push_back(records[i]);
  sort_once(found);
  std::reverse(found.begin(), found.end());
  for (const v1::Event* event : found) {
    const v1::Envelope& envelope = event->envelope();
    const std::string id = input.set.case_of_record(*input.set.find_position(envelope.source(), envelope.id()));
    const std::string title = title_of_record(input.partnership, *event);
    const ScoredReasons reasons = {scored(capitalised(event_phrase(event->facts())) + " on " +
                                              to_words(local_date(time_of(*event))) + " (" +
                                              input.partnership.agency_name(envelope.agency()) + ").",
                                          0, {event})};
    if (!has_place(section, static_cast<std::size_t>(out.items_size()), 0)) {
      not_listed.cases.push_back(
          {id, true, 0, [=, &section] { return not_listed_beyond(section, id, title, reasons); }});
      continue;
    }
    v1::AgendaItem& item = *out.add_items();
    item.set_case_(id);
    item.set_title(title);
    item.set_name(title);
    item.set_kind("record");
    set_reasons(item, reasons);
  }
}

}  // namespace

const SectionKind kRecords = {.name = "records", .read = read, .fill = fill};

}  // namespace moot
