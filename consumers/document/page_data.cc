#include "consumers/document/page_data.h"

#include "broker/core/calendar.h"
#include "consumers/document/phrase.h"

namespace moot {

PageData empty_object() { return PageData(PageData::type::object); }

PageData empty_list() { return PageData(PageData::type::list); }

PageData yes_or_no(bool value) { return PageData(value ? PageData::type::bool_true : PageData::type::bool_false); }

void set_if(PageData& page, const std::string& key, const std::string& text) {
  if (text.empty())
    page.set(key, yes_or_no(false));
  else
    page.set(key, text);
}

PageData framed(const Partnership& partnership) {
  PageData page = empty_object();
  page.set("marking", partnership.marking);
  page.set("partnership", partnership.name);
  set_if(page, "notice", partnership.notice);
  return page;
}

PageData rows_of_notes(const google::protobuf::RepeatedPtrField<std::string>& notes) {
  PageData rows = empty_list();
  for (const std::string& note : notes) {
    PageData row = empty_object();
    row.set("note", note);
    rows.push_back(row);
  }
  return rows;
}

PageData rows_of_effects(const google::protobuf::RepeatedPtrField<v1::Intervention>& effects,
                         const Partnership& partnership) {
  PageData rows = empty_list();
  for (const v1::Intervention& effect : effects) {
    PageData row = empty_object();
    const std::string days = " in " + counted(static_cast<std::size_t>(effect.days()), "day");
    row.set("finding", effect.finding());
    row.set("what", capitalised(effect.text()));
    row.set("when", date_in_words(effect.on()) + ", " + partnership.agency_name(effect.agency()));
    row.set("too_early", yes_or_no(effect.too_early()));
    row.set("compared", yes_or_no(!effect.too_early()));
    row.set("since", counted(static_cast<std::size_t>(effect.days()), "day"));
    row.set("before", std::to_string(effect.before()) + days);
    row.set("after", std::to_string(effect.after()) + days);
    set_if(row, "supplied_from", effect.supplied_from().empty() ? "" : date_in_words(effect.supplied_from()));
    row.set("events", events_in_words(effect.events()));
    rows.push_back(row);
  }
  return rows;
}

PageData rows_of_feeds_ahead(const google::protobuf::RepeatedPtrField<v1::Feed>& feeds,
                             const Partnership& partnership) {
  PageData rows = empty_list();
  for (const v1::Feed& feed : feeds) {
    if (feed.dated_ahead() == 0) continue;
    PageData row = empty_object();
    const bool one = feed.dated_ahead() == 1;
    row.set("ahead",
            counted(static_cast<std::size_t>(feed.dated_ahead()), "event") + " of " +
                partnership.agency_name(feed.agency()) + (one ? " is" : " are") + " dated later than this is as at, " +
                (one ? "on " : "the last on ") + date_in_words(feed.ahead_to()) +
                (one ? ". It counts" : ". They count") +
                " from that date on and not here. A wrong date is put right by a later version of the record.");
    rows.push_back(row);
  }
  return rows;
}

std::string earlier_day_in_words(const std::string& on, const std::string& as_at) {
  const std::string day = as_at.substr(0, on.size());  // ISO dates compare as texts
  return day < on ? date_in_words(day) : std::string();
}

PageData rows_of_late_feeds(const google::protobuf::RepeatedPtrField<v1::Feed>& feeds, const std::string& earlier_day,
                            const Partnership& partnership) {
  const std::string before = earlier_day.empty() ? " before" : " before " + earlier_day + ", the day this is as at";
  PageData rows = empty_list();
  for (const v1::Feed& feed : feeds) {
    if (!feed.late()) continue;
    // What no agreement lets the document show looks the same as what never came: neither is the agency's fault alone.
    const std::string none = " has supplied nothing that this document may show";
    const std::string expected = ", expected every " + counted(static_cast<std::size_t>(feed.rhythm_days()), "day");
    PageData row = empty_object();
    row.set("silence", partnership.agency_name(feed.agency()) +
                           (feed.last().empty() ? none + expected
                                                : none + " since " + date_in_words(feed.last()) + ", " +
                                                      counted(static_cast<std::size_t>(feed.days_before()), "day") +
                                                      before + expected));
    row.set("missing", std::string(feed.last().empty() ? "What it knows is missing here."
                                                       : "What it knows since then is missing here."));
    rows.push_back(row);
  }
  return rows;
}

std::string rules_in_words(const std::string& rules) {
  std::string words;
  for (std::size_t from = 0; from < rules.size();) {
    const std::size_t end = std::min(rules.find("; ", from), rules.size());
    const std::string rule = rules.substr(from, end - from);
    const std::size_t gap = rule.rfind(' ');
    words += (words.empty() ? "" : "; ");
    const std::string version = gap == std::string::npos ? "" : rule.substr(gap + 1);
    const bool dated = parse_date(version).ok();
    words +=
        version.empty() ? rule : rule.substr(0, gap) + (dated ? ", as from " : ", version ") + date_in_words(version);
    from = end + 2;
  }
  return words;
}

std::string events_in_words(const google::protobuf::RepeatedPtrField<v1::EventRef>& events) {
  std::string text;
  const std::string* source = nullptr;
  for (const v1::EventRef& event : events) {
    const bool same = source != nullptr && *source == event.source();
    text += same ? ", " + event.id() : (text.empty() ? "" : "; ") + event.source() + " " + event.id();
    source = &event.source();
  }
  return text;
}

std::string instant_in_words(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : or_not_supplied(rfc3339);
}

std::string loaded_later_in_words(int count) {
  if (count == 0) return {};
  return counted(static_cast<std::size_t>(count), "event") + " loaded later, taken at their agencies' own dates.";
}

std::string or_not_supplied(const std::string& text) { return text.empty() ? "not supplied" : text; }

}  // namespace moot
