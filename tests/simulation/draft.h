// What a schedule's publishers offer, and what the operator signs, drawn by chance.
#pragma once

#include <vector>

#include "tests/people/draw.h"
#include "tests/simulation/publisher.h"
#include "tests/simulation/reader.h"

namespace moot::simulation {

// Events of the agency over that time, among them repeats, conflicts and, now and then, another agency's source.
std::vector<Offered> draw_events(people::Draw& draw, const std::string& agency, const std::string& other, Span over);
// Sharing agreements signed and ended.
std::vector<Offered> draw_agreements(people::Draw& draw, Span over);
Reader::Habits draw_habits(people::Draw& draw, Span over, Planted planted);

}  // namespace moot::simulation
