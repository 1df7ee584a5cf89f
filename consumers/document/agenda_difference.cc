#include "consumers/document/agenda_difference.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/document/agenda_keys.h"
#include "consumers/document/json_rows.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

namespace json = boost::json;

std::int64_t number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

struct ListedItem {
  std::string section;
  std::string title_of_section;
  const json::object* item = nullptr;
};

using EventName = std::pair<std::string, std::string>;  // source, id

struct Read {
  // By case and section: a place of its own, a person in a section and beside it among the previous actions.
  std::map<std::pair<std::string, std::string>, ListedItem> lines;
  std::map<EventName, std::set<std::string>> events;  // the cases that name it
  std::map<std::string, const json::object*> not_listed;
};

void read_events(const json::object& object, const std::string& of_case, Read& read) {
  for (const json::object* event : rows_in(object, "events"))
    read.events[{text_in(*event, "source"), text_in(*event, "id")}].insert(of_case);
}

Read read_agenda(const json::object& agenda) {
  Read read;
  for (const json::object* section : rows_in(agenda, "sections")) {
    for (const json::object* item : rows_in(*section, "items")) {
      const std::string id = text_in(*item, "case");
      // The sections beside the others keep their lines apart; of the rest a case has one.
      const std::string kind = text_in(*section, "kind");
      const bool beside = kind == "previous-actions" || kind == "clocks";
      read.lines[{id, beside ? text_in(*section, "id") : ""}] = {text_in(*section, "id"), text_in(*section, "title"),
                                                                 item};
      for (const char* list : {"reasons", "actions", "decisions", "interventions"})
        for (const json::object* row : rows_in(*item, list)) read_events(*row, id, read);
    }
  }
  for (const json::object* row : rows_in(agenda, "not_listed")) {
    read.not_listed[text_in(*row, "case")] = row;
    read_events(*row, text_in(*row, "case"), read);
  }
  return read;
}

json::object head_of(const json::object& agenda) {
  json::object head;
  for (const char* key : {"board", "on", "as_at", "rules"}) head[key] = text_in(agenda, key);
  return head;
}

json::array events_changed(const Read& before, const Read& after) {
  json::array changed;
  const auto add = [&](const Read& has, const Read& has_not, const char* change) {
    for (const auto& [name, cases] : has.events) {
      if (has_not.events.contains(name)) continue;
      changed.push_back(json::object{{"source", name.first},
                                     {"id", name.second},
                                     {"change", change},
                                     {"cases", json::array(cases.begin(), cases.end())}});
    }
  };
  add(after, before, "new");
  add(before, after, "gone");
  return changed;
}

// Reasons that one of the two has alone.
json::array reasons_changed(const json::object* before, const json::object* after) {
  json::array changed;
  const auto told = [](const json::object& reason) {
    return std::pair(text_in(reason, "text"), number_in(reason, "points"));
  };
  const auto all = [&](const json::object* item) {
    std::vector<std::pair<std::string, std::int64_t>> reasons;
    if (item != nullptr)
      for (const json::object* reason : rows_in(*item, "reasons")) reasons.push_back(told(*reason));
    return reasons;
  };
  const auto add = [&](const auto& has, const auto& has_not, const char* change) {
    for (const auto& reason : has)
      if (std::find(has_not.begin(), has_not.end(), reason) == has_not.end())
        changed.push_back(json::object{{"text", reason.first}, {"points", reason.second}, {"change", change}});
  };
  const auto reasons_before = all(before), reasons_after = all(after);
  add(reasons_before, reasons_after, "gone");
  add(reasons_after, reasons_before, "new");
  return changed;
}

json::object both(json::value before, json::value after) {
  return {{"before", std::move(before)}, {"after", std::move(after)}};
}

json::value text_or_null(const ListedItem* line, const std::string ListedItem::*member) {
  return line == nullptr ? json::value(nullptr) : json::value(line->*member);
}

json::value in_item(const ListedItem* line, std::string_view key) {
  const json::value* value = line == nullptr ? nullptr : line->item->if_contains(key);
  return value == nullptr ? json::value(nullptr) : *value;
}

// Of agencies whose answer to "known to you?" is another.
json::array known_changed(const json::object& before, const json::object& after) {
  std::map<std::string, std::string> answers;
  for (const json::object* known : rows_in(before, "known_to"))
    answers[text_in(*known, "agency")] = text_in(*known, "answer");
  json::array changed;
  for (const json::object* known : rows_in(after, "known_to")) {
    const std::string agency = text_in(*known, "agency"), answer = text_in(*known, "answer");
    const auto was = answers.find(agency);
    const std::string before_it = was == answers.end() ? "not told" : was->second;
    if (before_it != answer)
      changed.push_back(json::object{{"agency", agency}, {"before", before_it}, {"after", answer}});
    if (was != answers.end()) answers.erase(was);
  }
  for (const auto& [agency, answer] : answers)
    changed.push_back(json::object{{"agency", agency}, {"before", answer}, {"after", "not told"}});
  return changed;
}

// The keys of either whose values differ, in the order of their names.
std::vector<std::string> keys_changed(const json::object& before, const json::object& after) {
  std::set<std::string> keys;
  for (const json::object* object : {&before, &after})
    for (const auto& [key, value] : *object) {
      const json::value *was = before.if_contains(key), *is = after.if_contains(key);
      if (was == nullptr || is == nullptr || *was != *is) keys.insert(std::string(key));
    }
  return {keys.begin(), keys.end()};
}

// What of a line is otherwise and is not told by itself, in words.
json::array also_changed(const json::object& before, const json::object& after) {
  std::set<std::string> words;
  for (const std::string& key : keys_changed(before, after)) {
    if (key == "reasons") {
      if (reasons_changed(&before, &after).empty())
        words.insert("the order of its reasons, or the records that they rest on");
    } else if (key == "known_to") {
      if (known_changed(before, after).empty()) words.insert("from when the newest record of an agency is");
    } else if (key != "score" && key != "listed_for") {
      words.insert(agenda_key_in_words(key));
    }
  }
  return json::array(words.begin(), words.end());
}

json::object case_changed(const std::string& id, const ListedItem* before, const ListedItem* after) {
  const ListedItem& shown = after == nullptr ? *before : *after;
  const char* change = before == nullptr                   ? "listed"
                       : after == nullptr                  ? "no longer listed"
                       : before->section != after->section ? "moved"
                                                           : "changed";
  const bool are_both = before != nullptr && after != nullptr;
  return {{"case", id},
          {"title", text_in(*shown.item, "title")},
          {"change", change},
          {"section", both(text_or_null(before, &ListedItem::title_of_section),
                           text_or_null(after, &ListedItem::title_of_section))},
          {"score", both(in_item(before, "score"), in_item(after, "score"))},
          {"listed_for", both(in_item(before, "listed_for"), in_item(after, "listed_for"))},
          {"reasons",
           reasons_changed(before == nullptr ? nullptr : before->item, after == nullptr ? nullptr : after->item)},
          {"known_to", are_both ? known_changed(*before->item, *after->item) : json::array()},
          {"also", are_both ? also_changed(*before->item, *after->item) : json::array()}};
}

json::array cases_changed(const Read& before, const Read& after) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto& [key, line] : before.lines) keys.insert(key);
  for (const auto& [key, line] : after.lines) keys.insert(key);
  json::array changed;
  for (const auto& key : keys) {
    const auto then = before.lines.find(key), now = after.lines.find(key);
    const ListedItem* one = then == before.lines.end() ? nullptr : &then->second;
    const ListedItem* other = now == after.lines.end() ? nullptr : &now->second;
    if (one != nullptr && other != nullptr && one->section == other->section && *one->item == *other->item) continue;
    changed.push_back(case_changed(key.first, one, other));
  }
  return changed;
}

json::array not_listed_changed(const Read& before, const Read& after) {
  std::set<std::string> cases;
  for (const auto& [id, row] : before.not_listed) cases.insert(id);
  for (const auto& [id, row] : after.not_listed) cases.insert(id);
  json::array changed;
  for (const std::string& id : cases) {
    const auto then = before.not_listed.find(id), now = after.not_listed.find(id);
    const json::object* one = then == before.not_listed.end() ? nullptr : then->second;
    const json::object* other = now == after.not_listed.end() ? nullptr : now->second;
    if (one != nullptr && other != nullptr && *one == *other) continue;
    const auto reason = [](const json::object* row) {
      return row == nullptr ? json::value(nullptr) : json::value(text_in(*row, "reason"));
    };
    changed.push_back(json::object{{"case", id},
                                   {"title", text_in(other == nullptr ? *one : *other, "title")},
                                   {"before", reason(one)},
                                   {"after", reason(other)}});
  }
  return changed;
}

// Everything else that the two documents say differently.
json::array other_changes(const json::object& before, const json::object& after) {
  const std::set<std::string> kToldApart = {"board", "on", "as_at", "rules", "not_listed"};
  json::array changed;
  for (const std::string& key : keys_changed(before, after)) {
    if (kToldApart.contains(key)) continue;
    const json::value* then = before.if_contains(key);
    const json::value* now = after.if_contains(key);
    json::value one = then == nullptr ? json::value(nullptr) : *then,
                other = now == nullptr ? json::value(nullptr) : *now;
    if (key == "sections")  // its cases are told above
      for (json::value* value : {&one, &other})
        if (value->is_array())
          for (json::value& section : value->get_array())
            if (section.is_object()) section.get_object().erase("items");
    if (one != other) changed.push_back(json::object{{"what", key}, {"before", one}, {"after", other}});
  }
  return changed;
}

std::string said_of(const json::value& value) {
  if (value.is_null()) return "nothing";
  if (value.is_string()) return std::string(value.get_string());
  return json::serialize(value);
}

// What became of one of a case's lines, without the section where that is all that tells it from another of its lines.
std::string change_in_words(const json::object& one) {
  const auto before = [&](const char* key) { return said_of(one.at(key).get_object().at("before")); };
  const auto after = [&](const char* key) { return said_of(one.at(key).get_object().at("after")); };
  const std::string change = text_in(one, "change");
  if (change == "listed") return "listed in " + after("section") + " with score " + after("score");
  if (change == "no longer listed")
    return "no longer listed; was in " + before("section") + " with score " + before("score");
  std::string text = change == "moved" ? "moved from " + before("section") + " to " + after("section") : change;
  if (before("score") != after("score")) text += ", score " + before("score") + ", now " + after("score");
  if (before("listed_for") != after("listed_for")) text += ", now for " + after("listed_for");
  std::vector<std::string> also;
  for (const json::value& part : one.at("also").get_array()) also.emplace_back(part.get_string());
  if (!also.empty()) text += "; also different: " + in_list(also);
  return text;
}

// A case has a line in each of the sections that keep theirs apart; it is told once, and so is each of its reasons.
std::string case_in_words(const std::vector<const json::object*>& lines) {
  std::vector<std::string> changes;
  std::map<std::string, std::vector<std::string>> sections;  // in which the same became of it
  std::string reasons;
  for (const json::object* one : lines) {
    const std::string change = change_in_words(*one);
    if (!sections.contains(change)) changes.push_back(change);
    if (text_in(*one, "change") == "changed")
      sections[change].push_back(said_of(one->at("section").get_object().at("after")));
    else
      sections[change];
    for (const json::object* reason : rows_in(*one, "reasons")) {
      const std::string told = "  " + std::string(text_in(*reason, "change") == "new" ? "new" : "gone") + ", " +
                               std::to_string(number_in(*reason, "points")) + ": " + text_in(*reason, "text") + "\n";
      if (reasons.find(told) == std::string::npos) reasons += told;
    }
    for (const json::object* known : rows_in(*one, "known_to")) {
      const std::string told = "  known to " + text_in(*known, "agency") + ": " + text_in(*known, "before") + ", now " +
                               text_in(*known, "after") + "\n";
      if (reasons.find(told) == std::string::npos) reasons += told;
    }
  }
  std::string text = "- " + text_in(*lines.front(), "title") + " (" + text_in(*lines.front(), "case") + "): ";
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::vector<std::string>& in = sections[changes[i]];
    text += (i > 0 ? "; " : "") + changes[i] + (lines.size() > 1 && !in.empty() ? " (" + in_list(in) + ")" : "");
  }
  return text + "\n" + reasons;
}

// A time or a day as a person writes it; anything else as it stands.
std::string moment_in_words(const std::string& text) {
  const Result<Instant> instant = parse_rfc3339(text);
  return instant.ok() ? to_local_words(*instant) : date_in_words(text);
}

// Dates and short texts with what they were; of anything longer that it differs.
std::string other_in_words(const json::object& one) {
  const auto is_short = [](const json::value& value) {
    return value.is_null() || value.is_int64() || (value.is_string() && value.get_string().size() <= 40);
  };
  const bool is_moved = text_in(one, "what").ends_with("moved_from");  // empty = it was not
  const auto said = [&](const json::value& value) {
    const bool empty = value.is_string() && value.get_string().empty();
    return empty ? (is_moved ? "none" : "not known") : moment_in_words(said_of(value));
  };
  const json::value &before = one.at("before"), &after = one.at("after");
  const std::string what = "- " + agenda_key_in_words(text_in(one, "what"));
  if (!is_short(before) || !is_short(after)) return what + "\n";
  return what + ": " + said(before) + ", now " + said(after) + "\n";
}

}  // namespace

Result<boost::json::object> read_document(std::string_view text, std::string_view kind_field, std::string_view what) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  const bool is_one = !error && value.is_object() && value.get_object().contains(kind_field);
  if (is_one) return value.get_object();
  return Status(Code::kUsage, "--diff takes " + std::string(what) + " written with --format json; this is none");
}

Result<boost::json::object> agenda_difference(const boost::json::object& before, const boost::json::object& after) {
  for (const char* key : {"board", "area"})
    if (text_in(before, key) != text_in(after, key))
      return Status(Code::kUsage, "--diff: that is an agenda of the " + std::string(key) + " \"" +
                                      text_in(before, key) + "\", and this is of \"" + text_in(after, key) + "\"");
  const Read then = read_agenda(before), now = read_agenda(after);
  return json::object{{"before", head_of(before)},
                      {"after", head_of(after)},
                      {"same", before == after},
                      {"events", events_changed(then, now)},
                      {"cases", cases_changed(then, now)},
                      {"not_listed", not_listed_changed(then, now)},
                      {"other", other_changes(before, after)}};
}

std::string difference_in_words(const boost::json::object& difference) {
  const json::object& before = difference.at("before").get_object();
  const json::object& after = difference.at("after").get_object();
  if (difference.at("same").get_bool()) return "The two agendas are the same.\n";
  std::string text;
  for (const auto& [key, name] : {std::pair("on", "Date"), std::pair("as_at", "As at"), std::pair("rules", "Rules")})
    if (text_in(before, key) != text_in(after, key))
      text += std::string(name) + ": " + moment_in_words(text_in(before, key)) + ", now " +
              moment_in_words(text_in(after, key)) + "\n";
  const auto heading = [&](const char* list, std::string_view one, const std::string& which) {
    const std::size_t count = rows_in(difference, list).size();
    if (count > 0) text += "\n" + counted(count, one) + which + ":\n";
  };
  if (const std::size_t count = rows_in(difference, "events").size(); count > 0)
    text += "\n" + counted(count, "record") + " on which only one of the two rests:\n";
  for (const json::object* event : rows_in(difference, "events")) {
    std::vector<std::string> cases;
    for (const json::value& id : event->at("cases").get_array()) cases.emplace_back(id.get_string());
    text += "- " + text_in(*event, "change") + ": " + text_in(*event, "source") + " " + text_in(*event, "id") +
            ", of " + in_list(cases) + "\n";
  }
  std::map<std::string, std::vector<const json::object*>> cases;
  for (const json::object* one : rows_in(difference, "cases")) cases[text_in(*one, "case")].push_back(one);
  if (!cases.empty()) text += "\n" + counted(cases.size(), "case") + " listed otherwise:\n";
  for (const auto& [id, lines] : cases) text += case_in_words(lines);
  heading("not_listed", "case", " not listed, and considered otherwise");
  for (const json::object* one : rows_in(difference, "not_listed"))
    text += "- " + text_in(*one, "title") + " (" + text_in(*one, "case") + "): was " + said_of(one->at("before")) +
            "; now " + said_of(one->at("after")) + "\n";
  heading("other", "other thing", "");
  for (const json::object* one : rows_in(difference, "other")) text += other_in_words(*one);
  return text;
}

}  // namespace moot
