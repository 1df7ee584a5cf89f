#include "consumers/report/report_difference.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/casebook/case_set.h"
#include "consumers/document/json_rows.h"
#include "consumers/document/phrase.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

namespace json = boost::json;

// The rows of a list by a field that names them.
std::map<std::string, const json::object*> rows_by(const json::object& object, std::string_view list,
                                                   std::string_view name) {
  std::map<std::string, const json::object*> rows;
  for (const json::object* row : rows_in(object, list)) rows[text_in(*row, name)] = row;
  return rows;
}

json::value in_row(const json::object* row, std::string_view key) {
  const json::value* value = row == nullptr ? nullptr : row->if_contains(key);
  return value == nullptr ? json::value(nullptr) : *value;
}

// What differs between two lists of rows: name, before and after by `key`.
json::array rows_changed(const json::object& before, const json::object& after, std::string_view list,
                         std::string_view name, std::string_view key) {
  const auto then = rows_by(before, list, name), now = rows_by(after, list, name);
  std::set<std::string> names;
  for (const auto& [one, row] : then) names.insert(one);
  for (const auto& [one, row] : now) names.insert(one);
  json::array changed;
  for (const std::string& one : names) {
    const json::value was = in_row(then.contains(one) ? then.at(one) : nullptr, key);
    const json::value is = in_row(now.contains(one) ? now.at(one) : nullptr, key);
    if (was != is) changed.push_back(json::object{{name, one}, {"before", was}, {"after", is}});
  }
  return changed;
}

class FigureEvents {
 public:
  FigureEvents(const RecordBook& book, const Partnership& partnership, const ReportDefinition& definition, Instant from,
               Instant to)
      : areas_(partnership.areas),
        partnership_(partnership),
        definition_(definition),
        records_(book.recorded_between(from, to)) {}

  json::array of(const std::string& id) {
    std::set<std::string> seen;
    std::vector<const v1::Event*> events;
    collect(id, seen, events);
    std::sort(events.begin(), events.end(), [](const auto* a, const auto* b) { return happened_before(*a, *b); });
    events.erase(std::unique(events.begin(), events.end()), events.end());
    json::array rows;
    for (const v1::Event* event : events)
      rows.push_back(
          json::object{{"source", event->envelope().source()},
                       {"id", event->envelope().id()},
                       {"text", event_phrase(event->facts()) + " on " + to_words(local_date(time_of(*event))) + " (" +
                                    partnership_.agency_name(event->envelope().agency()) + ")"}});
    return rows;
  }

 private:
  void collect(const std::string& id, std::set<std::string>& seen, std::vector<const v1::Event*>& events) const {
    if (!seen.insert(id).second) return;
    const auto found = std::find_if(definition_.measures.begin(), definition_.measures.end(),
                                    [&](const Measure& measure) { return measure.id == id; });
    if (found == definition_.measures.end()) return;
    for (const std::string& part : found->parts) collect(part, seen, events);
    for (const std::string* part : {&found->numerator, &found->denominator})
      if (!part->empty()) collect(*part, seen, events);
    for (const ChangedRecord& record : records_) {
      const auto belongs = [&](const v1::Event& version) {
        if (found->kind == MeasureKind::kSupplied)
          return version.facts().has_measure() && version.facts().measure().measure() == found->supplied;
        return found->where.names_types() && found->where.matches(version, areas_);
      };
      if (std::none_of(record.versions.begin(), record.versions.end(), belongs)) continue;
      for (std::size_t i = 0; i < record.versions.size(); ++i)
        if (record.is_new[i]) events.push_back(&record.versions[i]);
    }
  }

  const AreaNames areas_;
  const Partnership& partnership_;
  const ReportDefinition& definition_;
  const std::vector<ChangedRecord> records_;
};

constexpr std::string_view kWithheld = "too small to be printed";

std::string value_in_words(const json::value& value) {
  if (value.is_null()) return "not supplied";
  if (value.is_string()) return std::string(value.get_string());
  return value.is_number() ? number_text(value.to_number<double>()) : json::serialize(value);
}

// Whether the line says of itself that it is too small to be printed.
bool is_withheld(const json::object* line) {
  const json::value flags = in_row(line, "flags");
  if (!flags.is_array()) return false;
  const std::string flag = text_in(*line, "id") + "-small";
  return std::any_of(flags.get_array().begin(), flags.get_array().end(),
                     [&](const json::value& one) { return one.is_string() && one.get_string() == flag; });
}

json::value shown(const json::object* line) {
  return is_withheld(line) ? json::value(kWithheld) : in_row(line, "value");
}

}  // namespace

Result<boost::json::object> report_difference(const boost::json::object& before, const boost::json::object& now_json,
                                              const RecordBook& book, const Partnership& partnership,
                                              const ReportDefinition& definition) {
  if (text_in(before, "report") != text_in(now_json, "report"))
    return Status(Code::kUsage, "--diff: that is the report \"" + text_in(before, "report") + "\", and this is \"" +
                                    text_in(now_json, "report") + "\"");
  if (in_row(&before, "period") != in_row(&now_json, "period"))
    return Status(Code::kUsage, "--diff: the two reports are of different periods");
  const Result<Instant> then = parse_rfc3339(text_in(before, "as_at")), now = parse_rfc3339(text_in(now_json, "as_at"));
  if (!then.ok() || !now.ok()) return Status(Code::kUsage, "--diff: the report does not say as at when it is");
  FigureEvents events(book, partnership, definition, std::min(*then, *now), std::max(*then, *now));
  const auto was = rows_by(before, "measures", "id");
  json::array measures;
  for (const auto& [id, line] : rows_by(now_json, "measures", "id")) {
    const json::object* old = was.contains(id) ? was.at(id) : nullptr;
    if (old != nullptr && *old == *line) continue;
    // From one of the two and the records between them the other could be had back.
    const bool withheld = is_withheld(old) || is_withheld(line);
    measures.push_back(json::object{{"id", id},
                                    {"title", text_in(*line, "title")},
                                    {"before", shown(old)},
                                    {"after", shown(line)},
                                    {"breakdown", withheld ? json::array()
                                                           : rows_changed(old == nullptr ? json::object() : *old, *line,
                                                                          "breakdown", "key", "value")},
                                    {"events", withheld ? json::array() : events.of(id)}});
  }
  for (const auto& [id, line] : was)
    if (!rows_by(now_json, "measures", "id").contains(id))
      measures.push_back(json::object{{"id", id},
                                      {"title", text_in(*line, "title")},
                                      {"before", shown(line)},
                                      {"after", nullptr},
                                      {"breakdown", json::array()},
                                      {"events", json::array()}});
  const auto head = [](const json::object& report) {
    return json::object{{"as_at", text_in(report, "as_at")}, {"rules", text_in(report, "rules")}};
  };
  return json::object{{"report", text_in(now_json, "report")},
                      {"period", in_row(&now_json, "period")},
                      {"before", head(before)},
                      {"after", head(now_json)},
                      {"same", before == now_json},
                      {"measures", measures},
                      {"flags", rows_changed(before, now_json, "flags", "id", "text")}};
}

std::string report_difference_in_words(const boost::json::object& difference) {
  if (difference.at("same").get_bool()) return "The two reports are the same.\n";
  std::string text;
  const json::object& before = difference.at("before").get_object();
  const json::object& after = difference.at("after").get_object();
  const auto as_at = [](const json::object& report) {
    const Result<Instant> instant = parse_rfc3339(text_in(report, "as_at"));
    return instant.ok() ? to_local_words(*instant) : text_in(report, "as_at");
  };
  text += "As at " + as_at(before) + ", now " + as_at(after) + "\n";
  if (text_in(before, "rules") != text_in(after, "rules"))
    text += "Rules: " + text_in(before, "rules") + ", now " + text_in(after, "rules") + "\n";
  const json::array& measures = difference.at("measures").get_array();
  text += measures.empty() ? "No figure changed.\n" : "";
  for (const json::value& value : measures) {
    const json::object& line = value.get_object();
    text += "- " + text_in(line, "title") + " [" + text_in(line, "id") + "]: " + value_in_words(line.at("before")) +
            ", now " + value_in_words(line.at("after")) + "\n";
    for (const json::value& part : line.at("breakdown").get_array())
      text += "  " + text_in(part.get_object(), "key") + ": " + value_in_words(part.get_object().at("before")) +
              ", now " + value_in_words(part.get_object().at("after")) + "\n";
    for (const json::value& event : line.at("events").get_array())
      text += "  " + text_in(event.get_object(), "text") + ": " + text_in(event.get_object(), "source") + " " +
              text_in(event.get_object(), "id") + "\n";
  }
  for (const json::value& flag : difference.at("flags").get_array()) {
    const json::object& row = flag.get_object();
    text += "- Flag " + text_in(row, "id") +
            (row.at("before").is_null()  ? " is new: "
             : row.at("after").is_null() ? " is gone: "
                                         : " says now: ") +
            value_in_words(row.at("after").is_null() ? row.at("before") : row.at("after")) + "\n";
  }
  return text;
}

}  // namespace moot
