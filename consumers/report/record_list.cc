#include "consumers/report/record_list.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"

namespace moot {
namespace {

const char* const kValueWithheld = "withheld";
const char* const kValueNotSupplied = "not-supplied";
constexpr std::array<std::string_view, 3> kPlaceLevels = {"lsoa", "outward-postcode", "area"};

std::string values_joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : "; ") + value;
  return text.empty() ? kValueNotSupplied : text;
}

// "21:00 to 21:59" of 21:40.
std::string hour_of(const std::string& time) { return time.substr(0, 2) + ":00 to " + time.substr(0, 2) + ":59"; }

void set_when(const v1::Event& event, ListDefinition::Time time, ListedRecord& row) {
  const std::string local = to_local_rfc3339(time_of(event));  // 2020-09-01T21:40:00+01:00
  const v1::TimePrecision precision = event.envelope().time_precision();
  row.date = local.substr(0, precision == v1::MONTH ? 7 : 10);
  if (precision != v1::EXACT || time == ListDefinition::Time::kDay) return;
  row.time = time == ListDefinition::Time::kHour ? hour_of(local.substr(11, 5)) : local.substr(11, 5);
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
  ListMaking(const ListDefinition& definition, const Measure& measure, const Figure& figure, const AreaNames& areas)
      : definition_(definition), measure_(measure), figure_(figure), areas_(areas) {}

  std::vector<ListedRecord> rows(const std::vector<const v1::Event*>& events) {
    for (const v1::Event* event : events) {
      ListedRecord row;
      set_when(*event, definition_.time, row);
      if (!measure_.by.empty()) row.details.push_back(kind_of(*event));
      for (const std::string& detail : definition_.details)
        row.details.push_back(values_joined(values_of(*event, detail, areas_)));
      rows_.push_back(std::move(row));
    }
    withhold_details();
    set_places(events);
    std::sort(rows_.begin(), rows_.end());
    return std::move(rows_);
  }

 private:
  // As the measure prints it: what it withholds reads so here too, or the rows would count it.
  std::string kind_of(const v1::Event& event) const {
    std::vector<std::string> values = values_of(event, measure_.by, areas_);
    for (std::string& value : values) value = printed(value);
    if (values.empty()) return printed(kValueNotSupplied);
    return values_joined(values);
  }

  std::string printed(const std::string& key) const {
    if (figure_.parts_small) return kValueWithheld;
    const auto found =
        std::find_if(figure_.parts.begin(), figure_.parts.end(), [&](const auto& part) { return part.key == key; });
    if (found == figure_.parts.end()) return measure_.top > 0 ? "other" : key;
    return found->small ? kValueWithheld : key;
  }

  // Of each kind of record either all say the rest, or none: otherwise the few could be told by what the others say.
  void withhold_details() {
    const std::size_t first = measure_.by.empty() ? 0 : 1;
    std::map<std::string, std::map<std::vector<std::string>, int>> counts;
    const auto kind = [&](const ListedRecord& row) { return first == 0 ? std::string() : row.details.front(); };
    for (const ListedRecord& row : rows_) ++counts[kind(row)][row.details];
    for (ListedRecord& row : rows_) {
      const auto& of_kind = counts[kind(row)];
      const bool few = std::any_of(of_kind.begin(), of_kind.end(), [&](const auto& one) { return is_few(one.second); });
      if (few) std::fill(row.details.begin() + static_cast<std::ptrdiff_t>(first), row.details.end(), kValueWithheld);
    }
  }

  // A place is printed where enough rows have it with the same details, at the first level at which that is so. Of an
  // area, in which thousands live, whatever the details.
  void set_places(const std::vector<const v1::Event*>& events) {
    using Cell = std::pair<std::string, std::vector<std::string>>;
    for (const std::string& level : definition_.places) {
      std::map<Cell, std::vector<std::size_t>> cells;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (!rows_[i].level.empty()) continue;
        const std::string place = place_at(*events[i], level, areas_);
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
  const Measure& measure_;
  const Figure& figure_;
  const AreaNames& areas_;
  std::vector<ListedRecord> rows_;
  std::vector<std::vector<std::size_t>> placed_;  // rows that share a place and their details
};

}  // namespace

std::size_t RecordList::without_place() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const ListedRecord& row) { return row.level.empty(); }));
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
  const auto measure =
      std::find_if(measures.begin(), measures.end(), [&](const Measure& one) { return one.id == list.of; });
  if (measure == measures.end() || measure->kind != MeasureKind::kCount) {
    table.mistake("of", "expected the id of a measure of this report that counts records");
  } else {
    for (const std::string& detail : list.details)
      if (!measure->where.has_field(detail) || detail == measure->by)
        table.mistake("details", "expected fields of what is counted, and not what the measure is broken down by");
  }
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

RecordList make_list(const ListDefinition& definition, const Measure& measure, const Figure& figure,
                     const std::vector<const v1::Event*>& events, const AreaNames& areas) {
  RecordList list;
  list.id = definition.id;
  list.title = definition.title;
  list.of = definition.of;
  if (!measure.by.empty()) list.details.push_back(measure.by);
  list.details.insert(list.details.end(), definition.details.begin(), definition.details.end());
  list.small_below = measure.small_below;
  list.supplied = figure.value.has_value();
  list.withheld = figure.small;
  if (list.supplied && !list.withheld) list.rows = ListMaking(definition, measure, figure, areas).rows(events);
  return list;
}

}  // namespace moot
