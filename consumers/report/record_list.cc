#include "consumers/report/record_list.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "consumers/casebook/case_set.h"

namespace moot {
namespace {

const char* const kValueWithheld = "withheld";
const char* const kValueNotSupplied = "not-supplied";
constexpr std::array<std::string_view, 3> kPlaceLevels = {"lsoa", "outward-postcode", "area"};

// As figures count it: what has no value is of the part that is not supplied.
std::vector<std::string> counted_values(const v1::Event& event, const std::string& field, const AreaNames& areas) {
  std::vector<std::string> values = values_of(event, field, areas);
  if (values.empty()) values.emplace_back(kValueNotSupplied);
  return values;
}

// "21:00 to 21:59" of 21:40.
std::string hour_of(const std::string& time) { return time.substr(0, 2) + ":00 to " + time.substr(0, 2) + ":59"; }

// "21:40" of 2020-09-01T21:40:00+01:00; where the clocks go back, "01:30 BST" and an hour later "01:30 GMT".
std::string minute_of(Instant instant, const std::string& local) {
  const auto is_same = [&](std::int64_t hours) {
    return to_local_rfc3339(Instant{instant.us + hours * kHourUs}).substr(0, 16) == local.substr(0, 16);
  };
  return local.substr(11, 5) + (is_same(1) ? " BST" : is_same(-1) ? " GMT" : "");
}

void set_when(const v1::Event& event, ListDefinition::Time time, ListedRecord& row) {
  const std::string local = to_local_rfc3339(time_of(event));  // 2020-09-01T21:40:00+01:00
  const v1::TimePrecision precision = event.envelope().time_precision();
  const bool has_day = precision == v1::EXACT || precision == v1::DAY;
  row.date = local.substr(0, has_day ? 10 : 7);
  if (precision != v1::EXACT || time == ListDefinition::Time::kDay) return;
  row.time = time == ListDefinition::Time::kHour ? hour_of(local.substr(11, 5)) : minute_of(time_of(event), local);
}

std::string place_at(const v1::Event& event, const std::string& level, const AreaNames& areas) {
  if (level == "lsoa") return event.envelope().lsoa();
  if (level == "area") return event.envelope().area().empty() ? "" : areas.code_of(event.envelope().area());
  for (const v1::Place& place : event.personal().places())  // the record book keeps the outward part alone
    if (!place.address().postcode().empty()) return place.address().postcode();
  return {};
}

class ListMaking {
 public:
  ListMaking(const ListDefinition& definition, const ListedMeasure& listed, const AreaNames& areas)
      : definition_(definition), listed_(listed), measure_(listed.measure), areas_(areas) {}

  std::vector<ListedRecord> rows() {
    for (const v1::Event* event : listed_.events) {
      ListedRecord row;
      set_when(*event, definition_.time, row);
      if (!measure_.by.empty()) row.details.push_back(kind_of(*event));
      for (const std::string& detail : definition_.details) row.details.push_back(detail_of(*event, detail));
      rows_.push_back(std::move(row));
    }
    withhold_details();
    set_places();
    std::sort(rows_.begin(), rows_.end());
    return std::move(rows_);
  }

 private:
  bool is_withheld(const v1::Event& event, const std::string& field) const {
    const std::vector<std::string> values = counted_values(event, field, areas_);
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& value) { return listed_.withheld.holds(field, value); });
  }

  // As the measure prints it.
  std::string kind_of(const v1::Event& event) const {
    if (is_withheld(event, measure_.by)) return kValueWithheld;
    const std::string kind = counted_values(event, measure_.by, areas_).front();
    const std::vector<FigurePart>& parts = listed_.figure.parts;
    const bool printed = std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.key == kind; });
    return measure_.top > 0 && !printed ? "other" : kind;
  }

  std::string detail_of(const v1::Event& event, const std::string& field) const {
    if (is_withheld(event, field)) return kValueWithheld;
    std::string text;
    for (const std::string& value : counted_values(event, field, areas_)) text += (text.empty() ? "" : "; ") + value;
    return text;
  }

  using Counts = std::map<std::vector<std::string>, int>;  // by further details

  bool has_few(const Counts& counts) const {
    return std::any_of(counts.begin(), counts.end(), [&](const auto& one) { return is_few(one.second); });
  }

  // Of each kind of record either all say the rest, or none: otherwise the few could be told by what the others say.
  // And those of whom none says it are so many together: what figures say of all, less what the rows say of the others,
  // is what those have.
  void withhold_details() {
    const std::size_t first = measure_.by.empty() ? 0 : 1;
    const auto kind = [&](const ListedRecord& row) { return first == 0 ? std::string() : row.details.front(); };
    const auto further = [&](const ListedRecord& row) {
      return std::vector(row.details.begin() + static_cast<std::ptrdiff_t>(first), row.details.end());
    };
    std::map<std::string, Counts> told;
    for (const ListedRecord& row : rows_) ++told[kind(row)][further(row)];
    std::set<std::string> hidden;
    Counts of_hidden;
    const auto hide = [&](std::map<std::string, Counts>::iterator one) {
      for (const auto& [details, count] : one->second) of_hidden[details] += count;
      hidden.insert(one->first);
      return told.erase(one);
    };
    for (auto one = told.begin(); one != told.end();) one = has_few(one->second) ? hide(one) : std::next(one);
    const auto fewer = [](const auto& a, const auto& b) { return rows_in(a.second) < rows_in(b.second); };
    while (has_few(of_hidden) && !told.empty()) hide(std::min_element(told.begin(), told.end(), fewer));
    for (ListedRecord& row : rows_)
      if (hidden.contains(kind(row)))
        std::fill(row.details.begin() + static_cast<std::ptrdiff_t>(first), row.details.end(), kValueWithheld);
  }

  static int rows_in(const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), 0, [](int sum, const auto& one) { return sum + one.second; });
  }

  // A place is printed where enough rows have it with the same details, at the first level at which that is so. Of an
  // area, in which thousands live, whatever the details; in one that a figure withholds none is.
  void set_places() {
    using Cell = std::pair<std::string, std::vector<std::string>>;
    for (const std::string& level : definition_.places) {
      std::map<Cell, std::vector<std::size_t>> cells;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const v1::Event& event = *listed_.events[i];
        if (!rows_[i].level.empty() || is_withheld(event, "area")) continue;
        const std::string place = place_at(event, level, areas_);
        if (!place.empty())
          cells[{place, level == "area" ? std::vector<std::string>() : rows_[i].details}].push_back(i);
      }
      for (const auto& [cell, members] : cells) {
        if (is_few(static_cast<int>(members.size()))) continue;
        for (const std::size_t i : members) {
          rows_[i].level = level;
          rows_[i].place = cell.first;
        }
        placed_.push_back(members);
      }
    }
    hide_the_few_without();
  }

  // Few rows without a place would be those of the one place that has no others.
  void hide_the_few_without() {
    const auto fewer = [](const auto& a, const auto& b) { return a.size() > b.size(); };
    std::stable_sort(placed_.begin(), placed_.end(), fewer);  // smallest last
    auto without = std::count_if(rows_.begin(), rows_.end(), [](const ListedRecord& row) { return row.level.empty(); });
    while (without > 0 && is_few(static_cast<int>(without)) && !placed_.empty()) {
      for (const std::size_t i : placed_.back()) rows_[i].level = rows_[i].place = "";
      without += static_cast<std::ptrdiff_t>(placed_.back().size());
      placed_.pop_back();
    }
  }

  bool is_few(int count) const { return count < measure_.small_below; }

  const ListDefinition& definition_;
  const ListedMeasure& listed_;
  const Measure& measure_;
  const AreaNames& areas_;
  std::vector<ListedRecord> rows_;
  std::vector<std::vector<std::size_t>> placed_;  // rows that share a place and their details
};

// Of whom a record is, and what tells of one source alone, is in no list.
bool may_be_listed(const std::string& field) { return field != "role" && field != "sex" && field != "source"; }

void read_listed(Definition& table, const std::vector<Measure>& measures, const ListDefinition& list) {
  const auto found =
      std::find_if(measures.begin(), measures.end(), [&](const Measure& one) { return one.id == list.of; });
  if (found == measures.end() || found->kind != MeasureKind::kCount)
    return table.mistake("of", "expected the id of a measure of this report that counts records");
  const Measure& measure = *found;
  if (!measure.distinct_by.empty() || measure.stages || measure.since)
    table.mistake("of",
                  "expected a measure that counts each record once, in the period: without `distinct_by`, `of` "
                  "or `since`");
  if (!may_be_listed(measure.by) || measure.where.is_list(measure.by))
    table.mistake("of", "expected a measure by a field that has one value for each record, and not by its source");
  if (measure.small_below < 2)
    table.mistake("of", "expected a measure that withholds small numbers: a report with lists has `small_below`");
  if (std::any_of(measures.begin(), measures.end(), [](const Measure& one) { return one.by == "month"; }))
    table.mistake("of", "expected a report without measures by month: rows have their dates, and would count by it");
  for (const std::string& detail : list.details)
    if (!measure.where.has_field(detail) || detail == measure.by || !may_be_listed(detail))
      table.mistake("details",
                    "expected fields of what is counted, not of people, not source, and not what the measure is broken "
                    "down by");
}

}  // namespace

std::size_t RecordList::without_place() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const ListedRecord& row) { return row.level.empty(); }));
}

bool RecordList::withholds_details() const {
  return std::any_of(rows.begin(), rows.end(), [](const ListedRecord& row) {
    return std::find(row.details.begin(), row.details.end(), kValueWithheld) != row.details.end();
  });
}

std::vector<std::string> RecordList::columns() const {
  std::vector<std::string> all = {"date", "time", "place_level", "place"};
  all.insert(all.end(), details.begin(), details.end());
  return all;
}

ListDefinition read_list(Definition& table, const std::vector<Measure>& measures) {
  ListDefinition list;
  list.id = table.text("id");
  if (!check_code("id", list.id).ok()) table.mistake("id", "expected a name in small letters: \"police-incidents\"");
  list.title = table.text("title");
  list.of = table.text("of");
  list.details = table.texts("details");
  read_listed(table, measures, list);
  list.places = table.texts("place");
  for (const std::string& level : list.places)
    if (std::find(kPlaceLevels.begin(), kPlaceLevels.end(), level) == kPlaceLevels.end())
      table.mistake("place", "expected \"lsoa\", \"outward-postcode\" and \"area\", finest first");
  const std::string time = table.text_or("time", "hour");
  list.time = time == "minute" ? ListDefinition::Time::kMinute
              : time == "day"  ? ListDefinition::Time::kDay
                               : ListDefinition::Time::kHour;
  if (time != "hour" && list.time == ListDefinition::Time::kHour)
    table.mistake("time", "expected \"minute\", \"hour\" or \"day\"");
  return list;
}

RecordList make_list(const ListDefinition& definition, const ListedMeasure& listed, const Period& period,
                     const AreaNames& areas) {
  RecordList list;
  list.id = definition.id;
  list.title = definition.title;
  list.of = definition.of;
  if (!listed.measure.by.empty()) list.details.push_back(listed.measure.by);
  list.details.insert(list.details.end(), definition.details.begin(), definition.details.end());
  list.small_below = listed.measure.small_below;
  list.supplied = listed.figure.value.has_value();
  list.withheld = listed.figure.small;
  list.too_long = is_longer_than_a_quarter(period);
  list.across_quarters = !list.too_long && !is_within_a_quarter(period);
  if (list.has_rows()) list.rows = ListMaking(definition, listed, areas).rows();
  return list;
}

}  // namespace moot
