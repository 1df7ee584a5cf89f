// The keys of an agenda's JSON and of its lines, as a person is told of them. Thread: a pure function.
#pragma once

#include <string>

namespace moot {

// "its actions"; of a key that has no words of its own the key, with blanks between its words.
std::string agenda_key_in_words(const std::string& key);

}  // namespace moot
