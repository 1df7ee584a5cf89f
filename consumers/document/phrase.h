// Small pieces of English that documents are made of. Thread: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proto/event.pb.h"

namespace moot {

std::string counted(std::size_t count, std::string_view one);  // "1 call", "3 calls", "2 people", "2 agencies"
// "a", "a and b", "a, b and c"
std::string in_list(const std::vector<std::string>& items, std::string_view last_word = "and");
std::string capitalised(std::string text);  // with its first letter, if that is one of a to z, as a capital
// A code of the partnership as a name: "turning-point" is "Turning Point"; up to four letters are an abbreviation.
std::string code_as_name(std::string_view code);
std::string with_abbreviations(std::string words);  // "asb case review" is "ASB case review"
std::string code_as_words(std::string_view code);   // "no-further-action" is "no further action"
std::string date_in_words(std::string_view iso);    // "2 March 2021"; a text that is no date as it stands
std::string day_in_words(std::string_view iso);     // "Tuesday 2 March 2021"; empty where it is no date
// What is said behind a meeting's day: " (moved from Monday 3 May 2021, which is no working day)"; empty where there is
// no such day.
std::string moved_in_words(std::string_view iso);
// What a referral, an action, a closure or a word of a meeting says, without its date and agency:
// "referral to Turning Point accepted", "action done". Empty for any other event.
std::string intervention_phrase(const v1::Facts& facts);
// What an action asks for, in the words of who set it; empty = not supplied.
std::string action_text(const v1::Personal& personal);
// What to say behind that no action is recorded, where some were proposed: ", but 1 action only proposed".
std::string but_proposed(std::size_t actions);
// What any event says, in a few words: the above, else its body and stage, "risk assessed".
std::string event_phrase(const v1::Facts& facts);

}  // namespace moot
