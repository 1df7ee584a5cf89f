#include "consumers/agenda/meeting_time.h"

#include <algorithm>
#include <set>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

using Items = google::protobuf::RepeatedPtrField<v1::AgendaItem>;

// The cases that may be discussed: those that have time in any case, and the others by score.
struct Claims {
  std::vector<v1::AgendaItem*> certain;
  std::vector<v1::AgendaItem*> others;
};

Claims claims_in(const BoardVersion& rules, v1::Agenda& agenda) {
  Claims claims;
  for (std::size_t i = 0; i < rules.sections.size(); ++i) {
    const Section& section = rules.sections[i];
    if (section.kind == &kPreviousActions || section.noting) continue;
    Items& items = *agenda.mutable_sections(static_cast<int>(i))->mutable_items();
    for (int place = 0; place < items.size(); ++place)
      (place < section.at_least ? claims.certain : claims.others).push_back(&items[place]);
  }
  std::stable_sort(claims.others.begin(), claims.others.end(),
                   [](const v1::AgendaItem* a, const v1::AgendaItem* b) { return a->score() > b->score(); });
  return claims;
}

// A case takes its time once, wherever it stands besides.
void give_time(const BoardVersion& rules, v1::Agenda& agenda, std::set<std::string>& discussed) {
  const Claims claims = claims_in(rules, agenda);
  const bool has_time = rules.minutes > 0 && rules.minutes_per_case > 0;
  const int minutes = std::max(0, rules.minutes - rules.minutes_for_actions);
  const std::size_t room = has_time ? static_cast<std::size_t>(minutes / rules.minutes_per_case)
                                    : claims.certain.size() + claims.others.size();
  for (v1::AgendaItem* item : claims.certain) {
    item->set_listed_for("discussion");
    discussed.insert(item->case_());
  }
  for (v1::AgendaItem* item : claims.others) {
    const bool has_its_time = discussed.contains(item->case_()) || discussed.size() < room;
    item->set_listed_for(has_its_time ? "discussion" : "noting");
    if (has_its_time)
      discussed.insert(item->case_());
    else
      item->set_noted_because("no time: the meeting has it for " + counted(room, "case"));
  }
}

bool is_below_least(const Section& section, int score) { return section.score_min && score < *section.score_min; }

}  // namespace

std::size_t most_in(const Section& section) {
  return static_cast<std::size_t>(section.at_most > 0 ? section.at_most : kListedMost);
}

bool has_place(const Section& section, std::size_t listed, int score) {
  return !is_below_least(section, score) && listed < most_in(section);
}

std::string reason_beyond(const Section& section, int score) {
  return "score " + std::to_string(score) +
         (is_below_least(section, score)
              ? "; the section lists from " + counted(static_cast<std::size_t>(*section.score_min), "point")
              : "; the section lists at most " + counted(most_in(section), "case"));
}

std::string share_time(const BoardVersion& rules, v1::Agenda& agenda) {
  std::set<std::string> discussed, noted;  // cases
  give_time(rules, agenda, discussed);
  for (std::size_t i = 0; i < rules.sections.size(); ++i) {
    for (v1::AgendaItem& item : *agenda.mutable_sections(static_cast<int>(i))->mutable_items()) {
      if (rules.sections[i].kind == &kPreviousActions) item.set_listed_for("discussion");
      if (rules.sections[i].noting) {
        item.set_listed_for("noting");
        item.set_noted_because("the section is for noting");
      }
      if (item.listed_for() == "noting" && !discussed.contains(item.case_())) noted.insert(item.case_());
    }
  }
  if (rules.minutes == 0 || rules.minutes_per_case == 0) return {};
  const std::size_t needed = discussed.size() * static_cast<std::size_t>(rules.minutes_per_case) +
                             static_cast<std::size_t>(rules.minutes_for_actions);
  std::string text = counted(discussed.size(), "case") + (discussed.size() == 1 ? " is" : " are") +
                     " for discussion: at " + counted(static_cast<std::size_t>(rules.minutes_per_case), "minute") +
                     " each, with " + counted(static_cast<std::size_t>(rules.minutes_for_actions), "minute") +
                     " for actions, that makes " + std::to_string(needed);
  const auto minutes = static_cast<std::size_t>(rules.minutes);
  text += needed <= minutes ? " of the meeting's " + counted(minutes, "minute") + "."
                            : " minutes, and the meeting has " + std::to_string(minutes) +
                                  "; the first cases of some sections are discussed however short the time.";
  if (!noted.empty())
    text += " " + counted(noted.size(), "more case") + (noted.size() == 1 ? " is" : " are") + " for noting.";
  return text;
}

}  // namespace moot
