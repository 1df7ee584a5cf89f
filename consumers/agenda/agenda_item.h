// An item of an agenda, put together from what is known of its case. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/score.h"
#include "proto/document.pb.h"

namespace moot {

std::string name_of(const PersonCase& person);
// "Casey Exampleton, born 29 February 1980".
std::string title_of(const PersonCase& person);
// About a person, without reasons: title, who knows them, their unfinished actions, what the board decided before, and,
// for a frequent caller, the calls before and after each thing done.
v1::AgendaItem item_of(const AgendaInput& input, std::size_t person);
// Sets the reasons, and the score as their sum.
void set_reasons(v1::AgendaItem& item, const ScoredReasons& reasons);
// "removed on 9 March 2021: no further reports".
std::string decision_in_words(const v1::Event& decision);

// `claimed`: the section's own rule is met.
v1::WhyNot why_not(const Section& section, const std::string& reason, bool claimed);
// Of a case that a section claims for these reasons and has no place for.
v1::NotListed not_listed_beyond(const Section& section, const std::string& id, const std::string& title,
                                const ScoredReasons& reasons);
v1::NotListed not_listed(const std::string& id, const std::string& title, const std::vector<v1::WhyNot>& why,
                         const Events& events);

}  // namespace moot
