// What an officer might note of an incident of each kind.
#pragma once

#include "deploy/south-and-vale/generator/incident.h"
#include "deploy/south-and-vale/generator/random.h"

namespace south_and_vale {

Kind kind_named(std::string_view name);  // as the tables of stories write it; an unknown name ends the program
std::string notes_on(Kind kind, Random& random);

}  // namespace south_and_vale
