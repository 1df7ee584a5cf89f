// How what is written down comes to differ from what is so: by the keyboard, by ear, by habit. Thread: pure functions
// of the draw.
#pragma once

#include <string>

#include "tests/people/population.h"

namespace people {

std::string by_keyboard(std::string text, Draw& draw);  // one letter or digit
std::string by_ear(std::string name, Draw& draw);       // spelt as it sounds
Day wrong_day(Day day, Draw& draw);                     // day and month swapped, a digit, the year
std::string upper(std::string text);

}  // namespace people
