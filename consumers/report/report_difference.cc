#include "consumers/report/report_difference.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/document/json_rows.h"
#include "consumers/document/report_words.h"
#include "consumers/report/figure_events.h"
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

// Printed in the place of a value.
constexpr std::string_view kWithheld = "withheld", kAmongOthers = "among the others", kNotTold = "not told";

std::string shown_in_words(const json::value& value) {
  if (value.is_null()) return "not supplied";
  if (value.is_string()) return std::string(value.get_string());
  return value.is_number() ? number_text(value.to_number<double>()) : json::serialize(value);
}

bool is_flagged(const json::object* line, std::string_view end) {
  const json::value flags = in_row(line, "flags");
  if (!flags.is_array()) return false;
  const std::string flag = text_in(*line, "id") + std::string(end);
  return std::any_of(flags.get_array().begin(), flags.get_array().end(),
                     [&](const json::value& one) { return one.is_string() && one.get_string() == flag; });
}

// Whether the line says of itself that it is withheld, or that its parts are.
bool is_withheld(const json::object* line) { return is_flagged(line, "-small"); }
bool are_parts_withheld(const json::object* line) { return is_flagged(line, "-parts-small"); }

json::value shown(const json::object* line) {
  return is_withheld(line) ? json::value(kWithheld) : in_row(line, "value");
}

// The parts of a line by key, those withheld by what is printed in their place.
std::map<std::string, json::value> parts_shown(const json::object* line) {
  std::map<std::string, json::value> parts;
  if (line == nullptr) return parts;
  for (const auto& [key, row] : rows_by(*line, "breakdown", "key"))
    parts[key] = in_row(row, "withheld") == json::value(true) ? json::value(kWithheld) : in_row(row, "value");
  return parts;
}

bool is_compared_with_withheld(const json::object* line) {
  const json::value comparator = in_row(line, "comparator");
  return comparator.is_object() && in_row(&comparator.get_object(), "withheld") == json::value(true);
}

// Whether from what is printed of the one and the records between the two something withheld could be had back: it, its
// parts or what it is compared with are withheld in one of them, or a part is withheld in one and printed in the other.
bool gives_away(const json::object* before, const json::object* after) {
  for (const json::object* line : {before, after})
    if (is_withheld(line) || are_parts_withheld(line) || is_compared_with_withheld(line)) return true;
  const auto was = parts_shown(before), is = parts_shown(after);
  const json::value withheld(kWithheld);
  for (const auto& [key, value] : is)
    if ((value == withheld) != (was.contains(key) && was.at(key) == withheld)) return true;
  return std::any_of(was.begin(), was.end(),
                     [&](const auto& part) { return part.second == withheld && !is.contains(part.first); });
}

// What a part comes to that the line does not name: where both reports are by one definition, nothing of it was counted
// or, where the line has a row for the others, it is one of them.
json::value unnamed_part(const json::object* line, const std::string& key, const Measure& measure, bool same_rules) {
  if (line == nullptr) return nullptr;
  if (are_parts_withheld(line)) return json::value(kWithheld);
  if (!same_rules) return json::value(kNotTold);
  const bool counts = measure.kind == MeasureKind::kCount || measure.kind == MeasureKind::kSum ||
                      measure.kind == MeasureKind::kStock || measure.kind == MeasureKind::kLargest ||
                      measure.kind == MeasureKind::kClock;
  const auto rows = rows_by(*line, "breakdown", "key");
  if (!counts || (rows.empty() && in_row(line, "value").is_null())) return nullptr;
  const bool is_one_of_others = measure.top > 0 && key != "other" && rows.contains("other");
  return is_one_of_others ? json::value(kAmongOthers) : json::value(0);
}

json::array parts_changed(const json::object* before, const json::object* after, const Measure& measure,
                          bool same_rules, const std::function<std::string(const std::string&)>& name_of_part) {
  const auto was = parts_shown(before), is = parts_shown(after);
  std::set<std::string> keys;
  for (const auto& [key, value] : was) keys.insert(key);
  for (const auto& [key, value] : is) keys.insert(key);
  json::array changed;
  for (const std::string& key : keys) {
    const json::value then = was.contains(key) ? was.at(key) : unnamed_part(before, key, measure, same_rules);
    const json::value now = is.contains(key) ? is.at(key) : unnamed_part(after, key, measure, same_rules);
    if (then != now)
      changed.push_back(json::object{{"key", key}, {"name", name_of_part(key)}, {"before", then}, {"after", now}});
  }
  return changed;
}

// The definition's measures as lines, for the names of their parts.
Report lines_without_figures(const ReportDefinition& definition) {
  Report report;
  for (const Measure& measure : definition.measures) {
    ReportLine& line = report.lines.emplace_back();
    line.id = measure.id;
    line.title = measure.title;
    line.by = measure.kind == MeasureKind::kTotal ? "measure" : measure.by;
  }
  return report;
}

std::string name_in(const Report& report, const std::string& id, const std::string& key,
                    const Partnership& partnership) {
  for (const ReportLine& line : report.lines)
    if (line.id == id) return part_name(report, line, key, partnership);
  return key;
}

Result<Period> period_of(const json::object& report) {
  const json::value period = in_row(&report, "period");
  const json::object none;
  const json::object& days = period.is_object() ? period.get_object() : none;
  const Result<Date> from = parse_date(text_in(days, "from")), to = parse_date(text_in(days, "to"));
  if (!from.ok() || !to.ok()) return Status(Code::kUsage, "--diff: the report does not say of which period it is");
  return Period{*from, *to};
}

std::string line_in_words(const json::object& line) {
  const std::string before = shown_in_words(line.at("before")), after = shown_in_words(line.at("after"));
  std::string text = "- " + text_in(line, "title") + " [" + text_in(line, "id") + "]: " + before;
  text += before == after ? ", as before, but not what it is made of, compared with or flagged as\n"
                          : ", now " + after + "\n";
  for (const json::value& part : line.at("breakdown").get_array())
    text += "  " + text_in(part.get_object(), "name") + ": " + shown_in_words(part.get_object().at("before")) +
            ", now " + shown_in_words(part.get_object().at("after")) + "\n";
  if (line.at("events_withheld").get_bool())
    text += "  Records of it are left out: a small number could be had back from them.\n";
  for (const json::value& event : line.at("events").get_array())
    text += "  " + text_in(event.get_object(), "text") + ": " + text_in(event.get_object(), "source") + " " +
            text_in(event.get_object(), "id") + "\n";
  return text;
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
  const Result<Period> period = period_of(now_json);
  if (!period.ok()) return period.status();
  const FigureEvents events(book, partnership, definition, *period, std::min(*then, *now), std::max(*then, *now));
  const Report lines = lines_without_figures(definition);
  const auto was = rows_by(before, "measures", "id");
  const bool same_rules = text_in(before, "rules") == text_in(now_json, "rules");
  const auto line_before = [&](const std::string& id) { return was.contains(id) ? was.at(id) : nullptr; };
  // What is left out beside one figure must not stand beside one that is made of it, or that counts the same.
  std::set<std::pair<std::string, std::string>> left_out;
  for (const auto& [id, line] : rows_by(now_json, "measures", "id"))
    if (gives_away(line_before(id), line))
      for (const json::value& event : events.of(id))
        left_out.emplace(text_in(event.get_object(), "source"), text_in(event.get_object(), "id"));
  json::array measures;
  for (const auto& [id, line] : rows_by(now_json, "measures", "id")) {
    const json::object* old = line_before(id);
    if (old != nullptr && *old == *line) continue;
    const std::string& line_id = id;
    const auto name = [&](const std::string& key) { return name_in(lines, line_id, key, partnership); };
    const auto measure = std::find_if(definition.measures.begin(), definition.measures.end(),
                                      [&](const Measure& one) { return one.id == line_id; });
    MOOT_CHECK(measure != definition.measures.end());  // the line was made by it
    const bool withheld = is_withheld(old) || is_withheld(line);
    json::array named;
    bool given_away = gives_away(old, line);
    for (json::value& event : given_away ? json::array() : events.of(id)) {
      const bool out = left_out.contains({text_in(event.get_object(), "source"), text_in(event.get_object(), "id")});
      given_away = given_away || out;
      if (!out) named.push_back(std::move(event));
    }
    measures.push_back(
        json::object{{"id", id},
                     {"title", text_in(*line, "title")},
                     {"before", shown(old)},
                     {"after", shown(line)},
                     {"breakdown", withheld ? json::array() : parts_changed(old, line, *measure, same_rules, name)},
                     {"events", std::move(named)},
                     {"events_withheld", given_away}});
  }
  for (const auto& [id, line] : was)
    if (!rows_by(now_json, "measures", "id").contains(id))
      measures.push_back(json::object{{"id", id},
                                      {"title", text_in(*line, "title")},
                                      {"before", shown(line)},
                                      {"after", nullptr},
                                      {"breakdown", json::array()},
                                      {"events", json::array()},
                                      {"events_withheld", false}});
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
  for (const json::value& value : measures) text += line_in_words(value.get_object());
  for (const json::value& flag : difference.at("flags").get_array()) {
    const json::object& row = flag.get_object();
    text += "- Flag " + text_in(row, "id") +
            (row.at("before").is_null()  ? " is new: "
             : row.at("after").is_null() ? " is gone: "
                                         : " says now: ") +
            shown_in_words(row.at("after").is_null() ? row.at("before") : row.at("after")) + "\n";
  }
  return text;
}

}  // namespace moot
