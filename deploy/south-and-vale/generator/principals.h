// The people of the stories, with the keys by which the stories name them.
#pragma once

#include <vector>

#include "deploy/south-and-vale/generator/person.h"

namespace south_and_vale {

std::vector<Person> principals();

}  // namespace south_and_vale
