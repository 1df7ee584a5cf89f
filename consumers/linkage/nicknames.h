// Forenames that are written for one another: "bob" for "robert". A list of our own of what is usual in Britain.
// Thread: pure functions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace moot {

// The groups a name belongs to, as bits of a set; names with a bit in common may stand for each other. Distinct groups
// can share a bit, so may_stand_for() asks for the group itself.
std::uint64_t nickname_groups(std::string_view forename);
bool may_stand_for(std::string_view a, std::string_view b);
// Is each a forename in its own right, and neither the other's? However alike they are spelt, "joan" is no slip of
// "jean".
bool are_two_forenames(std::string_view a, std::string_view b);

// Those of them that are written for no other name at all.
std::vector<std::string_view> forenames_of_their_own();

}  // namespace moot
